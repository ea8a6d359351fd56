using System.Globalization;
using System.Text;

namespace Reconciler.Web.Metrics;

/// <summary>Prometheus' text format, version 0.0.4.</summary>
internal static class MetricsText
{
    /// <summary>What it is sent as.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes metrics; those without samples are left out.</summary>
    public static string Of(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families.Where(family => !family.Samples.IsEmpty))
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {family.Name} {family.Help.Replace("\\", "\\\\", StringComparison.Ordinal)}\n");
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {family.Name} {(family.Kind == MetricKind.Counter ? "counter" : "gauge")}\n");
            foreach (var sample in family.Samples)
            {
                text.Append(CultureInfo.InvariantCulture, $"{family.Name}{Labels(sample)} {sample.Value:R}\n");
            }
        }

        return text.ToString();
    }

    private static string Labels(MetricSample sample) => sample.Labels.IsEmpty
        ? ""
        : $"{{{string.Join(',', sample.Labels.Select(label => $"{label.Name}=\"{Escaped(label.Value)}\""))}}}";

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
