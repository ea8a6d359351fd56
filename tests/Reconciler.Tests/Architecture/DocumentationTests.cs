using System.CommandLine;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Reconciler.Cli;
using Reconciler.Configuration;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Making;
using Reconciler.Tests.Web;
using Reconciler.Web;
using Reconciler.Wire;
using Xunit;

namespace Reconciler.Tests.Architecture;

/// <summary>What is written around the code stays true to it.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Root = GoldenText.RepositoryRoot;

    /// <summary>Every page people read, by its path from the root.</summary>
    public static TheoryData<string> Pages() =>
    [
        .. Directory.EnumerateFiles(Root, "*.md")
            .Concat(new[] { "docs", "examples", "testhost", "nix" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories)))
            .Select(path => Path.GetRelativePath(Root, path))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_LeadSomewhere(string page)
    {
        var broken =
            from link in Links().Matches(WithoutBlocks(Read(page))).Select(match => match.Groups["target"].Value)
            where !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal)
            where !LeadsSomewhere(page, link)
            select link;
        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_AreThere(string page)
    {
        var wrong =
            from line in Commands().Matches(Code(Read(page))).Select(match => match.Groups["line"].Value.Trim())
            let complaint = Complaint(line)
            where complaint is not null
            select $"reconciler {line}: {complaint}";
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("sttaus", "Required command")]
    [InlineData("status --jsn", "--jsn")]
    [InlineData("quarantine", "Required command")]
    [InlineData("quarantine release <revision>", null)]
    [InlineData("status [--json]", null)]
    [InlineData("logs -f", null)]
    public void Complaint_NamesWhatIsWrong(string line, string? complaint) => Assert.Contains(complaint ?? "", Complaint(line) ?? "", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Settings_AreInTheSchema(string page)
    {
        var schema = JsonNode.Parse(ConfigurationSchema.Open())!.AsObject();
        var sections = schema["properties"]!.AsObject().Select(section => section.Key).ToHashSet(StringComparer.Ordinal);
        var unknown =
            from key in Settings().Matches(Read(page)).Select(match => match.Groups["key"].Value)
            where sections.Contains(key.Split('.')[0]) && !IsKey(schema, key)
            select key;
        Assert.Empty(unknown);
    }

    [Fact]
    public void Pages_AreAllInTheIndex()
    {
        var linked = Links().Matches(Read("docs/README.md")).Select(match => match.Groups["target"].Value).ToHashSet(StringComparer.Ordinal);
        var forgotten = Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Path.Combine(Root, "docs"), path))
            .Where(page => page != "README.md" && !linked.Contains(page));
        Assert.Empty(forgotten);
    }

    [Fact]
    public void Commands_AreAllInTheReadme()
    {
        var table = Read("README.md");
        var missing = CommandLine.Build(Offline()).Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).Where(verb => !table.Contains($"`reconciler {verb}", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    [Fact]
    public async Task Routes_AreAllInTheDocument()
    {
        await using var application = WebApplication.CreateSlimBuilder().Build();
        await using var control = new FakeControl();
        ControlEndpoints.Map(application, control.Services);
        var mapped = ((IEndpointRouteBuilder)application).DataSources
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText}") ?? [])
            .Order(StringComparer.Ordinal).ToList();

        var written = Routes().Matches(Read("docs/control-api.md")).Select(match => match.Groups["route"].Value).Distinct().Order(StringComparer.Ordinal);

        Assert.Contains("GET /v1/status", mapped);
        Assert.Equal(mapped, written);
    }

    [Fact]
    public void Rooms_AreInTheDocument()
    {
        var text = Read("docs/architecture.md");
        var table = Rooms.All.Where(room => room.Name.Length > 0)
            .Select(room => $"| `{room.Name}` | {(room.MayName is [] ? "nothing" : room.MayName is ["*"] ? "all" : string.Join(", ", room.MayName.Select(name => $"`{name}`")))} | {room.Why} |");
        Assert.All(table, row => Assert.Contains(row, text, StringComparison.Ordinal));
    }

    [Fact]
    public void States_AreMadeFromTheCode()
    {
        var text = new StringBuilder();
        text.AppendLine("# States, reasons and failures").AppendLine()
            .AppendLine("<!-- Made from the code by DocumentationTests: UPDATE_GOLDEN=1 writes it anew. -->").AppendLine()
            .AppendLine("Every state a deployment can be in, every reason for which nothing moves, and every failure, in the words the program uses.")
            .AppendLine("What stands in ‹angle quotes› is filled in, and so are commits such as 82f3e9c, the deployment 7, the check web, and times.");

        text.AppendLine().AppendLine("## Phases of a deployment").AppendLine()
            .AppendLine("`reconciler show` and `reconciler history` tell them. A settled phase never changes again.").AppendLine()
            .AppendLine("| phase | shown as | settled | meaning |").AppendLine("|---|---|---|---|");
        foreach (var type in CasesOf<DeploymentPhase>())
        {
            var phases = Sample.Of(type).Cast<DeploymentPhase>().ToList();
            text.AppendLine($"| `{DeploymentText.Word(phases[0])}` | {string.Join("<br>", phases.Select(Shown).Distinct())} | {(phases[0].IsSettled ? "yes" : "no")} | {Summary("Model/DeploymentPhase.cs", type)} |");
        }

        text.AppendLine().AppendLine("## Why nothing moves").AppendLine()
            .AppendLine("The second line of `reconciler status`, and what can be done about it. The planner holds for one reason at a time.");
        foreach (var type in CasesOf<HoldReason>())
        {
            var reasons = Sample.Of(type).Cast<HoldReason>().ToList();
            Section(text, type, "Planning/HoldReason.cs", reasons.Select(reason => (HoldText.Headline(reason), HoldText.Cure(reason))), "");
        }

        text.AppendLine().AppendLine("## Failures").AppendLine().AppendLine("Whose fault a failure is decides what follows.").AppendLine();
        foreach (var fault in Enum.GetValues<Fault>())
        {
            text.AppendLine($"- {Summary("Model/Failure.cs", fault.ToString())}");
        }

        text.AppendLine().AppendLine("To set aside is to quarantine on this host: it is tried again when released, or when a newer commit comes.");
        foreach (var type in CasesOf<Failure>())
        {
            var failures = Sample.Of(type).Cast<Failure>().ToList();
            Section(text, type, "Model/Failure.cs", failures.Select(failure => (FailureText.Headline(failure), FailureText.Cure(failure))), $"Fault: {Word(failures[0].Fault)}.");
        }

        GoldenText.CheckFile(Path.Combine(Root, "docs", "states.md"), text.ToString());
    }

    private static void Section(StringBuilder text, Type type, string source, IEnumerable<(string Headline, string Cure)> words, string remark)
    {
        text.AppendLine().AppendLine($"### {Camel(type.Name)}").AppendLine()
            .AppendLine($"{Summary(source, type)} {remark}".TrimEnd()).AppendLine();
        foreach (var group in words.Distinct().GroupBy(pair => pair.Cure, pair => pair.Headline))
        {
            foreach (var headline in group)
            {
                text.AppendLine($"- {headline}");
            }

            if (group.Key.Length > 0)
            {
                text.AppendLine($"  - → {group.Key}");
            }
        }
    }

    private static string Shown(DeploymentPhase phase) => DeploymentText.Headline(A.Deployment(d => d with { Phase = phase, Generation = 5 }));

    private static string Word(Fault fault) => fault switch
    {
        Fault.Revision => "the commit's",
        Fault.Host => "this machine's",
        Fault.World => "the world's",
        _ => "nobody's",
    };

    internal static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    internal static List<Type> CasesOf<T>() =>
        [.. typeof(T).GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic).Where(type => type.IsSubclassOf(typeof(T))).OrderBy(type => type.MetadataToken)];

    private static string Summary(string source, Type type) => Summary(source, $"record {type.Name}");

    // The docstring is the meaning, and is written once: it is read from the source.
    private static string Summary(string source, string name)
    {
        var lines = Read(Path.Combine("src", "Reconciler", source)).Split('\n');
        var at = Array.FindIndex(lines, line => Regex.IsMatch(line, $@"^\s*(public sealed )?{Regex.Escape(name)}\b(?!\.)", RegexOptions.CultureInvariant));
        Assert.True(at > 0, $"{name} was not found in {source}");
        var above = lines[..at].Reverse().TakeWhile(line => line.TrimStart().StartsWith("///", StringComparison.Ordinal)).Reverse();
        var summary = Summaries().Match(string.Join(' ', above.Select(line => line.Trim()[3..].Trim())));
        Assert.True(summary.Success, $"{name} has no summary in {source}");
        return summary.Groups["text"].Value;
    }

    internal static string Read(string page) => File.ReadAllText(Path.Combine(Root, page));

    private static bool LeadsSomewhere(string page, string link)
    {
        var (file, anchor) = link.Split('#', 2) is [var path, var place] ? (path, place) : (link, "");
        var target = file.Length == 0 ? Path.Combine(Root, page) : Path.Combine(Root, Path.GetDirectoryName(page)!, file);
        return File.Exists(target) || Directory.Exists(target)
            ? anchor.Length == 0 || Headings().Matches(WithoutBlocks(File.ReadAllText(target))).Any(match => AnchorOf(match.Groups["text"].Value) == anchor)
            : false;
    }

    private static string AnchorOf(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static string WithoutBlocks(string text) => Blocks().Replace(text, "");

    // Commands stand in blocks and between back-ticks; prose may use the word freely.
    private static string Code(string text) => string.Join('\n',
        Blocks().Matches(text).Select(match => match.Value).Append(string.Join('\n', Spans().Matches(WithoutBlocks(text)).Select(match => match.Groups["code"].Value.Replace('\n', ' ')))));

    // What the command line says of it; null when it would run. Placeholders and brackets are how pages write what varies.
    private static string? Complaint(string line)
    {
        var words = line.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var parsed = CommandLine.Build(Offline()).Parse([.. words.TakeWhile(word => word is not ("#" or "|" or "&&" or "||" or ">" or ";" or "…")).Select(word => word.StartsWith('<') ? "7" : word.TrimEnd(',', ';'))]);
        return parsed.Errors.FirstOrDefault(error => !error.Message.Contains("Required argument", StringComparison.Ordinal))?.Message;
    }

    internal static bool IsKey(JsonObject schema, string key)
    {
        JsonObject? here = schema;
        foreach (var step in key.Split('.'))
        {
            var name = step.Replace("[]", "", StringComparison.Ordinal);
            var next = here?["properties"]?[name]?.AsObject();
            if (next is null)
            {
                return false;
            }

            here = next["items"] as JsonObject ?? next;
        }

        return true;
    }

    private static CommandContext Offline() => new()
    {
        Run = (_, _) => throw new NotSupportedException(),
        LoadConfiguration = _ => throw new NotSupportedException(),
        OpenLedger = _ => throw new NotSupportedException(),
        CheckMirror = _ => throw new NotSupportedException(),
        ExamineForge = _ => throw new NotSupportedException(),
        Machine = new DoctorMachine(),
        InitMachine = new FakeInitMachine(),
        Output = TextWriter.Null,
        Error = TextWriter.Null,
        Input = TextReader.Null,
        Clock = TimeProvider.System,
        Terminal = TerminalTraits.None,
        Version = "0",
    };

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Links();

    [GeneratedRegex(@"^ {0,3}```.*?^ {0,3}```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"`(?<code>[^`]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Spans();

    // A command begins a line, perhaps after a prompt; `reconciler.service` and paths are none.
    [GeneratedRegex(@"^\s*(?:[$#]\s+)?(?:sudo\s+)?reconciler (?<line>[a-z-][^\n]*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Commands();

    [GeneratedRegex(@"`(?<key>[a-z][A-Za-z]*(\.[a-z][A-Za-z]*(\[\])?)+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Settings();

    [GeneratedRegex(@"`(?<route>(GET|POST|PUT|DELETE) /v1/[^`?]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Routes();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Headings();

    [GeneratedRegex(@"<summary>(?<text>.*?)</summary>", RegexOptions.ExplicitCapture)]
    private static partial Regex Summaries();
}
