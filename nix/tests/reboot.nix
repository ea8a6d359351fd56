# What takes effect only after a boot is tried by booting it once. The boot loader's default moves when it is confirmed, and not before.
{ test, ... }:
test {
  name = "reboot";
  settings.reboot = {
    when = "whenNeeded";
    notice = "0s";
    warmUp = "5s";
  };
  script = ''
    def goes_down() -> None:
        """Waits until the host reboots by itself. QEMU ends there; what is on the disk and in the firmware's variables is kept."""
        host.wait_for_shutdown()
        host.start()


    before = begin()

    with subtest("A good one is booted once, and confirmed"):
        revision = push("good parameters", 'boot.kernelParams = [ "reconciler.good" ];')
        goes_down()
        up()
        host.succeed("grep -w reconciler.good /proc/cmdline")
        assert booted() != before
        confirmed(revision, "good parameters")
        assert booted() == running()
        before = running()

    with subtest("It is what the host comes up on from then on"):
        host.shutdown()
        up()
        assert booted() == before
        rests_on(before)

    with subtest("One that comes up and is sick is left by another reboot"):
        revision = push(
            "sick parameters",
            """
            boot.kernelParams = [
              "reconciler.good"
              "reconciler.sick"
            ];
            services.reconciler.health.checks.sick = {
              type = "command";
              command = [ "''${pkgs.coreutils}/bin/false" ];
            };
            """,
        )
        goes_down()
        goes_down()
        up()
        assert booted() == before
        story = rolled_back(revision, before)
        assert story["failure"]["kind"] == "unhealthy", story["failure"]

    with subtest("One that does not come up lands on the system before, by itself"):
        revision = push("no init", 'boot.kernelParams = [ "init=/nowhere" ];')
        # It goes down, panics before it has a system, and goes down again.
        goes_down()
        goes_down()
        up()
        assert booted() == before
        story = rolled_back(revision, before)
        assert story["failure"]["kind"] == "bootFailed", story["failure"]

    with subtest("None of them is tried again, and the next good commit is deployed"):
        confirmed(push("mended", 'boot.kernelParams = [ "reconciler.good" ];'), "mended")
        assert booted() == before
  '';
}
