using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reconciler.Configuration;
using Reconciler.Tests.Golden;
using Xunit;

namespace Reconciler.Tests.Configuration;

public sealed class ConfigurationSchemaTests
{
    private const string Full = """
        {"repository": {"remotes": [{"url": "/x"}]}, "maintenance": {"windows": [{"opens": "02:00", "length": "1h"}]},
         "reboot": {"windows": [{"opens": "02:00", "length": "1h"}]},
          "notifications": {"channels": [{"url": "https://a.b/c"}]}}
        """;

    private static readonly JsonObject Schema = JsonNode.Parse(ConfigurationSchema.Open())!.AsObject();

    [Fact]
    public void Schema_AndParser_KnowTheSameKeys()
    {
        var context = new SettingsContext();
        ConfigurationParser.Parse(Encoding.UTF8.GetBytes(Full), "web1", context);

        var published = Keys(Schema, "$").Select(key => key.Path).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(published.Except(context.Keys));
        Assert.Empty(context.Keys.Except(published));
    }

    [Fact]
    public void Schema_AndParser_HaveTheSameDefaults()
    {
        var explicitly = new JsonObject { ["repository"] = new JsonObject { ["url"] = "/x" } };
        foreach (var (path, schema) in Keys(Schema, "$").Where(key => key.Schema.ContainsKey("default") && !key.Path.Contains("[]", StringComparison.Ordinal)))
        {
            var steps = path.Split('.')[1..];
            var place = explicitly;
            foreach (var step in steps[..^1])
            {
                place[step] ??= new JsonObject();
                place = place[step]!.AsObject();
            }

            place[steps[^1]] = schema["default"]?.DeepClone();
        }

        Assert.Equal(Dump("""{"repository": {"url": "/x"}}"""), Dump(explicitly.ToJsonString()));
    }

    [Fact]
    public void Schema_SaysEveryDefaultThatIsFixed()
    {
        // These depend on the host, or have no value unless written.
        string[] without =
        [
            "$.$schema", "$.host", "$.repository.url", "$.repository.remotes", "$.repository.testingBranch", "$.build.flakeAttribute",
            "$.repository.signatures.allowedSignersFile", "$.repository.signatures.keyringFile", "$.repository.remotes[].name", "$.repository.remotes[].url",
            "$.repository.remotes[].tokenFile", "$.repository.remotes[].username", "$.repository.remotes[].sshKeyFile", "$.repository.remotes[].knownHostsFile",
            "$.reboot.windows", "$.reboot.windows[].opens", "$.reboot.windows[].length",
            "$.maintenance.windows[].opens", "$.maintenance.windows[].length", "$.forge.repository", "$.forge.api", "$.forge.tokenFile", "$.forge.app.id",
            "$.forge.app.privateKeyFile", "$.webhook.publicAddress", "$.notifications.channels[].name", "$.notifications.channels[].url",
            "$.notifications.channels[].urlFile", "$.notifications.channels[].room", "$.notifications.channels[].tokenFile", "$.notifications.channels[].secretFile",
            "$.notifications.channels[].events", "$.traces.endpoint", "$.traces.headersFile",
        ];

        var silent = Keys(Schema, "$").Where(key => !key.Schema.ContainsKey("default") && !key.Schema.ContainsKey("properties")).Select(key => key.Path);
        Assert.Equal(without.Order(StringComparer.Ordinal), silent.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Document_IsMadeFromTheSchema()
    {
        var text = new StringBuilder("""
            # Configuration

            <!-- Made from config.schema.json by ConfigurationSchemaTests: UPDATE_GOLDEN=1 writes it anew. -->

            One JSON file, `/etc/reconciler/config.json` unless `--config` says otherwise; comments and trailing commas are allowed. Only the
            repository must be named:

            ```json
            { "repository": { "url": "https://git.example.org/fleet.git" } }
            ```

            `reconciler check-config [file]` tells every error at once, each with its place. Unknown keys are errors. Durations are written `90s`,
            `5m`, `1h30m`; sizes `512MiB`, `1GiB`. Secrets are never written here, only the files that hold them.

            """);
        text.Replace("\r", "");
        text.Append("\n| setting | default | meaning |\n|---|---|---|\n");
        foreach (var (path, schema) in Keys(Schema, "$").Where(key => key.Path != "$.$schema" && !key.Schema.ContainsKey("properties")))
        {
            var fallback = schema.TryGetPropertyValue("default", out var value) ? $"`{value?.ToJsonString() ?? "null"}`" : "";
            text.Append($"| `{path[2..]}` | {fallback.Replace("\"", "", StringComparison.Ordinal)} | {schema["description"]}{Choices(schema)} |\n");
        }

        GoldenText.CheckFile(Path.Combine(GoldenText.RepositoryRoot, "docs", "configuration.md"), text.ToString());
    }

    private static string Choices(JsonObject schema) => schema["enum"] is JsonArray words
        ? $" One of {string.Join(", ", words.Select(word => $"`{word}`"))}."
        : schema["minimum"] is { } least ? $" {least} to {schema["maximum"]}." : "";

    private static IEnumerable<(string Path, JsonObject Schema)> Keys(JsonObject schema, string path)
    {
        foreach (var (name, node) in schema["properties"]?.AsObject() ?? [])
        {
            var property = node!.AsObject();
            var here = $"{path}.{name}";
            yield return (here, property);
            var inside = property["items"] is JsonObject items ? Keys(items, $"{here}[]") : Keys(property, here);
            foreach (var key in inside)
            {
                yield return key;
            }
        }
    }

    private static string Dump(string json) => ConfigurationParser.Parse(Encoding.UTF8.GetBytes(json), "web1") switch
    {
        ConfigurationOutcome.Valid valid => JsonSerializer.Serialize(valid.Configuration),
        ConfigurationOutcome.Invalid invalid => string.Join('\n', invalid.Errors),
        _ => "",
    };
}
