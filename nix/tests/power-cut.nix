# The power fails, and what had not reached the disk is lost.
{ test, ... }:
test {
  name = "power-cut";
  script = ''
    # A check that waits for a file, so that the trial lasts until the test lets it end. What is in /run is gone after a cut.
    gate = """
    services.reconciler.health.checks.GATE = {
      type = "command";
      command = [
        "''${pkgs.runtimeShell}"
        "-c"
        "touch /run/GATE-reached; until test -e /var/GATE-open; do sleep 1; done"
      ];
      timeout = "5m";
    };
    """


    def cut(gate: str, before: str) -> None:
        """Cuts the power in the middle of a trial; the host comes up on the system before."""
        host.wait_for_file(f"/run/{gate}-reached", 1800)
        assert running() != before
        assert boots() == before
        host.crash()
        up()
        assert booted() == before


    def is_sound(system: str) -> None:
        """Every file of a system is as it was built."""
        host.succeed(f"nix-store --verify-path $(nix-store --query --requisites {system})")


    before = begin()

    with subtest("On trial: it is tried once more, and confirmed"):
        revision = push("cut", gate.replace("GATE", "gate"))
        cut("gate", before)
        host.succeed("touch /var/gate-open")
        confirmed(revision, "cut")
        assert trials() == 2, trials()
        is_sound(running())

    with subtest("After the confirmation: the host comes up on the new system"):
        before = running()
        host.crash()
        up()
        assert booted() == before
        rests_on(before)
        is_sound(before)

    with subtest("On trial, twice: it is given up"):
        host.succeed("touch /var/gate-open")
        revision = push("cut twice", gate.replace("GATE", "shut"))
        cut("shut", before)
        cut("shut", before)
        story = rolled_back(revision, before)
        assert story["failure"]["kind"] == "interruptedByReboot", story["failure"]
        assert trials() == 2, trials()
        is_sound(before)
  '';
}
