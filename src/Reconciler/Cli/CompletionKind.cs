using System.CommandLine;

namespace Reconciler.Cli;

/// <summary>What can stand in a place of a command line, by the name it has in the help.</summary>
internal static class CompletionKind
{
    /// <summary>Files.</summary>
    public const string Files = "files";

    /// <summary>Folders.</summary>
    public const string Folders = "folders";

    /// <summary>The argument that names a quarantined revision.</summary>
    public const string Quarantined = "quarantined-revision";

    /// <summary>What only the daemon knows; <c>__complete</c> asks it.</summary>
    public static IReadOnlyList<string> Asked { get; } = ["deployments", "revisions", "generations", "quarantined"];

    /// <summary>The kind of an option's value; empty when it could be anything.</summary>
    public static string Of(Option option) => OfName(option.HelpName);

    /// <summary>The kind of an argument; empty when it could be anything; words with spaces between when there are only these.</summary>
    public static string Of(Argument argument) =>
        argument.Name == Shells.ArgumentName ? string.Join(' ', Shells.All.Select(shell => shell.Name)) : OfName(argument.Name);

    private static string OfName(string? name) => name switch
    {
        "file" or "path" => Files,
        "folder" => Folders,
        "deployment" => "deployments",
        "revision" => "revisions",
        "generation" => "generations",
        Quarantined => "quarantined",
        _ => "",
    };
}
