# Options that configurations of real hosts set and that mean nothing on this one: accepted, with any
# value, and ignored.
{ lib, ... }:
let
  ignored = lib.mkOption {
    type = lib.types.anything;
    default = { };
    description = "Accepted and ignored on the stand-in host.";
  };
  ignoreAll = names: lib.genAttrs names (_: ignored);
in
{
  options =
    ignoreAll [ "console" "documentation" "fileSystems" "fonts" "hardware" "i18n" "location" "powerManagement" "swapDevices" "time" "virtualisation" "xdg" "zramSwap" ]
    // {
      boot = ignoreAll [ "extraModulePackages" "initrd" "loader" "supportedFilesystems" "tmp" "growPartition" "consoleLogLevel" ];
      networking = ignoreAll [ "dhcpcd" "firewall" "interfaces" "defaultGateway" "nameservers" "networkmanager" "nftables" "search" "timeServers" "useDHCP" "useNetworkd" "wireless" ];
      nix = ignoreAll [ "buildMachines" "channel" "distributedBuilds" "gc" "optimise" "sshServe" ];
      programs = ignoreAll [ "bash" "command-not-found" "git" "gnupg" "htop" "less" "mtr" "nano" "neovim" "ssh" "tmux" "vim" "zsh" ];
      security = ignoreAll [ "acme" "apparmor" "audit" "doas" "pam" "pki" "polkit" "rtkit" "sudo" "sudo-rs" "wrappers" ];
      services = ignoreAll [ "avahi" "chrony" "fail2ban" "fstrim" "getty" "journald" "logind" "ntp" "openssh" "qemuGuest" "resolved" "smartd" "timesyncd" "udev" ];
      system = ignoreAll [ "autoUpgrade" ];
    };
}
