# base.sh FOLDER PROJECT DEBIAN NIXPKGS: the layer that makes a NixOS-like host of the Debian root
# DEBIAN. FOLDER/root becomes an overlay's upper layer. PROJECT is this project's testhost folder,
# NIXPKGS the place of our nixpkgs in the machine.
set -eu
folder=$1 project=$2 debian=$3 nixpkgs=$4
mkdir -p "$folder/root" "$folder/work" "$folder/mounted"

# Everything mounted from here on is in a namespace that ends with this script.
if [ -z "${inNamespace:-}" ]; then inNamespace=1 exec unshare --mount --propagation private bash "$0" "$@"; fi
root=$folder/mounted
mount -t overlay overlay -o "lowerdir=$debian,upperdir=$folder/root,workdir=$folder/work" "$root"

### Files

rm -rf "$root/etc/systemd/system" "$root/etc/hostname" "$root/etc/resolv.conf" "$root/etc/hosts"
: > "$root/etc/machine-id" # each machine gets its own at its first boot
touch "$root/etc/NIXOS"
mkdir -p "$root/etc/nixos" "$root/etc/nix" "$root/opt/reconciler" "$root$nixpkgs"
install -D -m 0755 "$project/bin/nixos-rebuild" "$root/usr/local/bin/nixos-rebuild"

cp -r "$project/nixos/." "$root$nixpkgs/"
chroot "$root" dpkg-query --show --showformat '${source:Package} ${source:Upstream-Version}\n' bash busybox coreutils curl findutils git \
  grep gnupg sed tar gzip iproute2 jq less netcat-openbsd openssh-client procps systemd util-linux grub2-common nix-bin | sort -u |
  jq -nR '[inputs | split(" ") | {key: ({grep: "gnugrep", sed: "gnused", tar: "gnutar", gnupg2: "gnupg", "netcat-openbsd": "netcat"}[.[0]] // .[0]), value: (.[1] | sub("[+].*"; ""))}] | from_entries' \
    > "$root$nixpkgs/host-versions.json"
# One time stamp for all: a lock file that names this folder stays right when it is made again.
find "$root$nixpkgs" -exec touch -h -d @1735689600 {} +

cat > "$root/etc/nixos/configuration.nix" <<'NIX'
# The first system of this machine. Without a host name it keeps the one it was started under.
{ pkgs, ... }:
{
  networking.hostName = "";
  environment.systemPackages = [ pkgs.git pkgs.jq ];
  system.stateVersion = "25.05";
}
NIX

# Until the first system is activated, nix has to be told here.
cat > "$root/etc/nix/nix.conf" <<'CONF'
sandbox = false
substituters =
build-users-group =
experimental-features = nix-command flakes
flake-registry =
CONF

### The first system

mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"
chroot "$root" env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root USER=root LC_ALL=C.UTF-8 \
  NIX_PATH="nixpkgs=$nixpkgs:nixos-config=/etc/nixos/configuration.nix" bash -eu -c '
    toplevel=$(nix-build "<nixpkgs/nixos>" --attr system --no-out-link)
    nix-env --profile /nix/var/nix/profiles/system --set "$toplevel"
    "$toplevel/bin/switch-to-configuration" boot
    # What most configurations ask for is built already.
    cd / && nix-build "<nixpkgs>" --no-out-link -A bash -A busybox -A coreutils -A curl -A findutils -A gnugrep -A gnused -A openssh \
      -A hello_2_10 -A hello_2_12 -A htop -A reconciler > /dev/null'

rm -f "$root/root/.bash_history"
