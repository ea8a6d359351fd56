using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Reconciler.Tests.Simulation;
using Xunit;

namespace Reconciler.Tests.Reconciling;

public sealed class HealthProberTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly Toplevel Old = A.Toplevel("old");
    private static readonly Toplevel New = A.Toplevel("new");

    private readonly VirtualTime _clock = new();
    private readonly FakeHealth _health = new();
    private readonly HealthProber _prober;

    public HealthProberTests()
    {
        _prober = new HealthProber(_health, [Check("configured")], new VerificationPolicy(3, TimeSpan.FromSeconds(5)), _clock);
        _health.Declared[Old] = new HealthDeclaration([Check("web"), Check("wanted", required: false)], []);
        _health.Declared[New] = new HealthDeclaration([Check("db")], []);
    }

    [Fact]
    public void ChecksOf_Trial_AreThoseOfBothSystemsAndTheConfiguredOnes() =>
        Assert.Equal(["db", "web", "wanted", "configured", "no newly failed units", "repository reachable"], _prober.ChecksOf(A.Trial()).Select(check => check.Name));

    [Fact]
    public void ChecksOf_DeclarationOfTheSystemBeforeIsUnreadable_DoesNotKeepItsRepairOut()
    {
        _health.Unreadable.Add(Old);

        Assert.Equal(["db", "configured", "no newly failed units", "repository reachable"], _prober.ChecksOf(A.Trial()).Select(check => check.Name));
    }

    [Fact]
    public void DeclaredBy_Unreadable_Throws()
    {
        _health.Unreadable.Add(New);

        Assert.Throws<InvalidHealthDeclarationException>(() => _prober.DeclaredBy(New));
    }

    [Fact]
    public async Task Baseline_NamesWhatFailsAlreadyAndLeavesTheRepositoryOut()
    {
        _health.FailedUnits = ["a.service"];
        _health.Failing["web"] = 1;

        var (units, checks) = await _prober.BaselineAsync(Old, Token);

        Assert.Equal(["a.service"], units);
        Assert.Equal(["web"], checks);
        Assert.DoesNotContain("repository reachable", _health.Probed);
    }

    [Fact]
    public async Task Verify_AllWell_IsDoneInOneRound()
    {
        Assert.Null(await VerifyAsync(A.Trial()));
        Assert.Equal(["web", "configured", "no newly failed units"], _health.Probed);
    }

    [Fact]
    public async Task Verify_CheckThatFailedBeforeTheTrial_IsExcused()
    {
        _health.Failing["web"] = int.MaxValue;

        Assert.Null(await VerifyAsync(A.Trial(d => d with { Trial = d.Trial! with { ChecksFailingBefore = ["web"] } })));
    }

    [Fact]
    public async Task Verify_WantedCheckFails_DoesNotCount()
    {
        _health.Failing["wanted"] = int.MaxValue;

        Assert.Null(await VerifyAsync(A.Trial()));
    }

    [Fact]
    public async Task Verify_FailsAtFirst_IsTriedAgainAfterTheInterval()
    {
        _health.Failing["web"] = 2;
        var verifying = VerifyAsync(A.Trial());
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(TimeSpan.FromSeconds(5), await _clock.NextWaitAsync(Token));
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Null(await verifying);
    }

    [Fact]
    public async Task Verify_KeepsFailing_EndsAfterTheAttemptsAndNamesTheCheck()
    {
        _health.Failing["web"] = int.MaxValue;
        var verifying = VerifyAsync(A.Trial());
        for (var i = 0; i < 2; i++)
        {
            await _clock.NextWaitAsync(Token);
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(new Failure.HostToolFailed("the health check after the rollback", "web: failed"), await verifying);
    }

    [Fact]
    public async Task Verify_UnreadableDeclaration_TheOtherChecksStillCount()
    {
        _health.Unreadable.Add(Old);

        Assert.Null(await VerifyAsync(A.Trial()));
        Assert.Equal(["configured", "no newly failed units"], _health.Probed);
    }

    [Fact]
    public async Task Journal_UnitsBlamedAndNotFailedBefore_AreAskedFor()
    {
        var deployment = A.Trial(d => d with { Trial = d.Trial! with { FailedUnitsBefore = ["old.service"] } });
        await _prober.JournalAsync(deployment, new Failure.Unhealthy([A.ProbeResult(passed: false, units: ["web.service", "old.service"])]), Token);

        Assert.Equal(["web.service"], Assert.Single(_health.JournalsAsked));
    }

    [Fact]
    public async Task Journal_ActivationFailed_TheFailedUnitsAreBlamed()
    {
        _health.FailedUnits = ["web.service"];
        await _prober.JournalAsync(A.Trial(), new Failure.ActivationFailed("exit 2", ""), Token);

        Assert.Equal(["web.service"], Assert.Single(_health.JournalsAsked));
    }

    [Fact]
    public async Task Journal_NobodyBlamed_IsNotRead()
    {
        Assert.Same(JournalExcerpt.None, await _prober.JournalAsync(A.Trial(), new Failure.RefusedByOperator("alice"), Token));
        Assert.Empty(_health.JournalsAsked);
    }

    private Task<Failure?> VerifyAsync(Deployment deployment) => _prober.VerifyAsync(deployment, Old, new SilentLogs(), Token);

    private static HealthCheck.UnitIsActive Check(string name, bool required = true) => new(name, required, TimeSpan.FromSeconds(5), $"{name}.service");
}
