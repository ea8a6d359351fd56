using Reconciler.Model;

namespace Reconciler.Adapters.Forge;

/// <summary>Joins the parts several hosts write into one text, each between hidden markers of its own.</summary>
internal static class HostSections
{
    /// <summary>The line a host's section begins with.</summary>
    public static string Begin(HostName host) => $"<!-- reconciler:host={host} -->";

    /// <summary>The line a host's section ends with.</summary>
    public static string End(HostName host) => $"<!-- /reconciler:host={host} -->";

    /// <summary>Where a host's section is, markers included; null when there is none.</summary>
    public static Range? Find(string body, HostName host) =>
        body.IndexOf(Begin(host), StringComparison.Ordinal) is var begin and >= 0
        && body.IndexOf(End(host), begin, StringComparison.Ordinal) is var end and >= 0 ? begin..(end + End(host).Length) : null;

    /// <summary>The text with the host's section in it.</summary>
    public static string Join(string? existing, HostName host, string section) =>
        Find(existing ?? "", host) is { } range ? existing![..range.Start] + section + existing[range.End..]
        : string.IsNullOrWhiteSpace(existing) ? section : $"{existing}\n\n{section}";
}
