using LibGit2Sharp;

namespace Reconciler.Adapters.Git;

/// <summary>The tree of a notes ref: one blob a noted commit, named by its id, with or without slashes in it. Pure.</summary>
internal static class Notes
{
    private const int DeepestFolder = 4;

    /// <summary>The note on a commit; null when it has none.</summary>
    public static Blob? Find(Tree tree, string sha)
    {
        foreach (var path in Paths(sha))
        {
            if (tree[path] is { TargetType: TreeEntryTargetType.Blob, Target: Blob blob })
            {
                return blob;
            }
        }

        return null;
    }

    /// <summary>The tree with a commit's note put into it.</summary>
    public static TreeDefinition Put(Tree? tree, string sha, Blob note) => Put(tree is null ? new TreeDefinition() : TreeDefinition.From(tree), sha, note);

    /// <summary>Puts a commit's note into a tree; whatever else the tree holds stays.</summary>
    public static TreeDefinition Put(TreeDefinition definition, string sha, Blob note)
    {
        foreach (var path in Paths(sha).Where(path => definition[path] is not null))
        {
            definition.Remove(path);
        }

        return definition.Add($"{sha[..2]}/{sha[2..]}", note, Mode.NonExecutableFile);
    }

    /// <summary>All notes by the id of the commit they are on.</summary>
    public static IReadOnlyDictionary<string, Blob> All(Tree tree)
    {
        var found = new Dictionary<string, Blob>(StringComparer.Ordinal);
        Collect(tree, "", 0);
        return found;

        void Collect(Tree folder, string prefix, int depth)
        {
            foreach (var entry in folder)
            {
                var name = prefix + entry.Name;
                if (entry is { TargetType: TreeEntryTargetType.Tree, Target: Tree below } && depth < DeepestFolder && entry.Name.Length == 2)
                {
                    Collect(below, name, depth + 1);
                }
                else if (entry is { TargetType: TreeEntryTargetType.Blob, Target: Blob blob } && name.Length is 40 or 64 && name.All(char.IsAsciiHexDigitLower))
                {
                    found[name] = blob;
                }
            }
        }
    }

    private static IEnumerable<string> Paths(string sha) => [$"{sha[..2]}/{sha[2..]}", sha, $"{sha[..2]}/{sha[2..4]}/{sha[4..]}"];
}
