using System.Collections.Immutable;
using System.Text;
using Reconciler.Configuration;
using Xunit;

namespace Reconciler.Tests.Configuration;

public sealed class ConfigurationParserTests
{
    [Fact]
    public void Parse_FillsInAllDefaults_WhenOnlyTheRepositoryIsNamed()
    {
        var configuration = Valid("""{"repository": {"url": "https://git.example.org/fleet.git"}}""");

        Assert.Equal("web1", configuration.Host.ToString());
        var remote = Assert.Single(configuration.Repository.Remotes);
        Assert.Equal(("origin", "https://git.example.org/fleet.git", true), (remote.Name, remote.Url.Text, remote.Push));
        Assert.Equal(("main", "testing-web1"), (configuration.Repository.Branch, configuration.Repository.TestingBranch));
        Assert.Equal("web1", configuration.Build.FlakeAttribute);
        Assert.Equal(TimeSpan.FromMinutes(5), configuration.Trial.Window);
        Assert.Equal(1L << 30, configuration.Preflight.MinimumStoreFree);
        Assert.Equal("/run/reconciler/control.sock", configuration.Control.Socket);
    }

    [Fact]
    public void Parse_AllowsCommentsTrailingCommasAndAByteOrderMark()
    {
        var text = "\uFEFF// ours\n{\"repository\": {\"url\": \"/srv/fleet.git\", /* x */ },}";

        Assert.Equal(RemoteTransport.Path, Valid(text).Repository.Remotes[0].Url.Transport);
    }

    [Theory]
    [InlineData("""{"repository": {"url": "/srv/\ud800"}}""")]
    [InlineData("""{"repository": {"url": "/srv/x", "\udc00": 1}}""")]
    [InlineData("""{"repository": {"url": "/x"}, "checks": [{"name": "\ud800", "type": "failedUnits"}]}""")]
    public void Parse_SaysThatTextIsNone(string json) => Assert.Contains("UTF-8", Assert.Single(Errors(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_SaysThatAFileOfAnotherEncodingIsNotUtf8() => Assert.Contains(
        "UTF-8",
        Assert.Single(Assert.IsType<ConfigurationOutcome.Invalid>(
            ConfigurationParser.Parse(Encoding.Latin1.GetBytes("""{"repository": {"url": "/srv/größe"}}"""), "web1")).Errors).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Parse_TellsEveryErrorAtOnce()
    {
        var errors = Errors("""{"repository": {"remotes": [{"url": "ftp://x/y"}], "branch": 5}, "trial": {"window": "5"}, "drfit": {}}""");

        Assert.Equal(
            ["$.repository.branch", "$.repository.remotes[0].url", "$.trial.window", "$.drfit"],
            errors.Select(error => error.Path));
    }

    [Fact]
    public void Parse_NeverQuotesASecret()
    {
        var errors = Errors("""{"repository": {"url": "https://me:hunter2@git.example.org/fleet.git"}}""");

        Assert.DoesNotContain(errors, error => error.ToString().Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_ReadsWindowsInTheirZone()
    {
        var window = Assert.Single(Valid(With("""{"maintenance": {"windows": [{"days": ["monday", "sunday"], "opens": "02:00", "length": "2h", "zone": "Europe/Berlin"}]}}""")).Maintenance.Windows);

        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Sunday], window.Days);
        Assert.Equal((new TimeOnly(2, 0), TimeSpan.FromHours(2), "Europe/Berlin"), (window.Opens, window.Length, window.Zone.Id));
    }

    [Theory]
    [InlineData("""{"repository": {"url": "/x", "testingBranch": null}}""")]
    [InlineData("""{"repository": {"url": "git@github.com:me/fleet.git"}}""")]
    [InlineData("""{"repository": {"url": "ssh://git@git.example.org:2222/fleet.git"}}""")]
    [InlineData("""{"repository": {"url": "file:///srv/fleet.git"}}""")]
    [InlineData("""{"repository": {"remotes": [{"url": "http://10.0.0.1/fleet.git", "allowInsecure": true}]}}""")]
    [InlineData("""{"repository": {"remotes": [{"url": "https://a/b", "tokenFile": "/run/secrets/t", "username": "me"}, {"url": "git@a:b", "sshKeyFile": "/k"}]}}""")]
    [InlineData("""{"repository": {"url": "/x"}, "control": {"group": null}}""")]
    [InlineData("""{"repository": {"url": "/x"}, "host": "db-2"}""")]
    [InlineData("""{"repository": {"url": "/x"}, "trial": {"warmUp": "0s", "window": "1m30s", "interval": "500ms", "laterInterval": "1s"}, "$schema": "x"}""", false)]
    public void Parse_AcceptsWhatIsSound(string json, bool sound = true) => Assert.Equal(sound, Parse(json) is ConfigurationOutcome.Valid);

    [Theory]

    // the file as a whole
    [InlineData("", "$", "is not JSON at line 1, column 1; look for a missing comma, quote or bracket just before")]
    [InlineData("{\n  \"a\" 1}", "$", "is not JSON at line 2, column 7; look for a missing comma, quote or bracket just before")]
    [InlineData("[]", "$", "must be an object {…}, and is a list")]
    [InlineData("{}", "$.repository.url", "is required: the address of the repository, such as \"https://git.example.org/fleet.git\"")]
    [InlineData("""{"repository": "https://x/y"}""", "$.repository", "must be an object {…}, and is text")]
    [InlineData("""{"repository": {"url": "/x", "url": "/y"}}""", "$.repository.url", "is written twice; keep one")]
    [InlineData("""{"repository": {"url": "/x"}, "Trial": {}}""", "$.Trial", "is not a known setting; did you mean \"trial\"?")]
    [InlineData("""{"repository": {"url": "/x", "pollIntervall": "1m"}}""", "$.repository.pollIntervall", "is not a known setting; did you mean \"pollInterval\"?")]
    [InlineData("""{"repository": {"url": "/x"}, "drift": {"xyz": 1}}""", "$.drift.xyz", "is not a known setting; known here: repair")]
    [InlineData("""{"repository": {"url": "/x"}, "a'\u001b": 1}""", "$['a??']", "is not a known setting; known here: $schema, build, checks, control, drift, forge, generations, host, log, maintenance, notifications, page, paths, preflight, reboot, repository, traces, trial, webhook")]
    [InlineData("""{"repository": {"url": "/x"}, "host": "web 1"}""", "$.host", "must be 1 to 63 letters, digits, '-' or '_', beginning with a letter or digit")]
    [InlineData("""{"repository": {"url": "/x"}, "host": null}""", "$.host", "must be text, and is null")]

    // remotes
    [InlineData("""{"repository": {"remotes": []}}""", "$.repository.remotes", "must name at least one remote")]
    [InlineData("""{"repository": {"remotes": ["/x"]}}""", "$.repository.remotes[0]", "must be an object {…}, and is text")]
    [InlineData("""{"repository": {"remotes": {"url": "/x"}}}""", "$.repository.remotes", "must be a list of objects […], and is an object")]
    [InlineData("""{"repository": {"remotes": [{"name": "a"}]}}""", "$.repository.remotes[0].url", "is required: the address of the repository, such as \"https://git.example.org/fleet.git\"")]
    [InlineData("""{"repository": {"url": "/x", "remotes": [{"url": "/y"}]}}""", "$.repository.url", "is the short form for a single remote; keep either it or remotes")]
    [InlineData("""{"repository": {"remotes": [{"name": "a", "url": "/x"}, {"name": "a", "url": "/y"}]}}""", "$.repository.remotes[1].name", "is the name of a remote above, too; names must differ")]
    [InlineData("""{"repository": {"remotes": [{"name": "-a", "url": "/x"}]}}""", "$.repository.remotes[0].name", "must be 1 to 63 letters, digits, '-' or '_', beginning with a letter or digit")]
    [InlineData("""{"repository": {"url": ""}}""", "$.repository.url", "must not be empty; leave it out for the default")]
    [InlineData("""{"repository": {"url": "fleet.git"}}""", "$.repository.url", "is not an address: use https://…, ssh://…, git@host:path, or an absolute path")]
    [InlineData("""{"repository": {"url": "ext::sh -c x"}}""", "$.repository.url", "must hold no white space and must not begin with '-'")]
    [InlineData("""{"repository": {"url": "ext::sh"}}""", "$.repository.url", "is not an address: use https://…, ssh://…, git@host:path, or an absolute path")]
    [InlineData("""{"repository": {"url": "--upload-pack=x"}}""", "$.repository.url", "must hold no white space and must not begin with '-'")]
    [InlineData("""{"repository": {"url": "ssh://-oProxyCommand=x/y"}}""", "$.repository.url", "is not a valid address")]
    [InlineData("""{"repository": {"url": "git@-oProxyCommand:x"}}""", "$.repository.url", "is not an address: use https://…, ssh://…, git@host:path, or an absolute path")]
    [InlineData("""{"repository": {"url": "ftp://a/b"}}""", "$.repository.url", "has a scheme that is not supported: use https://, ssh://, git@host:path, file:// or an absolute path")]
    [InlineData("""{"repository": {"url": "https://a:b@c/d"}}""", "$.repository.url", "holds a password: put it into a file that only root can read and name that file in tokenFile")]
    [InlineData("""{"repository": {"url": "ssh://a:b@c/d"}}""", "$.repository.url", "holds a password: put it into a file that only root can read and name that file in tokenFile")]
    [InlineData("""{"repository": {"url": "https://token@c/d"}}""", "$.repository.url", "must not name a user: use username, and a token in the file named by tokenFile")]
    [InlineData("""{"repository": {"url": "a:b@c:d"}}""", "$.repository.url", "may hold a password: write user@host:path, and use sshKeyFile")]
    [InlineData("""{"repository": {"url": "https://a/b?token=c"}}""", "$.repository.url", "must have no '?' and no '#'; a token belongs in the file named by tokenFile")]
    [InlineData("""{"repository": {"url": "http://a/b"}}""", "$.repository.url", "is not encrypted, so anyone on the way can choose what this host runs: use https or ssh, or set allowInsecure on an entry of remotes")]
    [InlineData("""{"repository": {"remotes": [{"url": "git://a/b"}]}}""", "$.repository.remotes[0].url", "is not encrypted, so anyone on the way can choose what this host runs: use https or ssh, or set allowInsecure")]
    [InlineData("""{"repository": {"remotes": [{"url": "http://a/b", "allowInsecure": true, "tokenFile": "/t"}]}}""", "$.repository.remotes[0].tokenFile", "would send the token unencrypted: use https")]
    [InlineData("""{"repository": {"remotes": [{"url": "git@a:b", "tokenFile": "/t"}]}}""", "$.repository.remotes[0].tokenFile", "is for https addresses; ssh wants sshKeyFile, and a path wants neither")]
    [InlineData("""{"repository": {"remotes": [{"url": "https://a/b", "sshKeyFile": "/t"}]}}""", "$.repository.remotes[0].sshKeyFile", "is for ssh addresses only")]
    [InlineData("""{"repository": {"remotes": [{"url": "https://a/b", "username": "u"}]}}""", "$.repository.remotes[0].username", "is of no use without tokenFile")]
    [InlineData("""{"repository": {"remotes": [{"url": "https://a/b", "tokenFile": "t"}]}}""", "$.repository.remotes[0].tokenFile", "must be an absolute path without \"..\"")]
    [InlineData("""{"repository": {"remotes": [{"url": "https://a/b", "token": "t"}]}}""", "$.repository.remotes[0].token", "is not a known setting; did you mean \"tokenFile\"?")]
    [InlineData("""{"repository": {"url": "/x", "branch": "a..b"}}""", "$.repository.branch", "must be the name of a branch, such as \"main\"")]
    [InlineData("""{"repository": {"url": "/x", "branch": "-x"}}""", "$.repository.branch", "must be the name of a branch, such as \"main\"")]
    [InlineData("""{"repository": {"url": "/x", "testingBranch": "main"}}""", "$.repository.testingBranch", "must not be the same as branch; write null for none")]
    [InlineData("""{"repository": {"url": "/x", "pollInterval": "1s"}}""", "$.repository.pollInterval", "must be from 5s to 1d")]
    [InlineData("""{"repository": {"url": "/x", "signatures": {"required": true}}}""", "$.repository.signatures.required", "is true, and no signer is known: set allowedSignersFile (ssh keys) or keyringFile (OpenPGP)")]
    [InlineData("""{"repository": {"url": "/x", "submodules": "yes"}}""", "$.repository.submodules", "must be true or false, and is text")]

    // the other sections
    [InlineData("""{"repository": {"url": "/x"}, "build": {"kind": "flakes"}}""", "$.build.kind", "must be one of \"auto\", \"flake\", \"plain\"; did you mean \"flake\"?")]
    [InlineData("""{"repository": {"url": "/x"}, "build": {"file": "../x.nix"}}""", "$.build.file", "must be a path inside the repository, such as \"hosts/web1/configuration.nix\"")]
    [InlineData("""{"repository": {"url": "/x"}, "build": {"flakeAttribute": "a b"}}""", "$.build.flakeAttribute", "must be the name of an attribute of nixosConfigurations: letters, digits, '-' and '_'")]
    [InlineData("""{"repository": {"url": "/x"}, "build": {"extraArguments": "--show-trace"}}""", "$.build.extraArguments", "must be a list of texts […], and is text")]
    [InlineData("""{"repository": {"url": "/x"}, "build": {"extraArguments": ["switch"]}}""", "$.build.extraArguments", "must begin with an option, such as \"--option\"; one list entry is one argument")]
    [InlineData("""{"repository": {"url": "/x"}, "build": {"extraArguments": [1]}}""", "$.build.extraArguments[0]", "must be text, and is a number")]
    [InlineData("""{"repository": {"url": "/x"}, "build": {"timeout": 7200}}""", "$.build.timeout", "must be a duration with its unit, such as \"30s\" or \"5m\"")]
    [InlineData("""{"repository": {"url": "/x"}, "build": {"timeout": "2 hours"}}""", "$.build.timeout", "must be a duration such as \"90s\", \"5m\" or \"1h30m\"")]
    [InlineData("""{"repository": {"url": "/x"}, "build": {"timeout": "30m1h"}}""", "$.build.timeout", "must be a duration such as \"90s\", \"5m\" or \"1h30m\"")]
    [InlineData("""{"repository": {"url": "/x"}, "preflight": {"minimumStoreFree": "1GB"}}""", "$.preflight.minimumStoreFree", "must be a size such as \"512MiB\" or \"1GiB\" (B, KiB, MiB, GiB, TiB)")]
    [InlineData("""{"repository": {"url": "/x"}, "preflight": {"minimumBootFree": 1024}}""", "$.preflight.minimumBootFree", "must be a size such as \"512MiB\" or \"1GiB\" (B, KiB, MiB, GiB, TiB)")]
    [InlineData("""{"repository": {"url": "/x"}, "trial": {"window": "20s"}}""", "$.trial.window", "is too short for a trial to pass: it must be longer than warmUp + successStreak × interval, which is 20s")]
    [InlineData("""{"repository": {"url": "/x"}, "trial": {"minimum": "10m"}}""", "$.trial.window", "must be longer than minimum, which is 10m")]
    [InlineData("""{"repository": {"url": "/x"}, "trial": {"laterInterval": "1s"}}""", "$.trial.laterInterval", "must not be shorter than interval, which is 5s")]
    [InlineData("""{"repository": {"url": "/x"}, "trial": {"successStreak": 0}}""", "$.trial.successStreak", "must be a whole number from 1 to 1000")]
    [InlineData("""{"repository": {"url": "/x"}, "trial": {"failureLimit": 1.5}}""", "$.trial.failureLimit", "must be a whole number from 1 to 1000")]
    [InlineData("""{"repository": {"url": "/x"}, "trial": {"failureLimit": "3"}}""", "$.trial.failureLimit", "must be a whole number, and is text")]
    [InlineData("""{"repository": {"url": "/x"}, "maintenance": {"windows": [{"length": "2h"}]}}""", "$.maintenance.windows[0].opens", "is required: a time of day such as \"02:00\"")]
    [InlineData("""{"repository": {"url": "/x"}, "maintenance": {"windows": [{"opens": "02:00"}]}}""", "$.maintenance.windows[0].length", "is required: a duration such as \"2h\"")]
    [InlineData("""{"repository": {"url": "/x"}, "maintenance": {"windows": [{"opens": "2am", "length": "2h"}]}}""", "$.maintenance.windows[0].opens", "must be a time of day such as \"02:00\"")]
    [InlineData("""{"repository": {"url": "/x"}, "maintenance": {"windows": [{"opens": "02:00", "length": "25h"}]}}""", "$.maintenance.windows[0].length", "must be from 1m to 1d")]
    [InlineData("""{"repository": {"url": "/x"}, "maintenance": {"windows": [{"opens": "02:00", "length": "2h", "zone": "Berlin"}]}}""", "$.maintenance.windows[0].zone", "is not a time zone this machine knows; write an IANA name such as \"Europe/Berlin\", or \"UTC\"")]
    [InlineData("""{"repository": {"url": "/x"}, "maintenance": {"windows": [{"opens": "02:00", "length": "2h", "days": ["mon"]}]}}""", "$.maintenance.windows[0].days", "must be one of \"sunday\", \"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \"saturday\"; did you mean \"monday\"?")]
    [InlineData("""{"repository": {"url": "/x"}, "generations": {"keep": 1}}""", "$.generations.keep", "must be a whole number from 2 to 1000")]
    [InlineData("""{"repository": {"url": "/x"}, "paths": {"state": "state"}}""", "$.paths.state", "must be an absolute path without \"..\"")]
    [InlineData("""{"repository": {"url": "/x"}, "paths": {"state": "/var/../etc"}}""", "$.paths.state", "must be an absolute path without \"..\"")]
    [InlineData("""{"repository": {"url": "/x"}, "control": {"group": "a b"}}""", "$.control.group", "must be the name of a group, or null for root only")]
    [InlineData("""{"repository": {"url": "/x"}, "checks": [{"name": "web", "type": "unit"}]}""", "$.checks[0].unit", "is missing")]
    [InlineData("""{"repository": {"url": "/x"}, "log": {"level": "info"}}""", "$.log.level", "must be one of \"debug\", \"information\", \"warning\", \"error\"; did you mean \"information\"?")]
    [InlineData("""{"repository": {"url": "/x"}, "notifications": {"channels": [{}]}}""", "$.notifications.channels[0].url", "or urlFile is required, and only one of them: where word is to be sent")]
    [InlineData("""{"repository": {"url": "/x"}, "notifications": {"channels": [{"url": "http://example.org/x"}]}}""", "$.notifications.channels[0].url", "must be an https address without a password in it, such as \"https://ntfy.example.org/hosts\"; http goes only to this machine")]
    [InlineData("""{"repository": {"url": "/x"}, "notifications": {"channels": [{"url": "https://u:p@example.org/x"}]}}""", "$.notifications.channels[0].url", "must be an https address without a password in it, such as \"https://ntfy.example.org/hosts\"; http goes only to this machine")]
    [InlineData("""{"repository": {"url": "/x"}, "notifications": {"channels": [{"kind": "matrix", "url": "https://m.example.org"}]}}""", "$.notifications.channels[0].room", "and tokenFile are required for matrix: the room's id, such as \"!abc:example.org\", and a file with an access token")]
    [InlineData("""{"repository": {"url": "/x"}, "notifications": {"channels": [{"url": "https://a.b/c"}, {"url": "https://a.b/c"}]}}""", "$.notifications.channels[1].name", "is the name of a channel above, too; names must differ")]
    [InlineData("""{"repository": {"url": "/x"}, "notifications": {"channels": [{"url": "https://a.b/c", "events": ["rolledback"]}]}}""", "$.notifications.channels[0].events", "must be one of \"failed\", \"rolledBack\", \"needsOperator\", \"recovered\", \"held\"; did you mean \"rolledBack\"?")]
    [InlineData("""{"repository": {"url": "/x"}, "notifications": {"channels": [{"kind": "slack", "url": "https://a.b/c", "secretFile": "/s"}]}}""", "$.notifications.channels[0].secretFile", "is for webhooks; others are not signed")]
    [InlineData("""{"repository": {"url": "/x"}, "traces": {"endpoint": "http://collector.example.org:4318"}}""", "$.traces.endpoint", "must be an https address without a password in it and without /v1/traces, such as \"https://collector.example.org:4318\"; http goes only to this machine")]
    [InlineData("""{"repository": {"url": "/x"}, "traces": {"endpoint": "https://c.example.org/v1/traces"}}""", "$.traces.endpoint", "must be an https address without a password in it and without /v1/traces, such as \"https://collector.example.org:4318\"; http goes only to this machine")]
    [InlineData("""{"repository": {"url": "/x"}, "traces": {"endpoint": "https://u:p@c.example.org"}}""", "$.traces.endpoint", "must be an https address without a password in it and without /v1/traces, such as \"https://collector.example.org:4318\"; http goes only to this machine")]
    [InlineData("""{"repository": {"url": "/x"}, "traces": {"endpoint": "https://c.example.org/?a=b"}}""", "$.traces.endpoint", "must be an https address without a password in it and without /v1/traces, such as \"https://collector.example.org:4318\"; http goes only to this machine")]
    [InlineData("""{"repository": {"url": "/x"}, "traces": {"endpoint": "grpc://localhost:4317"}}""", "$.traces.endpoint", "must be an https address without a password in it and without /v1/traces, such as \"https://collector.example.org:4318\"; http goes only to this machine")]
    [InlineData("""{"repository": {"url": "/x"}, "traces": {"headersFile": "/run/secrets/otlp"}}""", "$.traces.endpoint", "is required with headersFile: where the collector takes traces")]
    public void Parse_NamesCauseAndCure(string json, string path, string message)
    {
        var error = Assert.Single(Errors(json));

        Assert.Equal((path, message), (error.Path, error.Message));
    }

    [Fact]
    public void Parse_AsksForTheHost_WhenTheMachineHasNoName()
    {
        var outcome = ConfigurationParser.Parse("""{"repository": {"url": "/x"}}"""u8.ToArray(), machineName: null);

        Assert.Equal("$.host", Assert.Single(Assert.IsType<ConfigurationOutcome.Invalid>(outcome).Errors).Path);
    }

    private static string With(string json) => json.Insert(1, "\"repository\": {\"url\": \"/x\"}, ");

    private static ConfigurationOutcome Parse(string json) => ConfigurationParser.Parse(Encoding.UTF8.GetBytes(json), "web1");

    private static HostConfiguration Valid(string json) => Parse(json) switch
    {
        ConfigurationOutcome.Valid valid => valid.Configuration,
        ConfigurationOutcome.Invalid invalid => throw new InvalidOperationException(string.Join('\n', invalid.Errors)),
        _ => throw new InvalidOperationException(),
    };

    private static ImmutableArray<ConfigurationError> Errors(string json) => Assert.IsType<ConfigurationOutcome.Invalid>(Parse(json)).Errors;
}
