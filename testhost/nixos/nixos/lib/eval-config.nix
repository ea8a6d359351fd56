# A whole system out of modules; `nixosSystem` of the flake is this function.
{
  modules,
  system ? builtins.currentSystem,
  specialArgs ? { },
  ...
}:
let
  lib = import ../../lib;

  packages =
    { config, lib, ... }:
    {
      options.nixpkgs = {
        system = lib.mkOption { type = lib.types.str; default = if system == null then "x86_64-linux" else system; };
        hostPlatform = lib.mkOption { type = lib.types.either lib.types.str lib.types.attrs; default = config.nixpkgs.system; };
        overlays = lib.mkOption { type = lib.types.listOf lib.types.raw; default = [ ]; };
        config = lib.mkOption { type = lib.types.attrs; default = { }; };
        pkgs = lib.mkOption { type = lib.types.raw; };
      };
      config.nixpkgs.pkgs = lib.mkDefault (
        import ../../pkgs {
          inherit (config.nixpkgs) overlays;
          system = config.nixpkgs.hostPlatform.system or config.nixpkgs.hostPlatform;
        }
      );
      config._module.args.pkgs = config.nixpkgs.pkgs;
    };

  evaluation = lib.evalModules {
    modules = [ packages ] ++ import ../modules/module-list.nix ++ modules;
    specialArgs = { modulesPath = toString ../modules; } // specialArgs;
    class = "nixos";
  };
in
evaluation
// {
  inherit lib;
  inherit (evaluation.config.nixpkgs) pkgs;
  _type = "configuration";
}
