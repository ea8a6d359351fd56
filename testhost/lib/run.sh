# Booting, entering and ending machines.
#
# A machine is a folder:
#   options        the arguments of `start`, one a line
#   lower          the layers its root lies over (not with a disk)
#   upper, work    what it changed: survives a reboot
#   disk.img       its disk instead of those, with --disk
#   model          there when other machines began as this one
#   root           where its root is mounted
#   outer, leader  process ids with their start times: our end of it, and its process 1
#   console.log    what it printed
#
# All processes of a machine are in one pid namespace, so killing the first of them ends them all at
# the same instant, and in one cgroup, which tells when the last is gone.

locate() {
  machine=$machinesDir/$1
  cgroup=$(cgroupRoot)/reconciler-testhost-$(cksum <<< "$machinesDir" | cut -d ' ' -f 1)-$1
}

# Where cgroup version 2 is mounted: the whole tree, or beside version 1.
cgroupRoot() {
  if [ -e /sys/fs/cgroup/cgroup.procs ]; then echo /sys/fs/cgroup; return; fi
  if [ -e /sys/fs/cgroup/unified/cgroup.procs ]; then echo /sys/fs/cgroup/unified; return; fi
  if [ ! -e /run/reconciler-testhost-cgroup/cgroup.procs ]; then
    mkdir -p /run/reconciler-testhost-cgroup
    mount -t cgroup2 cgroup2 /run/reconciler-testhost-cgroup || die "this kernel has no cgroup version 2"
  fi
  echo /run/reconciler-testhost-cgroup
}

# --- processes, known by id and start time, since ids come round again

startTimeOf() { local fields; read -r fields < "/proc/$1/stat" && fields=${fields##*) } && set -- $fields && echo "${20}"; } 2> /dev/null
remember() { echo "$2 $(startTimeOf "$2")" > "$machine/$1"; }
# The id of a remembered process that still lives, or nothing.
alive() {
  local pid started
  read -r pid started 2> /dev/null < "$machine/$1" || return 1
  [ -n "$started" ] && [ "$(startTimeOf "$pid")" = "$started" ] && echo "$pid"
}
childrenOf() { cat "/proc/$1/task/$1/children" 2> /dev/null; }

# Process 1 of the machine as seen from here: two pid namespaces down, and first in its own.
findLeader() {
  local pid ids
  for pid in $(childrenOf "$1"); do
    ids=$(sed -n 's/^NSpid:\t//p' "/proc/$pid/status" 2> /dev/null) || continue
    set -- $ids
    if [ $# -ge 3 ] && [ "${!#}" = 1 ]; then echo "$pid"; return; fi
    findLeader "$pid" && return
  done
  return 1
}

isEmptyCgroup() { [ ! -d "$cgroup" ] || ! find "$cgroup" -name cgroup.procs -exec cat {} + 2> /dev/null | grep -q .; }

# End every process, whether or not we still know them, and wait until they are gone.
killAll() {
  local pid
  if pid=$(alive outer); then kill -KILL $(childrenOf "$pid") "$pid" 2> /dev/null || true; fi
  while ! isEmptyCgroup; do
    if [ -e "$cgroup/cgroup.kill" ]; then echo 1 > "$cgroup/cgroup.kill"
    else find "$cgroup" -name cgroup.procs -exec cat {} + 2> /dev/null | xargs -r kill -KILL 2> /dev/null || true
    fi
    sleep 0.01
  done
  removeCgroup
  rm -f "$machine/outer" "$machine/leader"
}
removeCgroup() { [ ! -d "$cgroup" ] || find "$cgroup" -depth -type d -exec rmdir {} + 2> /dev/null || true; }

leader() { alive leader || die "$name is not up"; }
exists() { [ -e "$machine/options" ] || die "there is no machine '$name'"; }

# --- commands

machine_start() {
  ! alive leader > /dev/null || die "$name is up already"
  local option bind=() disk= netns= model=
  if [ $# -eq 0 ] && [ -e "$machine/options" ]; then mapfile -t option < "$machine/options"; set -- "${option[@]}"; fi
  local given=("$@")
  while [ $# -gt 0 ]; do
    case $1 in
      --bind) [[ ${2:-} == *:* ]] || die "--bind needs SRC:DST"; bind+=("--bind=$2"); shift 2 ;;
      --disk) disk=1; shift ;;
      --netns) netns=${2:?}; shift 2 ;;
      --like) model=$2; shift 2 ;;
      *) die "start: unknown option '$1'" ;;
    esac
  done
  [ ! -e "$machine/options" ] || [ "${disk:-}" = "$([ ! -e "$machine/disk.img" ] || echo 1)" ] || die "$name was made with another kind of disk; destroy it first"

  [ ! -e "$machine/model" ] || die "$name is what other machines began as; it is not started again"
  [ -z "$model" ] || [ -e "$machine/options" ] || becomeModel "$model" "$disk"

  killAll # what a crashed run may have left
  mkdir -p "$machine/root"
  if [ -n "$disk" ]; then openDisk; else openOverlay; fi
  printf '%s\n' "${given[@]}" | sed '/^$/d' > "$machine/options"
  [ -z "$netns" ] || netns=$(readlink -f "$netns")
  boot "$netns" "${bind[@]}"
}

# becomeModel NAME DISK: from here on others lie over that machine's root, so it must not change any more
becomeModel() {
  local model=$machinesDir/$1
  [ -e "$model/options" ] || die "there is no machine '$1'"
  ! machine=$model alive leader > /dev/null || die "$1 is up; stop it first"
  [ "${2:-}" = "$([ ! -e "$model/disk.img" ] || echo 1)" ] || die "$1 was made with another kind of disk"
  touch "$model/model"
}

openOverlay() {
  if [ ! -e "$machine/lower" ]; then
    mkdir -p "$machine/upper" "$machine/work"
    if [ -n "$model" ]; then echo "$machinesDir/$model/upper:$(< "$machinesDir/$model/lower")" > "$machine/lower.new"
    else
      prepare
      echo "$base/root:$debian/root" > "$machine/lower.new"
    fi
    mv "$machine/lower.new" "$machine/lower"
  fi
}

openDisk() {
  if [ ! -e "$machine/disk.img" ]; then
    if [ -n "$model" ]; then cp --sparse=always "$machinesDir/$model/disk.img" "$machine/disk.new"
    else cp --sparse=always "$(diskTemplate)" "$machine/disk.new"
    fi
    mv "$machine/disk.new" "$machine/disk.img"
  fi
  # Mounted here and not in the machine's namespaces: so a kill does not write anything back.
  if mountpoint -q "$machine/root"; then return; fi
  # A loop device of its own each time: `mount -o loop` would take up one that something still holds.
  local loop
  loop=$(losetup --find --show "$machine/disk.img")
  mount -o noatime "$loop" "$machine/root" || { losetup --detach "$loop"; die "the disk of $name cannot be mounted"; }
  losetup --detach "$loop" # when it is unmounted
}

# From here on the disk is what was written so far, even if something still holds the file system: not even its journal is written any more.
closeDisk() {
  perl -e 'my $how = pack("L", 2); open(ROOT, "<", $ARGV[0]) && ioctl(ROOT, 0x8004587d, $how) or die "EXT4_IOC_SHUTDOWN: $!\n"' "$machine/root" ||
    die "the disk of $name cannot be cut off"
  umount "$machine/root"
}

boot() {
  local netns=$1 outer i
  shift
  mkdir -p "$cgroup"
  setsid bash "$here/lib/boot.sh" "$machine" "$name" "$cgroup" "$netns" "$@" > "$machine/console.log" 2>&1 < /dev/null 8>&- &
  outer=$!
  remember outer $outer
  for ((i = 0; i < 1000; i++)); do
    if found=$(findLeader $outer); then remember leader "$found"; return; fi
    kill -0 $outer 2> /dev/null || break
    sleep 0.01
  done
  tail -n 20 "$machine/console.log" >&2
  killAll
  die "$name did not boot"
}

machine_wait() {
  local state
  leader > /dev/null
  # The bus comes up some time after process 1, so the question is repeated; in there, to be quick.
  state=$(enter timeout "${1:-60}" sh -c '
    until state=$(systemctl is-system-running --wait 2> /dev/null); [ "$state" = running ] || [ "$state" = degraded ]; do sleep 0.02; done
    echo "$state"') || { tail -n 20 "$machine/console.log" >&2; die "$name did not finish booting"; }
  echo "$state"
}

# Run a command in all namespaces of the machine's process 1, with a clean environment.
enter() {
  local pid nixpkgs=/usr/local/share/testhost/nixpkgs
  pid=$(leader) || exit 1
  nsenter --target "$pid" --all --wdns=/root -- /usr/bin/env -i \
    PATH=/run/current-system/sw/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
    HOME=/root USER=root LC_ALL=C.UTF-8 TERM="${TERM:-dumb}" NIX_PATH="nixpkgs=$nixpkgs:nixos-config=/etc/nixos/configuration.nix" "$@"
}

machine_exec() {
  [ $# -gt 0 ] || die "exec needs a command"
  enter "$@"
}

machine_net() {
  local pid
  pid=$(leader) || exit 1
  exec nsenter --target "$pid" --net -- "$@"
}

machine_stop() {
  local pid i
  pid=$(leader) || exit 1
  kill -s RTMIN+4 "$pid" # systemd: power off
  for ((i = 0; i < 3000; i++)); do
    alive outer > /dev/null || break
    sleep 0.01
  done
  killAll
  if mountpoint -q "$machine/root"; then
    sync --file-system "$machine/root"
    closeDisk
  fi
}

machine_kill() {
  exists
  killAll
}

machine_cut() {
  exists
  [ -e "$machine/disk.img" ] || die "$name has no disk; start it with --disk"
  killAll
  closeDisk # what is in memory only goes nowhere
}

machine_status() {
  local pid
  if pid=$(alive leader); then echo "up $pid"; else echo down; fi
}

machine_console() { exists; cat "$machine/console.log"; }

machine_destroy() {
  ! grep -qsF "$machine/upper:" "$machinesDir"/*/lower || die "there are machines that began as $name; destroy them first"
  killAll
  while mountpoint -q "$machine/root"; do umount "$machine/root"; done
  rm -rf --one-file-system "$machine"
  rmdir "$machinesDir" 2> /dev/null || true
}

list() {
  local options name
  for options in "$machinesDir"/*/options; do
    [ -e "$options" ] || continue
    name=$(basename "$(dirname "$options")")
    locate "$name"
    echo "$name $(machine_status)"
  done
}
