# Six pushes and what becomes of them, with plain git.

get_ready
write_repository
sed -i 's|https://git.example.org/infra.git|/srv/infra.git|' "$work/infra/modules/reconciler.nix"
cat > "$work/infra/modules/quick.nix" <<'NIX'
# The demo has less patience than a real host should: seconds instead of minutes.
{ lib, ... }:
{
  services.reconciler.settings = {
    repository.pollInterval = lib.mkForce "5s";
    trial = { window = "60s"; warmUp = "1s"; interval = "1s"; minimum = "3s"; };
    preflight = { minimumStoreFree = "64MiB"; minimumBootFree = "1MiB"; };
  };
}
NIX
sed -i 's|./modules/reconciler.nix|&\n        ./modules/quick.nix|' "$work/infra/flake.nix"
git init -q --bare -b main "$work/srv/infra.git"
boot_machine

chapter "What you do once: put Reconciler on the machine"
first_switch
git_here remote add origin "$work/srv/infra.git"

chapter "(a) The first push: a web server with its own health check"
push "web1: say hello"
check "it was confirmed" same "$outcome" confirmed
check "the web server answers" answers "hello from web1"
check "what runs is also what the next boot lands on" same "$(runs)" "$(boots)"
first=$(runs)
first_sha=$sha

chapter "(b) A change of the application"
sed -i 's|hello from web1|good morning from web1|' "$work/infra/hosts/web1/configuration.nix"
push "web1: be more polite"
check "it was confirmed" same "$outcome" confirmed
check "the web server says the new words" answers "good morning from web1"
second=$(runs)
second_sha=$sha
check "another system runs than before" test "$first" != "$second"

chapter "(c) A commit that changes only the README"
echo "The web server is polite." >> "$work/infra/README.md"
push "README: praise the web server"
check "it was confirmed" same "$outcome" confirmed
check "nothing was activated for it" same "$(switches)" "$switches_before"
check "the same system runs" same "$(runs)" "$second"
good_sha=$sha

chapter "(d) A commit whose service is broken"
sed -i 's|-h /etc/hello-web|-h /etc/hello-wbe|' "$work/infra/modules/web.nix"
sed -i 's|good morning|good evening|' "$work/infra/hosts/web1/configuration.nix"
push "web1: good evening"
bad_sha=$sha
check "it was rolled back" same "$outcome" rolledBack
check "the system of before runs again" same "$(runs)" "$second"
check "the next boot lands on it too" same "$(boots)" "$second"
check "the web server answers as before" answers "good morning from web1"
for _ in $(seq 100); do git_here fetch -q origin 2>/dev/null; git_here rev-parse -q --verify "origin/reconciler/revert-${bad_sha:0:7}" > /dev/null && break; sleep 0.1; done
check "the explanation is there as a branch" git_here rev-parse -q --verify "origin/reconciler/revert-${bad_sha:0:7}" > /dev/null
say "\$ git log -1 origin/reconciler/revert-${bad_sha:0:7}"
git_here log -1 "origin/reconciler/revert-${bad_sha:0:7}" | quote

chapter "(e) Merging the revert branch"
git_here merge -q --ff-only "origin/reconciler/revert-${bad_sha:0:7}"
push_tip "$(git_here log -1 --format=%s)"
check "it was confirmed" same "$outcome" confirmed
check "the good system runs" same "$(runs)" "$second"
check "the repository is as it was before the bad commit" git_here diff --quiet "$good_sha" HEAD

chapter "(f) A commit that does not evaluate"
sed -i 's|enable = true;|enable = treu;|' "$work/infra/hosts/web1/configuration.nix"
push "web1: a typing mistake"
check "it failed before anything was touched" same "$outcome" failed
check "nothing was activated for it" same "$(switches)" "$switches_before"
check "the good system runs on" same "$(runs)" "$second"
say "\$ reconciler status"
reconciler status | quote

# --- the story, told in Git and in the ledger

chapter "What Git tells of it"
for _ in $(seq 100); do
  git_here fetch -q origin '+refs/notes/*:refs/notes/*' 2> /dev/null || true
  git_here notes --ref=reconciler/web1 show "$sha" > /dev/null 2>&1 && break; sleep 0.1
done
say "\$ git log --notes=reconciler/web1"
git_here log --notes=reconciler/web1 --format='%C(auto)%h %s%n%N' | quote
check "every commit has its note" test "$(git_here notes --ref=reconciler/web1 list | wc -l)" -ge 6

chapter "What the host tells of it"
say "\$ reconciler history"
reconciler history | quote
say "\$ reconciler show $number"
reconciler show "$number" | head -40 | quote
say "\$ reconciler generations"
reconciler generations | quote
say "\$ reconciler ledger verify"
reconciler ledger verify | quote
check "the ledger is whole" reconciler ledger verify > /dev/null
check "one revert branch, no more" test "$(git --git-dir="$work/srv/infra.git" for-each-ref refs/heads/reconciler | wc -l)" = 1

verdict
