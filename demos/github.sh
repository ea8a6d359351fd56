# A host and its GitHub: what a team sees there of a push, of a pull request, of a commit that fails, and after an outage.

get_ready
say "a small GitHub of our own (tests/FakeGitHub): git, API and webhooks, each request checked against GitHub's description of its API"
dotnet build "$root/tests/FakeGitHub" -c Release -v quiet --nologo -p:RunAnalyzers=false > "$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }

address=http://127.0.0.1:8090
api=/repos/acme/infra
write_repository
rm "$work/infra/modules/reconciler.nix"
cat > "$work/infra/modules/reconciler.nix" <<NIX
# How every host follows this repository, and tells GitHub of it.
{ ... }:
{
  services.reconciler = {
    enable = true;
    settings = {
      repository = {
        remotes = [
          { name = "origin"; url = "$address/acme/infra.git"; tokenFile = "/etc/reconciler/github-token"; }
        ];
        branch = "main";
        pollInterval = "10m";
      };
      webhook = {
        provider = "github";
        listen = "127.0.0.1:9180";
        secretFiles = [ "/etc/reconciler/webhook-secret" ];
      };
      forge = {
        kind = "github";
        repository = "acme/infra";
        api = "$address";
        tokenFile = "/etc/reconciler/github-token";
      };
    };
  };
}
NIX
cat > "$work/infra/modules/quick.nix" <<'NIX'
# The demo has less patience than a real host should: seconds instead of minutes.
{ ... }:
{
  services.reconciler.settings = {
    forge.plans.interval = "10s";
    trial = { window = "60s"; warmUp = "1s"; interval = "1s"; minimum = "3s"; };
    preflight = { minimumStoreFree = "64MiB"; minimumBootFree = "1MiB"; };
  };
}
NIX
sed -i 's|./modules/reconciler.nix|&\n        ./modules/quick.nix|' "$work/infra/flake.nix"
boot_machine

# --- GitHub, in the machine's network; one account for the host, one for you

( umask 077
  for secret in host you hook; do head -c 24 /dev/urandom | base64 -w 0 | tr '+/' 'ab' > "$work/$secret"; done
  printf 'Authorization: Bearer %s\n' "$(< "$work/you")" > "$work/header"
  printf '%s\n' "http://you:$(< "$work/you")@127.0.0.1%3a8090" > "$work/credentials" )
"$machine" net "$name" dotnet "$root/artifacts/bin/FakeGitHub/release/FakeGitHub.dll" --listen "${address#http://}" --root "$work/srv" --repository acme/infra \
  --token-file "$work/host" --login acme-hosts --person "you=$work/you" --webhook http://127.0.0.1:9180/hook --secret-file "$work/hook" > "$work/github.log" 2>&1 &
github=$!
end_github() { if [ -n "$keep" ]; then echo; echo "GitHub runs on, too: testhost/machine net $name curl $address/_fake/state; kill $github"; else kill "$github" 2> /dev/null || true; fi; }
trap 'finish; end_github' EXIT
for _ in $(seq 300); do grep -q http "$work/github.log" && break; sleep 0.1; done

in_network() { "$machine" net "$name" "$@"; }
fake() { in_network curl -sSf "$address/_fake/$1" "${@:2}"; }                                            # the fake's own address: its state, faults
as_you() { in_network curl -sSf -X "$1" -H "@$work/header" "$address$2" --json "${3:-{\}}"; }            # as_you METHOD PATH [JSON]: what you do on GitHub's pages
on_github() { fake state | jq -r "${@:2}" ".repositories[0] | $1"; }                                     # on_github FILTER [JQ ARGUMENT]...
git_here() { in_network git -C "$work/infra" -c user.name=You -c user.email=you@example.org -c credential.helper="store --file $work/credentials" "$@"; }

told() { # waits until GitHub was told all that is to tell
  for _ in $(seq 600); do reconciler status --json | jq -e '.forge.waiting == 0' > /dev/null && return; sleep 0.2; done
  check "GitHub was told all there is to tell" false
}
statuses() { # statuses SHA: a line each, oldest first
  on_github '.statuses[] | select(.sha == $sha) | [.context, .state, .description, .target_url // ""] | @tsv' --arg sha "$1"
}
progress() { # progress SHA: the same of its deployments
  on_github '.deployments[] | select(.sha == $sha) | .environment as $where | .statuses | sort_by(.id)[] | ["→ " + $where, .state, .description, ""] | @tsv' --arg sha "$1"
}
show_on_github() { # show_on_github SHA: what GitHub shows of a commit
  say "GitHub shows of ${1:0:7}:"
  { statuses "$1"; progress "$1"; } | awk -F '\t' '{ printf "%-16s %-12s %s%s\n", $1, $2, $3, $4 == "" ? "" : "  → " $4 }' | quote
}
newest() { statuses "$1" | awk -F '\t' -v context="$2" '$1 == context' | tail -1; } # newest SHA CONTEXT
stands() { [[ $(newest "$1" nixos/web1 | cut -f 2,3) == "$2"$'\t'$3 ]]; }           # stands SHA STATE DESCRIPTION: as a pattern
deployed_as() { [ "$(on_github '[.deployments[] | select(.sha == $sha)] | last | .state' --arg sha "$1")" = "$2" ]; }
comments() { on_github '.pull_requests[] | select(.number == ($number | tonumber)) | .comments[]' --arg number "$1" | jq -s .; }
planned() { # planned NUMBER SHA: waits for the plan of that head
  for _ in $(seq 600); do
    if comments "$1" | jq -e --arg sha "${2:0:7}" 'any(.[]; .body | contains($sha))' > /dev/null && [[ $(newest "$2" nixos/web1/plan | cut -f 2) == success ]]; then return; fi
    sleep 0.2
  done
  return 1
}
in_ms='def ms: (.[0:19] + "Z" | fromdate) * 1000 + (.[20:23] | tonumber);'
heard_at_once() { # heard_at_once SHA: says how long it took from its push, or its merge, to the deployment, and whether that was the webhook
  local started arrived
  started=$(reconciler ledger export | jq -r --arg sha "$1" "$in_ms"' select(.kind == "deploymentBegan" and (.fact | tostring | contains($sha))) | .at | ms')
  [ -n "$started" ] || { check "the webhook was heard" false; return; }
  arrived=$(fake state | jq -r --argjson started "$started" "$in_ms"'
    [.requests[] | select(.path | endswith("/git-receive-pack") or endswith("/merge")) | .at | ms | select(. <= $started)] | last')
  say "$((started - arrived)) ms from the push's arrival at GitHub to \"building\": webhook, look, fetch"
  check "that was the webhook, as the next poll is minutes away" test "$((started - arrived))" -lt 3000
}
follow_merge() { # follow_merge NUMBER: merges it on GitHub, waits for the host; sets what follow sets
  say "you press \"Merge pull request\" on #$1"
  switches_before=$(switches)
  sha=$(as_you PUT "$api/pulls/$1/merge" | jq -r .sha)
  follow "$sha"
  git_here fetch -q origin
  git_here reset -q --hard origin/main
}

chapter "What you do once: put Reconciler on the machine, and a token and the webhook's secret, which only root can read"
in_machine install -d /etc/reconciler
in_machine install -m 0400 /dev/stdin /etc/reconciler/github-token < "$work/host"
in_machine install -m 0400 /dev/stdin /etc/reconciler/webhook-secret < "$work/hook"
sed -n '/webhook = {/,/^      };/p; /forge = {/,/^      };/p' "$work/infra/modules/reconciler.nix" | quote
first_switch
git_here remote add origin "$address/acme/infra.git"

chapter "(a) A push: the webhook tells the host, the host tells GitHub"
push "web1: say hello"
check "it was confirmed" same "$outcome" confirmed
check "the web server answers" answers "hello from web1"
heard_at_once "$sha"
told
show_on_github "$sha"
check "the commit was pending first" test "$(statuses "$sha" | head -1 | cut -f 2)" = pending
check "the commit has its green tick" stands "$sha" success "generation *, confirmed in *"
check "the deployment is a success" deployed_as "$sha" success
check "every delivery was accepted" test "$(on_github '[.deliveries[] | select(.status_code != 202)] | length')" = 0
commits=$sha

chapter "(b) A pull request: the host says what it would change, before anybody merges"
git_here switch -q -c politeness
sed -i 's|hello from web1|good morning from web1|' "$work/infra/hosts/web1/configuration.nix"
sed -i 's|pkgs.curl ]|pkgs.curl pkgs.htop ]|' "$work/infra/modules/base.nix"
git_here commit -q -a -m "web1: be more polite, and bring htop"
sha=$(git_here rev-parse HEAD)
say "\$ git push -u origin politeness          ${dim}# ${sha:0:7} web1: be more polite, and bring htop${plain}"
git_here push -q origin politeness
pull=$(as_you POST "$api/pulls" '{ "title": "Be more polite", "head": "politeness", "base": "main", "body": "Good manners." }' | jq -r .number)
say "you open pull request #$pull: Be more polite"
switches_before=$(switches)
check "its plan is there" planned "$pull" "$sha"
say "the comment on #$pull, by acme-hosts:"
comments "$pull" | jq -r '.[].body' | quote
show_on_github "$sha"
first_comment=$(comments "$pull" | jq -r '.[0].id')
commits+=" $sha"
sed -i 's|RestartSec = 1;|RestartSec = 2;|' "$work/infra/modules/web.nix"
git_here commit -q -a -m "web: let a broken server rest for a moment"
sha=$(git_here rev-parse HEAD)
say "\$ git push          ${dim}# ${sha:0:7} web: let a broken server rest for a moment${plain}"
git_here push -q origin politeness
check "the plan of the new head is there" planned "$pull" "$sha"
say "the comment on #$pull now:"
comments "$pull" | jq -r '.[].body' | quote
check "it is the same comment, edited in place" test "$(comments "$pull" | jq -r '[.[].id] | join(" ")')" = "$first_comment"
check "nothing was activated for any of it" same "$(switches)" "$switches_before"
commits+=" $sha"

chapter "(c) It is merged"
told
follow_merge "$pull"
check "it was confirmed" same "$outcome" confirmed
check "the web server says the new words" answers "good morning from web1"
heard_at_once "$sha"
told
show_on_github "$sha"
check "the merge has its green tick" stands "$sha" success "generation *, confirmed in *"
good=$(runs)
good_sha=$sha
commits+=" $sha"

chapter "(d) A commit whose service is broken"
sed -i 's|-h /etc/hello-web|-h /etc/hello-wbe|' "$work/infra/modules/web.nix"
push "web1: move the pages"
check "it was rolled back" same "$outcome" rolledBack
check "the system of before runs again" same "$(runs)" "$good"
check "the web server answers as before" answers "good morning from web1"
bad_sha=$sha
commits+=" $sha"
for _ in $(seq 300); do
  rollback=$(on_github '[.pull_requests[] | select(.head | endswith($branch))] | last | .number // empty' --arg branch "reconciler/revert-${bad_sha:0:7}")
  [ -n "$rollback" ] && [ -n "$(newest "$bad_sha" nixos/web1 | cut -f 4)" ] && break; sleep 0.2
done
told
show_on_github "$bad_sha"
check "the commit has its red cross" stands "$bad_sha" failure "rolled back: *"
check "the cross leads to the pull request that takes it back" test "$(newest "$bad_sha" nixos/web1 | cut -f 4)" = "$address/acme/infra/pull/$rollback"
check "the deployment is a failure" deployed_as "$bad_sha" failure
say "pull request #$rollback, by acme-hosts, opened by the host:"
on_github '.pull_requests[] | select(.number == ($number | tonumber)) | "\(.title)\n[\(.labels | join(", "))]  \(.head) → \(.base)\n\n\(.body)"' --arg number "$rollback" | quote
check "it has its label" test "$(on_github '.pull_requests[] | select(.number == ($number | tonumber)) | .labels | join(" ")' --arg number "$rollback")" = rollback

chapter "(e) Merging that pull request"
follow_merge "$rollback"
check "it was confirmed" same "$outcome" confirmed
check "the good system runs" same "$(runs)" "$good"
check "the files are those of before the bad commit" git_here diff --quiet "$good_sha" HEAD
told
show_on_github "$sha"
check "the merge has its green tick" stands "$sha" success "*"
check "its deployment is a success" deployed_as "$sha" success
commits+=" $sha"

chapter "(f) GitHub's API is down; git still works"
fake faults -X POST --json '{ "fault": "unavailable", "path": "/repos/*" }' > /dev/null
echo "The web server is polite." >> "$work/infra/README.md"
push "README: praise the web server"
check "it was deployed all the same" same "$outcome" confirmed
check "the same system runs" same "$(runs)" "$good"
check "nothing was activated for it" same "$(switches)" "$switches_before"
check "GitHub knows nothing of it" test -z "$(statuses "$sha")$(progress "$sha")"
for _ in $(seq 300); do reconciler status --json | jq -e '.forge.trouble != null' > /dev/null && break; sleep 0.2; done
say "\$ reconciler status"
reconciler status | sed -n '/^  forge/,/^  webhook/p' | grep -v '^  webhook' | quote
check "the host says so" test "$(reconciler status --json | jq -r .forge.waiting)" -gt 0
fake faults -X DELETE > /dev/null
began=$(now_ms)
say "the API is back"
told
say "all was told $(bc_seconds) s later"
show_on_github "$sha"
check "the commit has its green tick" stands "$sha" success "*"
check "its deployment is a success" deployed_as "$sha" success
commits+=" $sha"

# --- what is left of it

chapter "What GitHub tells of it"
{
  printf 'commit\tsubject\t\tstate\tdescription\n'
  for commit in $commits; do
    statuses "$commit" | awk -F '\t' '{ last[$1] = $2 "\t" $3 } END { for (i in last) print i "\t" last[i] }' | sort |
      while IFS=$'\t' read -r context state description; do
        printf '%s\t%s\t%s\t%s\t%s\n' "${commit:0:7}" "$(git_here log -1 --format=%s "$commit")" "$context" "$state" "$description"
      done
  done
} | awk -F '\t' '{ printf "%-8s %-58s %-16s %-8s %s\n", $1, substr($2, 1, 58), $3, $4, $5 }' | quote
doubled=$(for commit in $commits; do { statuses "$commit"; progress "$commit"; } | sed "s/^/${commit:0:7} /" | sort | uniq -d; done)
check "nothing was told twice" test -z "$doubled"
[ -z "$doubled" ] || quote <<< "$doubled"
check "each deployment is there once" test "$(on_github '[.deployments[].sha] | (length == (unique | length))')" = true
check "one pull request takes the bad commit back, no more" test "$(on_github '[.pull_requests[] | select(.head | contains("reconciler/revert-"))] | length')" = 1
check "one plan on the pull request, no more" test "$(comments "$pull" | jq length)" = 1
check "both pull requests are merged" test "$(on_github '[.pull_requests[].state] | unique | join(" ")')" = merged
say "\$ curl $address/_fake/violations"
fake violations | jq -c . | quote
check "every request was as GitHub describes its API" test "$(fake violations | jq length)" = 0

chapter "What the host tells of it"
say "\$ reconciler status"
reconciler status | quote
say "\$ reconciler doctor          ${dim}# what it says of GitHub and of the webhook${plain}"
doctor=$(reconciler doctor | awk '/^(ok|warn|FAIL)/ { on = /^(ok|warn|FAIL) +(secret of|webhook|repository|rate limit|token|permission)/ } on')
quote <<< "$doctor"
check "the doctor finds nothing to mend there" test -z "$(grep '^\(warn\|FAIL\)' <<< "$doctor")"
say "\$ reconciler ledger verify"
reconciler ledger verify | quote
check "the ledger is whole" reconciler ledger verify > /dev/null

verdict
