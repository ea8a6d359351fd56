using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>The one bare repository all remotes are fetched into. Made on demand, and made anew when it is found broken.</summary>
/// <remarks>
/// The tip of branch b of remote r is <c>refs/remotes/r/b</c>. What cannot be fetched again lives under <c>refs/notes/reconciler/</c> and
/// <c>refs/reconciler/</c>, and is carried over into a new mirror when it can be read. The heads of pull requests under <c>refs/plans/</c> are not:
/// they are fetched anew.
/// </remarks>
internal sealed partial class GitMirror(GitProgram program, TimeProvider clock, ILogger<GitMirror> logger) : IDisposable
{
    private const int ManyPacks = 50;
    private static readonly TimeSpan LongWork = TimeSpan.FromMinutes(30);

    /// <summary>A remote that is itself corrupt casts suspicion at each look; going over a large mirror each time would keep a disk busy for nothing.</summary>
    private static readonly TimeSpan BetweenThoroughLooks = TimeSpan.FromMinutes(10);

    private readonly GitMirrorLock _lock = new();
    private readonly GitBranches _branches = GitBranches.Of(program.Settings);
    private string? _soundPacks;
    private volatile bool _isSuspect;
    private long? _thoroughAt;

    /// <summary>Absolute path of the git directory.</summary>
    public string Directory { get; } = program.Settings.MirrorPath;

    /// <summary>Follows every ref of the mirror at a program's settings to the end, without mending anything and without reading file contents.</summary>
    public static async Task<(bool IsThere, string? Fault)> FaultOfAsync(GitProgram program, CancellationToken cancellationToken)
    {
        if (!System.IO.Directory.Exists(program.Settings.MirrorPath))
        {
            return (false, null);
        }

        var outcome = await program.RunAsync(
            GitCommand.Of("fsck", "--connectivity-only", "--no-dangling", "--no-progress") with { GitDirectory = program.Settings.MirrorPath, Timeout = TimeSpan.FromMinutes(5) },
            cancellationToken);
        return (true, outcome is GitOutcome.NotRun n ? n.Detail : outcome.IsSuccess ? null : outcome.Describe("git fsck"));
    }

    /// <summary>The tips it holds of a remote. Starts no process.</summary>
    /// <returns>Null when it is not a readable repository.</returns>
    public GitTips? Read(string remote)
    {
        try
        {
            return LocalRefs.Find(Directory) is { } refs ? _branches.Tips(branch => refs.Read(GitBranches.Tracking(remote, branch))) : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps mending and packing away while something is written, or borrows objects; dispose to let go.</summary>
    public Task<IDisposable> ShareAsync(CancellationToken cancellationToken) => _lock.ShareAsync(cancellationToken);

    /// <summary>Keeps all others away; dispose to let go.</summary>
    public Task<IDisposable> AloneAsync(CancellationToken cancellationToken) => _lock.AloneAsync(cancellationToken);

    /// <summary>Something in it could not be read: the next look goes over it thoroughly, but not more often than every ten minutes.</summary>
    public void Suspect() => _isSuspect = true;

    /// <summary>Whether nothing happened to it since it was last found sound. Starts no process.</summary>
    public bool IsSound => !IsToBeSearched && _soundPacks is { } known && known == Packs();

    /// <summary>Notes that its packs changed because of a fetch that succeeded.</summary>
    public void Accept() => _soundPacks = Packs();

    /// <summary>Makes it, or goes over it and mends it, unless it <see cref="IsSound"/>. Trouble is text, null when it is fit for use.</summary>
    public async Task<string?> EnsureAsync(CancellationToken cancellationToken)
    {
        if (IsSound)
        {
            return null;
        }

        using var alone = await _lock.AloneAsync(cancellationToken);
        if (IsSound)
        {
            return null;
        }

        try
        {
            return await MakeOrMendAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the mirror {Directory} cannot be made or mended: {OneLine.Of(e.Message, 300)}";
        }
    }

    /// <summary>Packs it together when it has many packs, with one thread. Does nothing otherwise. Never throws but for cancellation.</summary>
    public async Task MaintainAsync(CancellationToken cancellationToken)
    {
        if (!IsSound || System.IO.Directory.GetFiles($"{Directory}/objects/pack", "*.pack").Length <= ManyPacks)
        {
            return;
        }

        using var alone = await _lock.AloneAsync(cancellationToken);
        var outcome = await program.RunAsync(
            GitCommand.Of("gc", "--quiet", "--cruft", "--prune=30.days.ago") with
            {
                GitDirectory = Directory,
                Timeout = LongWork,
                Configuration = [("pack.threads", "1"), ("pack.windowMemory", "64m"), ("pack.deltaCacheSize", "32m")],
            },
            cancellationToken);
        if (outcome.IsSuccess)
        {
            Accept();
            LogPacked();
        }
        else
        {
            Suspect();
            LogNotPacked(outcome.Describe("git gc"));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private bool IsToBeSearched => _isSuspect && !(_thoroughAt is { } at && clock.GetElapsedTime(at) < BetweenThoroughLooks);

    private async Task<string?> MakeOrMendAsync(CancellationToken cancellationToken)
    {
        if (!System.IO.Directory.Exists(Directory))
        {
            if (await MakeAsync(Directory, cancellationToken) is { } fault)
            {
                return fault;
            }

            LogMade(Directory);
        }

        var thorough = IsToBeSearched;
        foreach (var done in GitMirrorTidy.Tidy(Directory))
        {
            LogTidied(done);
        }

        await ForgetUnwatchedAsync(cancellationToken);
        if (await FindFaultAsync(thorough, cancellationToken) is { } broken && await ReplaceAsync(broken, cancellationToken) is { } still)
        {
            return still;
        }

        if (thorough)
        {
            _isSuspect = false;
            _thoroughAt = clock.GetTimestamp();
        }

        Accept();
        return null;
    }

    private async Task<string?> MakeAsync(string path, CancellationToken cancellationToken)
    {
        var fresh = path + ".new";
        if (System.IO.Directory.Exists(fresh))
        {
            System.IO.Directory.Delete(fresh, recursive: true);
        }

        System.IO.Directory.CreateDirectory(fresh);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(fresh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var outcome = await RunAsync(GitCommand.Of("init", "--bare", "--quiet", "--template=", "--", fresh), cancellationToken);
        if (!outcome.IsSuccess)
        {
            return $"the mirror {path} cannot be made: {outcome.Describe("git init")}";
        }

        if (path == Directory)
        {
            System.IO.Directory.Move(fresh, path);
        }

        return null;
    }

    private async Task ForgetUnwatchedAsync(CancellationToken cancellationToken)
    {
        var watched = program.Settings.Remotes
            .SelectMany(r => new[] { _branches.Main, _branches.Testing }.OfType<string>().Select(b => GitBranches.Tracking(r.Name, b)))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var name in GitMirrorTidy.RefNames(Directory).Where(n => n.StartsWith("refs/remotes/", StringComparison.Ordinal) && !watched.Contains(n)))
        {
            await RunAsync(GitCommand.Of("update-ref", "-d", name) with { GitDirectory = Directory }, cancellationToken);
        }
    }

    // rev-list reads every commit and tree, and asks for every blob, that a ref leads to; only fsck reads what is in the blobs.
    private async Task<string?> FindFaultAsync(bool thorough, CancellationToken cancellationToken)
    {
        var command = thorough
            ? GitCommand.Of("fsck", "--full", "--no-dangling", "--no-progress")
            : GitCommand.Of("rev-list", "--objects", "--quiet", "--all");
        var outcome = await RunAsync(command with { GitDirectory = Directory, Timeout = LongWork }, cancellationToken);
        if (outcome is GitOutcome.NotRun n)
        {
            return n.Detail;
        }

        return outcome.IsSuccess ? null : outcome.Describe($"git {command.Arguments[0]}");
    }

    private async Task<string?> ReplaceAsync(string fault, CancellationToken cancellationToken)
    {
        var broken = Directory + ".broken";
        LogBroken(Directory, fault, broken);
        if (await MakeAsync(broken, cancellationToken) is { } cannot)
        {
            return cannot;
        }

        var fresh = broken + ".new";
        foreach (var name in GitMirrorTidy.RefNames(Directory).Where(IsOurs))
        {
            var carried = await CarryAsync(name, fresh, cancellationToken);
            if (carried.IsSuccess)
            {
                LogCarried(name);
            }
            else if (carried is GitOutcome.Exited { Error: var error } && !error.Contains("No space left on device", StringComparison.Ordinal))
            {
                LogLost(name, broken);
            }
            else
            {
                return $"{name} could not be carried over into a new mirror: {carried.Describe("git fetch")}";
            }
        }

        PrivateFolder.SetAside(Directory, broken);
        System.IO.Directory.Move(fresh, Directory);
        return null;
    }

    private Task<GitOutcome> CarryAsync(string name, string fresh, CancellationToken cancellationToken)
    {
        var old = new GitRemoteSettings { Name = "old", Url = Directory };
        return RunAsync(
            GitCommand.Of("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", Directory, $"+{name}:{name}")
                with
            { GitDirectory = fresh, Remote = old, Timeout = LongWork },
            cancellationToken);
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("refs/notes/reconciler", StringComparison.Ordinal) || name.StartsWith("refs/reconciler/", StringComparison.Ordinal);

    private Task<GitOutcome> RunAsync(GitCommand command, CancellationToken cancellationToken) => program.RunAsync(command, cancellationToken);

    private string? Packs()
    {
        try
        {
            if (!File.Exists($"{Directory}/HEAD") || !System.IO.Directory.Exists($"{Directory}/refs"))
            {
                return null;
            }

            var packs = new DirectoryInfo($"{Directory}/objects/pack").GetFiles("*.pack");
            return string.Join(' ', packs.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Name}:{p.Length}")).Order(StringComparer.Ordinal));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
