# Kernels that nothing ever boots: they exist so that a change of kernel is a change of store path,
# which is how a host finds out that it needs a reboot.
{ lib, pkgs }:
let
  packagesFor =
    version:
    let
      kernel = pkgs.runCommand "linux-${version}" { inherit version; pname = "linux"; passthru.modDirVersion = version; } ''
        mkdir -p "$out/lib/modules/${version}"
        echo "stand-in for Linux ${version}" > "$out/bzImage"
      '';
    in
    { inherit kernel; };
in
{
  linuxPackages_6_6 = packagesFor "6.6.94";
  linuxPackages_6_12 = packagesFor "6.12.34";
  linuxPackages_6_15 = packagesFor "6.15.3";
  linuxPackages = pkgs.linuxPackages_6_12;
  linuxPackages_latest = pkgs.linuxPackages_6_15;
  linuxPackagesFor = kernel: { inherit kernel; };
}
