using System.Diagnostics;
using Reconciler.Adapters.Processes;

namespace Reconciler.Adapters.Git;

/// <summary>Runs the git program in a safe environment, see <see cref="GitEnvironment"/>. Everything it gives back is free of secrets.</summary>
internal sealed class GitProgram(IProcessRunner runner, GitRepositorySettings settings)
{
    /// <summary>The repository's settings.</summary>
    public GitRepositorySettings Settings { get; } = settings;

    /// <summary>Runs one command. Trouble is an outcome; only cancellation is thrown.</summary>
    /// <remarks>Put <c>--</c> before anything that comes from outside, and give the remote's address as <see cref="AddressOf"/> says it.</remarks>
    public async Task<GitOutcome> RunAsync(GitCommand command, CancellationToken cancellationToken)
    {
        GitAddress? address = null;
        GitSecret? secret = null;
        if (command.Remote is { } remote)
        {
            if (!GitAddress.TryParse(remote.Url, out address, out var fault))
            {
                return new GitOutcome.NotRun(fault);
            }

            (secret, fault) = GitSecret.Read(remote, address);
            fault ??= address.Transport == GitTransport.Ssh ? GitEnvironment.FaultOf(remote, Settings.SshProgram) : null;
            if (fault is null && command.MovedTo is { } moved)
            {
                fault = GitAddress.TryParse(moved, out var found, out var why) ? null : why;
                fault ??= secret is null || found!.HasOriginOf(address) ? null : $"{address} leads to another host, which must not be told its secret";
                address = found ?? address;
            }

            if (fault is not null)
            {
                return new GitOutcome.NotRun(fault);
            }
        }

        var request = new ProcessRequest(Settings.Program, command.Arguments)
        {
            Environment = GitEnvironment.Of(command, address, secret, Settings.SshProgram, address is { Transport: GitTransport.Path } ? OtherSide() : null),
            WorkingDirectory = command.WorkingDirectory,
            Timeout = command.Timeout,
            Input = command.Input,
            OnLine = command.OnLine is { } onLine ? line => onLine(line with { Text = Clean(line.Text, secret) }) : null,
            KeepCharacters = command.KeepCharacters,
        };
        return await runner.RunAsync(request, cancellationToken) switch
        {
            ProcessOutcome.Exited { Code: 0 } e => new GitOutcome.Succeeded(Clean(e.Output, secret), GitAddress.Mask(Clean(e.Error, secret))),
            ProcessOutcome.Exited e => new GitOutcome.Exited(e.Code, Clean(e.Output, secret), GitAddress.Mask(Clean(e.Error, secret))),
            ProcessOutcome.TimedOut t => new GitOutcome.TimedOut(t.Limit, GitAddress.Mask(Clean(t.Error, secret))),
            ProcessOutcome.NotStarted n => new GitOutcome.NotRun($"the git program '{Settings.Program}' could not be started: {n.Detail}"),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>A remote's address in the form git is to be given; throws for one that <see cref="GitAddress.TryParse"/> refuses.</summary>
    /// <exception cref="ArgumentException">The address is no good.</exception>
    public static string AddressOf(GitRemoteSettings remote) =>
        GitAddress.TryParse(remote.Url, out var address, out var fault) ? address.Text : throw new ArgumentException(fault, nameof(remote));

    // git clears all but the global file of configuration for the other side of a path remote, which refuses a repository of
    // another owner unless told so. The path was configured by the operator.
    private string? OtherSide()
    {
        const string content = "[safe]\n\tdirectory = *\n";
        var file = Settings.MirrorPath + ".gitconfig";
        try
        {
            if (!File.Exists(file) || File.ReadAllText(file) != content)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, content);
            }

            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Clean(string text, GitSecret? secret) => secret is null ? text : secret.Redact(text);
}
