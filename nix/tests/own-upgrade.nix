# The daemon's own upgrade: only a daemon that works is ever confirmed, and what becomes of one that does not is seen to without it.
{ test, reconciler, ... }:
test {
  name = "own-upgrade";
  # The dead-man's switch waits for as long as the daemon may take.
  settings.trial = {
    window = "2m";
    activationTimeout = "3m";
    deadMansGrace = "10s";
  };
  script = ''
    def dead_mans_timers() -> str:
        """The timers that would put the host back."""
        return ask("systemctl list-units --all --plain --no-legend 'reconciler-dead-mans-switch-*'")


    def put_back_unattended() -> int:
        """How often the dead-man's switch has acted."""
        return [entry["kind"] for entry in ledger()].count("putBackUnattended")


    before = begin()

    with subtest("To one that works: the new daemon confirms the system that brought it"):
        old = daemon()
        revision = push(
            "another daemon",
            """
            services.reconciler.package = lib.mkForce (
              pkgs.runCommand "reconciler-next" { } '''
                mkdir -p $out/bin
                ln -s ''${builtins.storePath "${reconciler}"}/bin/reconciler $out/bin/reconciler
              '''
            );
            """,
        )
        confirmed(revision, "another daemon")
        assert daemon() not in ["0", old]
        host.succeed("systemctl show --property=ExecStart reconciler | grep reconciler-next")
        host.succeed("journalctl -b -u reconciler -o cat | grep 'the new one judges this trial'")
        assert put_back_unattended() == 0
        assert dead_mans_timers() == ""
        before = running()

    with subtest("To one that crashes: the dead-man's switch puts the host back"):
        revision = push(
            "a daemon that crashes",
            """
            systemd.services.reconciler.serviceConfig.ExecStart = lib.mkForce "''${pkgs.coreutils}/bin/false";
            """,
        )
        story = rolled_back(revision, before)
        assert story["failure"]["kind"] == "unattended", story["failure"]
        assert put_back_unattended() == 1
        assert dead_mans_timers() == ""
        assert daemon() != "0"
        host.succeed("systemctl show --property=ExecStart reconciler | grep reconciler-next")

    with subtest("To none: it is refused before anything is activated"):
        story = ended(push("no daemon", "services.reconciler.enable = lib.mkForce false;"), "failed")
        assert "allowOwnRemoval" in json.dumps(story["failure"]), story["failure"]
        rests_on(before)

    with subtest("Afterwards good commits are deployed"):
        confirmed(push("mended"), "mended")
  '';
}
