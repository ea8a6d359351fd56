using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Polly;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Git;

/// <summary>Looks at remotes and fetches what is new into the mirror.</summary>
/// <remarks>A look that finds nothing new starts no process for path and http remotes; ssh and git:// remotes are asked by the git program.</remarks>
internal sealed partial class GitRemotes : IGitRemotes, IDisposable
{
    private readonly GitProgram _program;
    private readonly GitMirror _mirror;
    private readonly TimeProvider _clock;
    private readonly ILogger<GitRemotes> _logger;
    private readonly GitBranches _branches;
    private readonly ImmutableDictionary<string, Watched> _watched;
    private readonly string? _fault;
    private readonly ResiliencePipeline<GitTipsAnswer> _asking;
    private readonly MirrorFetches _fetches;

    /// <summary>Makes it for the remotes in the program's settings.</summary>
    public GitRemotes(GitProgram program, GitMirror mirror, TimeProvider clock, ILogger<GitRemotes> logger)
    {
        (_program, _mirror, _clock, _logger) = (program, mirror, clock, logger);
        _branches = GitBranches.Of(program.Settings);
        _fault = GitBranches.FaultOf(program.Settings);
        Names = [.. program.Settings.Remotes.Select(r => r.Name)];
        _watched = program.Settings.Remotes.ToImmutableDictionary(r => r.Name, r => new Watched(r, _branches), StringComparer.Ordinal);
        _asking = MirrorFetches.Retrying<GitTipsAnswer>(clock, static answer => answer is GitTipsAnswer.Failed { IsTransient: true });
        _fetches = new MirrorFetches(program, mirror, clock);
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Names { get; }

    /// <inheritdoc/>
    public async Task<RemoteLook> LookAsync(string remote, RemoteView? before, CancellationToken cancellationToken)
    {
        if (_fault is not null || !_watched.TryGetValue(remote, out var watched))
        {
            return new RemoteLook.Failed(_fault ?? $"no remote is called '{OneLine.Of(remote, 80)}'");
        }

        var limit = watched.Settings.Timeout;
        using var deadline = new CancellationTokenSource(limit, _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var turn = await watched.TurnAsync(linked.Token);
            return await LookAsync(watched, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RemoteLook.Failed(GitTrouble.TimedOut(watched.Shown, limit));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The rim: one remote's surprise must not stop the others.
            LogSurprise(remote, e);
            return new RemoteLook.Failed($"{watched.Shown}: unexpected {e.GetType().Name}: {OneLine.Of(GitAddress.Mask(e.Message), 300)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var watched in _watched.Values)
        {
            watched.Dispose();
        }
    }

    private async Task<RemoteLook> LookAsync(Watched watched, CancellationToken cancellationToken)
    {
        if (watched.Address is not { } address)
        {
            return new RemoteLook.Failed(watched.Fault!);
        }

        const int rounds = 3; // a branch may move or go between asking and fetching; the mirror may have to be mended
        for (var round = 1; ; round++)
        {
            if (await _mirror.EnsureAsync(cancellationToken) is { } unfit)
            {
                return new RemoteLook.Failed(unfit);
            }

            var answer = await _asking.ExecuteAsync(async token => await AskAsync(watched, address, token), cancellationToken);
            if (answer is not GitTipsAnswer.Known { Tips: var tips } known)
            {
                return new RemoteLook.Failed(((GitTipsAnswer.Failed)answer).Detail);
            }

            if (tips.Main?.Sha.Length == 64 || tips.Testing?.Sha.Length == 64)
            {
                return new RemoteLook.Failed($"{address} has SHA-256 object ids, which cannot be followed: use a repository with SHA-1 ones");
            }

            if (_mirror.Read(watched.Settings.Name) == tips)
            {
                return new RemoteLook.Tips(tips.Main, tips.Testing);
            }

            var outcome = await FetchAsync(watched, known, cancellationToken);
            if (outcome.IsSuccess && _mirror.Read(watched.Settings.Name) is { } now && (now.Main is null) == (tips.Main is null))
            {
                LogFetched(watched.Settings.Name, now.Main, now.Testing);
                return new RemoteLook.Tips(now.Main, now.Testing);
            }

            if (round == rounds || !MayHelpToAskAgain(outcome))
            {
                return new RemoteLook.Failed(outcome.IsSuccess
                    ? $"{address} was fetched, but the mirror does not hold its tips"
                    : GitTrouble.OfProgram(address, watched.Settings, outcome).Detail);
            }
        }
    }

    private bool MayHelpToAskAgain(GitOutcome outcome)
    {
        if (outcome.IsSuccess || GitTrouble.IsAboutMirror(outcome))
        {
            _mirror.Suspect();
            return true;
        }

        return outcome is GitOutcome.Exited { Error: var error } && error.Contains("couldn't find remote ref", StringComparison.Ordinal);
    }

    private async ValueTask<GitTipsAnswer> AskAsync(Watched watched, GitAddress address, CancellationToken cancellationToken)
    {
        var answer = address.Transport switch
        {
            GitTransport.Path => await watched.ReadPathAsync(cancellationToken),
            GitTransport.Http => await watched.Http!.AskAsync(cancellationToken),
            _ => new GitTipsAnswer.AskProgram(),
        };
        return answer is GitTipsAnswer.AskProgram ? await AskProgramAsync(watched, address, cancellationToken) : answer;
    }

    private async Task<GitTipsAnswer> AskProgramAsync(Watched watched, GitAddress address, CancellationToken cancellationToken)
    {
        var outcome = await _program.RunAsync(
            GitCommand.Of(["ls-remote", "--quiet", "--refs", "--", address.Text, .. _branches.RemoteRefs])
                with
            { Remote = watched.Settings, Timeout = watched.Settings.Timeout },
            cancellationToken);
        if (outcome is not GitOutcome.Succeeded { Output: var output })
        {
            return GitTrouble.OfProgram(address, watched.Settings, outcome);
        }

        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in output.Split('\n'))
        {
            if (line.Split('\t') is [var id, var name])
            {
                found[name] = id;
            }
        }

        return new GitTipsAnswer.Known(_branches.Tips(branch => found.GetValueOrDefault(GitBranches.Head(branch))));
    }

    private async Task<GitOutcome> FetchAsync(Watched watched, GitTipsAnswer.Known known, CancellationToken cancellationToken)
    {
        var name = watched.Settings.Name;
        var (wanted, gone) = ((string Branch, bool IsThere)[])[(_branches.Main, known.Tips.Main is not null), .. Testing()] is var all
            ? (all.Where(b => b.IsThere).Select(b => b.Branch).ToArray(), all.Where(b => !b.IsThere).Select(b => b.Branch).ToArray()) : default;
        using var share = await _mirror.ShareAsync(cancellationToken);
        foreach (var branch in gone)
        {
            var deleted = await _program.RunAsync(
                GitCommand.Of("update-ref", "--no-deref", "-d", GitBranches.Tracking(name, branch)) with { GitDirectory = _mirror.Directory }, cancellationToken);
            if (!deleted.IsSuccess)
            {
                return deleted;
            }
        }

        if (wanted.Length == 0)
        {
            return new GitOutcome.Succeeded("", "");
        }

        return await _fetches.FetchAsync(
            watched.Settings, known.MovedTo, wanted.Select(b => $"+{GitBranches.Head(b)}:{GitBranches.Tracking(name, b)}"), cancellationToken);

        IEnumerable<(string, bool)> Testing() => _branches.Testing is { } testing ? [(testing, known.Tips.Testing is not null)] : [];
    }

    /// <summary>One remote and what is remembered of it between looks.</summary>
    private sealed class Watched : IDisposable
    {
        private readonly SemaphoreSlim _turn = new(1);
        private readonly GitBranches _branches;
        private Task<GitTipsAnswer>? _reading;

        public Watched(GitRemoteSettings settings, GitBranches branches)
        {
            (Settings, _branches) = (settings, branches);
            Address = GitAddress.TryParse(settings.Url, out var address, out var fault) ? address : null;
            Fault = fault;
            Http = address is { Transport: GitTransport.Http } ? new HttpRefs(settings, address, branches) : null;
        }

        public GitRemoteSettings Settings { get; }

        public GitAddress? Address { get; }

        public string? Fault { get; }

        public HttpRefs? Http { get; }

        public string Shown => Address?.Text ?? Settings.Name;

        public async Task<IDisposable> TurnAsync(CancellationToken cancellationToken)
        {
            await _turn.WaitAsync(cancellationToken);
            return new Turn(_turn);
        }

        // A read on a dead network file system never ends and cannot be cancelled: at most one is left behind, and waited for again.
        public async Task<GitTipsAnswer> ReadPathAsync(CancellationToken cancellationToken)
        {
            _reading ??= Task.Run(ReadPath, CancellationToken.None);
            var answer = await _reading.WaitAsync(cancellationToken);
            _reading = null;
            return answer;
        }

        public void Dispose()
        {
            _turn.Dispose();
            Http?.Dispose();
        }

        private GitTipsAnswer ReadPath()
        {
            var path = Address!.Text;
            try
            {
                return LocalRefs.Find(path) is { } refs ? new GitTipsAnswer.Known(_branches.Tips(branch => refs.Read(GitBranches.Head(branch))))
                    : Directory.Exists(path) || File.Exists(path) || Directory.Exists(path + ".git") ? new GitTipsAnswer.AskProgram()
                    : new GitTipsAnswer.Failed($"{path} is not there: check the path, and that its file system is mounted", IsTransient: false);
            }
            catch (InvalidDataException)
            {
                return new GitTipsAnswer.AskProgram();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return GitTrouble.OfPath(path, e);
            }
        }

        private sealed class Turn(SemaphoreSlim turn) : IDisposable
        {
            public void Dispose() => turn.Release();
        }
    }
}
