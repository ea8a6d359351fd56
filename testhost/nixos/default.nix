# `import <nixpkgs> { }`
{ system ? builtins.currentSystem, overlays ? [ ], ... }:
import ./pkgs { inherit system overlays; }
