using System.Reflection;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Architecture;

/// <summary>A new case of a closed set cannot reach the default arm of a switch unseen: every case there is goes through all that switch on it.</summary>
public sealed class ClosedSetTests
{
    [Fact]
    public void ClosedSets_AreClosed()
    {
        var sets = ClosedSets();
        Assert.Contains(typeof(Failure), sets);
        Assert.Contains(typeof(LedgerEvent), sets);
        Assert.Contains(typeof(HealthCheck), sets);
        Assert.Contains(typeof(HostStep), sets);

        foreach (var set in sets)
        {
            var cases = set.Assembly.GetTypes().Where(type => type.IsSubclassOf(set)).ToList();
            Assert.All(cases, type => Assert.True(type.IsSealed && type.DeclaringType == set, $"{type} must be a sealed case nested in {set}"));
        }
    }

    [Fact]
    public void Failures_AllHaveWords()
    {
        foreach (var failure in EveryCase.Of<Failure>())
        {
            Assert.False(string.IsNullOrWhiteSpace(FailureText.Headline(failure)), $"{failure} has no headline");
            Assert.False(string.IsNullOrWhiteSpace(FailureText.Cure(failure)), $"{failure} has no cure");
            Assert.False(FailureText.FailingChecks(failure).IsDefault);
        }
    }

    [Fact]
    public void Failures_WithAnExcerpt_QuoteIt()
    {
        foreach (var failure in EveryCase.Of<Failure>().Where(failure => failure.GetType().GetProperty("Excerpt") is not null))
        {
            Assert.Equal(failure.GetType().GetProperty("Excerpt")!.GetValue(failure), FailureText.Excerpt(failure));
        }
    }

    [Fact]
    public void HoldReasons_AllHaveWords()
    {
        foreach (var reason in EveryCase.Of<HoldReason>())
        {
            Assert.False(string.IsNullOrWhiteSpace(HoldText.Headline(reason)), $"{reason} has no headline");
            Assert.NotNull(HoldText.Cure(reason));
        }
    }

    [Fact]
    public void Facts_FoldOrAreRefusedWithAReason()
    {
        // Any other exception, such as that of a default arm, ends the test.
        var facts = EveryCase.Of<LedgerEvent>();
        var taken = from history in Lives() from fact in facts where Folds(history, fact) select fact.GetType();

        var never = CasesOf(typeof(LedgerEvent)).Except(taken).Select(type => type.Name);
        Assert.True(!never.Any(), $"facts that fold in none of the lives below: {string.Join(", ", never)}");
    }

    [Fact]
    public void Decide_EveryPhaseAndSighting_HasANextStep()
    {
        foreach (var view in Views())
        {
            var step = Record.Exception(() => HostPlanner.Decide(view));
            Assert.True(step is null, $"no next step from {view.History.Latest!.Phase}, {view.Activation}, {view.Selection}: {step}");
        }
    }

    [Fact]
    public void Decide_EveryPhase_GoesOnUnlessSettled()
    {
        foreach (var phase in EveryCase.Of<DeploymentPhase>().DistinctBy(KindOf))
        {
            var step = HostPlanner.Decide(ViewOf(phase));
            var beginsAnother = step is HostStep.Select or HostStep.ReportDrift or HostStep.Hold { Reason: HoldReason.UpToDate };
            Assert.True(beginsAnother == phase.IsSettled, $"{phase} is {(phase.IsSettled ? "" : "not ")}settled, and the next step is {step.GetType().Name}");
        }
    }

    private static IEnumerable<HostView> Views() =>
        from phase in EveryCase.Of<DeploymentPhase>().DistinctBy(KindOf)
        from activation in EveryCase.Of<ActivationSighting>().DistinctBy(KindOf)
        from selection in EveryCase.Of<Selection>().DistinctBy(verdict => verdict.GetType())
        from signatures in EveryCase.Of<SignatureVerdict>().DistinctBy(verdict => verdict.GetType())
        select ViewOf(phase) with { Activation = activation, Selection = selection, Signatures = signatures };

    // The planner looks no deeper into a phase or a sighting than at the kind of an activation's end.
    private static (Type Case, Type? Outcome) KindOf(object value) => (value.GetType(), value switch
    {
        DeploymentPhase.OnTrial trial => trial.Activation?.GetType(),
        ActivationSighting.Ended ended => ended.Outcome.GetType(),
        _ => null,
    });

    // The fold sets the outcome of an activation and its instant both or neither.
    private static HostView ViewOf(DeploymentPhase phase) => A.HostView(A.Trial(d => d with
    {
        Phase = phase is DeploymentPhase.OnTrial trial ? trial with { ActivatedAt = trial.Activation is null ? null : A.Start } : phase,
    }));

    private static bool Folds(HostHistory history, LedgerEvent fact)
    {
        try
        {
            var next = history.Then(new LedgerEntry(history.Position + 1, A.Start.AddDays(1), Actor.Operator("ada"), fact));
            return next.Position == history.Position + 1;
        }
        catch (InvalidLedgerException)
        {
            return false; // it cannot follow in this life, and that is an answer too
        }
    }

    // Lives that stand at each phase a fact may meet.
    private static IEnumerable<HostHistory> Lives()
    {
        var tried = A.Tried();
        for (var length = 0; length <= tried.Length; length++)
        {
            yield return A.History(tried[..length]);
        }

        LedgerEvent[] back = [.. tried, new LedgerEvent.RollbackBegan(new Failure.BuildFailed("error: no"), JournalExcerpt.None)];
        yield return A.History(back);
        yield return A.History([.. back, new LedgerEvent.RollbackFailed("no")]);
        yield return A.History([.. back, new LedgerEvent.RolledBack()]);
        yield return A.History([.. tried, new LedgerEvent.ConfirmBegan([])]);
        yield return A.History([.. tried, new LedgerEvent.ConfirmBegan([]), new LedgerEvent.Confirmed(A.Toplevel("new"), 3, true)]);

        LedgerEvent[] staged = [.. tried[..4], new LedgerEvent.RebootStaged(["kernel"])];
        yield return A.History(staged);
        yield return A.History([.. staged, new LedgerEvent.RebootRequested("boot-1", [], [])]);

        // A fact that names a deployment names number 3 (see EveryCase), which is the one that begins here.
        yield return A.History([new LedgerEvent.Suspended("x"), .. A.Begun()]);
    }

    private static List<Type> CasesOf(Type set) =>
        [.. set.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Where(type => type.IsSubclassOf(set))];

    private static List<Type> ClosedSets() =>
        [.. typeof(Failure).Assembly.GetTypes().Where(type => type is { IsAbstract: true, IsClass: true, IsSealed: false } && CasesOf(type).Count > 0)];
}
