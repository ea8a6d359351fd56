using System.Text.RegularExpressions;

namespace FakeGitHub.Http;

/// <summary>What answers a method and a pattern of paths.</summary>
internal sealed record Route(string Method, Regex Pattern, Need? Need, Func<ApiCall, ApiAnswer> Answer);
