using System.Diagnostics;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

/// <summary>The program in a process of its own: what it loads for what it does.</summary>
public sealed class LoadedTests : IAsyncDisposable
{
    private readonly FakeControl _control = new();

    [Fact]
    public async Task Spectre_IsNotLoaded_WithoutATerminal()
    {
        Assert.Equal((true, false), await LoadedAsync(new ProcessStartInfo("dotnet", [Built.Program, "status", "--watch", "--socket", _control.Socket])));
    }

    [Fact]
    public async Task Spectre_IsLoaded_OnATerminal()
    {
        // That it is seen here is what makes its absence above worth something.
        Assert.SkipUnless(Programs.Has("script"), "script, which makes a terminal, is not here.");

        Assert.Equal((true, true), await LoadedAsync(new ProcessStartInfo("script", ["-qec", $"exec dotnet '{Built.Program}' status --watch --socket '{_control.Socket}'", "/dev/null"])));
    }

    public async ValueTask DisposeAsync() => await _control.DisposeAsync();

    // Whether the program itself and Spectre.Console are in the memory of a process, or of its child, once it has said something.
    private async Task<(bool Program, bool Spectre)> LoadedAsync(ProcessStartInfo start)
    {
        await _control.StartAsync();
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["TERM"] = "xterm";
        using var process = Process.Start(start)!;
        try
        {
            var read = "";
            var buffer = new char[1024];
            while (!read.Contains("82f3e9c", StringComparison.Ordinal))
            {
                var count = await process.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken);
                Assert.True(count > 0, read);
                read += new string(buffer, 0, count);
            }

            var maps = string.Concat(ProcessAndChildren(process.Id).Select(id => File.ReadAllText($"/proc/{id}/maps")));
            return (maps.Contains("/System.CommandLine.dll", StringComparison.Ordinal), maps.Contains("/Spectre.Console.dll", StringComparison.Ordinal));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static IEnumerable<string> ProcessAndChildren(int id) =>
        File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend($"{id}");
}
