{
  description = "A small stand-in for nixpkgs and NixOS, for tests";

  outputs =
    { self }:
    let
      lib = import ./lib;
      systems = [ "x86_64-linux" "aarch64-linux" ];
    in
    {
      lib = lib // {
        nixosSystem = arguments: import ./nixos/lib/eval-config.nix ({ system = null; } // arguments);
      };
      legacyPackages = lib.genAttrs systems (system: import ./pkgs { inherit system; });
    };
}
