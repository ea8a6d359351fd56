# The package set: builders, links to the host's own programs, and a few packages to look at.
{ system, overlays ? [ ] }:
let
  lib = import ../lib;

  base =
    pkgs:
    {
      inherit lib system pkgs;
      path = ../.;
      inherit (lib) makeOverridable;
      callPackage =
        definition: extra:
        let
          function = if lib.isFunction definition then definition else import definition;
        in
        lib.makeOverridable function (builtins.intersectAttrs (lib.functionArgs function) pkgs // extra);
      newScope = extra: definition: pkgs.callPackage definition;
      extend = overlay: import ./. { inherit system; overlays = overlays ++ [ overlay ]; };
    }
    // import ./builders.nix { inherit lib system pkgs; }
    // import ./formats.nix { inherit lib pkgs; }
    // import ./host-tools.nix { inherit lib pkgs; }
    // import ./demo.nix { inherit lib pkgs; }
    // import ./kernels.nix { inherit lib pkgs; };
in
lib.fix (builtins.foldl' (known: overlay: lib.extends overlay known) base overlays)
