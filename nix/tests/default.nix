# The tests in virtual machines, by name.
{ pkgs, reconciler }:
let
  tools = import ./lib.nix { inherit pkgs reconciler; };
  names = [
    "own-upgrade"
    "power-cut"
    "reboot"
    "rollback"
    "switch"
  ];
in
pkgs.lib.genAttrs names (name: import ./${name}.nix tools)
