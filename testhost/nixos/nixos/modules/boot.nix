# Kernel, initrd and boot loader, as far as they are files in a toplevel.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  inherit (config.boot.kernelPackages) kernel;
  version = kernel.modDirVersion or kernel.version;
in
{
  options.boot = {
    kernelPackages = mkOption { type = types.raw; default = pkgs.linuxPackages; description = "The kernel of this system."; };
    kernelParams = mkOption { type = types.listOf types.str; default = [ ]; description = "Arguments of the kernel's command line."; };
    kernelModules = mkOption { type = types.listOf types.str; default = [ ]; };
    kernel.sysctl = mkOption { type = types.attrsOf types.anything; default = { }; };
  };

  config = {
    boot.kernelParams = [ "loglevel=4" ];
    system.build = {
      inherit kernel;
      modulesTree = pkgs.runCommand "linux-${version}-modules" { } ''mkdir -p "$out/lib/modules/${version}"'';
      initialRamdisk = pkgs.runCommand "initrd-linux-${version}" { } ''mkdir "$out"; echo "stand-in for an initrd of ${kernel}" > "$out/initrd"'';
      installBootLoader = lib.mkDefault (pkgs.writeShellScript "install-mini-loader.sh" (builtins.readFile ./system/install-boot-loader.sh));
    };
    environment.etc."sysctl.d/60-nixos.conf" = lib.mkIf (config.boot.kernel.sysctl != { }) {
      text = lib.generators.toKeyValue { } config.boot.kernel.sysctl;
    };
  };
}
