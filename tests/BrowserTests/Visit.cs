using System.Text.Json;

namespace Reconciler.BrowserTests;

/// <summary>A page that is looked at, with all it complained of and all it asked for.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];
    private readonly List<Uri> _requests = [];

    private Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Add($"exception: {error}");
        page.Request += (_, request) => _requests.Add(new Uri(request.Url));
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, violations of the content-security policy among them.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>What was asked of other origins than the page's own.</summary>
    public IEnumerable<Uri> Foreign => _requests.Where(request => request.Scheme != "data" && request.Authority != new Uri(Page.Url).Authority);

    /// <summary>What was asked for, by path.</summary>
    public IEnumerable<string> Paths => _requests.Select(request => request.AbsolutePath);

    public static async Task<Visit> BeginAsync(IBrowserContext context, Uri address, DateTimeOffset now)
    {
        var visit = new Visit(context, await context.NewPageAsync());
        await visit.Page.Clock.SetFixedTimeAsync(now.UtcDateTime);
        await visit.Page.GotoAsync(address.ToString(), new() { WaitUntil = WaitUntilState.Load });
        return visit;
    }

    /// <summary>Looks at the same page in another way.</summary>
    public async Task TakeAsync(Look look)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = look == Look.Dark ? ColorScheme.Dark : ColorScheme.Light });
        await (look == Look.Phone ? Page.SetViewportSizeAsync(390, 844) : Page.SetViewportSizeAsync(1280, 900));
    }

    /// <summary>What axe-core finds wrong, in one line each: all of it by day, and else what can differ by look.</summary>
    public async Task<IReadOnlyList<string>> AxeAsync(string source, Look look)
    {
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await Page.EvaluateAsync(source);
        }

        var found = await Page.EvaluateAsync<JsonElement>("""
            async rules => (await axe.run(document, { resultTypes: ["violations"], ...(rules ? { runOnly: { type: "rule", values: rules } } : {}) }))
              .violations.map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.html).slice(0, 3).join(" | ")}`)
            """, look == Look.Light ? null : new[] { "color-contrast", "scrollable-region-focusable", "target-size", "meta-viewport" });
        return [.. found.EnumerateArray().Select(line => line.GetString()!)];
    }

    /// <summary>By how many pixels the page is wider than its window.</summary>
    public Task<int> OverhangAsync() => Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
