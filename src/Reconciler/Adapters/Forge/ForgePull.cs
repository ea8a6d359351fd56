using Reconciler.Model;

namespace Reconciler.Adapters.Forge;

/// <summary>A pull request as a forge tells of it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="State">How it stands.</param>
/// <param name="Body">Its description; empty when it has none.</param>
/// <param name="Link">Where people see it.</param>
internal sealed record ForgePull(long Number, ForgePullState State, string Body, Uri? Link);

/// <summary>How a pull request stands.</summary>
internal enum ForgePullState
{
    /// <summary>It waits.</summary>
    Open,

    /// <summary>It was merged.</summary>
    Merged,

    /// <summary>It was closed without being merged.</summary>
    Closed,
}

/// <summary>A comment on a pull request.</summary>
/// <param name="Id">Its name at the forge.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Body">What it says.</param>
/// <param name="Link">Where people see it; null when nowhere of its own.</param>
internal sealed record ForgeComment(long Id, string Author, string Body, Uri? Link);

/// <summary>The commit at the tip of a branch.</summary>
/// <param name="Parents">Its parents' full object ids.</param>
/// <param name="Message">Its message.</param>
internal sealed record ForgeTip(IReadOnlyList<string> Parents, string Message)
{
    /// <summary>Whether it is the commit the house puts there to take a revision back, and nobody's work on top of it.</summary>
    public bool TakesBack(Revision bad) => Parents is [var parent] && parent == bad.Sha && Message.StartsWith("Revert to ", StringComparison.Ordinal);
}
