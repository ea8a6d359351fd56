# Users and groups, made by systemd-sysusers. It adds what is missing and changes nothing that is
# there: enough for a service's own user, not for managing people.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;

  user =
    { name, config, ... }:
    {
      freeformType = types.attrsOf types.anything;
      options = {
        name = mkOption { type = types.str; default = name; };
        enable = mkOption { type = types.bool; default = true; };
        description = mkOption { type = types.str; default = ""; };
        uid = mkOption { type = types.nullOr types.int; default = null; };
        isSystemUser = mkOption { type = types.bool; default = false; };
        isNormalUser = mkOption { type = types.bool; default = false; };
        group = mkOption { type = types.str; default = if config.isNormalUser then "users" else if name == "root" then "root" else "nogroup"; };
        extraGroups = mkOption { type = types.listOf types.str; default = [ ]; };
        home = mkOption { type = types.str; default = if config.isNormalUser then "/home/${name}" else "/var/empty"; };
        createHome = mkOption { type = types.bool; default = config.isNormalUser; };
        shell = mkOption { type = types.nullOr (types.either types.path types.package); default = null; };
        packages = mkOption { type = types.listOf types.package; default = [ ]; };
      };
    };
  group =
    { name, ... }:
    {
      freeformType = types.attrsOf types.anything;
      options = {
        name = mkOption { type = types.str; default = name; };
        gid = mkOption { type = types.nullOr types.int; default = null; };
        members = mkOption { type = types.listOf types.str; default = [ ]; };
      };
    };

  users = lib.filter (u: u.enable && u.name != "root") (lib.attrValues config.users.users);
  groups = lib.filter (g: g.name != "root") (lib.attrValues config.users.groups);
  orDash = number: if number == null then "-" else toString number;
  shellOf =
    u:
    if u.shell == null then (if u.isNormalUser then "/bin/bash" else "/usr/sbin/nologin")
    else if lib.isDerivation u.shell then lib.getExe u.shell
    else toString u.shell;

  sysusers = pkgs.writeText "sysusers-nixos.conf" (
    lib.concatLines (
      map (g: "g ${g.name} ${orDash g.gid}") groups
      ++ map (u: ''u ${u.name} ${orDash u.uid}:${u.group} "${u.description}" ${u.home} ${shellOf u}'') users
      ++ lib.concatMap (u: map (g: "m ${u.name} ${g}") u.extraGroups) users
      ++ lib.concatMap (g: map (member: "m ${member} ${g.name}") g.members) groups
    )
  );
in
{
  options.users = {
    users = mkOption { type = types.attrsOf (types.submodule user); default = { }; };
    groups = mkOption { type = types.attrsOf (types.submodule group); default = { }; };
    mutableUsers = mkOption { type = types.bool; default = true; };
    defaultUserShell = mkOption { type = types.nullOr (types.either types.path types.package); default = null; };
  };

  config = {
    users.users.root = { uid = 0; home = "/root"; };
    assertions = map (u: {
      assertion = u.isSystemUser != u.isNormalUser;
      message = "Exactly one of users.users.${u.name}.isSystemUser and users.users.${u.name}.isNormalUser must be set.";
    }) users;
    environment.systemPackages = lib.concatMap (u: u.packages) users;
    system.activationScripts.users = lib.mkIf (users != [ ] || groups != [ ]) (
      "systemd-sysusers ${sysusers}\n"
      + lib.concatMapStrings (
        u: lib.optionalString u.createHome "[ -d ${u.home} ] || install -d -m 0700 -o ${u.name} -g ${u.group} ${u.home}\n"
      ) users
    );
    system.activationScripts.groups = "";
  };
}
