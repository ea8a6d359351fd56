namespace Reconciler.Configuration;

/// <summary>Section <c>traces</c>.</summary>
internal sealed record TraceSettings
{
    /// <summary>The path below the endpoint that takes traces, as the OpenTelemetry protocol names it.</summary>
    public const string Path = "v1/traces";

    /// <summary>Where an OpenTelemetry collector takes OTLP over HTTP, ending in a slash; null when no traces are sent.</summary>
    public required Uri? Endpoint { get; init; }

    /// <summary>File with headers to send, a <c>Name: value</c> in each line; null when none are.</summary>
    public required string? HeadersFile { get; init; }

    /// <summary>Reads the section.</summary>
    public static TraceSettings Read(SettingsReader reader)
    {
        var settings = new TraceSettings
        {
            Endpoint = reader.Text("endpoint", "", IsEndpoint, $"must be an https address without a password in it and without /{Path}, such as \"https://collector.example.org:4318\"; http goes only to this machine")
                is { Length: > 0 } text ? new Uri(text.EndsWith('/') ? text : text + "/", UriKind.Absolute) : null,
            HeadersFile = reader.AbsolutePath("headersFile"),
        };
        if (settings is { HeadersFile: not null, Endpoint: null } && !reader.Has("endpoint"))
        {
            reader.Fail("endpoint", "is required with headersFile: where the collector takes traces");
        }

        reader.Finish();
        return settings;
    }

    private static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && ChannelSettings.IsSafe(address) && address is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
        && !address.AbsolutePath.TrimEnd('/').EndsWith($"/{Path}", StringComparison.Ordinal);
}
