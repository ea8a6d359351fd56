using System.Buffers;
using System.Text;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>Reads refs of a repository on this machine from its files.</summary>
internal sealed class LocalRefs
{
    private const int MostSymbolic = 5;
    private const int LongestRef = 1024;
    private const long LargestPackedRefs = 64L << 20;
    private readonly string _directory;

    private LocalRefs(string directory) => _directory = directory;

    /// <summary>Finds the repository at a path, the way git does: the path, its <c>.git</c>, or the path with <c>.git</c> added.</summary>
    /// <returns>Null when no repository is there, or one whose refs only git can read.</returns>
    /// <exception cref="IOException">The disk.</exception>
    /// <exception cref="UnauthorizedAccessException">The daemon may not read it.</exception>
    public static LocalRefs? Find(string path) =>
        DirectoryOf(path) is { } common && !Directory.Exists(common + "/reftable") ? new LocalRefs(common) : null;

    /// <summary>The git directory of the repository at a path; null when none is there.</summary>
    /// <exception cref="IOException">The disk.</exception>
    /// <exception cref="UnauthorizedAccessException">The daemon may not read it.</exception>
    public static string? DirectoryOf(string path) =>
        new[] { path + "/.git", path, path + ".git/.git", path + ".git" }.Select(At).FirstOrDefault(found => found is not null);

    /// <summary>The object id of a ref's full name; null when it is not there.</summary>
    /// <exception cref="InvalidDataException">The ref is broken.</exception>
    public string? Read(string name)
    {
        for (var hop = 0; hop < MostSymbolic; hop++)
        {
            if (Loose(name) is not { } text)
            {
                return Packed(name);
            }

            if (!text.StartsWith("ref:", StringComparison.Ordinal))
            {
                return Revision.TryParse(text, out _) ? text : throw new InvalidDataException($"the ref {name} is broken");
            }

            name = text["ref:".Length..].Trim();
            if (!name.StartsWith("refs/", StringComparison.Ordinal) || !GitBranches.IsBranchName(name))
            {
                break;
            }
        }

        throw new InvalidDataException("a symbolic ref leads nowhere");
    }

    private static string? At(string directory)
    {
        if (File.Exists(directory))
        {
            var link = Head(directory, LongestRef);
            directory = link.StartsWith("gitdir:", StringComparison.Ordinal)
                ? Path.GetFullPath(link["gitdir:".Length..].Trim(), Path.GetDirectoryName(directory)!) : directory;
        }

        if (!File.Exists(directory + "/HEAD"))
        {
            return null;
        }

        var common = File.Exists(directory + "/commondir") ? Path.GetFullPath(Head(directory + "/commondir", LongestRef).Trim(), directory) : directory;
        return Directory.Exists(common + "/objects") ? common : null;
    }

    private string? Loose(string name)
    {
        try
        {
            return Head($"{_directory}/{name}", LongestRef).TrimEnd();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || Directory.Exists($"{_directory}/{name}"))
        {
            return null;
        }
        catch (IOException) when (!File.Exists($"{_directory}/{name}"))
        {
            return null; // a part of the name is a file: another branch
        }
    }

    private string? Packed(string name)
    {
        byte[]? rented = null;
        try
        {
            using var file = new FileStream(_directory + "/packed-refs", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
            if (file.Length > LargestPackedRefs)
            {
                throw new InvalidDataException("packed-refs is too large");
            }

            var length = (int)file.Length;
            rented = ArrayPool<byte>.Shared.Rent(length);
            file.ReadExactly(rented, 0, length);
            return Search(rented.AsSpan(0, length), Encoding.UTF8.GetBytes($" {name}\n"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static string? Search(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> wanted)
    {
        for (var from = 0; lines[from..].IndexOf(wanted) is >= 0 and var at; from += at + wanted.Length)
        {
            var end = from + at;
            var start = lines[..end].LastIndexOf((byte)'\n') + 1;
            if (Revision.TryParse(Encoding.ASCII.GetString(lines[start..end]), out var revision))
            {
                return revision.Sha;
            }
        }

        return null;
    }

    private static string Head(string file, int limit)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        Span<byte> buffer = stackalloc byte[limit];
        return Encoding.UTF8.GetString(buffer[..stream.ReadAtLeast(buffer, limit, throwOnEndOfStream: false)]);
    }
}
