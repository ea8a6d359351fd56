using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>Puts right in a bare repository's files what a killed git or a power cut leaves. Only while nobody else writes there.</summary>
internal static class GitMirrorTidy
{
    private const string SoundConfiguration = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n";
    private static readonly string[] Directories = ["objects/pack", "objects/info", "refs/heads"];

    /// <summary>Tidies, and says in words what was put right.</summary>
    /// <exception cref="IOException">The disk.</exception>
    /// <exception cref="UnauthorizedAccessException">The daemon may not write there.</exception>
    public static ImmutableArray<string> Tidy(string mirror)
    {
        var done = ImmutableArray.CreateBuilder<string>();
        foreach (var directory in Directories.Where(d => !Directory.Exists($"{mirror}/{d}")))
        {
            Directory.CreateDirectory($"{mirror}/{directory}");
            done.Add($"{directory} was missing");
        }

        if (!IsSoundHead($"{mirror}/HEAD"))
        {
            File.WriteAllText($"{mirror}/HEAD", "ref: refs/heads/main\n");
            done.Add("HEAD was broken");
        }

        // Nothing of ours is in the configuration: it comes with each call.
        if (!File.Exists($"{mirror}/config") || File.ReadAllText($"{mirror}/config") != SoundConfiguration)
        {
            File.WriteAllText($"{mirror}/config", SoundConfiguration);
        }

        foreach (var file in Directory.EnumerateFiles(mirror, "*.lock").Concat(Directory.EnumerateFiles($"{mirror}/refs", "*.lock", SearchOption.AllDirectories)).ToArray())
        {
            File.Delete(file);
            done.Add($"{Path.GetRelativePath(mirror, file)} was left over");
        }

        foreach (var file in Directory.EnumerateFiles($"{mirror}/objects", "tmp_*", SearchOption.AllDirectories).ToArray())
        {
            File.Delete(file);
        }

        foreach (var file in Directory.EnumerateFiles($"{mirror}/refs", "*", SearchOption.AllDirectories).Where(f => !IsSoundRef(f)).ToArray())
        {
            File.Delete(file);
            done.Add($"{OneLine.Of(Path.GetRelativePath(mirror, file), 100)} was no ref");
        }

        if (Packed(mirror) is { } lines && Array.FindIndex(lines, line => !IsSoundPackedLine(line)) >= 0)
        {
            File.WriteAllLines($"{mirror}/packed-refs", lines.Where(IsSoundPackedLine));
            done.Add("packed-refs had lines that are no refs");
        }

        foreach (var file in LooseObjects(mirror).Where(f => !IsSoundObject(f)).ToArray())
        {
            File.Delete(file);
            done.Add($"the object {Path.GetRelativePath($"{mirror}/objects", file)} was broken");
        }

        return done.ToImmutable();
    }

    /// <summary>Full names of all refs, sorted.</summary>
    public static ImmutableSortedSet<string> RefNames(string mirror)
    {
        var loose = Directory.Exists($"{mirror}/refs")
            ? Directory.EnumerateFiles($"{mirror}/refs", "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(mirror, f)) : [];
        var packed = (Packed(mirror) ?? []).Where(line => IsSoundPackedLine(line) && line.Contains(" refs/", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        return [.. loose.Concat(packed).Where(name => GitBranches.IsBranchName(name))];
    }

    private static string[]? Packed(string mirror) => File.Exists($"{mirror}/packed-refs") ? File.ReadAllLines($"{mirror}/packed-refs") : null;

    private static bool IsSoundHead(string file) =>
        File.Exists(file) && new FileInfo(file).Length < 1024 && File.ReadAllText(file) is var text
        && ((text.StartsWith("ref: refs/heads/", StringComparison.Ordinal) && GitBranches.IsBranchName(text["ref: ".Length..].TrimEnd('\n')))
            || Revision.TryParse(text.TrimEnd('\n'), out _));

    private static bool IsSoundRef(string file) =>
        new FileInfo(file) is { Length: >= 40 and < 1024 } && File.ReadAllText(file).TrimEnd() is var text
        && (Revision.TryParse(text, out var revision) ? revision.Sha.Any(c => c != '0') : text.StartsWith("ref: refs/", StringComparison.Ordinal));

    private static bool IsSoundPackedLine(string line) =>
        line.StartsWith('#') || (line.StartsWith('^') && Revision.TryParse(line[1..], out _))
        || (line.Length > 46 && Revision.TryParse(line[..40], out _) && line[40] == ' ' && line.AsSpan(41).StartsWith("refs/") && GitBranches.IsBranchName(line[41..]));

    private static IEnumerable<string> LooseObjects(string mirror) =>
        Directory.EnumerateDirectories($"{mirror}/objects", "??").SelectMany(d => Directory.EnumerateFiles(d)).Where(f => Path.GetFileName(f).Length >= 38);

    // "<kind> <length>\0<content>", deflated. libgit2 loops for ever on one that ends too soon.
    private static bool IsSoundObject(string file)
    {
        try
        {
            using var stream = new ZLibStream(File.OpenRead(file), CompressionMode.Decompress);
            var buffer = new byte[8192];
            var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            var header = buffer.AsSpan(0, count);
            var zero = header.IndexOf((byte)0);
            var blank = header.IndexOf((byte)' ');
            if (zero is < 0 or > 32 || blank < 0 || blank > zero
                || !long.TryParse(Encoding.ASCII.GetString(header[(blank + 1)..zero]), System.Globalization.NumberStyles.None, null, out var length))
            {
                return false;
            }

            long read = count - zero - 1;
            while (stream.Read(buffer) is > 0 and var more)
            {
                read += more;
            }

            return read == length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
