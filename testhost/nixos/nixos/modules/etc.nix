# Files under /etc: a tree in the store, which activation makes visible.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;

  file =
    { name, config, ... }:
    {
      options = {
        enable = mkOption { type = types.bool; default = true; };
        text = mkOption { type = types.nullOr types.lines; default = null; };
        source = mkOption { type = types.path; };
        target = mkOption { type = types.str; default = name; };
        mode = mkOption { type = types.str; default = "symlink"; description = "`symlink`, or the mode of a copy."; };
        user = mkOption { type = types.str; default = "root"; };
        group = mkOption { type = types.str; default = "root"; };
        uid = mkOption { type = types.nullOr types.int; default = null; };
        gid = mkOption { type = types.nullOr types.int; default = null; };
      };
      config.source = lib.mkIf (config.text != null) (
        lib.mkDefault (pkgs.writeText "etc-${lib.replaceStrings [ "/" "@" ] [ "-" "-" ] name}" config.text)
      );
    };

  owner = id: name: if id != null then toString id else name;
  install = entry: ''
    mkdir -p "$(dirname ${lib.escapeShellArg entry.target})"
    ln -s ${entry.source} ${lib.escapeShellArg entry.target}
    ${lib.optionalString (entry.mode != "symlink") ''
      echo ${entry.mode} > ${lib.escapeShellArg entry.target}.mode
      echo ${owner entry.uid entry.user}:${owner entry.gid entry.group} > ${lib.escapeShellArg entry.target}.owner
    ''}
  '';
in
{
  options.environment.etc = mkOption {
    type = types.attrsOf (types.submodule file);
    default = { };
    description = "Files to appear under /etc.";
  };

  config.system.build.etc = pkgs.runCommand "etc" { } ''
    mkdir -p "$out/etc"
    cd "$out/etc"
    ${lib.concatMapStrings install (lib.filter (entry: entry.enable) (lib.attrValues config.environment.etc))}
  '';
}
