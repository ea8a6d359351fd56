using System.Diagnostics;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

/// <summary>The completion scripts, in the shells they are for.</summary>
public sealed class CompletionTests : IAsyncDisposable
{
    // The program as the scripts ask it: they must hand on the socket that was named.
    private const string Asked = """
        #!/bin/sh
        [ "$1 $2 $3" = "--socket /run/there __complete" ] || exit 3
        case $4 in
          deployments) printf '2\t82f3e9c: on trial\n' ;;
          generations) printf '41\trunning, made then\n40\tmade: before\n' ;;
          revisions) printf '82f3e9c\twanted\nabcdef0\truns\n' ;;
          quarantined) printf 'bff3045\tit does not evaluate\n' ;;
        esac
        """;

    private readonly FakeControl _control = new();
    private readonly TempFolder _folder = new();

    // What is typed, and all that is offered, in order.
    public static TheoryData<string, string> Typed => new()
    {
        { "sta", "status" },
        { "qu", "quarantine" },
        { "quarantine ", "list release" },
        { "ledger v", "verify" },
        { "completion ", "bash fish zsh" },
        { "sync --wa", "--wait" },
        { "status --e", "--exit-code" },
        { "history --count 5 --js", "--json" },
        { "--socket SOCKET show ", "2" },
        { "--socket SOCKET rollback ", "40 41" },
        { "--socket SOCKET plan 82", "82f3e9c" },
        { "--socket SOCKET sync --allow-rewind 82", "82f3e9c" },
        { "--socket SOCKET quarantine release ", "bff3045" },
        { "--socket /nowhere show ", "" },
        { "version x", "" },
    };

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Bash_Offers(string typed, string offered)
    {
        await PrepareAsync("bash");
        const string Ask = """
            source reconciler.bash
            COMP_LINE=$1 COMP_POINT=${#1}
            read -ra COMP_WORDS <<< "$1"
            [[ $1 == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            COMP_WORDS[0]=./reconciler
            _reconciler
            printf '%s\n' "${COMPREPLY[@]}"
            """;

        Assert.Equal(offered, Sorted(Ran("bash", "-c", Ask, "bash", Line(typed))));
    }

    [Fact]
    public async Task Bash_KnowsOfIt()
    {
        await PrepareAsync("bash");

        Assert.Equal("complete -F _reconciler reconciler\n", Ran("bash", "-c", "source reconciler.bash; complete -p reconciler"));
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Fish_Offers(string typed, string offered)
    {
        Assert.SkipUnless(Programs.Has("fish"), "fish is not here.");
        await PrepareAsync("fish");

        var lines = Ran("fish", "--no-config", "-c", "set -gx PATH $PWD $PATH; source reconciler.fish; complete -C $argv[1]", Line(typed));

        Assert.Equal(offered, Sorted(string.Join('\n', lines.Split('\n').Select(line => line.Split('\t')[0]))));
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Zsh_Offers(string typed, string offered)
    {
        Assert.SkipUnless(Programs.Has("zsh"), "zsh is not here.");
        await PrepareAsync("zsh");

        Assert.Equal(offered, Sorted(Ran("zsh", "-f", "ask.zsh", Line(typed))));
    }

    [Theory]
    [InlineData("deployments")]
    [InlineData("nothing-that-there-is")]
    public async Task Complete_WithoutADaemon_IsSilent(string kind) =>
        Assert.Equal((0, "", ""), await Commands.RunAsync(_control, $"__complete {kind}"));

    [Fact]
    public async Task Complete_SaysWhatEachValueIs()
    {
        await _control.StartAsync();

        Assert.Equal("2\t82f3e9c: on trial\n", (await Commands.RunAsync(_control, "__complete deployments")).Output);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Scripts_ReadAsRecorded(string shell) => GoldenText.Check($"completion-{shell}", (await Commands.RunAsync(_control, $"completion {shell}")).Output);

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _control.DisposeAsync();
    }

    private static string Sorted(string lines) => string.Join(' ', lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

    private static string Line(string typed) => $"reconciler {typed.Replace("SOCKET", "/run/there", StringComparison.Ordinal)}";

    // The script, the program it asks, and for zsh a shell of its own on a pseudo-terminal, since its completion works nowhere else.
    private async Task PrepareAsync(string shell)
    {
        await File.WriteAllTextAsync(_folder.At($"reconciler.{shell}"), (await Commands.RunAsync(_control, $"completion {shell}")).Output, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.At("reconciler"), Asked, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(_folder.At("reconciler"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(_folder.At("ask.zsh"), ZshPty.Script, TestContext.Current.CancellationToken);
    }

    private string Ran(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.Path };
        start.Environment["PATH"] = $"{_folder.Path}:{start.Environment["PATH"]}";
        start.Environment["HOME"] = _folder.Path;
        start.Environment["TERM"] = "dumb";
        var (_, output, error) = Programs.Run(start);
        Assert.Equal("", error);
        return output;
    }
}
