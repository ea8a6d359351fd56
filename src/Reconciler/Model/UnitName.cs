namespace Reconciler.Model;

/// <summary>What systemd takes as the name of one unit.</summary>
internal static class UnitName
{
    /// <summary>
    /// Whether the text names one unit, such as <c>nginx.service</c> or <c>nginx</c>: never an option, never a pattern, never two names.
    /// </summary>
    public static bool IsValid(string? name) =>
        name is { Length: > 0 and <= 255 }
        && (name[0] != '-' || name is "-.mount" or "-.slice")
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_' or '.' or '\\' or '@');
}
