using System.Diagnostics;
using System.Text.Json.Serialization;
using Reconciler.Model;

namespace Reconciler.Adapters.Sqlite;

/// <summary>An <see cref="ActivationOutcome"/> as the ledger keeps it. Kinds and fields are part of the file format: never rename one.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Succeeded), "succeeded")]
[JsonDerivedType(typeof(UnitsFailed), "unitsFailed")]
[JsonDerivedType(typeof(ScriptFailed), "scriptFailed")]
[JsonDerivedType(typeof(Refused), "refused")]
[JsonDerivedType(typeof(NeedsReboot), "needsReboot")]
[JsonDerivedType(typeof(LockHeld), "lockHeld")]
[JsonDerivedType(typeof(NotStarted), "notStarted")]
[JsonDerivedType(typeof(Broken), "broken")]
internal abstract record OutcomeDocument
{
    /// <summary>The outcome it stands for.</summary>
    public abstract ActivationOutcome Read();

    /// <summary>The document of an outcome.</summary>
    public static OutcomeDocument Of(ActivationOutcome outcome, LedgerLimits limits) => outcome switch
    {
        ActivationOutcome.Succeeded => new Succeeded(),
        ActivationOutcome.UnitsFailed o => new UnitsFailed(limits.Text(o.Excerpt)),
        ActivationOutcome.ScriptFailed o => new ScriptFailed(limits.Text(o.Excerpt)),
        ActivationOutcome.Refused o => new Refused(limits.Text(o.Excerpt)),
        ActivationOutcome.NeedsReboot => new NeedsReboot(),
        ActivationOutcome.LockHeld => new LockHeld(),
        ActivationOutcome.NotStarted o => new NotStarted(limits.Text(o.Detail)),
        ActivationOutcome.Broken o => new Broken(limits.Text(o.HowEnded), limits.Text(o.Excerpt)),
        _ => throw new UnreachableException(),
    };

    internal sealed record Succeeded : OutcomeDocument
    {
        public override ActivationOutcome Read() => new ActivationOutcome.Succeeded();
    }

    internal sealed record UnitsFailed(string Excerpt) : OutcomeDocument
    {
        public override ActivationOutcome Read() => new ActivationOutcome.UnitsFailed(Excerpt);
    }

    internal sealed record ScriptFailed(string Excerpt) : OutcomeDocument
    {
        public override ActivationOutcome Read() => new ActivationOutcome.ScriptFailed(Excerpt);
    }

    internal sealed record Refused(string Excerpt) : OutcomeDocument
    {
        public override ActivationOutcome Read() => new ActivationOutcome.Refused(Excerpt);
    }

    internal sealed record NeedsReboot : OutcomeDocument
    {
        public override ActivationOutcome Read() => new ActivationOutcome.NeedsReboot();
    }

    internal sealed record LockHeld : OutcomeDocument
    {
        public override ActivationOutcome Read() => new ActivationOutcome.LockHeld();
    }

    internal sealed record NotStarted(string Detail) : OutcomeDocument
    {
        public override ActivationOutcome Read() => new ActivationOutcome.NotStarted(Detail);
    }

    internal sealed record Broken(string HowEnded, string Excerpt) : OutcomeDocument
    {
        public override ActivationOutcome Read() => new ActivationOutcome.Broken(HowEnded, Excerpt);
    }
}
