# What the module must refuse and what it must make, tried on any module system: the texts of what is not so, none when all is well.
# `evaluate` takes a module and gives the evaluated system.
{ lib, evaluate }:
let
  system = settings: more: (evaluate {
    services.reconciler = {
      enable = true;
      package = builtins.derivation {
        name = "reconciler";
        system = "x86_64-linux";
        builder = "/bin/sh";
      };
      inherit settings;
    }
    // more;
  }).config;
  ours = lib.filter (lib.hasInfix "services.reconciler");
  refusals = config: ours (map (a: a.message) (lib.filter (a: !a.assertion) config.assertions));
  warnings = config: ours config.warnings;

  good.repository.url = "https://git.example.org/infra.git";
  remote = remote: { repository.remotes = [ remote ]; };
  token = tokenFile: remote { inherit tokenFile; inherit (good.repository) url; };

  # The one text holds each of the parts and not the secret.
  says = parts: texts: lib.length texts == 1 && lib.all (part: lib.hasInfix part (lib.head texts)) parts && !(lib.hasInfix "s3cret" (lib.head texts));

  cases = {
    "no repository" = says [ "names no repository" "repository.url = " ] (refusals (system { } { }));
    "no remotes" = says [ "names no repository" ] (refusals (system { repository.remotes = [ ]; } { }));
    "a token in an address" = says [ "settings.repository.url has a user or password" "tokenFile" ] (
      refusals (system { repository.url = "https://s3cret@git.example.org/infra.git"; } { })
    );
    "a password in an address" = says [ "settings.repository.remotes.0.url has a user or password" ] (
      refusals (system (remote { url = "ssh://git:s3cret@git.example.org/infra.git"; }) { })
    );
    "a user for ssh" = [ ] == refusals (system { repository.url = "ssh://git@git.example.org/infra.git"; } { });
    "the short form for ssh" = [ ] == refusals (system { repository.url = "git@git.example.org:infra.git"; } { });
    "an at sign in a path" = [ ] == refusals (system { repository.url = "https://git.example.org/@ops/infra.git"; } { });

    "a secret as a path of Nix" = says [ "settings.repository.remotes.0.tokenFile is a file of the Nix store" "in quotes" ] (
      refusals (system (token ./module.nix) { })
    );
    "every kind of secret" =
      let
        file = "${builtins.storeDir}/00000000000000000000000000000000-secret";
        all = good // { repository.remotes = [ { inherit (good.repository) url; sshKeyFile = file; } ]; forge = { tokenFile = file; app.privateKeyFile = file; }; };
      in
      3 == lib.length (refusals (system all { }));
    "a secret in the store" = says [ "settings.webhook.secretFiles.1 is a file of the Nix store" ] (
      refusals (system (good // { webhook.secretFiles = [ "/run/secrets/hook" "${builtins.storeDir}/00000000000000000000000000000000-hook" ]; }) { })
    );
    "a credential as a path of Nix" = says [ "credentials.github is a file of the Nix store" ] (refusals (system good { credentials.github = ./module.nix; }));
    "a public file in the store" = [ ] == refusals (system (remote { inherit (good.repository) url; knownHostsFile = "${builtins.storeDir}/00000000000000000000000000000000-hosts"; }) { });
    "a credential's name" = says [ "credentials has a name" "a:b" ] (refusals (system good { credentials."a:b" = "/run/secrets/a"; }));
    "a credential nobody gives" = says [ "settings.forge.tokenFile names the credential “gihub”" ] (
      warnings (system (good // { forge.tokenFile = "/run/credentials/reconciler.service/gihub"; }) { credentials.github = "/run/secrets/github"; })
    );

    "a good one" =
      let
        config = system (good // { forge.tokenFile = "/run/credentials/reconciler.service/github"; }) { credentials = { github = "/run/secrets/100%"; hook = "/run/secrets/hook"; }; };
      in
      refusals config == [ ]
      && warnings config == [ ]
      && lib.hasInfix "LoadCredential=github:/run/secrets/100%%\nLoadCredential=hook:/run/secrets/hook\n" config.systemd.units."reconciler.service".text;
    "no credentials" = !(lib.hasInfix "LoadCredential" (system good { }).systemd.units."reconciler.service".text);
    "a switch leaves the daemon alone" =
      lib.all (line: lib.hasInfix line (system good { }).systemd.units."reconciler.service".text) [ "X-RestartIfChanged=false\n" "X-StopIfChanged=false\n" "X-StopOnRemoval=false\n" ];
    "switched off" = refusals (system { } { enable = false; }) == [ ] && !((system { } { enable = false; }).systemd.units ? "reconciler.service");
  };
in
lib.attrNames (lib.filterAttrs (_: holds: !holds) cases)
