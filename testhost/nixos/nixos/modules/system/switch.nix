# What stands between a new system and running it: the switch itself, and the checks before it.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system;

  runCheck = name: text: ''
    (
      ${text}
    ) || { echo "Pre-switch check '${name}' failed" >&2; status=1; }
  '';
in
{
  options.system = {
    preSwitchChecks = mkOption {
      type = types.attrsOf types.lines;
      default = { };
      description = "Shell text run before anything changes; `$1` is the new toplevel, `$2` the action. One failure refuses the switch.";
    };
    switch.enable = mkOption { type = types.bool; default = true; };
    switch.inhibitors = mkOption {
      type = types.attrsOf types.str;
      default = { };
      description = "Facts that must not change under a running system: where one does, only `boot` is allowed.";
    };
  };

  config.system = {
    preSwitchChecks.switchInhibitors = builtins.readFile ./check-inhibitors.sh;
    build.switchInhibitors = pkgs.writeText "switch-inhibitors" (builtins.toJSON cfg.switch.inhibitors);
    build.preSwitchChecks = pkgs.writeShellScript "pre-switch-checks" ''
      export PATH=/usr/bin:/bin:/usr/sbin:/sbin
      status=0
      incoming=''${1-} action=''${2-}
      ${lib.concatStrings (lib.mapAttrsToList runCheck cfg.preSwitchChecks)}
      exit $status
    '';
    build.switchScript =
      lib.replaceStrings
        [ "@shell@" "@bootLoader@" "@checks@" ]
        [ pkgs.runtimeShell (toString cfg.build.installBootLoader) (toString cfg.build.preSwitchChecks) ]
        (builtins.readFile ./switch-to-configuration.sh);
  };
}
