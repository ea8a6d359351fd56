{
  description = "Our hosts";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
    reconciler = {
      url = "github:reconciler-project/reconciler";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs = { self, nixpkgs, reconciler }: {
    nixosConfigurations.web1 = nixpkgs.lib.nixosSystem {
      system = "x86_64-linux";
      modules = [
        reconciler.nixosModules.default
        ./modules/base.nix
        ./modules/reconciler.nix
        ./hosts/web1/configuration.nix
      ];
    };
  };
}
