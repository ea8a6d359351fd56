# What a session on the host sees: programs and variables.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  variables = mkOption {
    type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.int types.package (types.listOf types.str) ]));
    default = { };
    # A list is a search path; whoever reads the option gets text.
    apply = lib.mapAttrs (_: value: if builtins.isList value then lib.concatStringsSep ":" value else if value == null then null else toString value);
  };
  isSet = _: value: value != null;

  nixos-version = pkgs.writeShellScriptBin "nixos-version" ''
    case "''${1:-}" in
      --configuration-revision | --revision)
        ${
          if config.system.configurationRevision == null then
            ''echo "$0: this system was not built from a known revision" >&2; exit 1''
          else
            "echo ${lib.escapeShellArg config.system.configurationRevision}"
        } ;;
      --json) echo ${
        lib.escapeShellArg (
          builtins.toJSON (
            { nixosVersion = config.system.nixos.version; }
            // lib.optionalAttrs (config.system.configurationRevision != null) { inherit (config.system) configurationRevision; }
          )
        )
      } ;;
      *) echo ${lib.escapeShellArg "${config.system.nixos.version} (${config.system.nixos.codeName})"} ;;
    esac
  '';
in
{
  options.environment = {
    systemPackages = mkOption { type = types.listOf types.package; default = [ ]; };
    pathsToLink = mkOption { type = types.listOf types.str; default = [ ]; };
    inherit variables;
    sessionVariables = variables;
    shellAliases = mkOption { type = types.attrsOf types.str; default = { }; };
    defaultPackages = mkOption { type = types.listOf types.package; default = [ ]; };
  };

  config = {
    environment.systemPackages = [ nixos-version pkgs.systemd pkgs.nixos-rebuild pkgs.grub2 pkgs.util-linux config.nix.package ];
    environment.variables = lib.mapAttrs (_: lib.mkDefault) config.environment.sessionVariables;
    environment.etc."set-environment".text = lib.concatStrings (
      lib.mapAttrsToList (name: value: "export ${name}=${lib.escapeShellArg value}\n") (
        lib.filterAttrs isSet config.environment.variables
      )
    ) + ''
      export PATH="/run/current-system/sw/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    '';
    environment.etc."profile.d/nixos.sh".text = ". /etc/set-environment\n";
    system.path = pkgs.buildEnv {
      name = "system-path";
      paths = lib.unique (config.environment.systemPackages ++ config.environment.defaultPackages);
    };
  };
}
