using Reconciler.Model;

namespace Reconciler.Adapters.Health;

/// <summary>Finds files of a system through the links between store paths.</summary>
internal static class StoreFile
{
    private const int MostLinks = 40;

    /// <summary>The real path of a file of a system; null when there is none.</summary>
    /// <param name="toplevel">The system.</param>
    /// <param name="name">The file's path inside it.</param>
    /// <exception cref="IOException">Its links lead out of the store, in a circle, or nowhere.</exception>
    public static string? Resolve(Toplevel toplevel, string name)
    {
        var store = Follow(Path.GetDirectoryName(toplevel.Path)!);
        var asked = $"{toplevel.Path}/{name}";
        var real = Follow(asked);
        if (!real.StartsWith($"{store.TrimEnd('/')}/", StringComparison.Ordinal))
        {
            // A system must be whole in the store: what lies outside can change after it was built, or be a device that never ends.
            throw new IOException($"its links lead out of the store, to {OneLine.Of(real, 200)}");
        }

        if (Path.Exists(real))
        {
            return real;
        }

        // Nothing there is normal; a link to nothing is a broken store.
        return IsThere(asked) ? throw new IOException($"it leads to {OneLine.Of(real, 200)}, which is missing") : null;
    }

    // Whether the file itself is there as an entry of its folder, be it only as a link that leads nowhere.
    private static bool IsThere(string path)
    {
        var folder = Follow(Path.GetDirectoryName(path)!);
        return new FileInfo($"{folder}/{Path.GetFileName(path)}").LinkTarget is not null;
    }

    // Resolves every link on the way, as realpath does; what is missing is kept as it is.
    private static string Follow(string path)
    {
        var todo = new Stack<string>(path.Split('/').Reverse());
        var done = "";
        var links = 0;
        while (todo.TryPop(out var part))
        {
            switch (part)
            {
                case "" or ".":
                    continue;
                case "..":
                    done = done.Length == 0 ? "" : done[..done.LastIndexOf('/')];
                    continue;
            }

            var next = $"{done}/{part}";
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                done = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException("its links lead in a circle");
            }

            done = target.StartsWith('/') ? "" : done;
            foreach (var step in target.Split('/').Reverse())
            {
                todo.Push(step);
            }
        }

        return done.Length == 0 ? "/" : done;
    }
}
