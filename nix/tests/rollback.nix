# Bad commits: the host ends on the system it had, and the repository holds the explanation.
{ test, ... }:
test {
  name = "rollback";
  script = ''
    before = begin()

    with subtest("A service that fails takes the system back"):
        revision = push(
            "a broken service",
            """
            systemd.services.broken = {
              wantedBy = [ "multi-user.target" ];
              serviceConfig.ExecStart = "''${pkgs.coreutils}/bin/false";
            };
            """,
        )
        story = rolled_back(revision, before)
        assert story["failure"]["fault"] == "revision", story["failure"]
        assert ask("cat /etc/mark") == "the beginning"
        host.fail("systemctl cat broken.service")
        assert json.loads(ask("reconciler status --json"))["state"] == "quarantined"

    with subtest("A health check that does not hold takes the system back"):
        revision = push(
            "a sick system",
            """
            services.reconciler.health.checks.sick = {
              type = "command";
              command = [ "''${pkgs.coreutils}/bin/false" ];
            };
            """,
        )
        story = rolled_back(revision, before)
        assert story["failure"]["kind"] == "unhealthy", story["failure"]

    with subtest("The branch with the explanation can be merged"):
        host.succeed(
            "git -C /root/infra fetch -q origin",
            f"git -C /root/infra merge -q --ff-only origin/reconciler/revert-{revision[:7]}",
        )
        ended(push_again(), "confirmed")
        rests_on(before)

    with subtest("A commit that does not evaluate touches nothing"):
        story = ended(push("a typing mistake", "services.reconciler.enable = treu;"), "failed")
        assert story["failure"]["kind"] == "evaluationFailed", story["failure"]
        rests_on(before)

    with subtest("Settings that the daemon would refuse fail the build"):
        wrong = push("a wrong setting", 'services.reconciler.settings.trial.windwo = "5m";')
        ended(wrong, "failed")
        assert "windwo" in ask(f"reconciler logs {deployment(wrong)['id']}")
        rests_on(before)

    with subtest("The next good commit is deployed"):
        confirmed(push("mended"), "mended")
  '';
}
