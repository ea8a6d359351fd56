using System.Collections.Immutable;
using Reconciler.Adapters.Git;
using Xunit;

namespace Reconciler.Tests.Adapters.Git;

public sealed class GitEnvironmentTests
{
    private static readonly GitRemoteSettings Ssh = new() { Name = "o", Url = "git@example.org:a", SshKeyFile = "/run/keys/deploy", KnownHostsFile = "/etc/known_hosts" };

    [Fact]
    public void Of_AllowsOnlyTheRemotesScheme()
    {
        var variables = For(Ssh);

        Assert.Equal("never", Value(variables, "protocol.allow"));
        Assert.Equal("always", Value(variables, "protocol.ssh.allow"));
        Assert.Null(Value(variables, "protocol.https.allow"));
        Assert.Equal(("1", "/dev/null", "0", "C"), (variables["GIT_CONFIG_NOSYSTEM"], variables["GIT_CONFIG_GLOBAL"], variables["GIT_TERMINAL_PROMPT"], variables["LC_ALL"]));
        Assert.Null(variables["GIT_SSH"]);
    }

    [Fact]
    public void Of_TellsSshItsFilesAndNothingElse()
    {
        var command = For(Ssh)["GIT_SSH_COMMAND"]!;

        foreach (var part in new[] { "-F none", "BatchMode=yes", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes", "-i /run/keys/deploy", "UserKnownHostsFile=/etc/known_hosts" })
        {
            Assert.Contains(part, command, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/run/keys/a b")]
    [InlineData("/run/keys/$(touch x)")]
    [InlineData("/run/keys/`x`")]
    [InlineData("/run/keys/a;b")]
    [InlineData("/run/keys/%h")]
    [InlineData("~/key")]
    [InlineData("key")]
    [InlineData("-oProxyCommand=x")]
    [InlineData("/k'y")]
    [InlineData("/key\n")]
    public void Of_RefusesFilesThatAShellOrSshWouldReadInItsOwnWay(string path)
    {
        Assert.NotNull(GitEnvironment.FaultOf(Ssh with { SshKeyFile = path }, "ssh"));
        Assert.NotNull(GitEnvironment.FaultOf(Ssh with { KnownHostsFile = path }, "ssh"));
        Assert.Throws<ArgumentException>(() => For(Ssh with { SshKeyFile = path }));
    }

    private static ImmutableDictionary<string, string?> For(GitRemoteSettings remote)
    {
        Assert.True(GitAddress.TryParse(remote.Url, out var address, out _));
        return GitEnvironment.Of(GitCommand.Of("fetch") with { Remote = remote }, address, null, "ssh", null);
    }

    private static string? Value(ImmutableDictionary<string, string?> variables, string key)
    {
        var name = variables.FirstOrDefault(v => v.Key.StartsWith("GIT_CONFIG_KEY_", StringComparison.Ordinal) && v.Value == key).Key;
        return name is null ? null : variables[name.Replace("_KEY_", "_VALUE_", StringComparison.Ordinal)];
    }
}
