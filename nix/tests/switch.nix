# Good commits: the host builds, tries and confirms each, and says so in the repository.
{ test, ... }:
test {
  name = "switch";
  script = ''
    first = begin()

    with subtest("A service with its own health check is started and confirmed"):
        revision = push(
            "a service",
            """
            systemd.services.keeper = {
              wantedBy = [ "multi-user.target" ];
              serviceConfig.ExecStart = "''${pkgs.coreutils}/bin/sleep infinity";
            };
            services.reconciler.health.checks.keeper = {
              type = "unit";
              unit = "keeper.service";
            };
            """,
        )
        story = confirmed(revision, "a service")
        assert running() != first
        host.require_unit_state("keeper.service")
        assert "keeper" in [check["name"] for check in story["checks"]], story["checks"]

    with subtest("A commit that leads to the same system is confirmed, and nothing is activated for it"):
        before = running()
        switches = "journalctl -b -t nixos -o cat | grep -c '^switching to system configuration' || true"
        count = ask(switches)
        assert int(count) > 0
        host.succeed(
            "echo 'About this host.' > /root/infra/README.md",
            "git -C /root/infra add README.md",
            "git -C /root/infra commit -q -m README",
        )
        ended(push_again(), "confirmed")
        rests_on(before)
        assert ask(switches) == count

    with subtest("A restart comes up on what was confirmed"):
        host.shutdown()
        up()
        assert booted() == before
        rests_on(before)
        host.require_unit_state("keeper.service")
  '';
}
