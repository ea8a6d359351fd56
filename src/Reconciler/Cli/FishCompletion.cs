using System.CommandLine;
using System.Text;

namespace Reconciler.Cli;

/// <summary>Writes the completion script for fish. Pure.</summary>
internal static class FishCompletion
{
    private const string Ask = """
        function __reconciler_ask -a kind
            set -l words (commandline -opc)
            set -l asked
            for at in (seq 2 (count $words))
                contains -- $words[$at] --socket --config
                and set -a asked $words[$at..(math $at + 1)]
            end
            $words[1] $asked __complete $kind 2>/dev/null
        end

        complete -c reconciler -f

        """;

    /// <summary>Writes it.</summary>
    public static string Of(VerbEntry root)
    {
        var verbs = root.AndBelow().ToList();
        var script = new StringBuilder("# fish completion for reconciler, made by `reconciler completion fish`.\n\n");
        Verb(script, verbs);
        script.Append("function __reconciler_at -a verb\n    test \"$verb\" = (__reconciler_verb)\nend\n\n");
        script.Append(Ask);
        foreach (var verb in verbs)
        {
            var at = $"complete -c reconciler -n \"__reconciler_at '{verb.Path}'\"";
            Add(script, verb.Children.Select(child => $"{at} -a {child.Name} -d {Quoted(child.Description)}"));
            Add(script, verb.Options.Select(option => $"{at} {Of(option)}"));
            Add(script, verb.Command.Arguments.Select(argument => CompletionKind.Of(argument)).Where(kind => kind.Length > 0).Select(kind => $"{at} {Offer(kind)}"));
        }

        return script.ToString();
    }

    // The verb so far: options and their values are passed over.
    private static void Verb(StringBuilder script, List<VerbEntry> verbs)
    {
        var withValue = verbs.SelectMany(verb => verb.Options.Where(VerbEntry.TakesValue).SelectMany(VerbEntry.NamesOf).Select(name => Quoted($"{verb.Path} {name}")));
        script.Append($$"""
            function __reconciler_verb
                set -l verb ''
                set -l skip no
                set -l words (commandline -opc)
                for word in $words[2..-1]
                    if test $skip = yes
                        set skip no
                        continue
                    end
                    switch "$verb $word"
                        case {{string.Join(' ', withValue)}}
                            set skip yes
                        case {{string.Join(' ', verbs.Where(verb => verb.Path.Length > 0).Select(verb => Quoted(verb.Path.Contains(' ', StringComparison.Ordinal) ? verb.Path : $" {verb.Path}")))}}
                            set verb (string trim "$verb $word")
                    end
                end
                echo $verb
            end


            """);
    }

    private static string Of(Option option)
    {
        var names = string.Join(' ', VerbEntry.NamesOf(option).Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $"-l {name[2..]}" : $"-s {name[1..]}"));
        return $"{names}{(VerbEntry.TakesValue(option) ? $" -r {Offer(CompletionKind.Of(option))}".TrimEnd() : "")} -d {Quoted(option.Description ?? "")}";
    }

    private static string Offer(string kind) => kind switch
    {
        "" => "",
        CompletionKind.Files => "-F",
        CompletionKind.Folders => "-a '(__fish_complete_directories)'",
        _ when CompletionKind.Asked.Contains(kind) => $"-k -a '(__reconciler_ask {kind})'",
        _ => $"-a {Quoted(kind)}",
    };

    private static void Add(StringBuilder script, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            script.Append(line).Append('\n');
        }
    }

    private static string Quoted(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
