# What every host has.
{ pkgs, ... }:
{
  environment.systemPackages = [ pkgs.git pkgs.curl ];
  system.stateVersion = "25.11";
}
