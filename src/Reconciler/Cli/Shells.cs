namespace Reconciler.Cli;

/// <summary>The shells that completion is made for.</summary>
internal static class Shells
{
    /// <summary>The argument of <c>completion</c>.</summary>
    public const string ArgumentName = "shell";

    /// <summary>All of them, each with what writes its script.</summary>
    public static IReadOnlyList<(string Name, Func<VerbEntry, string> Script)> All { get; } =
        [("bash", BashCompletion.Of), ("zsh", ZshCompletion.Of), ("fish", FishCompletion.Of)];
}
