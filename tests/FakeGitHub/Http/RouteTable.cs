using System.Text.RegularExpressions;

namespace FakeGitHub.Http;

/// <summary>Routes in the order they were added; the first that fits answers.</summary>
internal sealed partial class RouteTable
{
    private readonly List<Route> _routes = [];

    /// <param name="path"><c>{name}</c> stands for one segment, <c>{name+}</c> for several.</param>
    /// <param name="need">Such as <c>statuses:write</c>, or nothing.</param>
    public void Add(string method, string path, string need, Func<ApiCall, ApiAnswer> answer)
    {
        var pattern = Placeholder().Replace(Regex.Escape(path).Replace("\\{", "{", StringComparison.Ordinal).Replace("\\+}", "+}", StringComparison.Ordinal),
            hole => hole.Groups[2].Length > 0 ? $"(?<{hole.Groups[1]}>.+)" : $"(?<{hole.Groups[1]}>[^/]+)");
        _routes.Add(new Route(method, new Regex($"^{pattern}$", RegexOptions.CultureInvariant), Need.Parse(need), answer));
    }

    /// <summary>Under <c>/repos/{owner}/{repo}</c>.</summary>
    public void AddRepo(string method, string path, string need, Func<ApiCall, ApiAnswer> answer) => Add(method, $"/repos/{{owner}}/{{repo}}{path}", need, answer);

    /// <summary>The route and its path values, still escaped; null when nothing fits.</summary>
    public (Route Route, Match Values)? Find(string method, string path)
    {
        foreach (var route in _routes.Where(x => x.Method == method))
        {
            if (route.Pattern.Match(path) is { Success: true } values)
            {
                return (route, values);
            }
        }

        return null;
    }

    [GeneratedRegex(@"\{([a-z]+)(\+?)\}")]
    private static partial Regex Placeholder();
}
