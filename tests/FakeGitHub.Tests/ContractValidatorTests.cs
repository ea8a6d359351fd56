using System.Text.Json.Nodes;
using FakeGitHub.Contract;
using FakeGitHub.Http;
using FakeGitHub.Json;
using Xunit;

namespace FakeGitHub.Tests;

public sealed class ContractValidatorTests
{
    private const string Statuses = "/repos/acme/infra/statuses/0123";

    [Theory]
    [InlineData("""{"state":"success"}""", "")]
    [InlineData("""{"state":"success","target_url":null}""", "")]
    [InlineData("""{"state":"success","contxt":"web"}""", "/contxt: is unknown")]
    [InlineData("""{"context":"web"}""", "/state: is missing")]
    [InlineData("""{"state":"done"}""", "/state: is none of")]
    [InlineData("""{"state":"success","context":7}""", "/context: is Number, not string")]
    [InlineData("""{"state":"success","context":null}""", "/context: is null")]
    [InlineData("null", "a body is required")]
    public void Request_IsHeldToItsSchema(string body, string problem) => Expect(problem, x => x.CheckRequest(Request("POST", Statuses, body)));

    [Theory]
    [InlineData("GET", "/repos/acme/infra/pulls?state=all&page=2", "")]
    [InlineData("GET", "/repos/acme/infra/pulls?state=merged", "state: is none of")]
    [InlineData("GET", "/repos/acme/infra/pulls?stat=all", "stat: unknown query parameter")]
    [InlineData("GET", "/repos/acme/infra/pulls?page=two", "page: is no integer")]
    [InlineData("GET", "/repos/acme/infra/pulls/one", "pull_number: is no integer")]
    [InlineData("GET", "/repos/acme/infra/git/ref/heads/a/b", "")]
    [InlineData("GET", "/repos/acme/infra/contents/a/b", "")]
    [InlineData("GET", "/repos/acme/infra/pull", "no such operation")]
    [InlineData("PUT", "/repos/acme/infra/pulls", "no such operation")]
    public void Request_IsHeldToPathAndQuery(string method, string path, string problem) => Expect(problem, x => x.CheckRequest(Request(method, path, "null")));

    [Theory]
    [InlineData("labels", """{"labels":["a","b"]}""", "")]
    [InlineData("labels", """{"labels":[]}""", "/labels: has 0 items")]
    [InlineData("labels", """{"labels":[7]}""", "/labels/0: fits none of 2 choices")]
    public void Request_ChoosesBetweenSchemas(string place, string body, string problem) =>
        Expect(problem, x => x.CheckRequest(Request("POST", $"/repos/acme/infra/issues/1/{place}", body)));

    [Fact]
    public void Answer_IsHeldToItsSchema()
    {
        Expect("", x => Answer(x, 200, _ => { }));
        Expect("/color: is missing", x => Answer(x, 200, label => label.Remove("color")));
        Expect("/colour: is unknown", x => Answer(x, 200, label => label["colour"] = "red"));
        Expect("/id: is Number, not integer", x => Answer(x, 200, label => label["id"] = 1.5));
        Expect("/url: is no uri", x => Answer(x, 200, label => label["url"] = "not an address"));
        Expect("status 418 is not described", x => Answer(x, 418, _ => { }));
        Expect("/message: is missing", x => Answer(x, 422, label => label.Remove("x")));
    }

    [Fact]
    public async Task Server_CollectsWhatAClientDoesWrong()
    {
        await using var hub = await Hub.StartAsync();
        hub.MayViolate = true;

        await hub.Api.PostAsync($"/repos/acme/infra/statuses/{hub.First}", new JsonObject { ["state"] = "success", ["note"] = "x" });

        Assert.Equal($"request of POST /repos/acme/infra/statuses/{hub.First}: /note: is unknown", Assert.Single(hub.Server.Violations).ToString());
        Assert.Single((await hub.Api.GetAsync("/_fake/violations")).Json.AsArray());
    }

    private static void Answer(ContractValidator contract, int status, Action<JsonObject> change)
    {
        var label = new JsonObject
        {
            ["id"] = 3_000_000_000,
            ["node_id"] = "x",
            ["url"] = "https://api.github.com/l",
            ["name"] = "ready",
            ["description"] = null,
            ["color"] = "ededed",
            ["default"] = false,
        };
        change(label);
        contract.CheckAnswer(Request("GET", "/repos/acme/infra/labels/ready", "null"), new ApiAnswer(status, label));
    }

    private static void Expect(string problem, Action<ContractValidator> check)
    {
        var contract = new ContractValidator();
        check(contract);
        if (problem.Length == 0)
        {
            Assert.Empty(contract.Violations);
        }
        else
        {
            Assert.Contains(contract.Violations, x => $"{x.Where}: {x.Problem}".TrimStart(':', ' ').StartsWith(problem, StringComparison.Ordinal));
        }
    }

    private static RestRequest Request(string method, string path, string body)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(path.Contains('?', StringComparison.Ordinal) ? path[path.IndexOf('?', StringComparison.Ordinal)..] : "");
        return new RestRequest(method, path.Split('?')[0], query, "", JsonNode.Parse(body), new Links("http://x", "http://x"))
        {
            Authorization = "",
            Accept = "",
            UserAgent = "x",
            IfNoneMatch = "",
            ApiVersion = "",
        };
    }
}
