using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reconciler.Configuration;
using Xunit;

namespace Reconciler.Tests.Architecture;

/// <summary>What a reader may copy from a page works: settings are read by the real parser, modules evaluated with the real module.</summary>
public sealed partial class SnippetTests
{
    private static readonly JsonDocumentOptions Lenience = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly JsonObject Schema = JsonNode.Parse(ConfigurationSchema.Open())!.AsObject();

    /// <summary>Every page with a block of JSON.</summary>
    public static TheoryData<string> JsonPages() => PagesWith("json");

    /// <summary>Every page with a block of Nix.</summary>
    public static TheoryData<string> NixPages() => PagesWith("nix");

    [Theory]
    [MemberData(nameof(JsonPages))]
    public void Json_IsWhatTheDaemonReads(string page) => Assert.Empty(Blocks(page, "json").SelectMany(ComplaintsOfJson));

    [Theory]
    [InlineData("""{ "trial": { "window": "5 minutes" } }""", "trial.window")]
    [InlineData("""{ "forge": { "token": "s3cret" } }""", "forge.token")]
    [InlineData("""{ "checks": [{ "name": "web", "type": "htpp" }], "retired": [] }""", "htpp")]
    [InlineData("""{ "forgee": { "kind": "github" } }""", "forgee")]
    public void ComplaintsOfJson_NameWhatIsWrong(string json, string part) => Assert.Contains(ComplaintsOfJson(json), complaint => complaint.Contains(part, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(NixPages))]
    public void Nix_IsWhatTheModuleTakes(string page)
    {
        Assert.SkipUnless(NixSnippets.CanEvaluate, "nix-instantiate is not here.");
        // The examples of the options' own page are values of one option, and come from the module.
        Assert.Empty(ComplaintsOfNix([.. Blocks(page, "nix").Where(block => page != "docs/module-options.md" || block.Contains("services.", StringComparison.Ordinal))]));
    }

    [Theory]
    [InlineData("services.reconciler.settings.trial.window = \"5 minutes\";", "trial.window")]
    [InlineData("services.reconciler.enabel = true;", "enabel")]
    [InlineData("services.reconciler.settings.repository.url = \"https://s3cret@git.example.org/infra.git\";", "has a user or password")]
    [InlineData("services.reconciler.settings.forge = { kind = \"github\"; tokenFile = \"/run/credentials/reconciler.service/gihub\"; };", "gihub")]
    [InlineData("services.reconciler.health.checks.web = { type = \"http\"; adress = \"http://localhost/\"; };", "adress")]
    public void ComplaintsOfNix_NameWhatIsWrong(string nix, string part)
    {
        Assert.SkipUnless(NixSnippets.CanEvaluate, "nix-instantiate is not here.");
        Assert.Contains(ComplaintsOfNix([nix]), complaint => complaint.Contains(part, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(DocumentationTests.Pages), MemberType = typeof(DocumentationTests))]
    public void OptionsOfTheModule_AreThere(string page)
    {
        var options = DocumentationTests.Read("docs/module-options.md");
        var unknown =
            from match in Options().Matches(DocumentationTests.Read(page))
            let path = match.Groups["path"].Value
            where path.StartsWith("settings.", StringComparison.Ordinal)
                ? !DocumentationTests.IsKey(Schema, path["settings.".Length..])
                : !options.Contains($"## `services.reconciler.{path.Split('.')[0]}", StringComparison.Ordinal)
            select $"services.reconciler.{path}";
        Assert.Empty(unknown);
    }

    private static TheoryData<string> PagesWith(string language) => [.. DocumentationTests.Pages().Select(row => row.Data).Where(page => Blocks(page, language).Any())];

    private static IEnumerable<string> Blocks(string page, string language) =>
        Fences().Matches(DocumentationTests.Read(page)).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["text"].Value);

    // What only shows an answer of the daemon is read by nobody, and has no section of settings in it.
    private static IEnumerable<string> ComplaintsOfJson(string block)
    {
        var json = JsonNode.Parse(block, documentOptions: Lenience)!.AsObject();
        var sections = Schema["properties"]!.AsObject();
        return json.ContainsKey("retired") ? ComplaintsOfHealth(json)
            : json.All(pair => pair.Value is JsonObject) || json.Any(pair => pair.Value is JsonObject && sections.ContainsKey(pair.Key)) ? ComplaintsOfSettings(json)
            : [];
    }

    private static List<string> ComplaintsOfNix(IReadOnlyList<string> blocks)
    {
        var (systems, error) = NixSnippets.Evaluate(blocks);
        return error.Length > 0 ? [error] :
        [
            .. from system in systems
               let settings = system["settings"]!.AsObject()
               let lacksRepository = LacksRepository(settings)
               from complaint in ComplaintsOfSettings(settings)
                   .Concat(ComplaintsOfHealth(system["health"]!.AsObject()))
                   .Concat(system["said"]!.AsArray().Select(text => text!.GetValue<string>()).Where(text => !(lacksRepository && text.Contains("names no repository", StringComparison.Ordinal))))
               select complaint,
        ];
    }

    // A snippet may show one section alone; a repository is the one thing that cannot be left out.
    private static IEnumerable<string> ComplaintsOfSettings(JsonObject settings)
    {
        var whole = settings.DeepClone().AsObject();
        if (LacksRepository(whole))
        {
            whole["repository"] ??= new JsonObject();
            whole["repository"]!["url"] = "https://github.com/acme/infra.git";
        }

        return ConfigurationParser.Parse(Encoding.UTF8.GetBytes(whole.ToJsonString()), "web1") is ConfigurationOutcome.Invalid invalid
            ? invalid.Errors.Select(error => $"{error}")
            : [];
    }

    private static bool LacksRepository(JsonObject settings) => settings["repository"] is not JsonObject repository || !(repository.ContainsKey("url") || repository.ContainsKey("remotes"));

    private static List<string> ComplaintsOfHealth(JsonObject health)
    {
        var errors = new List<string>();
        HealthCheckJson.ParseDeclaration(JsonSerializer.SerializeToElement(health), errors);
        return errors;
    }

    [GeneratedRegex(@"^ {0,3}```(?<language>\w+)\n(?<text>.*?)^ {0,3}```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Fences();

    [GeneratedRegex(@"(?<!systemd\.)services\.reconciler\.(?<path>[a-z][A-Za-z]*(\.[a-z][A-Za-z]*)*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Options();
}
