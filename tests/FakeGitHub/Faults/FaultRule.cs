using System.Text.RegularExpressions;

namespace FakeGitHub.Faults;

/// <summary>When a fault strikes.</summary>
/// <param name="Method">Null for any.</param>
/// <param name="Path">A pattern in which <c>*</c> stands for anything, such as <c>/repos/*/statuses/*</c>; a query does not count.</param>
internal sealed record FaultRule(Fault Fault, string? Method = null, string Path = "*")
{
    /// <summary>How often it still strikes; null for ever.</summary>
    public int? Times { get; init; }

    /// <summary>How many fitting requests go well first.</summary>
    public int After { get; init; }

    /// <summary>From 0 to 1, drawn from the fake's seed.</summary>
    public double Probability { get; init; } = 1;

    public bool Fits(string method, string path) =>
        (Method is null || string.Equals(Method, method, StringComparison.OrdinalIgnoreCase))
        && Regex.IsMatch(path, $"^{Regex.Escape(Path).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant | RegexOptions.Singleline);
}
