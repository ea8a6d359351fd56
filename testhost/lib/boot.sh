# boot.sh MACHINE NAME CGROUP NETNS BIND...: the machine itself, from power on to power off.
#
# Two steps: into a cgroup and namespaces of our own, then systemd-nspawn inside them. The outer pid
# namespace is what a power cut kills; the outer mount namespace is where the root is put together.
set -eu
here=$(dirname "$(readlink -f "$0")")
machine=$1 name=$2 cgroup=$3 netns=$4

if [ -z "${inNamespaces:-}" ]; then
  echo $$ > "$cgroup/cgroup.procs"
  inNamespaces=1 exec unshare --mount --cgroup --pid --fork --kill-child --mount-proc --propagation private bash "$0" "$@"
fi
unset inNamespaces
shift 4

# systemd from 256 on refuses cgroup version 1, which some hosts mount beside version 2: show it only ours.
umount -l /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
# The disks of other machines: held here as well, they would stay mounted after those have been switched off.
# One that is destroyed meanwhile leaves by itself (the kernel detaches what was mounted on a folder that is removed), so failing is no failure;
# staying is.
disksOfOthers() { findmnt --raw --noheadings --output TARGET | grep "^${machine%/*}/" | grep -vFx "$machine/root" || true; }
disksOfOthers | while read -r disk; do umount -l "$disk" 2> /dev/null || true; done
[ -z "$(disksOfOthers)" ] || { echo "these disks of other machines cannot be let go of here:" $(disksOfOthers); exit 1; }
if [ -e "$machine/lower" ]; then
  mount -t overlay overlay -o "lowerdir=$(< "$machine/lower"),upperdir=$machine/upper,workdir=$machine/work" "$machine/root"
fi
network=--private-network
if [ -n "$netns" ]; then
  touch "$machine/netns"
  mount --bind "$netns" "$machine/netns"
  network=--network-namespace-path=$machine/netns
fi
# nspawn keeps locks and sockets under /run: away from those of the host.
mount -t tmpfs tmpfs /run

# The boot loader: it starts what it was told to start once, and forgets that before it does; else what was made the default.
default=$(cat "$machine/root/boot/mini-loader/default" 2> /dev/null) || { echo "boot loader: no system to boot"; exit 1; }
once=$(sed -n 's/^next_entry=\(..*\)/\1/p' "$machine/root/boot/grub/grubenv" 2> /dev/null || true)
if [ -n "$once" ]; then
  chroot "$machine/root" /usr/bin/grub-editenv /boot/grub/grubenv set next_entry=
  sync -f "$machine/root/boot/grub/grubenv"
  if chosen=$(awk -v "wanted=$once" -f "$here/grub-entry.awk" "$machine/root/boot/grub/grub.cfg"); then default=$chosen
  else echo "boot loader: no entry '$once'"; fi
fi
if [ ! -s "$machine/root$default/init" ]; then echo "boot loader: $default cannot be booted"; exit 1; fi

exec systemd-nspawn --quiet --register=no --keep-unit --kill-signal=SIGRTMIN+3 --machine="$name" --directory="$machine/root" \
  "$network" --resolv-conf=off --timezone=off --link-journal=no --console=pipe "$@" "$default/init"
