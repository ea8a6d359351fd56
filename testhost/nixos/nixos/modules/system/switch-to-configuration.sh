#!@shell@
# Switches the running host to this system.
#
# Order of work and exit codes are those of NixOS:
#   lock, checks, boot loader, sync, compare init, stop units, activate, reload systemd,
#   reload / restart / start units, report.
#   0 done   1 usage, check or boot loader   2 activation   3 daemon-reload   4 units
#   11 another switch holds the lock   100 needs a reboot
toplevel='@out@'
bootLoader='@bootLoader@'
checks='@checks@'
export PATH=/usr/bin:/bin:/usr/sbin:/sbin

action=${1:-}
case "$action" in
  switch | boot | test | dry-activate | check) ;;
  *)
    cat >&2 <<USAGE
Usage: $0 [switch|boot|test|dry-activate|check]

switch:       make the configuration the boot default and activate now
boot:         make the configuration the boot default
test:         activate the configuration, but don't make it the boot default
dry-activate: show what would be done if this configuration were activated
check:        run pre-switch checks and exit
USAGE
    exit 1 ;;
esac
export NIXOS_ACTION=$action

# Tests put a program here to stop, kill or slow a switch at a given place. Its exit code is ignored.
hook() { [ ! -x /run/nixos/test-hook ] || /run/nixos/test-hook "$1" "$toplevel" 9>&- || true; }

if [ "$EUID" -ne 0 ]; then echo "$0 must be run as the root user" >&2; exit 1; fi
if [ ! -e /etc/NIXOS ]; then echo "This is not a NixOS installation!" >&2; exit 1; fi

mkdir -p /run/nixos
exec 9>> /run/nixos/switch-to-configuration.lock
if ! flock --nonblock 9; then echo "Could not acquire lock" >&2; exit 11; fi
hook start

if [ "${NIXOS_NO_CHECK:-}" != 1 ] && ! "$checks" "$toplevel" "$action" 9>&-; then
  echo "Pre-switch checks failed" >&2
  exit 1
fi
hook checked
[ "$action" != check ] || exit 0

if [ "$action" = switch ] || [ "$action" = boot ]; then
  if ! "$bootLoader" "$toplevel" 9>&-; then echo "Failed to install bootloader" >&2; exit 1; fi
fi
[ "${NIXOS_NO_SYNC:-}" = 1 ] || sync -f /nix/store
hook bootloader-installed
[ "$action" != boot ] || exit 0

currentInit=$(cat /run/current-system/init-interface-version 2> /dev/null)
if [ "$currentInit" != "$(< "$toplevel/init-interface-version")" ]; then
  echo "Warning: the new NixOS configuration has an 'init' that is incompatible with the current" >&2
  echo "configuration. The new configuration won't take effect until you reboot the system." >&2
  exit 100
fi

### What each unit needs

oldUnits=$(readlink -f /etc/systemd/system)
newUnits=$toplevel/etc/systemd/system
declare -A toStop=() toSkip=() toRestart=() toReload=() toStart=() quietStart=() wasActive=()

# is FILE KEY DEFAULT: a yes/no setting of a unit file. Asked for every unit of the host, so it starts no program.
is() {
  local line value=
  while IFS= read -r line || [ -n "$line" ]; do
    if [[ $line =~ ^"$2"\ *=\ *(.*)$ ]]; then value=${BASH_REMATCH[1]}; fi
  done < "$1"
  case "${value:-$3}" in 1 | [Yy]es | [Tt]rue | [Oo]n) return 0 ;; *) return 1 ;; esac
}

# A unit file without what makes no difference to a running unit.
essence() {
  sed -E -e '/^\[Install\]/,/^\[/{/^\[Install\]/d;/^[^[]/d}' -e '/^(#|;|$)/d' \
    -e '/^(X-Reload-Triggers|Description|Documentation|OnFailure|OnSuccess|OnFailureJobMode|IgnoreOnIsolate|StopWhenUnneeded|RefuseManualStart|RefuseManualStop|AllowIsolate|CollectMode|SourcePath) *=/d' "$1"
}

# Sets `file` to the file of a unit in a folder: its own, or its template's; empty when there is none.
fileOf() {
  local folder=$1 unit=$2
  file=
  if [ -e "$folder/$unit" ]; then file=$folder/$unit
  elif [[ $unit == *@*.* ]] && [ -e "$folder/${unit%%@*}@.${unit##*.}" ]; then file=$folder/${unit%%@*}@.${unit##*.}
  fi
}

# decideModified UNIT NEWFILE: a unit whose file differs
decideModified() {
  local unit=$1 file=$2 socket sockets=()
  case "$unit" in *.slice | *.socket | *.path | sysinit.target | basic.target) [[ $unit == *.path || $unit == *.socket ]] && toRestart[$unit]=1; return ;; esac
  if is "$file" X-ReloadIfChanged no; then toReload[$unit]=1
  elif ! is "$file" X-RestartIfChanged yes || is "$file" RefuseManualStop no || is "$file" X-OnlyManualStart no; then toSkip[$unit]=1
  elif ! is "$file" X-StopIfChanged yes || [[ $unit != *.service ]]; then toRestart[$unit]=1
  else
    toStop[$unit]=1
    for socket in "$newUnits/${unit%.service}.socket"; do
      [ -e "$socket" ] && ! is "$file" X-NotSocketActivated no && sockets+=("${socket##*/}")
    done
    # A socket starts its service itself; what is started again is the socket.
    if [ ${#sockets[@]} -gt 0 ]; then
      for socket in "${sockets[@]}"; do toStop[$socket]=1 toStart[$socket]=1; done
    else
      toStart[$unit]=1
    fi
  fi
}

decide() {
  local unit=$1 file old new
  fileOf "$oldUnits" "$unit"
  old=$file
  [ -n "$old" ] || return
  fileOf "$newUnits" "$unit"
  new=$file
  if [ -z "$new" ] || [ "$new" -ef /dev/null ]; then
    if is "$old" X-StopOnRemoval yes; then toStop[$unit]=1; fi
  elif [[ $unit == *.target ]]; then
    # Starting a target again starts what it newly wants.
    if ! is "$new" RefuseManualStart no && ! is "$new" X-OnlyManualStart no; then toStart[$unit]=1 quietStart[$unit]=1; fi
    if is "$new" X-StopOnReconfiguration no; then toStop[$unit]=1; fi
  elif [ "$old" -ef "$new" ] || cmp -s "$old" "$new"; then return
  elif [ "$(essence "$old")" != "$(essence "$new")" ]; then decideModified "$unit" "$new"
  elif [ "$(grep '^X-Reload-Triggers=' "$old")" != "$(grep '^X-Reload-Triggers=' "$new")" ]; then toReload[$unit]=1
  fi
}

if [ "$oldUnits" = /etc/systemd/system ]; then oldUnits=/var/empty; fi
while read -r unit _ state _; do
  case "$state" in active | activating | reloading) wasActive[$unit]=1; decide "$unit" ;; esac
done < <(systemctl list-units --all --plain --no-legend --full 2> /dev/null)

# What an interrupted run had still to do.
recall() { [ ! -e "/run/nixos/$1-list" ] || cat "/run/nixos/$1-list"; }
for unit in $(recall start); do toStart[$unit]=1; done
for unit in $(recall restart); do toRestart[$unit]=1; done
for unit in $(recall reload); do toReload[$unit]=1; done

sorted() { [ $# -eq 0 ] || printf '%s\n' "$@" | sort; }
say() {
  local message=$1 names
  shift
  names=$(sorted "$@" | paste -sd, -)
  [ -z "$names" ] || echo "$message: ${names//,/, }" >&2
}
shownStart() {
  local unit
  for unit in "${!toStart[@]}"; do [ -n "${quietStart[$unit]:-}" ] || echo "$unit"; done
}

if [ "$action" = dry-activate ]; then
  say "would stop the following units" "${!toStop[@]}"
  say "would NOT stop the following changed units" "${!toSkip[@]}"
  echo "would activate the configuration..." >&2
  "$toplevel/dry-activate" "$toplevel" 9>&-
  say "would reload the following units" "${!toReload[@]}"
  say "would restart the following units" "${!toRestart[@]}"
  say "would start the following units" $(shownStart)
  exit 0
fi

### The switch

result=0
jobs_now() { systemctl list-jobs --no-legend --plain | awk '{ print $1 }' | sort; }
jobsBefore=$(jobs_now)
log() { logger -t nixos "$*" 2> /dev/null; }
log "switching to system configuration $toplevel"

# Remembered until done, so that an interrupted switch can be finished by the next.
sorted "${!toStart[@]}" > /run/nixos/start-list
sorted "${!toRestart[@]}" > /run/nixos/restart-list
sorted "${!toReload[@]}" > /run/nixos/reload-list

if [ ${#toStop[@]} -gt 0 ]; then
  say "stopping the following units" "${!toStop[@]}"
  systemctl stop -- "${!toStop[@]}" 9>&-
fi
say "NOT restarting the following changed units" "${!toSkip[@]}"
hook units-stopped

echo "activating the configuration..." >&2
"$toplevel/activate" "$toplevel" 9>&- || result=2
hook activated

systemctl reset-failed
systemctl daemon-reload || result=3
hook daemon-reloaded

echo "restarting sysinit-reactivation.target" >&2
systemctl restart sysinit-reactivation.target || result=4

# A unit that is no longer active has nothing to reload.
for unit in "${!toReload[@]}"; do
  systemctl is-active --quiet "$unit" || { unset "toReload[$unit]"; toRestart[$unit]=1; }
done
if [ ${#toReload[@]} -gt 0 ]; then
  say "reloading the following units" "${!toReload[@]}"
  systemctl reload -- "${!toReload[@]}" || result=4
fi
rm -f /run/nixos/reload-list

if [ ${#toRestart[@]} -gt 0 ]; then
  say "restarting the following units" "${!toRestart[@]}"
  systemctl restart -- "${!toRestart[@]}" || result=4
fi
rm -f /run/nixos/restart-list

say "starting the following units" $(shownStart)
if [ ${#toStart[@]} -gt 0 ]; then systemctl start -- "${!toStart[@]}" || result=4; fi
rm -f /run/nixos/start-list

# Let what was started settle before judging it: up to 90 s, and only for jobs that began with us. The
# job of a unit that drives this very switch ends after it.
for ((i = 0; i < 900; i++)); do
  [ -n "$(jobs_now | comm -13 <(echo "$jobsBefore") -)" ] || break
  sleep 0.1
done

failed=() new=()
while read -r unit _ state sub _; do
  if [ "$state" = failed ]; then failed+=("$unit")
  elif [ "$sub" = auto-restart ] && [ "$(systemctl show -P ExecMainStatus "$unit")" != 0 ]; then failed+=("$unit")
  elif [ "$state" = active ] && [ -z "${wasActive[$unit]:-}" ] && [[ $unit != *.scope ]]; then new+=("$unit")
  fi
done < <(systemctl list-units --all --plain --no-legend --full)
say "the following new units were started" "${new[@]}"
if [ ${#failed[@]} -gt 0 ]; then
  say "warning: the following units failed" "${failed[@]}"
  systemctl status --no-pager --full "${failed[@]}" >&2
  result=4
fi
hook end

if [ $result = 0 ]; then
  log "finished switching to system configuration $toplevel"
else
  log "switching to system configuration $toplevel failed (status $result)"
fi
exit $result
