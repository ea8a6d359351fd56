# What the module must refuse and what it must make, tried on any module system: the names of the cases that do not hold, none when all is well.
# `evaluate` takes a module and gives the evaluated system.
{ lib, evaluate }:
let
  hostWith =
    reconciler: more:
    (evaluate {
      imports = [ more ];
      services.reconciler = {
        enable = true;
        package = builtins.derivation {
          name = "reconciler";
          system = "x86_64-linux";
          builder = "/bin/sh";
        };
      }
      // reconciler;
    }).config;
  host = reconciler: hostWith reconciler { };
  unitOf = config: config.systemd.units."reconciler.service".text;
  hasLines = lines: text: lib.all (line: lib.elem line (lib.splitString "\n" text)) lines;
  hasNone = parts: text: !(lib.any (part: lib.hasInfix part text) parts);

  ours = lib.filter (lib.hasInfix "services.reconciler");
  refusals = config: ours (map (a: a.message) (lib.filter (a: !a.assertion) config.assertions));
  warnings = config: ours config.warnings;

  # --- settings

  good.repository.url = "https://git.example.org/infra.git";
  remote = remote: { repository.remotes = [ remote ]; };
  withRemote = more: remote ({ inherit (good.repository) url; } // more);
  stored = name: "${builtins.storeDir}/00000000000000000000000000000000-${name}";
  given = name: "/run/credentials/reconciler.service/${name}";

  allowed = {
    "a user for ssh".settings.repository.url = "ssh://git@git.example.org/infra.git";
    "the short form for ssh".settings.repository.url = "git@git.example.org:infra.git";
    "an at sign in a path".settings.repository.url = "https://git.example.org/@ops/infra.git";
    "a public file in the store".settings = withRemote { knownHostsFile = stored "hosts"; };
    "switched off".enable = false;
  };

  # Each with one message, which holds these parts and no secret.
  refused = {
    "no repository" = {
      reconciler.settings = { };
      says = [
        "names no repository"
        "repository.url = "
      ];
    };
    "no name" = {
      reconciler.settings = good;
      more.networking.hostName = lib.mkForce "";
      says = [
        "networking.hostName is empty"
        "settings.host = "
      ];
    };
    "no remotes" = {
      reconciler.settings.repository.remotes = [ ];
      says = [ "names no repository" ];
    };
    "a token in an address" = {
      reconciler.settings.repository.url = "https://s3cret@git.example.org/infra.git";
      says = [
        "settings.repository.url has a user or password"
        "tokenFile"
      ];
    };
    "a password in an address" = {
      reconciler.settings = remote { url = "ssh://git:s3cret@git.example.org/infra.git"; };
      says = [ "settings.repository.remotes.0.url has a user or password" ];
    };
    "a secret as a path of Nix" = {
      reconciler.settings = withRemote { tokenFile = ./module.nix; };
      says = [
        "settings.repository.remotes.0.tokenFile is a file of the Nix store"
        "in quotes"
      ];
    };
    "a secret in the store" = {
      reconciler.settings = good // {
        webhook.secretFiles = [
          "/run/secrets/hook"
          (stored "hook")
        ];
      };
      says = [ "settings.webhook.secretFiles.1 is a file of the Nix store" ];
    };
    "a credential as a path of Nix" = {
      reconciler.settings = good;
      reconciler.credentials.github = ./module.nix;
      says = [ "credentials.github is a file of the Nix store" ];
    };
    "a credential's name" = {
      reconciler.settings = good;
      reconciler.credentials."a:b" = "/run/secrets/a";
      says = [
        "credentials has a name"
        "a:b"
      ];
    };
  };

  says =
    parts: texts:
    lib.length texts == 1
    && lib.all (part: lib.hasInfix part (lib.head texts)) parts
    && !(lib.hasInfix "s3cret" (lib.head texts));

  # --- the confinement

  confining = [
    "CapabilityBoundingSet="
    "LockPersonality="
    "Protect"
    "Restrict"
    "SystemCall"
    "NIX_REMOTE"
  ];
  withService = serviceConfig: {
    systemd.services.reconciler = { inherit serviceConfig; };
  };
  unitWith = more: unitOf (hostWith { settings = good; } more);

  others = {
    "every kind of secret" =
      7 == lib.length (
        refusals (host {
          settings = withRemote { sshKeyFile = stored "secret"; } // {
            forge.tokenFile = stored "secret";
            forge.app.privateKeyFile = stored "secret";
            notifications.channels = [
              {
                urlFile = stored "secret";
                tokenFile = stored "secret";
                secretFile = stored "secret";
              }
            ];
            traces.headersFile = stored "secret";
          };
        })
      );
    "a credential nobody gives" =
      says [ "settings.forge.tokenFile names the credential “gihub”" ]
        (warnings (host {
          settings = good // {
            forge.tokenFile = given "gihub";
          };
          credentials.github = "/run/secrets/github";
        }));
    "a good one" =
      let
        config = host {
          settings = good // {
            forge.tokenFile = given "github";
          };
          credentials.github = "/run/secrets/100%";
          credentials.hook = "/run/secrets/hook";
        };
      in
      refusals config == [ ]
      && warnings config == [ ]
      && hasLines [
        "LoadCredential=github:/run/secrets/100%%"
        "LoadCredential=hook:/run/secrets/hook"
      ] (unitOf config);
    "no credentials" = hasNone [ "LoadCredential" ] (unitWith { });
    "a switch leaves the daemon alone" = hasLines [
      "X-RestartIfChanged=false"
      "X-StopIfChanged=false"
      "X-StopOnRemoval=false"
    ] (unitWith { });
    "no unit when switched off" =
      !((host { enable = false; }).systemd.units ? "reconciler.service");

    "builds run in the nix daemon, and the unit is confined" = hasLines [
      "Environment=\"NIX_REMOTE=daemon\""
      "CapabilityBoundingSet=CAP_CHOWN"
      "CapabilityBoundingSet=CAP_SETUID"
      "ProtectKernelTunables=true"
      "ProtectSystem=full"
      "RestrictAddressFamilies=AF_UNIX"
      "RestrictAddressFamilies=AF_NETLINK"
      "RestrictNamespaces=true"
      "SystemCallFilter=@system-service"
    ] (unitWith { });
    "without a nix daemon nothing is confined" = hasNone confining (unitWith {
      nix.enable = false;
    });
    "a list of the confinement can be added to" = hasLines [
      "CapabilityBoundingSet=CAP_CHOWN"
      "CapabilityBoundingSet=CAP_SYS_PTRACE"
      "SystemCallFilter=@system-service"
      "SystemCallFilter=@debug"
    ] (unitWith (withService {
      CapabilityBoundingSet = [ "CAP_SYS_PTRACE" ];
      SystemCallFilter = [ "@debug" ];
    }));
    "a list of the confinement can be taken away" = hasNone [ "CapabilityBoundingSet" ] (
      unitWith (withService { CapabilityBoundingSet = lib.mkForce [ ]; })
    );
    "a directive of the confinement can be set otherwise" = hasLines [ "ProtectSystem=false" ] (
      unitWith (withService { ProtectSystem = lib.mkForce false; })
    );
  };
in
lib.attrNames (
  lib.filterAttrs (_: holds: !holds) (
    lib.mapAttrs (_: reconciler: refusals (host reconciler) == [ ]) allowed
    // lib.mapAttrs (_: case: says case.says (refusals (hostWith case.reconciler (case.more or { })))) refused
    // others
  )
)
