using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Processes;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

/// <summary>What nobody has agreed to yet is evaluated by the real Nix with the arguments it is given, <c>nixos-rebuild</c> aside.</summary>
public sealed class RestrictedEvaluationTests : IDisposable
{
    private readonly RealStore _store = new();
    private readonly TempFolder _folder = new();

    public RestrictedEvaluationTests()
    {
        Directory.CreateDirectory(_folder.At("tree"));
        Directory.CreateDirectory(_folder.At("nixpkgs-of-a-channel"));
        File.WriteAllText(_folder.At("nixpkgs-of-a-channel/default.nix"), "{ ask }: import <asked>");
        File.CreateSymbolicLink(_folder.At("channel"), _folder.At("nixpkgs-of-a-channel"));
        File.WriteAllText(_folder.At("secret"), "the password");
        File.WriteAllText(_folder.At("tree/own"), "its own");
        File.CreateSymbolicLink(_folder.At("tree/link"), _folder.At("secret"));
    }

    public void Dispose()
    {
        _folder.Dispose();
        _store.Dispose();
    }

    [Theory]
    [InlineData("builtins.readFile ./own")]
    [InlineData("builtins.readFile <channel/default.nix>")]
    [InlineData("builtins.readFile READABLE")]
    public async Task Evaluation_ReadsItsTree_TheSearchPathAndWhatItMay(string expression)
    {
        var exited = await EvaluateAsync(expression);

        Assert.True(exited.Succeeded, exited.Error);
    }

    [Theory]
    [InlineData("builtins.readFile SECRET")]
    [InlineData("builtins.readFile ./link")]
    [InlineData("builtins.readFile (./. + \"/../secret\")")]
    [InlineData("\"${SECRET}\"")]
    [InlineData("builtins.readFile (builtins.fetchurl \"file://SECRET\")")]
    [InlineData("builtins.readDir SECRETS")]
    [InlineData("(builtins.fetchGit \"SECRETS\").rev")]
    [InlineData("import SECRET")]
    public async Task Evaluation_ReadsNothingElse(string expression)
    {
        var exited = await EvaluateAsync(expression);

        Assert.False(exited.Succeeded);
        Assert.Contains("restricted mode", exited.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("the password", exited.Output + exited.Error, StringComparison.Ordinal);
    }

    private async Task<ProcessOutcome.Exited> EvaluateAsync(string expression)
    {
        await File.WriteAllTextAsync(_folder.At("readable"), "may be read", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(
            _folder.At("tree/configuration.nix"),
            expression.Replace("SECRETS", _folder.Path, StringComparison.Ordinal).Replace("SECRET", _folder.At("secret"), StringComparison.Ordinal)
                .Replace("READABLE", _folder.At("readable"), StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        var settings = new NixBuildSettings { Kind = NixBuildKind.Plain, StateDirectory = _folder.At("state") };
        string[] searched = ["-I", $"channel={_folder.At("channel")}"];
        var build = NixCommands.BuildUntrusted(settings, _folder.At("tree"), [_folder.At("readable"), .. NixSearchPath.Ends(null, [.. searched])]);
        var options = build.Arguments.SkipWhile(argument => argument != "--option");
        return await _store.AskAsync("nix-instantiate", ["--eval", "--strict", _folder.At("tree/configuration.nix"), .. searched, .. options]);
    }
}
