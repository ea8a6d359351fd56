using System.Text.Json.Nodes;
using FakeGitHub.World;
using LibGit2Sharp;

namespace FakeGitHub.Json;

/// <summary>Changed files.</summary>
internal static class DiffJson
{
    public static JsonObject Entry(PatchEntryChanges change, string sha, RepositoryState repository, Links links)
    {
        var path = Uri.EscapeDataString(change.Path).Replace("%2F", "/", StringComparison.Ordinal);
        var json = new JsonObject
        {
            ["sha"] = change.Status == ChangeKind.Deleted ? change.OldOid.Sha : change.Oid.Sha,
            ["filename"] = change.Path,
            ["status"] = change.Status switch
            {
                ChangeKind.Added => "added",
                ChangeKind.Deleted => "removed",
                ChangeKind.Renamed => "renamed",
                ChangeKind.Copied => "copied",
                ChangeKind.TypeChanged => "changed",
                _ => "modified",
            },
            ["additions"] = change.LinesAdded,
            ["deletions"] = change.LinesDeleted,
            ["changes"] = change.LinesAdded + change.LinesDeleted,
            ["blob_url"] = $"{links.Page(repository)}/blob/{sha}/{path}",
            ["raw_url"] = $"{links.Page(repository)}/raw/{sha}/{path}",
            ["contents_url"] = $"{links.Repo(repository)}/contents/{path}?ref={sha}",
        };
        if (!change.IsBinaryComparison && change.Patch.IndexOf("@@", StringComparison.Ordinal) is >= 0 and var start)
        {
            json["patch"] = change.Patch[start..].TrimEnd('\n');
        }

        if (change.Status == ChangeKind.Renamed)
        {
            json["previous_filename"] = change.OldPath;
        }

        return json;
    }
}
