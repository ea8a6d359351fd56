using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>The environment git runs in: no configuration but ours, no prompt, no hook, no scheme but the remote's. Pure.</summary>
internal static partial class GitEnvironment
{
    private static readonly ImmutableArray<string> Removed =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR",
        "GIT_NAMESPACE", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_SYSTEM", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "SSH_ASKPASS",
        "GIT_PROXY_COMMAND", "GIT_EXEC_PATH", "GIT_TEMPLATE_DIR", "GIT_TRACE", "GIT_TRACE_CURL", "GIT_TRACE_PACKET", "GIT_TRACE2",
        "GIT_TRACE2_EVENT", "GIT_TRACE2_PERF", "GIT_CURL_VERBOSE", "GIT_EXTERNAL_DIFF", "GIT_SSL_NO_VERIFY", "GIT_ALLOW_PROTOCOL",
        "GIT_PROTOCOL", "GIT_SHALLOW_FILE", "GIT_REPLACE_REF_BASE", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_PAGER", "XDG_CONFIG_HOME",
    ];

    private static readonly ImmutableArray<(string Key, string Value)> Safe =
    [
        ("fetch.unpackLimit", "1"), // everything stays in packs: libgit2 loops for ever on a truncated loose object
        ("transfer.fsckObjects", "true"),
        ("protocol.allow", "never"),
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("fetch.recurseSubmodules", "false"),
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
        ("core.filesRefLockTimeout", "1000"), // several remotes are fetched into one mirror at once
        ("core.packedRefsTimeout", "10000"),
        ("credential.helper", ""),
        ("safe.directory", "*"), // only the adapters choose the directories
        ("init.defaultBranch", "main"),
    ];

    /// <summary>The variables for a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="address">Its remote's address; null when it stays here.</param>
    /// <param name="secret">Its remote's secret; null for none.</param>
    /// <param name="sshProgram">The ssh program.</param>
    /// <param name="globalConfiguration">A file of configuration that git hands on to the other side of a path remote; null for none.</param>
    /// <exception cref="ArgumentException">The ssh program or a key file has a name that cannot be handed to ssh; see <see cref="FaultOf"/>.</exception>
    public static ImmutableDictionary<string, string?> Of(
        GitCommand command, GitAddress? address, GitSecret? secret, string sshProgram, string? globalConfiguration)
    {
        var variables = ImmutableDictionary.CreateBuilder<string, string?>();
        foreach (var name in Removed)
        {
            variables[name] = null;
        }

        variables["GIT_CONFIG_NOSYSTEM"] = "1";
        variables["GIT_CONFIG_GLOBAL"] = globalConfiguration ?? "/dev/null";
        variables["GIT_ATTR_NOSYSTEM"] = "1";
        variables["GIT_TERMINAL_PROMPT"] = "0";
        variables["GIT_NO_REPLACE_OBJECTS"] = "1";
        variables["GIT_NO_LAZY_FETCH"] = "1";
        variables["GIT_DEFAULT_REF_FORMAT"] = "files"; // our mirror's refs are read in-process
        variables["GIT_DEFAULT_HASH"] = "sha1";
        variables["LC_ALL"] = "C";
        if (command.GitDirectory is { } directory)
        {
            variables["GIT_DIR"] = directory;
        }

        if (address is { Transport: GitTransport.Ssh } || command.AlsoAllow.Contains("ssh"))
        {
            variables["GIT_SSH_COMMAND"] = SshCommand(command.Remote, sshProgram);
            variables["GIT_SSH_VARIANT"] = "ssh";
        }

        var configuration = Safe.AddRange(ForRemote(command, address, secret)).AddRange(command.Configuration);
        variables["GIT_CONFIG_COUNT"] = configuration.Length.ToString(CultureInfo.InvariantCulture);
        for (var i = 0; i < configuration.Length; i++)
        {
            variables[$"GIT_CONFIG_KEY_{i}"] = configuration[i].Key;
            variables[$"GIT_CONFIG_VALUE_{i}"] = configuration[i].Value;
        }

        return variables.ToImmutable().SetItems(command.Environment);
    }

    /// <summary>Why a remote's files cannot be handed to ssh; null when they can.</summary>
    public static string? FaultOf(GitRemoteSettings remote, string sshProgram) =>
        FaultOf("the ssh program", sshProgram, mustBeAbsolute: false)
        ?? FaultOf("the ssh key file", remote.SshKeyFile, mustBeAbsolute: true)
        ?? FaultOf("the known-hosts file", remote.KnownHostsFile, mustBeAbsolute: true);

    private static string? FaultOf(string what, string? path, bool mustBeAbsolute) =>
        path is null ? null
        : !PlainPath().IsMatch(path) ? $"{what} '{OneLine.Of(path, 200)}' has characters that ssh would read in its own way: use letters, digits and /._+@,:=-"
        : mustBeAbsolute && path[0] != '/' ? $"{what} '{path}' must be an absolute path"
        : null;

    // GIT_SSH_COMMAND passes a shell, and ssh reads its file options once more (blanks, '%', '~', '$'): plain paths only.
    private static string SshCommand(GitRemoteSettings? remote, string sshProgram)
    {
        if (FaultOf("the ssh program", sshProgram, mustBeAbsolute: false) is { } fault || (remote is not null && (fault = FaultOf(remote, sshProgram)) is not null))
        {
            throw new ArgumentException(fault);
        }

        List<string> words =
        [
            sshProgram, "-F", "none", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "UpdateHostKeys=no",
            "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15", "-o", "ClearAllForwardings=yes",
        ];
        if (remote?.SshKeyFile is { } key)
        {
            words.AddRange(["-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-i", key]);
        }

        if (remote?.KnownHostsFile is { } known)
        {
            words.AddRange(["-o", $"UserKnownHostsFile={known}", "-o", "GlobalKnownHostsFile=/dev/null"]);
        }

        return string.Join(' ', words);
    }

    private static IEnumerable<(string Key, string Value)> ForRemote(GitCommand command, GitAddress? address, GitSecret? secret)
    {
        foreach (var scheme in command.AlsoAllow)
        {
            yield return ($"protocol.{scheme}.allow", "always");
        }

        if (address is null)
        {
            yield break;
        }

        yield return ($"protocol.{address.Scheme}.allow", "always");
        if (address.Transport != GitTransport.Http)
        {
            yield break;
        }

        // git would send the header to wherever a redirect leads, so with a secret none is followed.
        yield return ("http.followRedirects", secret is null ? "initial" : "false");
        if (address.Scheme == "http" && secret is null)
        {
            yield return ("protocol.https.allow", "always"); // a redirect to TLS
        }

        if (secret is not null)
        {
            // Scoped to the origin: a submodule on another host must not be told.
            var origin = new Uri(address.Text).GetLeftPart(UriPartial.Authority);
            yield return ($"http.{origin}/.extraHeader", $"Authorization: {secret.Authorization}");
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9/_][A-Za-z0-9/._+@,:=-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainPath();
}
