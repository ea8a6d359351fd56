using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Accounts as GitHub shows them.</summary>
internal static class UserJson
{
    public static JsonObject Simple(Account account, Links links)
    {
        var url = links.User(account);
        return new JsonObject
        {
            ["login"] = account.Login,
            ["id"] = account.Id,
            ["node_id"] = Wire.NodeId(account.Type, account.Id),
            ["avatar_url"] = $"{links.Html}/avatars/u/{account.Id}?v=4",
            ["gravatar_id"] = "",
            ["url"] = url,
            ["html_url"] = links.UserPage(account),
            ["followers_url"] = $"{url}/followers",
            ["following_url"] = $"{url}/following{{/other_user}}",
            ["gists_url"] = $"{url}/gists{{/gist_id}}",
            ["starred_url"] = $"{url}/starred{{/owner}}{{/repo}}",
            ["subscriptions_url"] = $"{url}/subscriptions",
            ["organizations_url"] = $"{url}/orgs",
            ["repos_url"] = $"{url}/repos",
            ["events_url"] = $"{url}/events{{/privacy}}",
            ["received_events_url"] = $"{url}/received_events",
            ["type"] = account.Type,
            ["user_view_type"] = "public",
            ["site_admin"] = false,
        };
    }

    /// <summary>As the account sees itself.</summary>
    public static JsonObject Private(Account account, Links links, DateTimeOffset created)
    {
        var user = Simple(account, links);
        user["user_view_type"] = "private";
        foreach (var empty in new[] { "name", "company", "blog", "location", "email", "hireable", "bio", "twitter_username" })
        {
            user[empty] = null;
        }

        foreach (var count in new[]
        {
            "public_repos", "public_gists", "followers", "following", "private_gists", "total_private_repos", "owned_private_repos", "disk_usage", "collaborators",
        })
        {
            user[count] = 0;
        }

        user["created_at"] = Wire.Time(created);
        user["updated_at"] = Wire.Time(created);
        user["two_factor_authentication"] = true;
        return user;
    }
}
