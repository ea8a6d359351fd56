using System.CommandLine;
using System.Runtime.InteropServices;
using Reconciler.Configuration;
using Reconciler.Model;

namespace Reconciler.Cli;

/// <summary>The verb that begins a repository.</summary>
internal sealed partial class Verbs
{
    private const string EtcNixos = "/etc/nixos";

    /// <summary><c>init</c></summary>
    public Command Init()
    {
        var folder = new Argument<string>("folder") { Description = "A new or empty folder; the one you are in when left out.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "." };
        var host = new Option<string?>("--host") { Description = "The host it begins with; this machine when left out.", HelpName = "name" };
        var url = new Option<string?>("--url") { Description = "Where it will be pushed to, and what the host follows.", HelpName = "address" };
        var plain = new Option<bool>("--plain") { Description = "Without flakes." };
        var flake = new Option<bool>("--flake") { Description = "As a flake; so it is when neither is said." };
        host.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !HostName.IsValid(result.Tokens[0].Value))
            {
                result.AddError("--host must be 1 to 63 letters, digits, '-' or '_', beginning with a letter or digit.");
            }
        });
        url.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && RemoteUrl.Read(result.Tokens[0].Value, out var trouble) is null)
            {
                result.AddError($"--url {trouble}.");
            }
        });
        var verb = Verb("init", "Make a repository to begin with, for this host.", [folder, host, url, plain, flake], async (parsed, reply, cancellationToken) =>
        {
            var name = parsed.GetValue(host) ?? ConfigurationFile.MachineName();
            if (!HostName.IsValid(name))
            {
                return await reply.FailAsync(new Trouble(ExitCode.Usage, "This machine has no name to call the host by.", "Give it one: --host web1"));
            }

            var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(folder)!));
            var (hardware, origin) = await HardwareAsync(cancellationToken);
            var repository = new NewRepository
            {
                Host = name!,
                Url = parsed.GetValue(url),
                IsPlain = parsed.GetValue(plain),
                HardwareText = hardware,
                PresentConfiguration = context.InitMachine.Read($"{EtcNixos}/configuration.nix"),
                System = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64-linux" : "x86_64-linux",
            };
            var commit = await new RepositoryMaker(context.InitMachine).MakeAsync(path, repository, cancellationToken);
            var document = new InitDocument(path, name!, repository.IsPlain ? "plain" : "flake", origin, commit, [.. InitText.Next(path, repository)]);
            return await reply.ShowAsync(document, CliJson.Default.InitDocument, InitText.Of);
        });
        verb.Validators.Add(result =>
        {
            if (result.GetValue(plain) && result.GetValue(flake))
            {
                result.AddError("--plain and --flake cannot both be meant.");
            }
        });
        return verb;
    }

    private async Task<(string? Text, string Origin)> HardwareAsync(CancellationToken cancellationToken) =>
        context.InitMachine.Read($"{EtcNixos}/hardware-configuration.nix") is { } present ? (present, "copied")
        : await context.InitMachine.ShowHardwareAsync(cancellationToken) is { } generated ? (generated, "generated")
        : (null, "missing");
}
