using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Model;

namespace Reconciler.Adapters.Sqlite;

/// <summary>A <see cref="Failure"/> as the ledger keeps it. Kinds and fields are part of the file format: never rename one.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(EvaluationFailed), "evaluationFailed")]
[JsonDerivedType(typeof(BuildFailed), "buildFailed")]
[JsonDerivedType(typeof(BuildTimedOut), "buildTimedOut")]
[JsonDerivedType(typeof(BuildInterrupted), "buildInterrupted")]
[JsonDerivedType(typeof(CheckoutFailed), "checkoutFailed")]
[JsonDerivedType(typeof(NotEnoughSpace), "notEnoughSpace")]
[JsonDerivedType(typeof(AnotherSwitchRuns), "anotherSwitchRuns")]
[JsonDerivedType(typeof(HostToolFailed), "hostToolFailed")]
[JsonDerivedType(typeof(PreSwitchCheckFailed), "preSwitchCheckFailed")]
[JsonDerivedType(typeof(SwitchInhibited), "switchInhibited")]
[JsonDerivedType(typeof(RebootRequired), "rebootRequired")]
[JsonDerivedType(typeof(OneShotBootFailed), "oneShotBootFailed")]
[JsonDerivedType(typeof(BootFailed), "bootFailed")]
[JsonDerivedType(typeof(ActivationFailed), "activationFailed")]
[JsonDerivedType(typeof(Unhealthy), "unhealthy")]
[JsonDerivedType(typeof(NotConfirmedInTime), "notConfirmedInTime")]
[JsonDerivedType(typeof(RepositoryLost), "repositoryLost")]
[JsonDerivedType(typeof(SameSystemFailed), "sameSystemFailed")]
[JsonDerivedType(typeof(Unattended), "unattended")]
[JsonDerivedType(typeof(InterruptedByReboot), "interruptedByReboot")]
[JsonDerivedType(typeof(DisplacedDuringTrial), "displacedDuringTrial")]
[JsonDerivedType(typeof(BootEntryFailed), "bootEntryFailed")]
[JsonDerivedType(typeof(RefusedByOperator), "refusedByOperator")]
[JsonDerivedType(typeof(GaveWay), "gaveWay")]
internal abstract record FailureDocument
{
    /// <summary>The failure it stands for.</summary>
    public abstract Failure Read();

    /// <summary>The document of a failure.</summary>
    public static FailureDocument Of(Failure failure, LedgerLimits limits) => failure switch
    {
        Failure.EvaluationFailed f => new EvaluationFailed(limits.Text(f.Excerpt)),
        Failure.BuildFailed f => new BuildFailed(limits.Text(f.Excerpt)),
        Failure.BuildTimedOut f => new BuildTimedOut(LedgerTime.Microseconds(f.Limit)),
        Failure.BuildInterrupted f => new BuildInterrupted(NameOf(f.Trouble), limits.Text(f.Excerpt)),
        Failure.CheckoutFailed f => new CheckoutFailed(limits.Text(f.Detail)),
        Failure.NotEnoughSpace f => new NotEnoughSpace(limits.Text(f.Where), f.NeededBytes, f.FreeBytes),
        Failure.AnotherSwitchRuns f => new AnotherSwitchRuns(limits.Text(f.Unit)),
        Failure.HostToolFailed f => new HostToolFailed(limits.Text(f.Tool), limits.Text(f.Detail)),
        Failure.PreSwitchCheckFailed f => new PreSwitchCheckFailed(limits.Text(f.Excerpt)),
        Failure.SwitchInhibited f => new SwitchInhibited(limits.Texts(f.Inhibitors)),
        Failure.RebootRequired f => new RebootRequired(limits.Text(f.Reason)),
        Failure.OneShotBootFailed f => new OneShotBootFailed(limits.Text(f.Detail)),
        Failure.BootFailed f => new BootFailed(limits.Text(f.Detail)),
        Failure.ActivationFailed f => new ActivationFailed(limits.Text(f.HowEnded), limits.Text(f.Excerpt)),
        Failure.Unhealthy f => new Unhealthy(ProbeDocument.Of(f.Failing, limits)),
        Failure.NotConfirmedInTime f => new NotConfirmedInTime(ProbeDocument.Of(f.LastResults, limits)),
        Failure.RepositoryLost f => new RepositoryLost(limits.Text(f.Detail)),
        Failure.SameSystemFailed f => new SameSystemFailed(f.Revision.Sha, f.Deployment.Position),
        Failure.Unattended f => new Unattended(LedgerTime.Text(f.At)),
        Failure.InterruptedByReboot f => new InterruptedByReboot(f.Attempts),
        Failure.DisplacedDuringTrial f => new DisplacedDuringTrial(f.Running.Path),
        Failure.BootEntryFailed f => new BootEntryFailed(limits.Text(f.Detail)),
        Failure.RefusedByOperator f => new RefusedByOperator(limits.Text(f.Operator)),
        Failure.GaveWay f => new GaveWay(f.Newer.Sha, ProbeDocument.Of(f.Failing, limits)),
        _ => throw new UnreachableException(),
    };

    private static string NameOf(WorldTrouble trouble) => trouble switch
    {
        WorldTrouble.Network => "network",
        WorldTrouble.Substituter => "substituter",
        WorldTrouble.DiskFull => "diskFull",
        WorldTrouble.OutOfMemory => "outOfMemory",
        WorldTrouble.Killed => "killed",
        WorldTrouble.NixUnavailable => "nixUnavailable",
        WorldTrouble.StoreDamaged => "storeDamaged",
        _ => throw new UnreachableException(),
    };

    private static WorldTrouble TroubleOf(string name) => name switch
    {
        "network" => WorldTrouble.Network,
        "substituter" => WorldTrouble.Substituter,
        "diskFull" => WorldTrouble.DiskFull,
        "outOfMemory" => WorldTrouble.OutOfMemory,
        "killed" => WorldTrouble.Killed,
        "nixUnavailable" => WorldTrouble.NixUnavailable,
        "storeDamaged" => WorldTrouble.StoreDamaged,
        _ => throw new JsonException($"'{name}' is no known sort of trouble"),
    };

    internal sealed record EvaluationFailed(string Excerpt) : FailureDocument
    {
        public override Failure Read() => new Failure.EvaluationFailed(Excerpt);
    }

    internal sealed record BuildFailed(string Excerpt) : FailureDocument
    {
        public override Failure Read() => new Failure.BuildFailed(Excerpt);
    }

    internal sealed record BuildTimedOut(long LimitMicroseconds) : FailureDocument
    {
        public override Failure Read() => new Failure.BuildTimedOut(LedgerTime.Duration(LimitMicroseconds));
    }

    internal sealed record BuildInterrupted(string Trouble, string Excerpt) : FailureDocument
    {
        public override Failure Read() => new Failure.BuildInterrupted(TroubleOf(Trouble), Excerpt);
    }

    internal sealed record CheckoutFailed(string Detail) : FailureDocument
    {
        public override Failure Read() => new Failure.CheckoutFailed(Detail);
    }

    internal sealed record NotEnoughSpace(string Where, long NeededBytes, long FreeBytes) : FailureDocument
    {
        public override Failure Read() => new Failure.NotEnoughSpace(Where, NeededBytes, FreeBytes);
    }

    internal sealed record AnotherSwitchRuns(string Unit) : FailureDocument
    {
        public override Failure Read() => new Failure.AnotherSwitchRuns(Unit);
    }

    internal sealed record HostToolFailed(string Tool, string Detail) : FailureDocument
    {
        public override Failure Read() => new Failure.HostToolFailed(Tool, Detail);
    }

    internal sealed record PreSwitchCheckFailed(string Excerpt) : FailureDocument
    {
        public override Failure Read() => new Failure.PreSwitchCheckFailed(Excerpt);
    }

    internal sealed record SwitchInhibited(ImmutableArray<string> Inhibitors) : FailureDocument
    {
        public override Failure Read() => new Failure.SwitchInhibited(Inhibitors.Checked());
    }

    internal sealed record RebootRequired(string Reason) : FailureDocument
    {
        public override Failure Read() => new Failure.RebootRequired(Reason);
    }

    internal sealed record OneShotBootFailed(string Detail) : FailureDocument
    {
        public override Failure Read() => new Failure.OneShotBootFailed(Detail);
    }

    internal sealed record BootFailed(string Detail) : FailureDocument
    {
        public override Failure Read() => new Failure.BootFailed(Detail);
    }

    internal sealed record ActivationFailed(string HowEnded, string Excerpt) : FailureDocument
    {
        public override Failure Read() => new Failure.ActivationFailed(HowEnded, Excerpt);
    }

    internal sealed record Unhealthy(ImmutableArray<ProbeDocument> Failing) : FailureDocument
    {
        public override Failure Read() => new Failure.Unhealthy(ProbeDocument.Read(Failing));
    }

    internal sealed record NotConfirmedInTime(ImmutableArray<ProbeDocument> LastResults) : FailureDocument
    {
        public override Failure Read() => new Failure.NotConfirmedInTime(ProbeDocument.Read(LastResults));
    }

    internal sealed record RepositoryLost(string Detail) : FailureDocument
    {
        public override Failure Read() => new Failure.RepositoryLost(Detail);
    }

    internal sealed record SameSystemFailed(string Revision, long Deployment) : FailureDocument
    {
        public override Failure Read() => new Failure.SameSystemFailed(new Revision(Revision), new DeploymentId(Deployment));
    }

    internal sealed record Unattended(string At) : FailureDocument
    {
        public override Failure Read() => new Failure.Unattended(LedgerTime.Time(At));
    }

    internal sealed record InterruptedByReboot(int Attempts) : FailureDocument
    {
        public override Failure Read() => new Failure.InterruptedByReboot(Attempts);
    }

    internal sealed record DisplacedDuringTrial(string Running) : FailureDocument
    {
        public override Failure Read() => new Failure.DisplacedDuringTrial(new Toplevel(Running));
    }

    internal sealed record BootEntryFailed(string Detail) : FailureDocument
    {
        public override Failure Read() => new Failure.BootEntryFailed(Detail);
    }

    internal sealed record RefusedByOperator(string Operator) : FailureDocument
    {
        public override Failure Read() => new Failure.RefusedByOperator(Operator);
    }

    internal sealed record GaveWay(string Newer, ImmutableArray<ProbeDocument> Failing) : FailureDocument
    {
        public override Failure Read() => new Failure.GaveWay(new Revision(Newer), ProbeDocument.Read(Failing));
    }
}
