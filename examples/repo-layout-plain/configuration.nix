# web1. Without flakes: this is the file that `nixos-rebuild` reads as <nixos-config>.
{ pkgs, ... }:
{
  imports = [
    ./reconciler.nix
    ./web.nix
  ];

  networking.hostName = "web1";
  environment.systemPackages = [ pkgs.git pkgs.curl ];
  system.stateVersion = "25.11";
}
