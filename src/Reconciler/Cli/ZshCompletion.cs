using System.CommandLine;
using System.Text;

namespace Reconciler.Cli;

/// <summary>Writes the completion script for zsh. Pure.</summary>
internal static class ZshCompletion
{
    private const string Head = """
        #compdef reconciler
        # zsh completion for reconciler, made by `reconciler completion zsh`.

        _reconciler_ask() { # kind
          local -a found=("${(@f)$(reconciler $asked ${(kv)opt_args[(I)--(socket|config)]} __complete $1 2> /dev/null)}")
          [[ -n $found ]] || return
          found=("${(@)found//:/\\:}")
          found=("${(@)found/$'\t'/:}")
          _describe -V $1 found
        }

        """;

    private const string Tail = """

        if [ "$funcstack[1]" = "_reconciler" ]; then
          _reconciler "$@"
        else
          compdef _reconciler reconciler
        fi

        """;

    /// <summary>Writes it.</summary>
    public static string Of(VerbEntry root)
    {
        var script = new StringBuilder(Head);
        foreach (var verb in root.AndBelow().Reverse())
        {
            Function(script, verb);
        }

        return script.Append(Tail).ToString();
    }

    private static void Function(StringBuilder script, VerbEntry verb)
    {
        script.Append($"\n{NameOf(verb)}() {{\n");
        if (verb.Children.IsEmpty)
        {
            script.Append("  _arguments -S").Append(string.Concat(Specs(verb).Select(Continued))).Append("\n}\n");
            return;
        }

        script.Append($"  local context state state_descr line\n  typeset -A opt_args\n{(verb.Path.Length == 0 ? "  local -a asked\n" : "")}");
        script.Append("  _arguments -C -S").Append(string.Concat(Specs(verb).Concat(["'1: :->verb'", "'*:: :->rest'"]).Select(Continued))).Append('\n');
        script.Append("  asked+=(${(kv)opt_args[(I)--(socket|config)]})\n  case $state in\n    verb)\n      local -a verbs=(\n");
        foreach (var child in verb.Children)
        {
            script.Append($"        {Quoted($"{child.Name}:{child.Description}")}\n");
        }

        script.Append("      )\n      _describe command verbs\n      ;;\n    rest)\n      case $words[1] in\n");
        foreach (var child in verb.Children)
        {
            script.Append($"        {child.Name}) {NameOf(child)} ;;\n");
        }

        script.Append("      esac\n      ;;\n  esac\n}\n");
    }

    private static IEnumerable<string> Specs(VerbEntry verb) => verb.Options.Select(Spec).Concat(verb.Command.Arguments.Select(Spec));

    private static string Spec(Option option)
    {
        var names = VerbEntry.NamesOf(option).ToList();
        var value = VerbEntry.TakesValue(option) ? $":{Meant(option.HelpName ?? "value")}:{Action(CompletionKind.Of(option))}" : "";
        var rest = $"[{Meant(option.Description ?? "")}]{value}";
        return names.Count == 1 ? Quoted(names[0] + rest) : $"'({string.Join(' ', names)})'{{{string.Join(',', names)}}}{Quoted(rest)}";
    }

    private static string Spec(Argument argument, int index) =>
        Quoted($"{(argument.Arity.MaximumNumberOfValues > 1 ? "*" : $"{index + 1}")}:{(argument.Arity.MinimumNumberOfValues == 0 ? ":" : "")}{Meant(argument.HelpName ?? argument.Name)}:{Action(CompletionKind.Of(argument))}");

    private static string Action(string kind) => kind switch
    {
        "" => "",
        CompletionKind.Files => "_files",
        CompletionKind.Folders => "_files -/",
        _ when CompletionKind.Asked.Contains(kind) => $"{{_reconciler_ask {kind}}}",
        _ => $"({kind})",
    };

    private static string NameOf(VerbEntry verb) => $"_reconciler{(verb.Path.Length == 0 ? "" : "_" + verb.Path.Replace(' ', '_'))}";

    private static string Continued(string spec) => $" \\\n    {spec}";

    private static string Meant(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal)
        .Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
