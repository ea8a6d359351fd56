using System.Diagnostics;
using System.Text.Json.Nodes;
using Reconciler.Tests.Golden;
using Xunit;

namespace Reconciler.Tests.Packaging;

/// <summary>What nix/ says of the program stays true to it. Where nix itself is needed and not there, the test is skipped.</summary>
public sealed class NixFilesTests
{
    private const string Cases = """
        let lib = import ./testhost/nixos/lib;
        in import ./nix/cases.nix {
          inherit lib;
          evaluate = module: import ./testhost/nixos/nixos/lib/eval-config.nix { system = "x86_64-linux"; modules = [ ./nix/module.nix module ]; };
        }
        """;

    private static readonly string Root = GoldenText.RepositoryRoot;

    [Fact]
    public void Packages_AreThoseOfTheLockFiles()
    {
        var locked = new[] { "Reconciler", "Webhooks" }.SelectMany(Locked).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(locked, Packages().Select(package => $"{package.Name} {package.Version}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Hashes_AreThoseOfTheFiles()
    {
        Assert.All(Packages(), package =>
        {
            var (name, version) = (Lower(package.Name), Lower(package.Version));
            var written = Path.Combine(Cache, name, version, $"{name}.{version}.nupkg.sha512");
            Assert.SkipUnless(File.Exists(written), $"{written} is not here.");
            Assert.Equal($"sha512-{File.ReadAllText(written).Trim()}", package.Hash);
        });
    }

    [Fact]
    public void OptionsPage_IsThatOfTheModule()
    {
        Assert.SkipUnless(HasNix(), "nix and jq are not both here.");

        var (code, _, error) = Run(Path.Combine(Root, "tools", "nix-options"), "--check");

        Assert.True(code == 0, error);
    }

    [Fact]
    public void Module_RefusesAndMakesWhatItShould()
    {
        Assert.SkipUnless(HasNix(), "nix is not here.");

        var (code, output, error) = Run("nix-instantiate", "--store", "dummy://", "--eval", "--strict", "--json", "--expr", Cases);

        Assert.True(code == 0, error);
        Assert.Equal("[]", output.Trim());
    }

    private static string Cache =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>NAME VERSION of every package of a project's lock file, whatever the target.</summary>
    private static IEnumerable<string> Locked(string project) =>
        from target in JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "src", project, "packages.lock.json")))!["dependencies"]!.AsObject()
        from package in target.Value!.AsObject()
        where package.Value!["type"]!.GetValue<string>() != "Project"
        select $"{package.Key} {package.Value["resolved"]!.GetValue<string>()}";

    private static List<(string Name, string Version, string Hash)> Packages() =>
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "nix", "deps.json")))!.AsArray()
            .Select(package => (Text(package!, "pname"), Text(package!, "version"), Text(package!, "hash"))),
    ];

    private static string Text(JsonNode node, string key) => node[key]!.GetValue<string>();

#pragma warning disable CA1308 // NuGet's cache is in lower case.
    private static string Lower(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308

    private static bool HasNix() =>
        new[] { "nix-instantiate", "jq" }.All(program => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program))));

    private static (int Code, string Output, string Error) Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
