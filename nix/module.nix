# The Reconciler daemon on a NixOS host.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.reconciler;
  json = pkgs.formats.json { };
  configFile = json.generate "reconciler-config.json" cfg.settings;

  # A host that is named nowhere is found by the daemon on the host itself, which a build cannot.
  checkedFile = json.generate "reconciler-config-to-check.json" ({ host = "any"; } // cfg.settings);
  checkedConfigFile = pkgs.runCommand "reconciler-config.json" { } ''
    export HOME=$TMPDIR DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    if ! ${cfg.package}/bin/reconciler check-config ${checkedFile} > said 2>&1; then
      echo "services.reconciler.settings is wrong:" >&2
      cat said >&2
      exit 1
    fi
    cp ${configFile} $out
  '';
  # With a nix daemon, which NixOS has unless it is told otherwise, nothing below this unit builds, and it can be confined.
  hasNixDaemon = config.nix.enable or false;
  confinement = {
    # Root by name, with few of its powers: what changes the host runs in units of its own, and builds run in the nix daemon. Left are reading and writing files of
    # others, sockets and processes, and what commands of health checks commonly do: change the user, ping.
    CapabilityBoundingSet = [
      "CAP_AUDIT_WRITE"
      "CAP_CHOWN"
      "CAP_DAC_OVERRIDE"
      "CAP_DAC_READ_SEARCH"
      "CAP_FOWNER"
      "CAP_FSETID"
      "CAP_KILL"
      "CAP_NET_BIND_SERVICE"
      "CAP_NET_RAW"
      "CAP_SETGID"
      "CAP_SETUID"
    ];
    LockPersonality = true;
    ProtectControlGroups = true;
    ProtectHostname = true;
    ProtectKernelLogs = true;
    ProtectKernelModules = true;
    ProtectKernelTunables = true;
    ProtectSystem = "full";
    RestrictAddressFamilies = [
      "AF_UNIX"
      "AF_INET"
      "AF_INET6"
      "AF_NETLINK"
    ];
    RestrictNamespaces = true;
    RestrictRealtime = true;
    RestrictSUIDSGID = true;
    SystemCallArchitectures = "native";
    SystemCallErrorNumber = "EPERM";
    SystemCallFilter = [ "@system-service" ];
  };
  # The daemon writes this file before it boots a system on trial, and removes it when it has come up there.
  bootOrder = "${cfg.settings.paths.state or "/var/lib/reconciler"}/dead-mans-switch/boot";
  healthFile = json.generate "reconciler-health.json" {
    checks = lib.mapAttrsToList (name: check: { inherit name; } // check) cfg.health.checks;
    inherit (cfg.health) retired;
  };
in
{
  imports = [ ./assertions.nix ];

  options.services.reconciler = {
    enable = lib.mkEnableOption "Reconciler, which makes this host follow a Git repository";

    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.reconciler or (pkgs.callPackage ./package.nix { });
      defaultText = lib.literalMD "`pkgs.reconciler`, or else this repository's own package";
      example = lib.literalExpression "pkgs.callPackage ./reconciler.nix { }";
      description = ''
        The Reconciler package. Where no overlay gives `pkgs.reconciler`, it is built from the same revision of Reconciler as this module, which takes a
        nixpkgs with .NET 10: NixOS 25.11 or newer.
      '';
    };

    settings = lib.mkOption {
      type = json.type;
      default = { };
      example = {
        repository.url = "https://git.example.org/infra.git";
        trial.window = "5m";
      };
      description = ''
        The daemon's configuration, written to `/etc/reconciler/config.json`. Every key is described in
        [Configuration](https://github.com/reconciler-project/reconciler/blob/main/docs/configuration.md). Only the repository has to be named, as `repository.url` or in
        `repository.remotes`. No secret belongs in here, only the path of a file that holds it, which is never in the Nix store: everybody can read the store.
      '';
    };

    credentials = lib.mkOption {
      type = lib.types.attrsOf lib.types.path;
      default = { };
      example = {
        github = "/run/secrets/reconciler-github";
      };
      description = ''
        Files with secrets, by name. systemd gives each to the daemon as `/run/credentials/reconciler.service/NAME` (`LoadCredential=`), a copy that only the daemon can read;
        this is the path that settings such as `forge.tokenFile` name. The file may belong to anyone, so that a secret of agenix, sops-nix or a hand-made file will do.

        The copy is made when the daemon starts: after a change of the file or of this option, run `systemctl restart reconciler`. Where a secret changes often, name the
        file itself in the settings instead; it is read anew at each use.
      '';
    };

    checkConfig = lib.mkOption {
      type = lib.types.bool;
      default = true;
      example = false;
      description = ''
        Whether the build of the system runs the daemon's own check over the settings, so that a wrong one fails the build and never
        reaches the host. Turn it off where the package cannot run on the machine that builds.
      '';
    };

    health = {
      checks = lib.mkOption {
        type = lib.types.attrsOf json.type;
        default = { };
        example = {
          web = {
            type = "http";
            url = "http://localhost:8080/";
          };
        };
        description = ''
          Checks that must hold for this system to be confirmed, by name; every kind is described in
          [Health checks](https://github.com/reconciler-project/reconciler/blob/main/docs/health-checks.md). They travel with the system they judge: during a trial those of the
          new system and those of the one before it count.
        '';
      };

      retired = lib.mkOption {
        type = lib.types.listOf lib.types.str;
        default = [ ];
        example = [ "old-web" ];
        description = "Names of checks of the system before this one that no longer count, because what they looked at is gone on purpose.";
      };
    };
  };

  config = lib.mkIf cfg.enable {
    environment.etc."reconciler/config.json".source =
      if cfg.checkConfig then checkedConfigFile else configFile;
    environment.etc."reconciler/health.json".source = healthFile;
    environment.systemPackages = [ cfg.package ];

    # Its members may talk to the daemon.
    users.groups.reconciler = { };

    systemd.services.reconciler = {
      description = "Reconciler, which makes this host follow a Git repository";
      documentation = [ "https://github.com/reconciler-project/reconciler/tree/main/docs" ];
      wantedBy = [ "multi-user.target" ];
      wants = [ "network-online.target" ];
      after = [ "network-online.target" ];

      # The daemon drives the switch it would be restarted by, so a switch leaves it alone.
      restartIfChanged = false;
      stopIfChanged = false;
      unitConfig.X-StopOnRemoval = false;

      path = [
        config.nix.package
        config.system.build.nixos-rebuild
        pkgs.git
        pkgs.gnupg
        pkgs.openssh
      ];

      # What nix needs of a login's environment: where <nixpkgs> is, the proxy, the certificates.
      environment =
        (config.nix.envVars or { })
        // (config.networking.proxy.envVars or { })
        // {
          HOME = "/root";
          SSL_CERT_FILE = "/etc/ssl/certs/ca-certificates.crt";
        }
        // lib.optionalAttrs hasNixDaemon { NIX_REMOTE = "daemon"; }
        // lib.optionalAttrs ((config.environment.sessionVariables or { }) ? NIX_PATH) {
          inherit (config.environment.sessionVariables) NIX_PATH;
        };

      serviceConfig = {
        Type = "notify";

        # Evaluation and, without a nix daemon, builds run below the daemon: one that takes too much memory must not take the daemon with it.
        OOMPolicy = "continue";
        ExecStart = "${cfg.package}/bin/reconciler run --config /etc/reconciler/config.json";
        Restart = "always";
        RestartSec = 5;
        WatchdogSec = 120;
        StateDirectory = "reconciler";
        StateDirectoryMode = "0750";
        RuntimeDirectory = "reconciler";
        RuntimeDirectoryPreserve = true;
        LoadCredential = lib.mapAttrsToList (
          name: path: "${name}:${builtins.replaceStrings [ "%" ] [ "%%" ] (toString path)}"
        ) cfg.credentials;
        UMask = "0027";

        # A cancelled build leaves its folder in /tmp where no nix daemon builds; here it goes with the service. Switches run in units
        # of their own, and so see the host's /tmp.
        PrivateTmp = true;
      }
      // lib.optionalAttrs hasNixDaemon confinement;
    };

    # Where the host was booted into a system on trial and no daemon takes that up in time, it is rebooted: the default leads to the system before.
    systemd.services.reconciler-boot-guard = {
      description = "Reboots unless Reconciler takes up the system that was booted on trial";
      wantedBy = [ "multi-user.target" ];
      unitConfig.ConditionPathExists = bootOrder;
      restartIfChanged = false;
      stopIfChanged = false;
      path = [ config.systemd.package ];
      serviceConfig.Type = "exec";
      script = ''
        read -r system seconds < ${bootOrder} || exit 0
        if [ "$(readlink -f /run/booted-system)" != "$system" ]; then
          rm -f ${bootOrder}
          exit 0
        fi
        sleep "$seconds"
        [ -e ${bootOrder} ] || exit 0
        rm -f ${bootOrder}
        sync
        echo "no Reconciler has taken up $system in $seconds s; rebooting into the system before"
        systemctl reboot --check-inhibitors=no
      '';
    };
  };
}
