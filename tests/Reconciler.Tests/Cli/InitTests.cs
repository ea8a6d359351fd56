using System.Diagnostics;
using System.Text.Json;
using Reconciler.Adapters.Processes;
using Reconciler.Cli;
using Reconciler.Composition;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web;
using Xunit;

namespace Reconciler.Tests.Cli;

public sealed class InitTests : IAsyncDisposable
{
    private const string Hardware = "{ ... }: { environment.etc.hardware.text = \"mine\"; }\n";

    private readonly FakeControl _control = new();
    private readonly TempFolder _folder = new();
    private readonly InitMachine _real = new(new ProcessRunner(TimeProvider.System));

    private string Repository => _folder.At("infra");

    [Theory]
    [InlineData("--flake", "hosts/web7/hardware-configuration.nix", "hosts/web7/configuration.nix", "modules/reconciler.nix")]
    [InlineData("--plain", "hardware-configuration.nix", "configuration.nix", "reconciler.nix")]
    public async Task Init_MakesARepositoryWithTheHostInIt(string kind, string hardware, string host, string address)
    {
        var (code, output, error) = await RunAsync($"init {Repository} --host web7 --url https://git.example.org/mine.git {kind} --json", With(Hardware));

        Assert.Equal((0, ""), (code, error));
        var made = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("copied", Git("rev-parse", "HEAD")), (made.GetProperty("hardware").GetString(), made.GetProperty("commit").GetString()));
        Assert.Equal("main", Git("branch", "--show-current"));
        Assert.Equal("", Git("status", "--porcelain"));
        Assert.Equal("https://git.example.org/mine.git", Git("remote", "get-url", "origin"));
        Assert.Equal(Hardware, Read(hardware));
        Assert.Contains("./hardware-configuration.nix", Read(host), StringComparison.Ordinal);
        Assert.Contains("networking.hostName = \"web7\";", Read(host), StringComparison.Ordinal);
        Assert.Contains("\"https://git.example.org/mine.git\"", Read(address), StringComparison.Ordinal);
        Assert.DoesNotContain("web1", string.Concat(Git("ls-files").Split('\n').Where(file => file.EndsWith(".nix", StringComparison.Ordinal)).Select(Read)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_WithoutHardware_SaysSo()
    {
        var (_, output, _) = await RunAsync($"init {Repository} --host web7", new Machine(_real, null, null));

        Assert.False(File.Exists(_folder.At("infra/hosts/web7/hardware-configuration.nix")));
        Assert.DoesNotContain("./hardware-configuration.nix", Read("hosts/web7/configuration.nix"), StringComparison.Ordinal);
        Assert.Contains("No hardware configuration was found", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flake", "copied", null)]
    [InlineData("plain", "missing", "https://git.example.org/mine.git")]
    public void Page_SaysWhatComesNext(string kind, string hardware, string? address)
    {
        var next = InitText.Next("/root/infra", new NewRepository { Host = "web7", Url = address, IsPlain = kind == "plain", System = "x86_64-linux" });

        GoldenText.Check($"init-{kind}", InitText.Of(new InitDocument("/root/infra", "web7", kind, hardware, "82f3e9c695dc", [.. next])).Draw(80));
    }

    [Fact]
    public async Task Init_AsksTheMachineForItsHardware_WhenEtcHasNone()
    {
        var (_, output, _) = await RunAsync($"init {Repository} --host web7 --json", new Machine(_real, null, Hardware));

        Assert.Equal("generated", JsonDocument.Parse(output).RootElement.GetProperty("hardware").GetString());
        Assert.Equal(Hardware, Read("hosts/web7/hardware-configuration.nix"));
    }

    [Fact]
    public async Task Init_TakesOverTheRelease_AndNothingElseOfThePresentConfiguration()
    {
        var machine = With(Hardware);
        machine.Files["/etc/nixos/configuration.nix"] = "{ ... }: {\n  users.users.root.password = \"hunter2\";\n  system.stateVersion = \"23.05\"; # as installed\n}\n";

        await RunAsync($"init {Repository} --host web7", machine);

        Assert.Contains("system.stateVersion = \"23.05\";", Read("hosts/web7/configuration.nix"), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Git("show"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file.txt")]
    [InlineData(".hidden")]
    public async Task Init_InAFolderThatIsNotEmpty_TouchesNothing(string name)
    {
        Directory.CreateDirectory(Repository);
        await File.WriteAllTextAsync(Path.Combine(Repository, name), "mine", TestContext.Current.CancellationToken);

        var (code, _, error) = await RunAsync($"init {Repository} --host web7", With(Hardware));

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("is there and not empty", error, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(Repository, name)], Directory.EnumerateFileSystemEntries(Repository));
    }

    [Fact]
    public async Task Init_WithoutAnIdentity_CommitsAsItself()
    {
        var machine = new FakeInitMachine { Answer = line => line.StartsWith("config user.email", StringComparison.Ordinal) ? new GitAnswer(false, "") : new GitAnswer(true, "abc") };

        await RunAsync($"init {Repository} --host web7", machine);

        Assert.Contains("-c user.name=Reconciler -c user.email=reconciler@web7 commit", string.Join('\n', machine.Git), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_WhenGitFails_SaysWhatIsThere()
    {
        var machine = new FakeInitMachine { Answer = line => new GitAnswer(!line.Contains("commit", StringComparison.Ordinal), "git exited with 128: no space left") };

        var (code, _, error) = await RunAsync($"init {Repository} --host web7", machine);

        Assert.Equal(ExitCode.Failed, code);
        Assert.StartsWith($"git exited with 128: no space left. The files are in {Repository};", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--host -x", "--host must be")]
    [InlineData("--host a.b", "--host must be")]
    [InlineData("--url https://u:secret@git.example.org/x.git", "--url ")]
    [InlineData("--plain --flake", "cannot both be meant")]
    public async Task Init_RefusesWhatCannotBe(string options, string said)
    {
        var (code, _, error) = await RunAsync($"init {Repository} {options}", With(Hardware));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Repository));
    }

    [Fact]
    public void Address_ThatNixWouldRead_StaysAText()
    {
        var files = new NewRepository { Host = "web7", Url = "https://git.example.org/${x}\"\\.git", System = "x86_64-linux" }.Files();

        Assert.Contains("url = \"https://git.example.org/\\${x}\\\"\\\\.git\";", files["modules/reconciler.nix"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--flake")]
    [InlineData("--plain")]
    public async Task Init_MakesWhatNixEvaluates(string kind)
    {
        Assert.SkipUnless(Programs.Has("nix-instantiate"), "nix is not here.");
        await RunAsync($"init {Repository} --host web7 {kind}", With(Hardware));

        if (kind == "--plain")
        {
            // What it would fetch from the internet is this repository.
            var file = _folder.At("infra/reconciler.nix");
            var text = Read("reconciler.nix");
            await File.WriteAllTextAsync(file, text.Replace("builtins.fetchTarball \"https://github.com/reconciler-project/reconciler/archive/main.tar.gz\"", $"\"{GoldenText.RepositoryRoot}\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
            Assert.NotEqual(text, Read("reconciler.nix"));
        }

        var (code, output, error) = Evaluate(Repository, kind == "--plain" ? Plain : Flake("web7"));

        Assert.True(code == 0, error);
        Assert.Equal("""["mine","web7"]""", output.Trim());
    }

    [Theory]
    [InlineData("web1")]
    [InlineData("web2")]
    public void Example_Evaluates(string host)
    {
        Assert.SkipUnless(Programs.Has("nix-instantiate"), "nix is not here.");

        var (code, output, error) = Evaluate(Path.Combine(GoldenText.RepositoryRoot, "examples", "repo-layout"), Flake(host).Replace("c.environment.etc.hardware.text", "c.services.hello-web.greeting", StringComparison.Ordinal));

        Assert.True(code == 0, error);
        Assert.Equal($"""["hello from {host}","{host}"]""", output.Trim());
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _control.DisposeAsync();
    }

    // The stand-in plays nixpkgs, and this repository Reconciler; the flake's own outputs are what is evaluated.
    private static string Flake(string host) => $$"""
        folder: root:
        let
          standIn = import (root + "/testhost/nixos/nixos/lib/eval-config.nix");
          lib = import (root + "/testhost/nixos/lib");
          outputs = (import (folder + "/flake.nix")).outputs {
            self = { };
            nixpkgs.lib = lib // { nixosSystem = arguments: standIn ({ system = null; } // arguments); };
            reconciler.nixosModules.default = import (root + "/nix/module.nix");
          };
          c = outputs.nixosConfigurations.{{host}}.config;
        in [ c.environment.etc.hardware.text c.networking.hostName ]
        """;

    private static string Plain => """
        folder: root:
        let
          c = (import (root + "/testhost/nixos/nixos/lib/eval-config.nix") {
            system = "x86_64-linux";
            modules = [ (folder + "/configuration.nix") ];
          }).config;
        in [ c.environment.etc.hardware.text c.networking.hostName ]
        """;

    private static (int Code, string Output, string Error) Evaluate(string folder, string expression) => Programs.Run(
        "nix-instantiate", "--store", "dummy://", "--eval", "--strict", "--json", "--expr", $"({expression}) {folder} {GoldenText.RepositoryRoot}");

    private Machine With(string hardware) => new(_real, hardware, null);

    private string Read(string file) => File.ReadAllText(Path.Combine(Repository, file));

    private string Git(params string[] arguments) => Programs.Run(new ProcessStartInfo("git", arguments) { WorkingDirectory = Repository }).Output.Trim();

    private async Task<(int Code, string Output, string Error)> RunAsync(string line, IInitMachine machine)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var context = Commands.Context(_control, output, error) with { InitMachine = machine };
        var code = await CommandLine.InvokeAsync(line.Split(' '), context, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>The real git, and files of the test's.</summary>
    private sealed class Machine(InitMachine real, string? hardware, string? generated) : IInitMachine
    {
        public Dictionary<string, string> Files { get; } = hardware is null ? [] : new() { ["/etc/nixos/hardware-configuration.nix"] = hardware };

        public string? Read(string path) => Files.GetValueOrDefault(path);

        public Task<string?> ShowHardwareAsync(CancellationToken cancellationToken) => Task.FromResult(generated);

        public Task<GitAnswer> GitAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken) => real.GitAsync(folder, arguments, cancellationToken);
    }
}
