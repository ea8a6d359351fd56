{
  description = "Reconciler: makes a NixOS host follow a Git repository, and puts it back when that goes wrong";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs =
    { self, nixpkgs }:
    let
      forEachSystem = nixpkgs.lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
      ];
    in
    {
      overlays.default = final: _: { reconciler = final.callPackage ./nix/package.nix { }; };

      packages = forEachSystem (system: {
        reconciler = nixpkgs.legacyPackages.${system}.callPackage ./nix/package.nix { };
        default = self.packages.${system}.reconciler;
      });

      # An overlay's `pkgs.reconciler` goes before the package of this flake.
      nixosModules.reconciler =
        { lib, pkgs, ... }:
        {
          key = "reconciler/flake.nix#nixosModules.reconciler";
          _file = "reconciler/flake.nix#nixosModules.reconciler";
          imports = [ ./nix/module.nix ];
          config.services.reconciler.package = lib.mkDefault (
            pkgs.reconciler or self.packages.${pkgs.stdenv.hostPlatform.system}.default
          );
        };
      nixosModules.default = self.nixosModules.reconciler;

      checks = forEachSystem (
        system:
        import ./nix/checks.nix {
          pkgs = nixpkgs.legacyPackages.${system};
          evaluate =
            module:
            nixpkgs.lib.nixosSystem {
              inherit system;
              modules = [
                self.nixosModules.default
                module
              ];
            };
        }
        // {
          package = self.packages.${system}.default;
        }
      );

      # Not among the checks: each takes KVM, all that nixpkgs builds a system from, and the better part of an hour. CONTRIBUTING.md says how to run one.
      vmTests = forEachSystem (
        system:
        import ./nix/tests {
          pkgs = nixpkgs.legacyPackages.${system};
          reconciler = self.packages.${system}.default;
        }
      );
    };
}
