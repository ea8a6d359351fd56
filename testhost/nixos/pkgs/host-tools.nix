# Packages that are links to programs the host already has, under the versions it has them in
# (`host-versions.json`, written when the root is made; without it the version reads "host").
{ lib, pkgs }:
let
  versions = if builtins.pathExists ../host-versions.json then lib.importJSON ../host-versions.json else { };

  hostTool =
    pname: programs:
    pkgs.runCommand "${pname}-${versions.${pname} or "host"}" { inherit pname programs; meta.mainProgram = lib.head programs; } ''
      mkdir -p "$out/bin"
      for program in $programs; do
        if target=$(command -v "$program"); then ln -s "$target" "$out/bin/$program"; fi
      done
    '';
in
{
  bash = hostTool "bash" [ "bash" "sh" ];
  bashInteractive = pkgs.bash;
  busybox = hostTool "busybox" [ "busybox" ];
  coreutils = hostTool "coreutils" [
    "ls" "basename" "cat" "chgrp" "chmod" "chown" "comm" "cp" "cut" "date" "dd" "df" "dirname" "du" "echo" "env" "false" "head" "id" "install"
    "join" "ln" "mkdir" "mkfifo" "mktemp" "mv" "nice" "nproc" "paste" "printf" "pwd" "readlink" "realpath" "rm" "rmdir" "seq" "sha256sum" "sleep"
    "sort" "split" "stat" "stdbuf" "sync" "tail" "tee" "test" "timeout" "touch" "tr" "true" "truncate" "uname" "uniq" "wc" "whoami"
  ];
  curl = hostTool "curl" [ "curl" ];
  findutils = hostTool "findutils" [ "find" "xargs" ];
  gawk = hostTool "gawk" [ "awk" ];
  git = hostTool "git" [ "git" ];
  gitMinimal = pkgs.git;
  gnugrep = hostTool "gnugrep" [ "grep" ];
  gnupg = hostTool "gnupg" [ "gpg" "gpgv" "gpg-agent" "gpgconf" ];
  gnused = hostTool "gnused" [ "sed" ];
  gnutar = hostTool "gnutar" [ "tar" ];
  grub2 = hostTool "grub2" [ "grub-reboot" "grub-editenv" ];
  gzip = hostTool "gzip" [ "gzip" "gunzip" "zcat" ];
  iproute2 = hostTool "iproute2" [ "ip" "ss" ];
  jq = hostTool "jq" [ "jq" ];
  less = hostTool "less" [ "less" ];
  netcat = hostTool "netcat" [ "nc" ];
  openssh = hostTool "openssh" [ "ssh" "ssh-keygen" "ssh-keyscan" "scp" "ssh-agent" "ssh-add" ];
  procps = hostTool "procps" [ "ps" "pgrep" "pkill" "free" "uptime" "top" ];
  systemd = hostTool "systemd" [
    "systemctl" "busctl" "journalctl" "loginctl" "systemd-analyze" "systemd-cat" "systemd-escape" "systemd-notify" "systemd-run"
    "systemd-sysusers" "systemd-tmpfiles"
  ];
  util-linux = hostTool "util-linux" [ "mount" "umount" "flock" "findmnt" "logger" "nsenter" "setpriv" "setsid" "unshare" "lsblk" "wall" ];
  nix =
    hostTool "nix" [
      "nix" "nix-build" "nix-channel" "nix-collect-garbage" "nix-copy-closure" "nix-daemon" "nix-env" "nix-hash" "nix-instantiate"
      "nix-prefetch-url" "nix-shell" "nix-store"
    ]
    // { version = builtins.nixVersion; };
  cacert = pkgs.runCommand "nss-cacert-host" { } ''
    mkdir -p "$out/etc/ssl/certs"
    ln -s /etc/ssl/certs/ca-certificates.crt "$out/etc/ssl/certs/ca-bundle.crt"
  '';
  nixos-rebuild = pkgs.runCommand "nixos-rebuild" { } ''mkdir -p "$out/bin"; ln -s /usr/local/bin/nixos-rebuild "$out/bin/nixos-rebuild"'';
  nixos-rebuild-ng = pkgs.nixos-rebuild;

  # The daemon is built outside and bound into the machine, so its package is only a name for it.
  reconciler = pkgs.runCommand "reconciler-host" { pname = "reconciler"; } ''
    mkdir -p "$out/bin"
    ln -s /opt/reconciler/reconciler "$out/bin/reconciler"
  '';
}
