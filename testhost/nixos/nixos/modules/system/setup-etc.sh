# /etc/static becomes the new tree in one step; each of its files gets a link /etc/F -> /etc/static/F,
# or a copy where the configuration asked for a mode. What an earlier generation left over goes.
echo "setting up /etc..."
ln -sfn "$systemConfig/etc" /etc/.static.new
mv -fT /etc/.static.new /etc/static
touch /etc/NIXOS

declare -A isInEtc=()
while IFS= read -r file; do
  isInEtc[$file]=1
  live=/etc/$file static=/etc/static/$file
  [ "$live" -ef "$static" ] && [ -L "$live" ] && continue
  mkdir -p "${live%/*}"
  if [ -e "$static.mode" ]; then
    read -r mode < "$static.mode"
    read -r owner < "$static.owner"
    install -m "$mode" "$static" "$live.new"
    chown "$owner" "$live.new"
    mv -fT "$live.new" "$live"
  else
    if [ -d "$live" ] && [ ! -L "$live" ]; then mv -T "$live" "$live.before-nixos"; fi
    ln -sfn "$static" "$live.new"
    mv -fT "$live.new" "$live"
  fi
done < <(cd "$systemConfig/etc/" && find . \( -type l -o -type f \) ! -name '*.mode' ! -name '*.owner' -printf '%P\n')

if [ -e /etc/.clean ]; then
  while IFS= read -r file; do
    [ -z "${isInEtc[$file]:-}" ] || continue
    echo "removing obsolete symlink '/etc/$file'..." >&2
    rm -f "/etc/$file"
  done < /etc/.clean
fi
printf '%s\n' "${!isInEtc[@]}" > /etc/.clean
