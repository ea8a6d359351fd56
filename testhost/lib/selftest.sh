#!/bin/bash
# selftest.sh MACHINE-PROGRAM [FILTER]: does the stand-in behave as its README says?
#
# Every case is a function `case_…`; FILTER runs those whose name contains it. Cases share one machine,
# which starts each of them on the system "base". `state` is what a deployment is judged by: the labels of the
# profile's system, the running system and the boot default.
set -u
machineProgram=$1
filter=${2:-}
host=selftest-$$
passed=0 failed=0

machine() { "$machineProgram" "$@"; }
on() { machine exec "$host" "$@"; }

# is TEXT EXPECTED ACTUAL
is() {
  if [ "$2" = "$3" ]; then passed=$((passed + 1)); return; fi
  failed=$((failed + 1))
  printf 'FAILED %s: %s\n  expected: %s\n  actual:   %s\n' "$current" "$1" "$2" "$3"
}
# contains TEXT WANTED ACTUAL
contains() {
  case $3 in *"$2"*) passed=$((passed + 1)) ;; *) is "$1" "…$2…" "$3" ;; esac
}

label() { on sh -c "cat $1/nixos-version 2>/dev/null || echo none"; }
state() {
  on sh -c '
    for system in /nix/var/nix/profiles/system /run/current-system "$(cat /boot/mini-loader/default)"; do
      printf "%s " "$(cat "$system/nixos-version")"
    done' | sed 's/ $//'
}

# configure LABEL [NIX]: a configuration under that label, with the attributes NIX
configure() {
  on tee /etc/nixos/configuration.nix > /dev/null <<NIX
{ config, lib, pkgs, ... }:
{
  system.nixos.label = "$1";
  networking.hostName = "$host";
  ${2:-}
}
NIX
}

# rebuild ARGUMENT...: sets `status` and `output`
rebuild() { status=0 output=$(on nixos-rebuild "$@" 2>&1) || status=$?; }
# deploy LABEL NIX ACTION: configure and rebuild
deploy() { configure "$1" "$2"; rebuild "$3"; }
# expect "EXIT CODE: STATE" LABEL NIX ACTION: deploy, and judge
expect() { deploy "$2" "$3" "$4"; is "$4 $2" "$1" "$status: $(state)"; }

backToBase() {
  configure base
  on rm -f /run/nixos/test-hook
  rebuild switch --no-reexec
  is "back to the base system" "base base base" "$(state)"
}

web='systemd.services.web = {
  wantedBy = [ "multi-user.target" ];
  description = "'
webEnd='";
  script = "exec ${lib.getExe pkgs.busybox} httpd -f -p 8081 -h /etc/web";
};
environment.etc."web/index.html".text = "hello\n";'

### Deployments: what nixos-rebuild exits with and leaves behind

case_switch_plain() { expect "0: one one one" one "${web}web$webEnd" switch; is page hello "$(on curl -s localhost:8081)"; }
case_test() { expect "0: base one base" one '' test; }
case_boot() { expect "0: one base one" one '' boot; }
case_build() { configure one; on rm -f /root/result; rebuild build; is link one "$(label /root/result)"; is state "base base base" "$(state)"; }
case_evaluation_fails() {
  expect "1: base base base" one 'services.nosuch.enable = true;' switch
  contains message "The option \`services.nosuch' does not exist" "$output"
  expect "1: base base base" one 'networking.hosts = 3;' switch
  contains message "is not of type \`attribute set of list of string'" "$output"
  contains file "In \`/etc/nixos/configuration.nix': 3" "$output"
}
case_assertion_fails() {
  expect "1: base base base" one 'assertions = [ { assertion = false; message = "no such luck"; } ];' switch
  contains message "- no such luck" "$output"
}
case_build_fails() { expect "100: base base base" one 'system.checks = [ (pkgs.runCommand "broken" { } "echo oh no; exit 1") ];' switch; }
case_boot_loader_fails() {
  expect "1: one base base" one 'system.build.installBootLoader = lib.mkForce (pkgs.writeShellScript "broken" "exit 1");' switch
}
case_snippet_fails() {
  expect "2: one one one" one 'system.activationScripts.broken = "false"; environment.etc.after.text = "here";' switch
  contains message "Activation script snippet 'broken' failed (1)" "$output"
  is "the rest was done" here "$(on cat /etc/after)"
}
case_unit_fails() {
  expect "4: one one one" one 'systemd.services.bad = { wantedBy = [ "multi-user.target" ]; script = "exit 3"; serviceConfig.Type = "oneshot"; };' switch
  contains message "warning: the following units failed: bad.service" "$output"
}
case_unit_restarts_for_ever() {
  expect "4: one one one" one 'systemd.services.bad = { wantedBy = [ "multi-user.target" ]; script = "exit 3"; serviceConfig = { Type = "exec"; Restart = "always"; RestartSec = 60; }; };' switch
}
case_init_incompatible() { expect "100: one base one" one 'system.initInterfaceVersion = "other";' switch; }
case_check_fails() {
  local check='system.preSwitchChecks.never = "echo not today >&2; exit 1";'
  expect "1: one base base" one "$check" switch
  contains message "Pre-switch check 'never' failed" "$output"
  is overruled "0" "$(on env NIXOS_NO_CHECK=1 /nix/var/nix/profiles/system/bin/switch-to-configuration test > /dev/null 2>&1; echo $?)"
}
case_inhibitor() {
  deploy one 'system.switch.inhibitors.dbus = "v1";' switch
  expect "1: two one one" two 'system.switch.inhibitors.dbus = "v2";' switch
  contains message "dbus: v1 -> v2" "$output"
  expect "0: two one two" two 'system.switch.inhibitors.dbus = "v2";' boot
  is file '{"dbus":"v1"}' "$(on cat /run/current-system/switch-inhibitors)"
  on env NIXOS_NO_CHECK=1 /nix/var/nix/profiles/system/bin/switch-to-configuration test 2> /dev/null
}
case_lock_is_held() {
  configure one
  on sh -c 'mkdir -p /run/nixos; exec flock /run/nixos/switch-to-configuration.lock sleep 5' &
  sleep 0.2
  rebuild switch
  is state "11: one base base" "$status: $(state)"
  contains message "Could not acquire lock" "$output"
  on pkill -x sleep
  wait
}
case_second_rebuild() {
  configure one
  on sh -c 'printf "#!/bin/sh\n[ \$1 != activated ] || sleep 3\n" > /run/nixos/test-hook; chmod +x /run/nixos/test-hook'
  on nixos-rebuild switch > /dev/null 2>&1 &
  sleep 1.5
  configure two
  rebuild switch
  is "the profile moved, then the unit was refused" "1 two" "$status $(label /nix/var/nix/profiles/system)"
  wait
}
case_rollback() {
  deploy one '' switch
  rebuild switch --rollback
  is state "0: base base base" "$status: $(state)"
}
case_list_generations() {
  deploy one 'system.configurationRevision = "abc123"; specialisation.extra.configuration = { };' switch
  is newest "one 6.12.34 abc123 extra true" "$(on nixos-rebuild list-generations --json |
    jq -r '.[0] | "\(.nixosVersion) \(.kernelVersion) \(.configurationRevision) \(.specialisations | join(",")) \(.current)"')"
  is version '{"configurationRevision":"abc123","nixosVersion":"25.05.testhost"}' "$(on nixos-version --json)"
}
case_specialisation() {
  configure one 'environment.etc.which.text = lib.mkDefault "plain"; specialisation.extra.configuration.environment.etc.which.text = "special";'
  rebuild switch --specialisation extra
  is which special "$(on cat /etc/which)"
}
case_flake() {
  configure base
  on sh -c "rm -rf /root/fleet; mkdir /root/fleet; cd /root/fleet; git init -q -b main; git config user.email t@example.org; git config user.name t
    cp /etc/nixos/configuration.nix host.nix
    cat > flake.nix <<'NIX'
{
  inputs.nixpkgs.url = \"path:/usr/local/share/testhost/nixpkgs\";
  outputs = { self, nixpkgs }: {
    nixosConfigurations.web1 = nixpkgs.lib.nixosSystem {
      system = \"x86_64-linux\";
      modules = [ ./host.nix { system.configurationRevision = self.rev or null; system.nixos.label = nixpkgs.lib.mkForce \"flaked\"; } ];
    };
  };
}
NIX
    git add . && nix flake lock --quiet && git add . && git commit -qm one"
  rebuild switch --flake /root/fleet#web1
  is state "0: flaked flaked flaked" "$status: $(state)"
  is revision "$(on git -C /root/fleet rev-parse HEAD)" "$(on nixos-version --configuration-revision)"
  on sh -c 'cd /root/fleet && sed -i s/flaked/broken,/ flake.nix'
  rebuild switch --flake /root/fleet#web1
  is "evaluation fails" "1: flaked flaked flaked" "$status: $(state)"
  on sh -c 'cd /root/fleet && sed -i "s/broken,/two/; s/self.rev or null;/self.rev or null; system.checks = [ (nixpkgs.legacyPackages.x86_64-linux.runCommand \"no\" { } \"exit 1\") ];/" flake.nix'
  rebuild switch --flake /root/fleet#web1
  is "build fails" "1: flaked flaked flaked" "$status: $(state)"
  is "by registry" "hello-2.12.1" "$(on nix eval --raw nixpkgs#hello.name 2> /dev/null)"
}

### Units: which are stopped, restarted, reloaded, left alone

case_dry_activate() {
  deploy one "${web}web$webEnd" switch
  configure two "$(sed 's/8081/8082/' <<< "${web}web$webEnd")"' systemd.services.other.script = "true";'
  rebuild dry-activate
  contains stop "would stop the following units: web.service" "$output"
  contains start "would start the following units: web.service" "$output"
  contains activate "would activate the configuration..." "$output"
  is state "0: one one one" "$status: $(state)"
}
mainPid() { on systemctl show -P MainPID "$1"; }
case_description_only() {
  deploy one "${web}web$webEnd" switch
  local before
  before=$(mainPid web)
  deploy two "${web}another text$webEnd" switch
  is "not restarted" "$before" "$(mainPid web)"
}
case_restart_if_changed() {
  local unit='wantedBy = [ "multi-user.target" ]; script = "exec sleep infinity"; serviceConfig.ExecReload = "/bin/true";'
  local all="systemd.services.plain = { $unit }; systemd.services.kept = { restartIfChanged = false; $unit };
    systemd.services.quick = { stopIfChanged = false; $unit }; systemd.services.reloaded = { reloadIfChanged = true; $unit };
    systemd.services.survivor = { unitConfig.X-StopOnRemoval = false; $unit }; systemd.services.goes = { $unit };"
  deploy one "$all" switch
  local kept reloaded plain
  kept=$(mainPid kept) reloaded=$(mainPid reloaded) plain=$(mainPid plain)
  deploy two "$(sed 's/systemd.services.survivor.*//; s/sleep infinity/sleep 1000000/g' <<< "$all")" switch
  contains kept "NOT restarting the following changed units: kept.service" "$output"
  contains restarted "restarting the following units: quick.service" "$output"
  contains reloaded "reloading the following units: reloaded.service" "$output"
  contains stopped "stopping the following units: goes.service, plain.service" "$output"
  is "same processes" "$kept $reloaded" "$(mainPid kept) $(mainPid reloaded)"
  is "another process" no "$([ "$plain" != "$(mainPid plain)" ] && echo no)"
  is survivor active "$(on systemctl is-active survivor)"
  is goes inactive "$(on systemctl is-active goes)"
  on systemctl stop survivor
}
case_timer() {
  deploy one 'systemd.services.tick = { script = "echo tick"; startAt = "hourly"; };' switch
  is timer active "$(on systemctl is-active tick.timer)"
}
case_new_file_and_user() {
  deploy one 'users.users.app = { isSystemUser = true; group = "app"; }; users.groups.app = { };
    systemd.tmpfiles.rules = [ "d /var/lib/app 0750 app app -" ]; environment.etc."app.conf" = { text = "x"; mode = "0640"; group = "app"; };' switch
  is folder "app app 750" "$(on stat -c '%U %G %a' /var/lib/app)"
  is file "root app 640" "$(on stat -c '%U %G %a' /etc/app.conf)"
  backToBase
  is "the file went" gone "$(on sh -c '[ -e /etc/app.conf ] || echo gone')"
}
case_packages() {
  deploy one 'environment.systemPackages = [ pkgs.hello_2_10 ];' switch
  deploy two 'environment.systemPackages = [ (pkgs.hello.override { version = "2.12.2"; }) ];' switch
  contains difference "hello: 2.10 → 2.12.2" "$(on sh -c 'nix store diff-closures $(ls -d /nix/var/nix/profiles/system-*-link | sort -V | tail -n 2)')"
}

# The daemon's own way: a service that runs the switch, with only the programs its unit gives it.
case_driven_by_a_service() {
  local driver='systemd.services.driver = { restartIfChanged = false; path = [ config.nix.package pkgs.git pkgs.nixos-rebuild ];
    script = "nixos-rebuild switch"; serviceConfig.Type = "oneshot"; };'
  deploy one "$driver" switch
  configure two "$driver"
  is "in time" 0 "$(on timeout 20 systemctl start driver; echo $?)"
  is state "two two two" "$(state)"
}

### Faults

case_killed_while_switching() {
  configure one "${web}web$webEnd"
  on sh -c 'printf "#!/bin/sh\n[ \$1 != activated ] || kill -9 \$PPID\n" > /run/nixos/test-hook; chmod +x /run/nixos/test-hook'
  rebuild switch
  is "half done" "one one one inactive" "$(state) $(on systemctl is-active web)"
  on rm /run/nixos/test-hook
  rebuild switch
  is "done by the next" "0 active" "$status $(on systemctl is-active web)"
}
case_kill_boots_the_default() {
  deploy one '' test
  machine kill "$host"
  is status down "$(machine status "$host")"
  machine start "$host"
  is running running "$(machine wait "$host")"
  is "the trial is forgotten" "base base base" "$(state)"
  deploy two '' boot
  machine stop "$host"
  machine start "$host"
  machine wait "$host" > /dev/null
  is "the new default" "two two two" "$(state)"
  contains "journal of the last boot" "Journal stopped" "$(on journalctl -b -1 -q --no-pager | tail -n 3)"
}
# The machine goes down by itself when it reboots; whoever holds it starts it again.
untilDown() { local i; for ((i = 0; i < 600; i++)); do [ "$(machine status "$host")" != down ] || return 0; sleep 0.1; done; }
# once NIX: build a system, put it into the menu in a profile of its own, choose it for one boot, and reboot. Sets `title`.
once() {
  deploy one "$1" build
  on sh -c 'mkdir -p /nix/var/nix/profiles/system-profiles
    nix-env --profile /nix/var/nix/profiles/system-profiles/trial_one --set "$(readlink -f /root/result)"
    ln -sfn /nowhere /nix/var/nix/profiles/system-profiles/not-one
    /run/current-system/bin/switch-to-configuration boot'
  title=$(on sed -n 's/^menuentry "\(NixOS - Configuration 1 (.* - one)\)".*/\1/p' /boot/grub/grub.cfg)
  on grub-reboot --boot-directory=/boot "NixOS - Profile 'trial_one'>$title" 2> /dev/null
  contains chosen "next_entry=NixOS - Profile 'trial_one'>$title" "$(on grub-editenv /boot/grub/grubenv list)"
  on systemctl reboot 2> /dev/null
  untilDown
}
noLonger() { on sh -c 'rm -r /nix/var/nix/profiles/system-profiles; /run/current-system/bin/switch-to-configuration boot'; }
case_boot_once() {
  local title
  once 'boot.kernelPackages = pkgs.linuxPackages_6_15;'
  machine start "$host"
  is "boots it once" "running one base" "$(machine wait "$host") $(label /run/booted-system) $(on sh -c 'cat $(cat /boot/mini-loader/default)/nixos-version')"
  is "one entry" 1 "$(wc -l <<< "$title")"
  is "names with a dash are left out" 0 "$(on grep -c not-one /boot/grub/grub.cfg)"
  is "used up" "next_entry=" "$(on grub-editenv /boot/grub/grubenv list)"
  on grub-reboot --boot-directory=/boot "no such entry" 2> /dev/null
  on systemctl reboot 2> /dev/null
  untilDown
  machine start "$host"
  is "then the default" "running base" "$(machine wait "$host") $(label /run/booted-system)"
  noLonger
}
case_bad_boot() {
  local title
  once 'boot.kernelParams = [ "testhost.panic" ];'
  machine start "$host" 2> /dev/null
  untilDown
  contains console "Kernel panic" "$(machine console "$host")"
  machine start "$host"
  is "then the default" "running base" "$(machine wait "$host") $(label /run/booted-system)"
  noLonger
  once 'boot.kernelParams = [ "testhost.hang" ];'
  machine start "$host"
  sleep 1
  contains console "Kernel hangs" "$(machine console "$host")"
  machine kill "$host"
  machine start "$host"
  is "then the default" "running base" "$(machine wait "$host") $(label /run/booted-system)"
  noLonger
}
case_power_cut() {
  local host=selftest-disk-$$
  machine start "$host" --disk
  machine wait "$host" > /dev/null
  on sh -c 'echo kept > /root/synced; sync; echo lost > /root/unsynced'
  machine cut "$host"
  machine start "$host"
  is boots running "$(machine wait "$host")"
  is synced kept "$(on cat /root/synced)"
  is unsynced "" "$(on cat /root/unsynced 2> /dev/null)"
  machine destroy "$host"
}
case_two_machines() {
  machine start "$host-b" --bind /etc/hostname:/mnt/outer-name
  is second running "$(machine wait "$host-b")"
  is bind "$(cat /etc/hostname)" "$(machine exec "$host-b" cat /mnt/outer-name)"
  is name "$host-b" "$(machine exec "$host-b" cat /proc/sys/kernel/hostname)"
  is first "base base base" "$(state)"
  machine destroy "$host-b"
}
case_like() {
  local model=$host-b disk
  for disk in '' --disk; do
    machine start "$model" $disk
    machine wait "$model" > /dev/null
    machine exec "$model" sh -c 'echo one > /root/file; rm /root/.profile'
    contains "of one that is up" "stop it first" "$(machine start "$host-c" $disk --like "$model" 2>&1)"
    machine stop "$model"
    machine start "$host-c" $disk --like "$model"
    is "boots $disk" running "$(machine wait "$host-c")"
    is "has what was there $disk" one "$(machine exec "$host-c" cat /root/file)"
    is "lacks what was removed $disk" 1 "$(machine exec "$host-c" test -e /root/.profile; echo $?)"
    machine exec "$host-c" sh -c 'echo two > /root/file; sync'
    contains "the model again $disk" "not started again" "$(machine start "$model" 2>&1)"
    machine kill "$host-c"
    machine start "$host-c"
    is "keeps its own $disk" "running two" "$(machine wait "$host-c") $(machine exec "$host-c" cat /root/file)"
    [ -n "$disk" ] || contains "the model goes last" "destroy them first" "$(machine destroy "$model" 2>&1)"
    machine destroy "$host-c"
    machine destroy "$model"
  done
}
case_exec() {
  is "exit code" 7 "$(on sh -c 'exit 7'; echo $?)"
  is input "a b" "$(echo a b | on cat)"
  is missing 1 "$(machine exec "no-$host" true 2> /dev/null; echo $?)"
}

### Run

current=start
started=$SECONDS
trap 'machine destroy "$host" 2> /dev/null; machine destroy "selftest-disk-$$" 2> /dev/null; machine destroy "$host-c" 2> /dev/null; machine destroy "$host-b" 2> /dev/null' EXIT
machine prepare || exit 1
machine start "$host" && is boots running "$(machine wait "$host")"
current=base
backToBase
for current in $(declare -F | sed -n 's/^declare -f \(case_.*\)/\1/p'); do
  case $current in *"$filter"*) ;; *) continue ;; esac
  printf '%s\n' "$current" >&2
  "$current"
  current="after $current"
  [ "$(state)" = "base base base" ] && [ -z "$(on sh -c 'ls /run/nixos/test-hook 2> /dev/null')" ] || backToBase
done

current=destroy
machine destroy "$host"
is "nothing is left" "" "$(machine list | grep "$host"; mount | grep "$host"; find /sys/fs/cgroup -name "*$host*" 2> /dev/null; pgrep -f "machine=$host")"

echo "$passed passed, $failed failed ($((SECONDS - started)) s)"
[ $failed = 0 ]
