using System.Text.Json.Nodes;
using FakeGitHub.Http;
using FakeGitHub.World;

namespace FakeGitHub.Apps;

/// <summary>What a new installation token may do: all that the installation may, or the part that was asked for.</summary>
internal static class InstallationGrant
{
    private static readonly TimeSpan _life = TimeSpan.FromHours(1);

    /// <param name="problem">GitHub's words when the installation may not do what is asked.</param>
    public static AccessToken? Narrow(ApiCall call, Installation installation, out string problem)
    {
        if (!Repositories(call, installation, out var repositories))
        {
            problem = "There is at least one repository that does not exist or is not accessible to the parent installation.";
            return null;
        }

        var permissions = installation.Permissions;
        if (call.Body["permissions"] is JsonObject asked)
        {
            permissions = asked.ToDictionary(x => x.Key, x => (string?)x.Value ?? "");
            if (permissions.Any(x => !Grants(installation, x.Key, x.Value)))
            {
                problem = "The permissions requested are not granted to this installation.";
                return null;
            }
        }

        problem = "";
        return new AccessToken(installation.App.Bot)
        {
            Installation = installation,
            Repositories = repositories,
            Permissions = permissions,
            ExpiresAt = call.Now + _life,
        };
    }

    private static bool Grants(Installation installation, string permission, string level) =>
        permission == "metadata" ? level == "read" : installation.Permissions.TryGetValue(permission, out var granted) && (level == "read" || level == granted);

    private static bool Repositories(ApiCall call, Installation installation, out IReadOnlyList<long>? ids)
    {
        ids = null;
        var found = new List<RepositoryState?>();
        if (call.Texts("repositories") is { } names)
        {
            found.AddRange(names.Select(x => call.World.FindRepository($"{installation.Account.Login}/{x}")));
        }

        if (call.Body["repository_ids"] is JsonArray numbers)
        {
            found.AddRange(numbers.Select(x => call.World.Repositories.Find(x!.GetValue<long>())));
        }

        if (found.Any(x => x is null || !installation.Covers(x)))
        {
            return false;
        }

        ids = found.Count > 0 ? [.. found.Select(x => x!.Id).Distinct()] : null;
        return true;
    }
}
