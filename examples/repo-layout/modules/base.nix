# What every host has.
{ lib, pkgs, ... }:
{
  environment.systemPackages = [ pkgs.git pkgs.curl ];

  # The release a host was installed with. A host that is older says so itself; it stays as it is for ever.
  system.stateVersion = lib.mkDefault "25.11";
}
