using System.Globalization;
using Microsoft.Extensions.Logging;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Git;

/// <summary>Keeps the heads of pull requests in the mirror as <c>refs/plans/&lt;number&gt;</c>. What the mirror holds already starts no process.</summary>
internal sealed partial class PullRequestHeads : IPullRequestHeads
{
    private readonly GitProgram _program;
    private readonly GitMirror _mirror;
    private readonly GitRemoteSettings? _remote;
    private readonly GitAddress? _address;
    private readonly string? _fault;
    private readonly TimeProvider _clock;
    private readonly ILogger<PullRequestHeads> _logger;
    private readonly MirrorFetches _fetches;

    /// <param name="program">The git program, with the settings of the remote.</param>
    /// <param name="mirror">Where the heads go.</param>
    /// <param name="remote">The name of the remote that is the forge's repository.</param>
    /// <param name="clock">Measures the remote's time limit.</param>
    /// <param name="logger">Told of what was fetched, and of what nobody is told otherwise.</param>
    public PullRequestHeads(GitProgram program, GitMirror mirror, string remote, TimeProvider clock, ILogger<PullRequestHeads> logger)
    {
        (_program, _mirror, _clock, _logger) = (program, mirror, clock, logger);
        _fetches = new MirrorFetches(program, mirror, clock);
        _remote = program.Settings.Remotes.FirstOrDefault(r => r.Name == remote);
        if (_remote is null)
        {
            _fault = $"no remote is called '{OneLine.Of(remote, 80)}'";
        }
        else if (!GitAddress.TryParse(_remote.Url, out _address, out var fault))
        {
            _fault = fault;
        }
    }

    /// <inheritdoc/>
    public async Task<string?> FetchAsync(PullRequest pullRequest, CancellationToken cancellationToken)
    {
        if ((_fault ?? FaultOf(pullRequest)) is { } fault)
        {
            return fault;
        }

        using var deadline = new CancellationTokenSource(_remote!.Timeout, _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await BringAsync(pullRequest, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return GitTrouble.TimedOut(_address!.Text, _remote.Timeout);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The rim: a surprise with one pull request must not keep the others from being planned.
            LogSurprise(pullRequest.Number, e);
            return $"{_address}: unexpected {e.GetType().Name}: {OneLine.Of(GitAddress.Mask(e.Message), 300)}";
        }
    }

    /// <inheritdoc/>
    public async Task KeepOnlyAsync(IReadOnlySet<long> numbers, CancellationToken cancellationToken)
    {
        try
        {
            var kept = numbers.Select(GitBranches.Plan).ToHashSet(StringComparer.Ordinal);
            if (!Others(kept).Any())
            {
                return;
            }

            using var share = await _mirror.ShareAsync(cancellationToken);
            var deletions = string.Concat(Others(kept).Select(name => $"delete {name}\n"));
            var outcome = await _program.RunAsync(
                GitCommand.Of("update-ref", "--no-deref", "--stdin") with { GitDirectory = _mirror.Directory, Input = deletions }, cancellationToken);
            if (!outcome.IsSuccess)
            {
                LogKept(outcome.Describe("git update-ref"));
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogKept(OneLine.Of(e.Message, 300));
        }
    }

    private async Task<string?> BringAsync(PullRequest pullRequest, CancellationToken cancellationToken)
    {
        const int rounds = 2; // the mirror may have to be mended in between
        for (var round = 1; ; round++)
        {
            if (_mirror.IsSound && Read(pullRequest.Number) == pullRequest.Head)
            {
                return null;
            }

            if (await _mirror.EnsureAsync(cancellationToken) is { } unfit)
            {
                return unfit;
            }

            if (Read(pullRequest.Number) == pullRequest.Head)
            {
                return null;
            }

            var outcome = await FetchRefAsync(pullRequest, cancellationToken);
            if (outcome.IsSuccess)
            {
                return Verdict(pullRequest);
            }

            if (round == rounds || !GitTrouble.IsAboutMirror(outcome))
            {
                return TroubleOf(pullRequest, outcome);
            }

            _mirror.Suspect();
        }
    }

    private async Task<GitOutcome> FetchRefAsync(PullRequest pullRequest, CancellationToken cancellationToken)
    {
        string[] refspec = [$"+{pullRequest.HeadReference}:{GitBranches.Plan(pullRequest.Number)}"];
        using var share = await _mirror.ShareAsync(cancellationToken);
        var outcome = await _fetches.FetchAsync(_remote!, movedTo: null, refspec, cancellationToken);

        // git itself follows no redirect when it holds a secret.
        return outcome is GitOutcome.Exited { Error: var error } && error.Contains("returned error: 30", StringComparison.Ordinal)
            && await MovedToAsync(cancellationToken) is { } movedTo
            ? await _fetches.FetchAsync(_remote!, movedTo, refspec, cancellationToken)
            : outcome;
    }

    private async Task<string?> MovedToAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpRefs(_remote!, _address!, GitBranches.Of(_program.Settings));
        return await http.AskAsync(cancellationToken) is GitTipsAnswer.Known { MovedTo: { } movedTo } ? movedTo : null;
    }

    private string? Verdict(PullRequest pullRequest)
    {
        if (Read(pullRequest.Number) is not { } fetched)
        {
            return $"{_address} was fetched, but the mirror does not hold the head of pull request {pullRequest.Number}";
        }

        if (fetched != pullRequest.Head)
        {
            return $"its head moved while it was fetched, from {pullRequest.Head.Short} to {fetched.Short}: it is looked at again soon";
        }

        LogFetched(pullRequest.Number, fetched);
        return null;
    }

    private string TroubleOf(PullRequest pullRequest, GitOutcome outcome) =>
        outcome is GitOutcome.Exited { Error: var error } && error.Contains("couldn't find remote ref", StringComparison.Ordinal)
            ? $"{_address} has no {pullRequest.HeadReference}: the pull request is gone, or this remote is not the forge's repository"
            : GitTrouble.OfProgram(_address!, _remote!, outcome).Detail;

    private Revision? Read(long number)
    {
        try
        {
            return LocalRefs.Find(_mirror.Directory) is { } refs && Revision.TryParse(refs.Read(GitBranches.Plan(number)), out var head) ? head : null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private IEnumerable<string> Others(HashSet<string> kept) =>
        GitMirrorTidy.RefNames(_mirror.Directory).Where(name => name.StartsWith(GitBranches.Plans, StringComparison.Ordinal) && !kept.Contains(name));

    private static string? FaultOf(PullRequest pullRequest) =>
        pullRequest.Number <= 0
            ? string.Create(CultureInfo.InvariantCulture, $"{pullRequest.Number} is no pull request's number: is the forge's answer what it should be?")
        : !pullRequest.HeadReference.StartsWith("refs/", StringComparison.Ordinal) || !GitBranches.IsBranchName(pullRequest.HeadReference)
            ? $"'{OneLine.Of(pullRequest.HeadReference, 80)}' is no name of a ref, which the forge should have given: it is not fetched"
            : null;
}
