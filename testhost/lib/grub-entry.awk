# grub-entry.awk: the system that an entry of GRUB's menu boots. `wanted` is what GRUB takes as its default: titles or places (from 0), outermost
# first, with `>` between them. As in GRUB, a title that begins with a digit or with `>` cannot be named. Fails when there is no such entry.
BEGIN { depth = 0; steps = split(wanted, step, ">"); matched[0] = 1 }
function title(line) { sub(/^[^"]*"/, "", line); sub(/".*$/, "", line); return line }
/^ *(menuentry|submenu) / {
  place = count[depth]++
  depth++
  count[depth] = 0
  isEntry[depth] = $1 == "menuentry"
  is = step[depth] ~ /^[0-9]/ ? step[depth] + 0 == place : step[depth] == title($0)
  matched[depth] = matched[depth - 1] && depth <= steps && is
  next
}
/^ *}/ { if (depth > 0) depth--; next }
depth == steps && isEntry[depth] && matched[depth] && match($0, /init=[^ ]+/) {
  found = substr($0, RSTART + 5, RLENGTH - 5)
  sub(/\/init$/, "", found)
  print found
  exit
}
END { if (found == "") exit 1 }
