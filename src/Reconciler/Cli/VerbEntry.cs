using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;

namespace Reconciler.Cli;

/// <summary>A verb as those see it who write completions and manuals: whole, with the options it has from above.</summary>
/// <param name="Path">Its words after the program's name, such as <c>quarantine list</c>; empty for the program itself.</param>
/// <param name="Command">The command.</param>
/// <param name="Options">All that may stand behind it.</param>
/// <param name="Children">The verbs below it that are not hidden.</param>
internal sealed record VerbEntry(string Path, Command Command, ImmutableArray<Option> Options, ImmutableArray<VerbEntry> Children)
{
    /// <summary>Its last word.</summary>
    public string Name => Command.Name;

    /// <summary>What it does, in a line.</summary>
    public string Description => (Command.Description ?? "").Split('\n')[0];

    /// <summary>Reads the table.</summary>
    public static VerbEntry Of(RootCommand root) => Of(root, "", []);

    /// <summary>It and all below it.</summary>
    public IEnumerable<VerbEntry> AndBelow() => Children.SelectMany(child => child.AndBelow()).Prepend(this);

    /// <summary>The names of an option that people use.</summary>
    public static IEnumerable<string> NamesOf(Option option) => option.Aliases.Prepend(option.Name).Where(name => name.StartsWith('-') && name != "-?").OrderBy(name => name.Length);

    /// <summary>Whether an option is followed by a value.</summary>
    public static bool TakesValue(Option option) => option is not HelpOption && option.ValueType != typeof(bool);

    private static VerbEntry Of(Command command, string path, ImmutableArray<Option> above)
    {
        var options = command.Options.Concat(above).ToImmutableArray();
        var handedOn = options.Where(option => option.Recursive).ToImmutableArray();
        return new VerbEntry(
            path, command, options, [.. command.Subcommands.Where(child => !child.Hidden).Select(child => Of(child, $"{path} {child.Name}".TrimStart(), handedOn))]);
    }
}
