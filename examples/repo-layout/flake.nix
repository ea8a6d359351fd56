{
  description = "Our hosts";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    reconciler = {
      url = "github:reconciler-project/reconciler";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = { self, nixpkgs, reconciler }:
    let
      # A folder is a host: hosts/<name>/configuration.nix.
      hosts = builtins.attrNames (builtins.readDir ./hosts);

      system = name: nixpkgs.lib.nixosSystem {
        system = "x86_64-linux";
        modules = [
          reconciler.nixosModules.default
          ./modules/base.nix
          ./modules/reconciler.nix
          (./hosts + "/${name}/configuration.nix")
        ];
      };
    in
    {
      nixosConfigurations = nixpkgs.lib.genAttrs hosts system;
    };
}
