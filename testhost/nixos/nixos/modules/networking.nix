{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  inherit (config.networking) hostName;
in
{
  options.networking = {
    hostName = mkOption {
      type = types.strMatching "^$|^[[:alnum:]]([[:alnum:]_-]{0,61}[[:alnum:]])?$";
      default = config.system.nixos.distroId;
      description = "The host's name; empty keeps the name the machine was started under.";
    };
    domain = mkOption { type = types.nullOr types.str; default = null; };
    fqdn = mkOption { type = types.str; default = if config.networking.domain == null then hostName else "${hostName}.${config.networking.domain}"; };
    hostId = mkOption { type = types.nullOr types.str; default = null; };
    hosts = mkOption { type = types.attrsOf (types.listOf types.str); default = { }; };
    extraHosts = mkOption { type = types.lines; default = ""; };
  };

  config = lib.mkMerge [
    {
      networking.hosts."127.0.0.1" = [ "localhost" ];
      networking.hosts."::1" = [ "localhost" ];
      environment.etc."hosts".text =
        lib.concatStrings (lib.mapAttrsToList (address: names: "${address} ${toString names}\n") config.networking.hosts)
        + config.networking.extraHosts;
    }
    (lib.mkIf (hostName != "") {
      networking.hosts."127.0.0.2" = [ hostName ];
      environment.etc."hostname".text = hostName + "\n";
      system.activationScripts.hostname = "hostname ${lib.escapeShellArg hostName}";
    })
  ];
}
