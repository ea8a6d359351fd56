case "$action" in boot | dry-activate) exit 0 ;; esac
before=/run/current-system/switch-inhibitors after=$incoming/switch-inhibitors
[ -e "$before" ] && [ -e "$after" ] || exit 0
changed=$(jq -rn --slurpfile old "$before" --slurpfile new "$after" '
  $old[0] as $o | $new[0] as $n
  | $o | keys[] as $key | select(($n | has($key)) and $n[$key] != $o[$key])
  | "  \($key): \($o[$key]) -> \($n[$key])"')
[ -n "$changed" ] || exit 0
{
  echo "There are changes to critical components of the system:"
  echo "$changed"
  echo "Switching into this system is not possible. Run 'nixos-rebuild boot' and reboot instead."
} >&2
exit 1
