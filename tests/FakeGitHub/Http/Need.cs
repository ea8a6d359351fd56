namespace FakeGitHub.Http;

/// <summary>The permission a route asks of a token, such as <c>statuses</c>.</summary>
internal sealed record Need(string Permission, bool Write)
{
    /// <summary>From <c>statuses:write</c>; null for the empty text.</summary>
    public static Need? Parse(string text) => text.Split(':') is [var permission, var level] ? new Need(permission, level == "write") : null;

    public override string ToString() => $"{Permission}={(Write ? "write" : "read")}";
}
