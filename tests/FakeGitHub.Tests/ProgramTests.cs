using System.Diagnostics;
using Xunit;

namespace FakeGitHub.Tests;

public sealed class ProgramTests
{
    [Theory]
    [InlineData("--root", "every option takes one value")]
    [InlineData("--rot x", "unknown option --rot")]
    [InlineData("--root x", "--root, --repository and --token-file are needed, and --listen is ADDRESS:PORT")]
    [InlineData("--root x --repository a/b --token-file t --person me", "--person is NAME=FILE")]
    [InlineData("--root x --repository a/b --token-file t --listen nowhere", "--root, --repository and --token-file are needed, and --listen is ADDRESS:PORT")]
    public void CommandLine_SaysWhatIsWrong(string line, string expected)
    {
        Assert.Null(CommandLine.Read(line.Split(' '), out var problem));
        Assert.Equal(expected, problem);
    }

    [Fact]
    public async Task Program_PrintsItsAddressAndServesItsState()
    {
        var folder = Directory.CreateTempSubdirectory("fakegithub-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), "ghp_x\n", Hub.Stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "hers"), "ghp_y\n", Hub.Stop);
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "FakeGitHub.dll"), "--root", folder, "--repository", "acme/infra",
            "--token-file", Path.Combine(folder, "token"), "--person", $"hubot={Path.Combine(folder, "hers")}",
        ];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        try
        {
            var address = await process.StandardOutput.ReadLineAsync(Hub.Stop);
            using var api = new Api(address!, "Bearer ghp_x");

            Assert.Equal("acme/infra", (await api.GetAsync("/_fake/state")).Json["repositories"]![0]!["full_name"]!.ToString());
            Assert.Equal("octocat", (await api.GetAsync("/user"))["login"]);
            using var hers = new Api(address!, "Bearer ghp_y");
            Assert.Equal("hubot", (await hers.GetAsync("/user"))["login"]);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(Hub.Stop);
            Directory.Delete(folder, recursive: true);
        }
    }
}
