using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Configuration;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Configuration;

public sealed class HealthCheckJsonTests
{
    private static readonly SmallSchema Schema = new(JsonNode.Parse(SchemaText())!.AsObject());

    public static TheoryData<string> Good { get; } = new(
        """{"name": "web", "type": "unit", "unit": "nginx.service"}""",
        """{"name": "root", "type": "unit", "unit": "-.mount"}""",
        """{"name": "web", "type": "unit", "unit": "getty@tty1.service", "required": false, "timeout": "1m30s"}""",
        """{"name": "units", "type": "failedUnits"}""",
        """{"name": "units", "type": "failedUnits", "timeout": "500ms"}""",
        """{"name": "page", "type": "http", "url": "https://localhost:8443/health?deep=1"}""",
        """{"name": "page", "type": "http", "url": "http://[::1]/", "statuses": [200, 401], "bodyContains": "ok"}""",
        """{"name": "db", "type": "tcp", "host": "db.example.org", "port": 5432}""",
        """{"name": "db", "type": "tcp", "host": "::1", "port": 1}""",
        """{"name": "own", "type": "command", "command": ["/run/current-system/sw/bin/true"]}""",
        """{"name": "own", "type": "command", "command": ["check", "--deep", ""]}""",
        """{"name": "fix can come", "type": "repository", "timeout": "10m"}""");

    public static TheoryData<string, string> Bad { get; } = new()
    {
        { "1", "$.checks[0]: a check is an object, not a number" },
        { """{"type": "repository"}""", "$.checks[0].name: is missing" },
        { """{"name": "", "type": "repository"}""", "$.checks[0].name: is empty" },
        { """{"name": 7, "type": "repository"}""", "$.checks[0].name: a string is wanted, not a number" },
        { """{"name": "a\nb", "type": "repository"}""", "$.checks[0].name: a name has 1 to 100 characters" },
        { """{"name": " a", "type": "repository"}""", "$.checks[0].name: a name has 1 to 100 characters" },
        { """{"name": "a"}""", "$.checks[0].type: is missing" },
        { """{"name": "a", "type": "ping"}""", "$.checks[0].type: \"ping\" is not a type of check; known are \"command\", \"failedUnits\"" },
        { """{"name": "a", "type": "repository", "requird": false}""", "$.checks[0]: unknown key \"requird\"; a check of type \"repository\" knows name" },
        { """{"name": "a", "type": "repository", "unit": "x"}""", "$.checks[0]: unknown key \"unit\"" },
        { """{"name": "a", "type": "repository", "required": "yes"}""", "$.checks[0].required: true or false is wanted, not a string" },
        { """{"name": "a", "type": "repository", "timeout": 5}""", "$.checks[0].timeout: a string is wanted, not a number" },
        { """{"name": "a", "type": "repository", "timeout": "5"}""", "$.checks[0].timeout: \"5\" is not a length of time" },
        { """{"name": "a", "type": "repository", "timeout": "5s1m"}""", "$.checks[0].timeout: \"5s1m\" is not a length of time" },
        { """{"name": "a", "type": "repository", "timeout": "0s"}""", "$.checks[0].timeout: \"0s\" is out of range" },
        { """{"name": "a", "type": "unit"}""", "$.checks[0].unit: is missing" },
        { """{"name": "a", "type": "unit", "unit": "--version"}""", "$.checks[0].unit: \"--version\" is not the name of one unit" },
        { """{"name": "a", "type": "unit", "unit": "a b"}""", "$.checks[0].unit: \"a b\" is not the name of one unit" },
        { """{"name": "a", "type": "unit", "unit": "*.service"}""", "$.checks[0].unit: \"*.service\" is not the name of one unit" },
        { """{"name": "a", "type": "http"}""", "$.checks[0].url: is missing" },
        { """{"name": "a", "type": "http", "url": "/health"}""", "$.checks[0].url:" },
        { """{"name": "a", "type": "http", "url": "file:///etc/passwd"}""", "$.checks[0].url:" },
        { """{"name": "a", "type": "http", "url": "ftp://localhost/"}""", "$.checks[0].url: the scheme \"ftp\" is not allowed" },
        { """{"name": "a", "type": "http", "url": "http://me:secret@localhost/"}""", "$.checks[0].url: a user name or password" },
        { """{"name": "a", "type": "http", "url": "http://a/", "statuses": []}""", "$.checks[0].statuses: a list of at least one" },
        { """{"name": "a", "type": "http", "url": "http://a/", "statuses": [200, 99, "x"]}""", "$.checks[0].statuses[1]: a status code is a whole number" },
        { """{"name": "a", "type": "http", "url": "http://a/", "bodyContains": ""}""", "$.checks[0].bodyContains: is empty" },
        { """{"name": "a", "type": "tcp", "host": "a"}""", "$.checks[0].port: is missing" },
        { """{"name": "a", "type": "tcp", "host": "a b", "port": 1}""", "$.checks[0].host: \"a b\" is not a host name" },
        { """{"name": "a", "type": "tcp", "host": "a", "port": 65536}""", "$.checks[0].port: a whole number from 1 to 65535" },
        { """{"name": "a", "type": "tcp", "host": "a", "port": "80"}""", "$.checks[0].port: a whole number from 1 to 65535" },
        { """{"name": "a", "type": "command"}""", "$.checks[0].command: is missing" },
        { """{"name": "a", "type": "command", "command": []}""", "$.checks[0].command: is empty" },
        { """{"name": "a", "type": "command", "command": [" "]}""", "$.checks[0].command[0]: is empty" },
        { """{"name": "a", "type": "command", "command": "reboot now"}""", "$.checks[0].command: a list of the program and its arguments is wanted, not a string" },
        { """{"name": "a", "type": "command", "command": ["a", 1]}""", "$.checks[0].command[1]: a string is wanted, not a number" },
        { """{"name": "a", "type": "command", "command": ["a", "b\u0000c"]}""", "$.checks[0].command[1]: holds a character" },
    };

    [Theory]
    [MemberData(nameof(Good))]
    public void Parse_GoodCheck_IsReadAndFitsTheSchema(string check)
    {
        var (declaration, errors) = Parse($$"""{"checks": [{{check}}]}""");

        Assert.Empty(errors);
        Assert.Single(declaration.Checks);
        Assert.True(FitsSchema($$"""{"checks": [{{check}}]}"""));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Parse_BadCheck_SaysWhereAndWhyAndDoesNotFitTheSchema(string check, string error)
    {
        var (_, errors) = Parse($$"""{"checks": [{{check}}]}""");

        Assert.Contains(errors, e => e.StartsWith(error, StringComparison.Ordinal));
        Assert.False(FitsSchema($$"""{"checks": [{{check}}]}"""));
    }

    [Theory]
    [InlineData("""[]""", "$: an object with the key \"checks\" is wanted, not a list")]
    [InlineData("""{}""", "$.checks: is missing")]
    [InlineData("""{"checks": {}}""", "$.checks: a list of checks is wanted, not an object")]
    [InlineData("""{"checks": [], "chekcs": []}""", "$: unknown key \"chekcs\"; known are checks, retired")]
    [InlineData("""{"checks": [], "retired": "a"}""", "$.retired: a list of names is wanted, not a string")]
    [InlineData("""{"checks": [], "retired": ["a", 1]}""", "$.retired[1]: the name of a check is wanted")]
    public void ParseDeclaration_BadDocument_SaysWhereAndWhyAndDoesNotFitTheSchema(string document, string error)
    {
        var (_, errors) = Parse(document);

        Assert.Equal([error], errors);
        Assert.False(FitsSchema(document));
    }

    [Fact]
    public void Parse_AllFields_AreTaken()
    {
        var (declaration, _) = Parse("""
            {"checks": [
              {"name": "a", "type": "http", "url": "http://localhost/x", "statuses": [204], "bodyContains": "ok", "required": false, "timeout": "1m30s"},
              {"name": "b", "type": "tcp", "host": "localhost", "port": 22},
              {"name": "c", "type": "command", "command": ["p", "q"]},
              {"name": "d", "type": "unit", "unit": "u.service"}
            ], "retired": ["old"]}
            """);

        var http = Assert.IsType<HealthCheck.HttpAnswers>(declaration.Checks[0]);
        Assert.Equal(("a", false, TimeSpan.FromSeconds(90), "http://localhost/x", "ok"), (http.Name, http.Required, http.Timeout, http.Address.ToString(), http.BodyContains));
        Assert.Equal([204], http.Statuses);
        Assert.Equal(new HealthCheck.TcpConnects("b", true, TimeSpan.FromSeconds(5), "localhost", 22), declaration.Checks[1]);
        Assert.Equal(["p", "q"], Assert.IsType<HealthCheck.CommandSucceeds>(declaration.Checks[2]).Command);
        Assert.Equal(new HealthCheck.UnitIsActive("d", true, TimeSpan.FromSeconds(5), "u.service"), declaration.Checks[3]);
        Assert.Equal(["old"], declaration.Retired);
    }

    [Fact]
    public void Parse_ManyErrors_TellsAllAtOnce()
    {
        var (_, errors) = Parse("""
            {"checks": [
              {"name": "a", "type": "unit", "unit": "-x", "timeout": "soon"},
              {"name": "a", "type": "tcp", "port": 0},
              {"type": "nothing"}
            ], "extra": 1}
            """);

        Assert.Equal(
            ["$", "$.checks[0].timeout", "$.checks[0].unit", "$.checks[1].host", "$.checks[1].name", "$.checks[1].port", "$.checks[2].name", "$.checks[2].type"],
            errors.Select(error => error[..error.IndexOf(": ", StringComparison.Ordinal)]).Order(StringComparer.Ordinal));
        Assert.Contains("$.checks[1].name: \"a\" is already the name of $.checks[0]; names must differ", errors);
    }

    [Fact]
    public void ParseDeclaration_RetiredAndDeclared_IsRefused()
    {
        var (_, errors) = Parse("""{"checks": [{"name": "a", "type": "repository"}], "retired": ["a"]}""");

        Assert.Equal(["$.retired[0]: \"a\" is among the checks too; it is either declared or retired"], errors);
    }

    [Fact]
    public void Parse_HostileText_StaysOneBoundedLine()
    {
        var hostile = JsonSerializer.Serialize("\u001b[2J\n" + new string('x', 5000));

        var (_, errors) = Parse($$"""{"checks": [{"name": {{hostile}}, "type": {{hostile}}, {{hostile}}: 1}], {{hostile}}: 2}""");

        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.True(error.Length < 400 && !error.Any(char.IsControl), error));
    }

    [Fact]
    public void Parse_TooManyChecks_IsRefused()
    {
        var many = string.Join(",", Enumerable.Range(0, 101).Select(i => $$"""{"name": "{{i}}", "type": "repository"}"""));

        var (_, errors) = Parse($$"""{"checks": [{{many}}]}""");

        Assert.Equal(["$.checks: 101 checks, and at most 100 are allowed"], errors);
        Assert.False(FitsSchema($$"""{"checks": [{{many}}]}"""));
    }

    [Fact]
    public void Schema_TypesAndKeys_AreThoseOfTheParser()
    {
        // Each type of check the schema knows is one of the good examples above, and each good example fits: so the two lists agree.
        var types = JsonNode.Parse(SchemaText())!["$defs"]!["check"]!["properties"]!["type"]!["enum"]!.AsArray().Select(type => (string)type!);
        var shown = Good.Select(row => (string)JsonNode.Parse(row.Data)!["type"]!);

        Assert.Equal(types.Order(), shown.Distinct().Order());
    }

    private static (HealthDeclaration Declaration, ImmutableArray<string> Errors) Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var errors = new List<string>();
        return (HealthCheckJson.ParseDeclaration(document.RootElement, errors), [.. errors]);
    }

    private static bool FitsSchema(string json) => Schema.Fits(JsonNode.Parse(json));

    private static string SchemaText()
    {
        using var stream = typeof(HealthCheckJson).Assembly.GetManifestResourceStream("health.schema.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
