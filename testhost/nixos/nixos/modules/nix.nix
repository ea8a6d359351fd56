# Nix on the host: a daemon, no users of its own for builds, no sandbox, nothing to substitute from, since a machine has no network.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nix;
  # Where the machine keeps its copy of this folder.
  nixpkgs = "/usr/local/share/testhost/nixpkgs";

  atom = types.oneOf [ types.bool types.int types.float types.str types.path types.package ];
  valueText = value: if builtins.isBool value then lib.boolToString value else toString value;
in
{
  options.nix = {
    enable = mkOption { type = types.bool; default = true; };
    package = mkOption { type = types.package; default = pkgs.nix; };
    nixPath = mkOption {
      type = types.listOf types.str;
      default = [ "nixpkgs=${nixpkgs}" "nixos-config=/etc/nixos/configuration.nix" ];
    };
    registry = mkOption { type = types.attrsOf types.anything; default = { }; };
    extraOptions = mkOption { type = types.lines; default = ""; };
    settings = mkOption {
      default = { };
      type = types.submodule { freeformType = types.attrsOf (types.either atom (types.listOf atom)); };
    };
  };

  config = {
    nix.settings = {
      sandbox = lib.mkDefault false;
      substituters = lib.mkForce [ ];
      build-users-group = lib.mkDefault "";
      # No global registry. A file that says so, since nix 2.8 would try to download an empty name.
      flake-registry = lib.mkDefault (pkgs.writeText "flake-registry.json" (builtins.toJSON { version = 2; flakes = [ ]; }));
      experimental-features = [ "nix-command" "flakes" ];
    };
    nix.registry.nixpkgs = lib.mkDefault { to = { type = "path"; path = nixpkgs; }; };
    systemd.sockets.nix-daemon = lib.mkIf cfg.enable {
      description = "Nix Daemon Socket";
      wantedBy = [ "sockets.target" ];
      listenStreams = [ "/nix/var/nix/daemon-socket/socket" ];
    };
    systemd.services.nix-daemon = lib.mkIf cfg.enable {
      description = "Nix Daemon";
      restartTriggers = [ config.environment.etc."nix/nix.conf".source ];
      path = [ cfg.package ];
      serviceConfig = {
        ExecStart = "/usr/bin/nix-daemon --daemon";
        KillMode = "process";
      };
    };
    environment.sessionVariables.NIX_PATH = cfg.nixPath;
    environment.etc."nix/nix.conf".text =
      lib.concatStrings (lib.mapAttrsToList (name: value: "${name} = ${lib.concatMapStringsSep " " valueText (lib.toList value)}\n") cfg.settings)
      + cfg.extraOptions;
    environment.etc."nix/registry.json".text = builtins.toJSON {
      version = 2;
      flakes = lib.mapAttrsToList (name: entry: { from = { type = "indirect"; id = name; }; exact = false; } // entry) cfg.registry;
    };
  };
}
