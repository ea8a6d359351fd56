# Files and folders made by systemd-tmpfiles, at boot and again on every switch that changes them.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.systemd.tmpfiles;
  text = default: mkOption { type = types.str; inherit default; };
  entry = types.submodule {
    options = {
      mode = text "-";
      user = text "-";
      group = text "-";
      age = text "-";
      argument = text "";
    };
  };
  linesOf =
    path: kinds:
    lib.mapAttrsToList (kind: e: "${kind} ${path} ${e.mode} ${e.user} ${e.group} ${e.age} ${e.argument}") kinds;
in
{
  options.systemd.tmpfiles = {
    rules = mkOption { type = types.listOf types.str; default = [ ]; };
    settings = mkOption { type = types.attrsOf (types.attrsOf (types.attrsOf entry)); default = { }; };
  };

  config = {
    environment.etc =
      lib.mapAttrs' (name: paths: {
        name = "tmpfiles.d/${name}.conf";
        value.text = lib.concatLines (lib.concatLists (lib.mapAttrsToList linesOf paths));
      }) cfg.settings
      // lib.optionalAttrs (cfg.rules != [ ]) { "tmpfiles.d/00-nixos.conf".text = lib.concatLines cfg.rules; };

    systemd.services.systemd-tmpfiles-resetup = {
      description = "Re-setup tmpfiles on a system that is already running.";
      requiredBy = [ "sysinit-reactivation.target" ];
      after = [ "local-fs.target" "systemd-sysusers.service" "systemd-journald.service" ];
      before = [ "sysinit-reactivation.target" "shutdown.target" ];
      conflicts = [ "shutdown.target" ];
      restartTriggers = [ (builtins.hashString "sha256" (builtins.toJSON [ cfg.rules cfg.settings ])) ];
      unitConfig.DefaultDependencies = false;
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = "/usr/bin/systemd-tmpfiles --create --remove --exclude-prefix=/dev";
        SuccessExitStatus = "DATAERR CANTCREAT";
      };
    };
  };
}
