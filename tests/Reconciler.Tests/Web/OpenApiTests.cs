using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Reconciler.Tests.Configuration;
using Reconciler.Tests.Golden;
using Reconciler.Tests.Web.Site;
using Reconciler.Web;
using Xunit;

namespace Reconciler.Tests.Web;

public sealed class OpenApiTests
{
    private static readonly string File = Path.Combine(GoldenText.RepositoryRoot, "src", "Reconciler", "Web", "Assets", "openapi.json");

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Description_IsMadeFromTheDocuments() => GoldenText.CheckFile(File, OpenApi.Make().ToJsonString(Written) + "\n");

    [Fact]
    public async Task Description_AndRoutes_HaveTheSamePaths()
    {
        await using var application = WebApplication.CreateSlimBuilder().Build();
        await using var site = Scene.Of("calm");
        SiteRoutes.Map(application, site.Services, CancellationToken.None);
        var mapped = ((IEndpointRouteBuilder)application).DataSources
            .SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText!.StartsWith(SiteRoutes.Api, StringComparison.Ordinal))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => (method, route.RoutePattern.RawText!)))
            .ToLookup(pair => pair.method, pair => pair.Item2);

        var described = OpenApi.Make()["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(["GET", "HEAD"], mapped.Select(group => group.Key).Order(StringComparer.Ordinal));
        Assert.All(mapped, group => Assert.Equal(described, group.Order(StringComparer.Ordinal)));
        var page = await System.IO.File.ReadAllTextAsync(Path.Combine(GoldenText.RepositoryRoot, "docs", "status-page.md"), Stop);
        Assert.All(described, path => Assert.Contains($"`{path}", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("calm")]
    [InlineData("busy")]
    [InlineData("rolled-back")]
    [InlineData("failed")]
    [InlineData("needs-operator")]
    [InlineData("held")]
    public async Task Answers_FitTheDescription(string scene)
    {
        await using var site = await Scene.Of(scene).StartAsync(Stop);
        using var http = new HttpClient { BaseAddress = site.Address };
        var description = JsonNode.Parse(await http.GetStringAsync(new Uri("/api/v1/openapi.json", UriKind.Relative), Stop))!.AsObject();
        var id = site.Current.History.Latest?.Id.ToString();
        foreach (var (path, _, _, answer, _) in OpenApi.Operations.Where(operation => operation.Answer.EndsWith("Document", StringComparison.Ordinal)))
        {
            if (path.Contains("{id}", StringComparison.Ordinal) && id is null)
            {
                continue;
            }

            var json = JsonNode.Parse(await http.GetStringAsync(new Uri(SiteRoutes.Api + path.Replace("{id}", id, StringComparison.Ordinal), UriKind.Relative), Stop));
            Assert.True(Strict(description, answer).Fits(json), $"{path} answers what is not described: {json}");
        }

        using var refused = await http.GetAsync(new Uri("/api/v1/deployments?limit=x", UriKind.Relative), Stop);
        Assert.True(Strict(description, "ErrorDocument").Fits(JsonNode.Parse(await refused.Content.ReadAsStringAsync(Stop))));
    }

    // The description lets new members come; here none may that is not described.
    private static SmallSchema Strict(JsonObject description, string document)
    {
        var root = description.DeepClone().AsObject();
        Close(root["components"]!);
        return new SmallSchema(new JsonObject { ["$ref"] = $"#/components/schemas/{document}", ["$defs"] = null, ["components"] = root["components"]!.DeepClone() });
    }

    private static void Close(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                Close(item);
            }
        }
        else if (node is JsonObject o)
        {
            foreach (var (_, member) in o.ToList())
            {
                Close(member);
            }

            if (o["properties"] is JsonObject && o["type"] is not null)
            {
                o["additionalProperties"] = false;
            }
        }
    }
}
