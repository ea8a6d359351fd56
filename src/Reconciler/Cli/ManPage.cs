using System.CommandLine;
using System.Text;
using Reconciler.Configuration;

namespace Reconciler.Cli;

/// <summary>Writes <c>reconciler(1)</c> from the table of verbs. Pure.</summary>
internal static class ManPage
{
    // When its own words were last looked over.
    private const string Revised = "2026-11-26";
    private const int Width = 78;

    /// <summary>Writes it.</summary>
    /// <param name="root">The table.</param>
    /// <param name="version">Version of the program.</param>
    public static string Of(VerbEntry root, string version)
    {
        var page = new StringBuilder();
        page.Append(".\\\" Made from the table of verbs: reconciler man\n");
        page.Append($".TH RECONCILER 1 {Revised} \"Reconciler {Text(version)}\" \"Reconciler Manual\"\n");
        Section(page, "NAME", "reconciler \\- makes a NixOS host follow a Git repository");
        Section(page, "SYNOPSIS", $".B reconciler\n.I command\n.RI [ option \" ...]\"");
        Section(page, "DESCRIPTION", Prose(
            "Reconciler is a daemon that makes a NixOS host follow a Git repository: a commit is built, tried, watched, and confirmed or put back. "
            + "The commands ask the daemon over a Unix socket, which root and the configured group may use; ledger, check-config, doctor, init, version, completion and run do without it."));
        page.Append(".SH COMMANDS\n");
        foreach (var verb in root.AndBelow().Where(verb => verb.Children.IsEmpty))
        {
            Verb(page, verb, root);
        }

        page.Append(".SH OPTIONS\nThese may stand behind every command.\n");
        Options(page, root.Options);
        page.Append(".SH EXIT STATUS\n");
        foreach (var line in ExitCode.Help.Split('\n').Skip(1).Select(line => line.Trim()))
        {
            page.Append($".TP\n.B {line[..line.IndexOf(' ', StringComparison.Ordinal)]}\n{Prose(line[line.IndexOf(' ', StringComparison.Ordinal)..].Trim())}\n");
        }

        page.Append(".SH ENVIRONMENT\n");
        Term(page, "NO_COLOR", "When set to anything, nothing is painted.");
        Term(page, "TERM", "dumb stands for a terminal that knows lines of text only.");
        Term(page, "LC_ALL, LC_CTYPE, LANG", "Unless the first of them that is set names UTF-8, a terminal is written to in ASCII. JSON, and what goes to a pipe or a file, is UTF-8 always.");
        page.Append(".SH FILES\n");
        Term(page, HostConfiguration.DefaultPath, "The configuration, made by the NixOS module.");
        Term(page, ControlSettings.DefaultSocket, "The control socket.");
        Section(page, "EXAMPLES", Examples());
        Section(page, "SEE ALSO", ".BR nixos\\-rebuild (8),\n.BR git (1),\n.BR systemctl (1)");
        return page.ToString();
    }

    private static string Examples()
    {
        var text = new StringBuilder();
        Term(text, "reconciler status --watch", "Look on, until ctrl-C.");
        Term(text, "reconciler sync --wait --timeout 15m", "Look at the repository now, follow what comes of it, and exit by its outcome.");
        Term(text, "reconciler status --json | jq .headline", "Why nothing moves, for a program.");
        return text.ToString().TrimEnd();
    }

    private static void Verb(StringBuilder page, VerbEntry verb, VerbEntry root)
    {
        var own = verb.Options.Where(option => !root.Options.Contains(option)).ToList();
        page.Append($".SS {Text(string.Join(' ', new[] { $"reconciler {verb.Path}" }.Concat(verb.Command.Arguments.Select(Placeholder))))}\n{Prose(verb.Description)}\n");
        foreach (var argument in verb.Command.Arguments)
        {
            page.Append($".TP\n.I {Text(argument.HelpName ?? argument.Name)}\n{Prose(argument.Description ?? "")}\n");
        }

        Options(page, own);
    }

    private static string Placeholder(Argument argument)
    {
        var name = argument.HelpName ?? argument.Name;
        var each = argument.Arity.MaximumNumberOfValues > 1 ? $"{name} ..." : name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{each}]" : each;
    }

    private static void Options(StringBuilder page, IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            var value = VerbEntry.TakesValue(option) ? $" \\fI{Text(option.HelpName ?? "value")}\\fR" : "";
            page.Append($".TP\n{string.Join(", ", VerbEntry.NamesOf(option).Select(name => $"\\fB{Text(name)}\\fR"))}{value}\n{Prose(option.Description ?? "")}\n");
        }
    }

    private static void Term(StringBuilder page, string term, string meaning) => page.Append($".TP\n.B {Text(term)}\n{Prose(meaning)}\n");

    private static void Section(StringBuilder page, string name, string text) => page.Append($".SH {name}\n{text}\n");

    // A backslash and a hyphen mean something to the typesetter, and so does a line that begins with a dot or an apostrophe.
    private static string Text(string text) => text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).Replace("`", "\\(ga", StringComparison.Ordinal);

    // Prose in lines of a width that editors and comparisons like.
    private static string Prose(string text)
    {
        var lines = new List<string> { "" };
        foreach (var word in Text(text).Split(' '))
        {
            if (lines[^1].Length > 0 && lines[^1].Length + 1 + word.Length > Width)
            {
                lines.Add("");
            }

            lines[^1] += lines[^1].Length == 0 ? word : $" {word}";
        }

        return string.Join('\n', lines.Select(line => line.StartsWith('.') || line.StartsWith('\'') ? $"\\&{line}" : line));
    }
}
