using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Reconciler.Configuration;

namespace Reconciler.Cli;

/// <summary>What is wrong with a command line, and what was probably meant. Pure.</summary>
/// <param name="Errors">Each error in a line.</param>
/// <param name="Cure">What was probably meant, and where help is.</param>
internal sealed record UsageErrors(ImmutableArray<string> Errors, ImmutableArray<string> Cure)
{
    private const int LongestError = 500;

    /// <summary>Reads them off a command line that was not understood.</summary>
    public static UsageErrors Of(ParseResult parsed)
    {
        var path = Path(parsed.CommandResult);
        var known = Known(parsed.CommandResult).ToList();
        var meant =
            from word in parsed.UnmatchedTokens
            let near = NearMiss.Of(word, known.Where(name => name.StartsWith('-') == word.StartsWith('-')))
            where near is not null
            select near.StartsWith('-') ? $"Did you mean {near}?" : $"Did you mean `{path} {near}`?";

        // A word that is no command is told; that a command is missing then says nothing more.
        var wrong = parsed.UnmatchedTokens.Where(word => word != Json.Name || parsed.CommandResult.Command.Subcommands.Count == 0).ToList();
        var errors = parsed.Errors.Where(error => wrong.Count == 0 || error.SymbolResult is not CommandResult { Command.Subcommands.Count: > 0 } || IsAbout(error, wrong));
        return new UsageErrors([.. errors.Select(error => Plain.Line(Words(error, path), LongestError)).Distinct()], [.. meant.Distinct(), $"See: {path} --help"]);
    }

    // The library's own words where they say what to do.
    private static string Words(ParseError error, string path) => error.SymbolResult switch
    {
        _ when !error.Message.StartsWith("Required ", StringComparison.Ordinal) => error.Message,
        CommandResult { Command: RootCommand } => "Say what to do, such as `reconciler status`.",
        CommandResult { Command.Subcommands: var verbs } => $"`{path}` needs one word more: {string.Join(" or ", verbs.Select(verb => verb.Name))}.",
        ArgumentResult { Argument: var argument } => $"`{path}` needs a <{argument.Name}>. {argument.Description}",
        _ => error.Message,
    };

    private static bool IsAbout(ParseError error, IReadOnlyList<string> words) => words.Any(word => error.Message.Contains($"'{word}'", StringComparison.Ordinal));

    private static string Path(CommandResult result)
    {
        var names = new Stack<string>();
        for (var at = result; at.Command is not RootCommand; at = (CommandResult)at.Parent!)
        {
            names.Push(at.Command.Name);
        }

        return string.Join(' ', names.Prepend("reconciler"));
    }

    private static IEnumerable<string> Known(CommandResult result)
    {
        var command = result.Command;
        foreach (var verb in command.Subcommands.Where(verb => !verb.Hidden))
        {
            yield return verb.Name;
        }

        for (SymbolResult? at = result; at is CommandResult above; at = above.Parent)
        {
            foreach (var option in above.Command.Options.Where(option => above.Command == command || option.Recursive))
            {
                yield return option.Name;
            }
        }
    }
}
