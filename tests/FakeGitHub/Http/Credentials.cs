using System.Text;
using FakeGitHub.Apps;
using FakeGitHub.World;

namespace FakeGitHub.Http;

/// <summary>Reads who sends a request from its Authorization header.</summary>
internal static class Credentials
{
    /// <returns>Who it is, or GitHub's words for why not.</returns>
    public static (Caller? Caller, string Problem) Read(string header, GitHubWorld world)
    {
        if (header.Length == 0)
        {
            return (new Caller.Anonymous(), "");
        }

        var (scheme, value) = header.Split(' ', 2) is [var s, var v] ? (s.ToLowerInvariant(), v.Trim()) : ("", "");
        if (scheme == "bearer" && value.Count(x => x == '.') == 2)
        {
            var (app, problem) = JwtCheck.Check(value, world);
            return (app is null ? null : new Caller.AsApp(app), problem);
        }

        var token = scheme switch { "bearer" or "token" => value, "basic" => Password(value), _ => "" };
        return world.FindToken(token) is { } found ? (new Caller.WithToken(found), "") : (null, "Bad credentials");
    }

    /// <summary>The password, or the user's name when there is no password: git clients do both.</summary>
    private static string Password(string basic)
    {
        var bytes = new byte[basic.Length];
        if (!Convert.TryFromBase64String(basic, bytes, out var length))
        {
            return "";
        }

        var (user, password) = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var u, var p] ? (u, p) : ("", "");
        return password is "" or "x-oauth-basic" ? user : password;
    }
}
