namespace Reconciler.BrowserTests;

/// <summary>Debian's Chromium, driven by Playwright.</summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assert.True(File.Exists(Executable), $"{Executable} is missing: apt-get install chromium");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Executable, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }

    /// <summary>Opens a page of a site, and watches what it does.</summary>
    internal async Task<Visit> OpenAsync(FakeSite site, string path = "/", bool scripts = true)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            JavaScriptEnabled = scripts,
            ColorScheme = ColorScheme.Light,
            ViewportSize = new() { Width = 1280, Height = 900 },
            DeviceScaleFactor = 1,
            ReducedMotion = ReducedMotion.Reduce,
        });
        return await Visit.BeginAsync(context, new Uri(site.Address, path), site.Current.At);
    }
}

/// <summary>How a page is looked at.</summary>
public enum Look
{
    /// <summary>On a desk, by day.</summary>
    Light,

    /// <summary>On a desk, by night.</summary>
    Dark,

    /// <summary>On a telephone.</summary>
    Phone,
}
