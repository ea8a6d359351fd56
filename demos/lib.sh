# What the stories of ./demo share: a machine to tell them on, the words, and waiting for the host. Needs root, name, work and keep.

machine=$root/testhost/machine

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'; else bold='' dim='' green='' red='' plain=''; fi
chapter() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
say() { printf '   %s\n' "$*"; }
quote() { sed "s/^/   ${dim}|${plain} /"; }
problems=0
check() { # check WHAT COMMAND...: says whether it holds
  local what=$1; shift
  if "$@"; then printf '   %s✓%s %s\n' "$green" "$plain" "$what"; else printf '   %s✗ %s%s\n' "$red" "$what" "$plain"; problems=$((problems + 1)); fi
}
verdict() { # the last line, and the exit code
  echo
  if [ "$problems" = 0 ]; then printf '%sAll as it should be.%s\n' "$green$bold" "$plain"; else printf '%s%d things are not as they should be.%s\n' "$red$bold" "$problems" "$plain"; exit 1; fi
}
in_machine() { "$machine" exec "$name" "$@"; }
reconciler() { in_machine /opt/reconciler/reconciler "$@"; }
git_here() { git -C "$work/infra" -c user.name=You -c user.email=you@example.org "$@"; }
now_ms() { date +%s%3N; }

finish() {
  local code=$?
  if [ $code -ne 0 ] && "$machine" status "$name" 2>/dev/null | grep -q up; then
    echo; echo "The daemon's last words:"; in_machine journalctl -u reconciler -n 40 --no-pager -o cat 2>/dev/null | quote || true
  fi
  if [ -n "$keep" ]; then echo; echo "The machine runs on: testhost/machine exec $name reconciler status; testhost/machine destroy $name"
  else "$machine" destroy "$name" > /dev/null 2>&1 || true; fi
}

# --- what it takes

get_ready() { # sets published; from here on, the end of the script is the end of the machine
  chapter "Getting ready"
  if ! command -v dotnet > /dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
    echo "demo: the .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0" >&2; exit 1
  fi
  [ "$(id -u)" = 0 ] || { echo "demo: run it as root: it boots a machine with systemd-nspawn" >&2; exit 1; }
  say "packages and the machine's root file system (the first time takes a minute or two)"
  "$machine" prepare
  say "the daemon, as it is shipped"
  published=$("$root/tools/publish")
  trap finish EXIT
  "$machine" destroy "$name" > /dev/null 2>&1 || true
  rm -rf "$work"; mkdir -p "$work/srv" "$work/flake"
}

write_repository() { # the repository a newcomer begins with, with the addresses of this machine in place of the internet's
  cp -r "$root/examples/repo-layout" "$work/infra"
  cp -r "$root/flake.nix" "$root/nix" "$work/flake/"
  sed -i -e 's|github:NixOS/nixpkgs/[^"]*|path:/usr/local/share/testhost/nixpkgs|' -e 's|github:reconciler-project/reconciler|path:/opt/reconciler-flake|' "$work/infra/flake.nix"
  git init -q -b main "$work/infra"
}

boot_machine() {
  say "the machine"
  began=$(now_ms)
  "$machine" start "$name" --bind "$published:/opt/reconciler" --bind "$work/flake:/opt/reconciler-flake" --bind "$work/srv:/srv" --bind "$work/infra:/root/infra"
  "$machine" wait "$name" > /dev/null
  say "booted in $(($(now_ms) - began)) ms: $(in_machine systemctl --version | head -1), $(in_machine nix --version)"
}

first_switch() { # puts Reconciler on the machine, without the web server
  say "\$ nixos-rebuild switch --flake .#web1      (without the web server, which comes with the first push)"
  git_here add -A
  sed -i 's|enable = true;|enable = false;|' "$work/infra/hosts/web1/configuration.nix"
  git_here add -A
  in_machine git config --system --add safe.directory '*'
  in_machine sh -c 'cd /root/infra && nix flake lock 2>&1 && nixos-rebuild switch --flake .#web1 2>&1' | tail -4 | quote
  sed -i 's|enable = false;|enable = true;|' "$work/infra/hosts/web1/configuration.nix"
  for _ in $(seq 100); do reconciler status > /dev/null 2>&1 && break; sleep 0.1; done
  say "\$ reconciler status"
  reconciler status | quote
}

# --- pushes

push() { # push SUBJECT: commits everything, pushes, waits for the host to settle on it; sets sha, took, outcome, deployment
  git_here add -A
  git_here commit -q -m "$1"
  push_tip "$1"
}

push_tip() {
  sha=$(git_here rev-parse HEAD)
  say "\$ git push          ${dim}# ${sha:0:7} $1${plain}"
  switches_before=$(switches)
  git_here push -q origin HEAD:main
  follow "$sha"
}

follow() { # follow SHA: tells what the host does until it settles on that commit
  began=$(now_ms)
  local seen=''
  for _ in $(seq 600); do
    status=$(reconciler status --json 2>/dev/null || echo '{}')
    headline=$(jq -r '.headline // ""' <<< "$status")
    deployment=$(jq -r --arg sha "$1" '[.deployments[]? | select(.revision == $sha)][0] // empty' <<< "$status")
    if [ -n "$headline" ] && [ "$headline" != "$seen" ]; then printf '   %s%5.1f s  %s%s\n' "$dim" "$(bc_seconds)" "$headline" "$plain"; seen=$headline; fi
    if [ -n "$deployment" ] && [ "$(jq -r .isSettled <<< "$status")" = true ] && [ "$(jq -r '.succeeded != null' <<< "$deployment")" = true ]; then break; fi
    sleep 0.1
  done
  took=$(($(now_ms) - began))
  outcome=$(jq -r '.phase // "none"' <<< "${deployment:-{\}}" 2>/dev/null || echo none)
  number=$(jq -r '.id // ""' <<< "${deployment:-{\}}" 2>/dev/null || true)
  say "→ $(jq -r '.headline // "nothing happened"' <<< "${deployment:-{\}}" 2>/dev/null) (after $((took / 1000)).$((took % 1000 / 100)) s)"
}

bc_seconds() { local ms=$(($(now_ms) - began)); printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100)); }
switches() { in_machine journalctl -t nixos --no-pager -o cat 2>/dev/null | grep -c 'switching to system configuration' || true; }
runs() { in_machine readlink /run/current-system; }
boots() { in_machine readlink -f /nix/var/nix/profiles/system; }
answers() { [ "$(in_machine curl -sf "http://localhost:8081/" || true)" = "$1" ]; }
same() { [ "$1" = "$2" ]; }
