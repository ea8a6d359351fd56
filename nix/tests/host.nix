# The machine of the tests. This file makes both the machine that is booted and, on it, each system of the repository it follows; so they differ in what a commit
# changes, and a switch leaves alone what the test driver needs.
{
  # The store path of nixpkgs, as a text: it is on the machine, but part of no system.
  nixpkgs,
  # The daemon: a package, or its store path as a text.
  package,
  # Further settings.
  settings,
}:
{ lib, pkgs, ... }:
{
  imports = [ ../module.nix ];

  services.reconciler = {
    enable = true;
    inherit package;
    settings = lib.mkMerge [
      {
        repository.url = "/srv/infra.git";
        repository.pollInterval = "5s";
        build.kind = "plain";
        build.extraArguments = [
          "-I"
          "nixpkgs=${nixpkgs}"
        ];
        preflight.minimumStoreFree = "64MiB";
        preflight.minimumBootFree = "1MiB";
        # Machines of tests may be slow, and share their processors.
        trial.window = lib.mkDefault "10m";
        trial.interval = "2s";
      }
      settings
    ];
  };

  networking.hostName = "host";
  environment.systemPackages = [ pkgs.git ];

  # What is not on the machine is nowhere.
  nix.settings = {
    substituters = lib.mkForce [ ];
    hashed-mirrors = null;
    connect-timeout = 1;
  };

  system.switch.enable = true;
  boot.loader.systemd-boot.enable = true;
  boot.loader.efi.canTouchEfiVariables = true;

  virtualisation = {
    cores = 2;
    memorySize = 4096;
    vlans = [ ];

    # The firmware starts the boot loader, and that the system the host has chosen. Not `useBootLoader`: its disk has no room for another system.
    directBoot.enable = false;
    useEFIBoot = true;
    fileSystems."/boot" = {
      device = "/dev/disk/by-label/ESP";
      fsType = "vfat";
      noCheck = true;
    };

    # What is built on the machine lies on its disk, over the store of the one that runs the test.
    mountHostNixStore = true;
    writableStore = true;
    writableStoreUseTmpfs = false;
  };
}
