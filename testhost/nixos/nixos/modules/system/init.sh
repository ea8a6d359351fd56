#!/bin/bash
# What the boot loader starts: process 1 until it becomes systemd.
export PATH=/usr/bin:/bin:/usr/sbin:/sbin
systemConfig='@out@'

# Kernels that do not come up.
case " $(cat "$systemConfig/kernel-params") " in
  *' testhost.panic '*) echo "Kernel panic - not syncing"; exit 1 ;;
  *' testhost.hang '*) echo "Kernel hangs"; exec sleep infinity ;;
esac

echo "<<< NixOS stage 2 (stand-in): $systemConfig >>>"
mkdir -p /run/nixos
ln -sfn "$systemConfig" /run/booted-system
"$systemConfig/activate" || echo "activation failed with status $?"
exec /lib/systemd/systemd "$@"
