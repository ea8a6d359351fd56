# The root that every machine starts from, in two layers:
#   debian-KEY   a small Debian, by mmdebstrap: minutes, and made again only when the list below changes
#   base-KEY     on top of it our nixpkgs, nixos-rebuild, and a first system already built: seconds
# A key is a hash of all that goes into a layer, so an edit here makes a new layer by itself.

# In the machine. systemd and dbus: the real thing under test. nix-bin and git: what the daemon calls.
# libssl, ca-certificates, tzdata: what a .NET program loads. openssh-client, gnupg: deploy keys and signed
# commits. busybox: a web server for examples. grub2-common: the tools that tell GRUB what to boot once. The rest is for scripts and for looking around.
machinePackages=(
  systemd systemd-sysv dbus nix-bin git openssh-client gnupg jq busybox curl ca-certificates tzdata grub2-common
  e2fsprogs iproute2 less netcat-openbsd procps util-linux
)
# On this host: systemd-nspawn, the maker of roots, and what tests call around a machine.
hostPackages=(systemd-container:systemd-nspawn mmdebstrap:mmdebstrap e2fsprogs:mke2fs git:git jq:jq util-linux:nsenter procps:ps)

guestNixpkgs=/usr/local/share/testhost/nixpkgs

hashOf() { sha256sum | cut -c 1-16; }

# Sets `debian` and `base`, the folders of the two layers.
locateLayers() {
  debian=$cacheDir/debian-$(printf '%s\n' "${machinePackages[@]}" | cat - "$here/lib/debian.sh" | hashOf)
  base=$cacheDir/base-$({ echo "$debian"; cat "$here/lib/base.sh" "$here/bin/nixos-rebuild"; treeContent "$here/nixos"; } | hashOf)
}
treeContent() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 tail -n +1); }

prepare() {
  locateLayers
  if [ -e "$base/ready" ]; then return; fi
  mkdir -p "$cacheDir"
  exec 8> "$cacheDir/lock"
  flock --nonblock 8 || { say "waiting for another prepare to finish..."; flock 8; }
  if [ ! -e "$base/ready" ]; then
    installHostPackages
    [ -e "$debian/ready" ] || step "making a Debian root (downloads about 90 MB)" makeLayer "$debian" "$here/lib/debian.sh" "${machinePackages[@]}"
    step "building the first system" makeLayer "$base" "$here/lib/base.sh" "$here" "$debian/root" "$guestNixpkgs"
    # Disk templates are large and quickly made: keep only one.
    find "$cacheDir" -maxdepth 2 -name template.img ! -path "$base/*" -delete
  fi
  exec 8>&-
}

# step TEXT COMMAND...: says what is done and how long it took
step() {
  local text=$1 started=$SECONDS
  shift
  say "$text..."
  "$@"
  say "$text: done in $((SECONDS - started)) s"
}

# makeLayer FOLDER SCRIPT ARGUMENT...: a layer appears whole or not at all
makeLayer() {
  local folder=$1 script=$2 log=$cacheDir/${1##*/}.log
  shift 2
  rm -rf --one-file-system "$folder" "$folder.new"
  mkdir -p "$folder.new"
  if ! bash "$script" "$folder.new" "$@" > "$log" 2>&1; then
    tail -n 30 "$log" >&2
    die "that failed; the whole log is in $log"
  fi
  touch "$folder.new/ready"
  mv "$folder.new" "$folder"
}

installHostPackages() {
  local entry missing=()
  for entry in "${hostPackages[@]}"; do
    command -v "${entry#*:}" > /dev/null || missing+=("${entry%:*}")
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  step "installing on this host: ${missing[*]}" aptInstall "${missing[@]}"
}

aptInstall() {
  local log=$cacheDir/apt.log
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@"; } > "$log" 2>&1 < /dev/null; then
    tail -n 30 "$log" >&2
    die "apt-get failed; the whole log is in $log"
  fi
}

# The image that a machine with a disk starts from: the same root, as one ext4 file system.
diskTemplate() {
  prepare
  [ -e "$base/template.img" ] || step "making a disk image" makeTemplate
  echo "$base/template.img"
}
makeTemplate() {
  # A mount namespace of its own, so that nothing stays mounted whatever happens.
  unshare --mount --propagation private bash -eu -c '
    mount -t overlay overlay -o "ro,lowerdir=$1/root:$2/root" /mnt
    mke2fs -q -t ext4 -E lazy_itable_init=1,lazy_journal_init=1 -d /mnt "$1/template.new" 8G > /dev/null
    mv "$1/template.new" "$1/template.img"' template "$base" "$debian"
}

clean() {
  [ -z "$(list)" ] || die "there are machines that need the prepared roots; destroy them first"
  rm -rf --one-file-system "$cacheDir"
}
