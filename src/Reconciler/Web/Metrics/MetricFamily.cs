using System.Collections.Immutable;

namespace Reconciler.Web.Metrics;

/// <summary>One metric with all its samples.</summary>
/// <param name="Name">Its name, with its unit.</param>
/// <param name="Kind">How it is to be read.</param>
/// <param name="Help">What it means, in a sentence.</param>
/// <param name="Samples">Its values; one without any is not told, since nothing is known of it.</param>
internal sealed record MetricFamily(string Name, MetricKind Kind, string Help, ImmutableArray<MetricSample> Samples)
{
    /// <summary>A value that goes up and down; nothing is told when it is not known.</summary>
    public static MetricFamily Gauge(string name, string help, double? value) => new(name, MetricKind.Gauge, help, value is { } v ? [new MetricSample(v)] : []);

    /// <summary>1 or 0.</summary>
    public static MetricFamily Gauge(string name, string help, bool value) => Gauge(name, help, value ? 1 : 0);

    /// <summary>An instant, in seconds since 1970; nothing is told when there is none.</summary>
    public static MetricFamily Instant(string name, string help, DateTimeOffset? value) =>
        Gauge(name, help, value is { } at ? at.ToUnixTimeMilliseconds() / 1000.0 : (double?)null);

    /// <summary>A count that only grows.</summary>
    public static MetricFamily Counter(string name, string help, params ImmutableArray<MetricSample> samples) => new(name, MetricKind.Counter, help, samples);
}

/// <summary>One value.</summary>
/// <param name="Value">The value.</param>
/// <param name="Labels">What it is about.</param>
internal sealed record MetricSample(double Value, params ImmutableArray<(string Name, string Value)> Labels);

/// <summary>How a metric is to be read.</summary>
internal enum MetricKind
{
    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Only grows.</summary>
    Counter,
}
