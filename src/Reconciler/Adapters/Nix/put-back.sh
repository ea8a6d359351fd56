#!/bin/sh
# Puts a NixOS host back to the system before a trial that nobody ended: Reconciler's dead-man's switch. A timer of systemd starts it.
#
#   put-back.sh FOLDER TIMER SYSTEM PROFILE BOOT SERVICE
#
# FOLDER/order names the timer that may act; it is taken by renaming it to FOLDER/act, so either the daemon takes the order back or this acts on
# it, never both. What was done is written there for the next daemon. BOOT is "boot" when profile and boot entry may have moved. SERVICE is
# started at the end, so that the daemon of the old system goes on; empty for none.
set -u
folder=$1 timer=$2 system=$3 profile=$4 boot=$5 service=$6
PATH=$system/sw/bin:/run/current-system/sw/bin:/usr/bin:/bin:/usr/sbin:/sbin
export PATH

end='
'
names() { case $(cat "$1" 2> /dev/null)$end in *"timer $timer$end"*) ;; *) return 1 ;; esac; }
names "$folder/order" || exit 0
if mv "$folder/order" "$folder/act" 2> /dev/null; then
  if ! names "$folder/act"; then
    # Set anew in this instant: that order is another timer's, and is given back.
    ln "$folder/act" "$folder/order" 2> /dev/null
    [ -e "$folder/order" ] && rm -f "$folder/act"
    exit 0
  fi
elif ! names "$folder/order"; then
  exit 0 # taken back in this instant; where it still stands nothing can be written, so nobody could have taken it back
fi
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
if [ "$boot" = boot ]; then
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
