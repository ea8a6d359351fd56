using System.Collections.Immutable;
using System.Text;
using Reconciler.Configuration;
using Xunit;

namespace Reconciler.Tests.Configuration;

public sealed class ForgeSettingsTests
{
    [Theory]
    [InlineData("https://github.com/acme/infra.git", "github", "acme/infra", "https://api.github.com/")]
    [InlineData("git@github.com:acme/infra.git", "github", "acme/infra", "https://api.github.com/")]
    [InlineData("https://git.example.org/acme/infra", "github", "acme/infra", "https://git.example.org/api/v3")]
    [InlineData("ssh://git@git.example.org:2222/acme/infra.git", "forgejo", "acme/infra", "https://git.example.org/api/v1")]
    [InlineData("https://gitlab.example.org:8443/group/sub/infra.git", "gitlab", "group/sub/infra", "https://gitlab.example.org:8443/api/v4")]
    public void Read_TakesFromTheRemoteWhatItTells(string remote, string kind, string repository, string api)
    {
        var forge = Valid($$$"""{"repository": {"url": "{{{remote}}}"}, "forge": {"kind": "{{{kind}}}", "tokenFile": "/run/t"}}""").Forge;

        Assert.Equal((repository, api), (forge.Repository, forge.Api!.AbsoluteUri));
    }

    [Fact]
    public void Read_PrefersWhatIsWritten()
    {
        var forge = Valid(
            """
            {"repository": {"url": "/srv/infra.git"}, "forge": {"kind": "github", "repository": "acme/infra", "api": "http://127.0.0.1:8080/",
             "app": {"id": "12345", "privateKeyFile": "/run/key.pem"}}}
            """).Forge;

        Assert.Equal(("acme/infra", "http://127.0.0.1:8080/"), (forge.Repository, forge.Api!.AbsoluteUri));
        Assert.Equal(new ForgeAppSettings(12345, "/run/key.pem"), forge.App);
    }

    [Theory]
    [InlineData("""{"kind": "github"}""", "$.forge.tokenFile", "is required: a file whose first line is a token, or set app for a GitHub App")]
    [InlineData("""{"kind": "gitlab"}""", "$.forge.tokenFile", "is required: a file whose first line is a token")]
    [InlineData("""{"kind": "gitlab", "app": {"id": "1", "privateKeyFile": "/k"}}""", "$.forge.app", "is for forge.kind \"github\" only; use tokenFile")]
    [InlineData("""{"kind": "github", "tokenFile": "/t", "app": {"id": "1", "privateKeyFile": "/k"}}""", "$.forge.tokenFile", "is one of two ways to sign in; keep either it or app")]
    [InlineData("""{"kind": "github", "app": {"id": "1"}}""", "$.forge.app.privateKeyFile", "is required for a GitHub App")]
    [InlineData("""{"kind": "github", "tokenFile": "/t", "repository": "infra"}""", "$.forge.repository", "must be the repository's path at the forge, such as \"acme/infra\"")]
    [InlineData("""{"kind": "github", "tokenFile": "/t", "api": "http://git.example.org/api/v3"}""", "$.forge.api", "must be an https address such as \"https://github.example.org/api/v3\"; http is accepted for this machine only")]
    [InlineData("""{"kind": "gitea", "tokenFile": "/t"}""", "$.forge.kind", "must be one of \"none\", \"github\", \"forgejo\", \"gitlab\"")]
    [InlineData("""{"kind": "github", "tokenFile": "/t", "plans": {"readable": ["/etc/nixos", "secrets"]}}""", "$.forge.plans.readable", "must hold absolute paths, such as \"/etc/nixos\", and holds \"secrets\"")]
    [InlineData("""{"kind": "github", "tokenFile": "/t", "plans": {"memoryLimit": "1MiB"}}""", "$.forge.plans.memoryLimit", "must be at least \"64MiB\"; evaluating a NixOS system takes about 1 GiB")]
    [InlineData("""{"kind": "github", "tokenFile": "/t", "labels": ["a\nb"]}""", "$.forge.labels", "must be at most 10 labels of 1 to 50 characters")]
    public void Read_NamesCauseAndCure(string forge, string path, string message)
    {
        var error = Assert.Single(Errors($$$"""{"repository": {"url": "https://github.com/acme/infra.git"}, "forge": {{{forge}}}}"""));

        Assert.Equal((path, message), (error.Path, error.Message));
    }

    [Fact]
    public void Read_AsksForWhatAPathDoesNotTell()
    {
        var errors = Errors("""{"repository": {"url": "/srv/infra.git"}, "forge": {"kind": "forgejo", "tokenFile": "/t"}}""");

        Assert.Equal(["$.forge.repository", "$.forge.api"], errors.Select(error => error.Path));
    }

    [Theory]
    [InlineData("""{"provider": "github"}""", "$.webhook.secretFiles", "is required: without a secret anybody could send webhooks")]
    [InlineData("""{"provider": "github", "secretFiles": ["/a", "/b", "/c"]}""", "$.webhook.secretFiles", "must be one or two files: the secret in use and, while it is being changed, the next")]
    [InlineData("""{"provider": "github", "secretFiles": ["secret"]}""", "$.webhook.secretFiles", "must be absolute paths without \"..\"")]
    [InlineData("""{"provider": "github", "secretFiles": ["/a"], "listen": "localhost"}""", "$.webhook.listen", "must be an address with its port, such as \"127.0.0.1:9180\", or a Unix socket, such as \"unix:/run/reconciler/webhook.sock\"")]
    [InlineData("""{"provider": "github", "secretFiles": ["/a"], "bodyLimit": "1GiB"}""", "$.webhook.bodyLimit", "must be from \"1KiB\" to \"32MiB\"")]
    [InlineData("""{"provider": "github", "secretFiles": ["/a"], "path": "/"}""", "$.webhook.path", "must be the path of a request, such as \"/hook\"")]
    [InlineData("""{"provider": "github", "secretFiles": ["/a"], "publicAddress": "hooks.example.org"}""", "$.webhook.publicAddress", "must be the address the forge sends to, such as \"https://hooks.example.org/hook\"")]
    [InlineData("""{"provider": "github", "secretFiles": ["/a"], "path": "hook"}""", "$.webhook.path", "must be the path of a request, such as \"/hook\"")]
    public void Webhook_NamesCauseAndCure(string webhook, string path, string message)
    {
        var error = Assert.Single(Errors($$$"""{"repository": {"url": "/x"}, "webhook": {{{webhook}}}}"""));

        Assert.Equal((path, message), (error.Path, error.Message));
    }

    [Theory]
    [InlineData("127.0.0.1:9180", "127.0.0.1:9180", null)]
    [InlineData("[::1]:80", "[::1]:80", null)]
    [InlineData("unix:/run/reconciler/webhook.sock", null, "/run/reconciler/webhook.sock")]
    public void Webhook_ListensOnAnAddressOrASocket(string listen, string? address, string? socket)
    {
        var webhook = Valid($$$"""{"repository": {"url": "/x"}, "webhook": {"provider": "generic", "secretFiles": ["/s"], "listen": "{{{listen}}}"}}""").Webhook;

        Assert.Equal((address, socket), (webhook.ListenOn().Address?.ToString(), webhook.ListenOn().Socket));
    }

    private static HostConfiguration Valid(string json) =>
        Assert.IsType<ConfigurationOutcome.Valid>(ConfigurationParser.Parse(Encoding.UTF8.GetBytes(json), "web1")).Configuration;

    private static ImmutableArray<ConfigurationError> Errors(string json) =>
        Assert.IsType<ConfigurationOutcome.Invalid>(ConfigurationParser.Parse(Encoding.UTF8.GetBytes(json), "web1")).Errors;
}
