#!@shell@
# Makes this configuration the current one. A command that fails is noted and the rest still runs:
# half a system that is reported beats half a system that stops there.
systemConfig='@out@'
export PATH=/usr/bin:/bin:/usr/sbin:/sbin
umask 0022

_status=0
_localstatus=0
trap '_localstatus=$?; _status=1' ERR
@snippets@

if [ "${NIXOS_ACTION:-}" != dry-activate ]; then
  ln -sfn "$systemConfig" /run/.current-system.new
  mv -fT /run/.current-system.new /run/current-system
fi
exit $_status
