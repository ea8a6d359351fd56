namespace Reconciler.Model;

/// <summary>Who asked for what a ledger entry tells.</summary>
/// <param name="Kind">What sort of actor.</param>
/// <param name="Name">The operator's user name; empty for the daemon.</param>
internal readonly record struct Actor(ActorKind Kind, string Name)
{
    /// <summary>The daemon, acting on the repository and the configuration.</summary>
    public static Actor Daemon { get; } = new(ActorKind.Daemon, "");

    /// <summary>A named operator at the control socket.</summary>
    public static Actor Operator(string name) => new(ActorKind.Operator, name);

    public override string ToString() => Kind == ActorKind.Daemon ? "reconciler" : Name;
}

/// <summary>The sorts of actor.</summary>
internal enum ActorKind
{
    /// <summary>The daemon itself.</summary>
    Daemon,

    /// <summary>A person at the control socket.</summary>
    Operator,
}
