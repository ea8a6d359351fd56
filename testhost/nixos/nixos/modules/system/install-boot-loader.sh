# The boot loader: one file that names the system to boot. It replaces the file in one step and
# makes it durable, as a boot loader must: a power cut finds the old entry or the new one, whole.
#
# Usage: install-mini-loader.sh TOPLEVEL
set -eu
folder=/boot/mini-loader
mkdir -p "$folder"
printf '%s\n' "$(readlink -f "$1")" > "$folder/default.new"
sync "$folder/default.new"
mv "$folder/default.new" "$folder/default"
sync "$folder"
