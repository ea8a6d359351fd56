#!/bin/sh
# Puts a NixOS host back to the system before a trial that nobody ended: Reconciler's dead-man's switch. A timer of systemd starts it.
#
#   put-back.sh FOLDER TIMER SYSTEM PROFILE SERVICE NOW
#
# FOLDER/order names the timer that may act, how many seconds it is to wait for after its own time, and whether profile and boot entry may have
# moved. It is taken by renaming it to FOLDER/act, so either the daemon takes the order back or this acts on it, never both. What was done is
# written there for the next daemon. SERVICE is started at the end, so that the daemon of the old system goes on; empty for none.
# Where the file NOW is there, it does not wait.
set -u
folder=$1 timer=$2 system=$3 profile=$4 service=$5 now=$6
PATH=$system/sw/bin:/run/current-system/sw/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH

# told NAME: a word of the order
told() {
  printf '%s\n' "$order" | while read -r name value; do
    if [ "$name" = "$1" ]; then printf '%s' "$value"; fi
  done
}

waited=0
while :; do
  order=$(cat "$folder/order" 2> /dev/null) || exit 0
  [ "$(told timer)" = "$timer" ] || exit 0
  wait=$(told wait)
  left=$((${wait:-0} - waited))
  if [ "$left" -gt 0 ] && [ ! -e "$now" ]; then
    if [ "$left" -gt 30 ]; then left=30; fi
    sleep "$left"
    waited=$((waited + left))
    continue
  fi
  if mv "$folder/order" "$folder/act" 2> /dev/null; then
    if [ "$(cat "$folder/act" 2> /dev/null)" = "$order" ]; then break; fi
    # Set anew in this instant: that order is given back.
    ln "$folder/act" "$folder/order" 2> /dev/null
    if [ -e "$folder/order" ]; then rm -f "$folder/act"; fi
  elif [ "$(cat "$folder/order" 2> /dev/null)" = "$order" ]; then
    break # where it still stands nothing can be written, so nobody could have taken it back
  fi
done
note() { printf '%s\n' "$*" >> "$folder/act"; sync "$folder/act" 2> /dev/null || true; }
note "began $(date +%s)"
echo "nobody confirmed the new system in time; putting back $system"

# attempt COMMAND...: up to four times, since another switch may hold the lock. 4 means active, with failed units: that is for the daemon to judge.
attempt() {
  for pause in 5 20 60 0; do
    "$@"
    code=$?
    case $code in 0 | 4) return 0 ;; esac
    echo "$* ended with $code"
    sleep "$pause"
  done
  return 1
}

NIXOS_INSTALL_BOOTLOADER=0
export NIXOS_INSTALL_BOOTLOADER
if [ "$(told boot)" = yes ]; then
  attempt nix-env --profile "$profile" --set "$system"
  attempt "$system/bin/switch-to-configuration" boot
fi
code=1
attempt "$system/bin/switch-to-configuration" test
note "ended exit $code"
if [ -n "$service" ]; then
  systemctl reset-failed "$service" 2> /dev/null || true
  systemctl restart --no-block "$service" || echo "$service could not be started"
fi
exit 0
