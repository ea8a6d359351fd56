using System.Text;

namespace Reconciler.Cli;

/// <summary>Writes the completion script for bash. Pure.</summary>
internal static class BashCompletion
{
    private const string Head = """
        # bash completion for reconciler, made by `reconciler completion bash`.

        """;

    private const string Tail = """

        _reconciler_offer() { # kind, word so far
          local value
          case $1 in
            files) compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
            folders) compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
            deployments | revisions | generations | quarantined)
              while IFS=$'\t' read -r value _; do
                [[ $value == "$2"* ]] && COMPREPLY+=("$value")
              done < <("${COMP_WORDS[0]}" "${asked[@]}" __complete "$1" 2> /dev/null)
              ;;
            *) mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2") ;;
          esac
        }

        _reconciler() {
          local word=${COMP_WORDS[COMP_CWORD]} verb='' waits='' place=0 each kind
          local -a asked=()
          COMPREPLY=()
          for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
            if [[ -n $waits ]]; then
              [[ $waits == --socket || $waits == --config ]] && asked+=("$waits" "$each")
              waits=''
            elif _reconciler_value "$verb" "$each" > /dev/null; then
              waits=$each
            elif [[ $each == -* ]]; then
              :
            elif _reconciler_is_verb "${verb:+$verb }$each"; then
              verb="${verb:+$verb }$each"
            else
              place=$((place + 1))
            fi
          done
          if [[ -n $waits ]]; then
            kind=$(_reconciler_value "$verb" "$waits")
            [[ -n $kind ]] && _reconciler_offer "$kind" "$word"
          elif [[ $word == -* ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$(_reconciler_options "$verb")" -- "$word")
          else
            kind=$(_reconciler_next "$verb" "$place")
            [[ -n $kind ]] && _reconciler_offer "$kind" "$word"
          fi
        }

        complete -F _reconciler reconciler

        """;

    /// <summary>Writes it.</summary>
    public static string Of(VerbEntry root)
    {
        var verbs = root.AndBelow().ToList();
        var script = new StringBuilder(Head);
        Function(script, "_reconciler_is_verb", "words: says whether they are a verb", "$1", [
            $"{string.Join(" | ", verbs.Where(verb => verb.Path.Length > 0).Select(verb => $"'{verb.Path}'"))}) return 0",
            "*) return 1",
        ]);
        Function(script, "_reconciler_options", "verb: its options", "$1", verbs.Select(verb =>
            $"'{verb.Path}') echo '{string.Join(' ', verb.Options.SelectMany(VerbEntry.NamesOf))}'"));
        Function(script, "_reconciler_value", "verb, option: what its value is; fails when it takes none", "$1 $2", verbs.SelectMany(Values).Append("*) return 1"));
        Function(script, "_reconciler_next", "verb, number of the word behind it: what stands there", "$1 $2", verbs.SelectMany(Places));
        return script.Append(Tail).ToString();
    }

    private static IEnumerable<string> Values(VerbEntry verb) =>
        from option in verb.Options
        where VerbEntry.TakesValue(option)
        select $"{string.Join(" | ", VerbEntry.NamesOf(option).Select(name => $"'{verb.Path} {name}'"))}) echo '{CompletionKind.Of(option)}'";

    private static IEnumerable<string> Places(VerbEntry verb) => verb.Children.IsEmpty
        ? verb.Command.Arguments.Select((argument, place) => $"'{verb.Path} {place}') echo '{CompletionKind.Of(argument)}'")
        : [$"'{verb.Path} 0') echo '{string.Join(' ', verb.Children.Select(child => child.Name))}'"];

    private static void Function(StringBuilder script, string name, string comment, string of, IEnumerable<string> cases)
    {
        script.Append($"\n{name}() {{ # {comment}\n  case \"{of}\" in\n");
        foreach (var each in cases)
        {
            script.Append($"    {each} ;;\n");
        }

        script.Append("  esac\n}\n");
    }
}
