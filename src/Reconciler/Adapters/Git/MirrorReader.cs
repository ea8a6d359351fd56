using LibGit2Sharp;
using Microsoft.Extensions.Logging;

namespace Reconciler.Adapters.Git;

/// <summary>Opens the local mirror for each question, with libgit2: opening costs a quarter of a millisecond, and the mirror may be replaced at any time.</summary>
/// <remarks>A mirror that is missing or damaged answers nothing; it is never an exception, and never a question without an end.</remarks>
internal sealed partial class MirrorReader(string path, ILogger logger)
{
    private readonly LooseObjects _loose = new();

    /// <summary>Where the mirror is.</summary>
    public string Path => path;

    /// <summary>The mirror's own object directory.</summary>
    public string Objects => System.IO.Path.Combine(path, "objects");

    /// <summary>Asks the mirror.</summary>
    /// <param name="read">The question; it gets the repository for its own duration.</param>
    /// <param name="otherwise">The answer of a mirror that is missing or damaged.</param>
    public T Read<T>(Func<Repository, T> read, T otherwise)
    {
        try
        {
            if (_loose.FindDamaged(Objects) is { } damaged)
            {
                LogDamagedObject(damaged);
                return otherwise;
            }

            using var repository = LibGit2.Open(path);
            return read(repository);
        }
        catch (Exception e) when (e is LibGit2SharpException or IOException or UnauthorizedAccessException)
        {
            LogUnreadable(path, e.Message);
            return otherwise;
        }
    }

    /// <summary>The commit of an id; null when the mirror does not hold it, or it is no commit.</summary>
    public static Commit? Find(Repository repository, string sha) =>
        ObjectId.TryParse(sha, out var id) ? repository.Lookup<Commit>(id) : null;
}
