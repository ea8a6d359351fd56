# debian.sh FOLDER PACKAGE...: a small Debian in FOLDER/root
set -eu
folder=$1
shift

# The mirror this machine itself uses, however its sources are written; else the public one.
mirrors() {
  apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Identifier: Packages' 2> /dev/null |
    sed -n 's/^Debian|Debian|//p' | sort -u
  echo http://deb.debian.org/debian/
}

has() { /usr/lib/apt/apt-helper -qq download-file "${1%/}/dists/$2/InRelease" "$folder/probe" > /dev/null 2>&1; }

# trixie has nix 2.26; bookworm's 2.8 works as well.
find_mirror() {
  local uri suite
  for uri in $(mirrors); do
    for suite in trixie bookworm; do
      if has "$uri" $suite; then echo "$uri $suite"; return; fi
    done
  done
  echo "no Debian mirror can be reached" >&2
  return 1
}

# After `apt-get update` the lists say where packages come from; without lists there is nothing to ask.
[ -n "$(apt-get indextargets 2> /dev/null)" ] || apt-get update -qq || true
found=$(find_mirror)
read -r uri suite <<< "$found"
rm -f "$folder/probe"
echo "mirror: $uri, suite: $suite"

case $suite in bookworm) ssl=libssl3 ;; *) ssl=libssl3t64 ;; esac
packages=$(printf '%s,' "$@")$ssl

# What this machine's apt needs to reach its mirror: proxies, retries, clocks that are off, passwords.
options=(--aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"')
while IFS= read -r line; do options+=("--aptopt=${line%;}"); done < <(
  apt-config dump | grep -iE '^Acquire::(https?::|Retries|Check-|ForceIPv|AllowInsecure)' | grep -v ' "";$'
)
for auth in /etc/apt/auth.conf /etc/apt/auth.conf.d/*; do
  if [ -s "$auth" ]; then
    options+=("--setup-hook=mkdir -p \"\$1/etc/apt/auth.conf.d\"; cp '$auth' \"\$1/etc/apt/auth.conf.d/host-${auth##*/}\""
      "--customize-hook=rm -f \"\$1/etc/apt/auth.conf.d/host-${auth##*/}\"")
  fi
done
for unwanted in doc man info locale lintian; do options+=("--dpkgopt=path-exclude=/usr/share/$unwanted/*"); done

mmdebstrap --mode=root --variant=essential --include="$packages" "${options[@]}" "$suite" "$folder/root" "$uri"
