using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Configuration;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Reconciler.Web;

namespace Reconciler.Tests.Web.Site;

/// <summary>The status page on a real socket, over a host that a test makes up.</summary>
internal sealed class FakeSite(HostStatus status, TimeProvider? clock = null) : MuteHost, IStatusBoard, IDeploymentLogs, ILedger, IGitHistory, IAsyncDisposable
{
    private readonly TimeProvider _clock = clock ?? new FakeTimeProvider(status.At);
    private readonly Lock _gate = new();
    private HostStatus _status = status;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _logged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _log = [];
    private bool _isLogClosed;
    private StatusSite? _site;

    /// <summary>Where it listens, once started.</summary>
    public Uri Address => new(_site!.Address);

    public HostStatus Current
    {
        get
        {
            lock (_gate)
            {
                Looks++;
                return _status;
            }
        }
    }

    /// <summary>How often the status was looked at.</summary>
    public int Looks { get; private set; }

    public IReadOnlyDictionary<Revision, CommitSummary> Commits { get; init; } = new Dictionary<Revision, CommitSummary>();

    public List<Generation> AllGenerations { get; } = [];

    public PageSettings Settings { get; init; } = new("http://127.0.0.1:0", ["status.example.org"], null) { PublicUrl = new Uri("https://public.example.org") };

    /// <summary>What is wrong with the chain; null when it is whole.</summary>
    public string? Fault { get; set; }

    /// <summary>How often the chain was walked.</summary>
    public int Walks { get; private set; }

    /// <summary>How many wait for a change.</summary>
    public int Waiting { get; private set; }

    public SiteServices Services => new()
    {
        Board = this,
        Logs = this,
        Ledger = this,
        Host = this,
        Commits = this,
        Links = new ForgeLinks(ForgeKind.Github, "https://github.com/acme/infra", bad => $"reconciler/revert-{bad.Short}"),
        Version = "1.2.3",
        Clock = _clock,
    };

    public async Task<FakeSite> StartAsync(CancellationToken cancellationToken)
    {
        _site = new StatusSite(Settings, Services, NullLoggerFactory.Instance);
        await _site.StartAsync(cancellationToken);
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is not null)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await _site.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _site.DisposeAsync();
        }
    }

    /// <summary>Shows another status to all who wait for one.</summary>
    public void Show(HostStatus next)
    {
        TaskCompletionSource done;
        lock (_gate)
        {
            _status = next;
            (done, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        done.SetResult();
    }

    /// <summary>Adds lines to every log, to the followed ones too.</summary>
    public void Log(bool isEnd, params string[] lines)
    {
        TaskCompletionSource done;
        lock (_gate)
        {
            _log.AddRange(lines);
            _isLogClosed = isEnd;
            (done, _logged) = (_logged, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        done.SetResult();
    }

    public async Task<HostStatus> NextAsync(HostStatus seen, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_gate)
        {
            if (!ReferenceEquals(seen, _status))
            {
                return _status;
            }

            changed = _changed.Task;
            Waiting++;
        }

        try
        {
            await changed.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                Waiting--;
            }
        }

        return Current;
    }

    public async IAsyncEnumerable<string> ReadAsync(DeploymentId deployment, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var next = 0; ; next++)
        {
            string? line = null;
            while (line is null)
            {
                Task logged;
                lock (_gate)
                {
                    line = next < _log.Count ? _log[next] : null;
                    if (line is null && (!follow || _isLogClosed))
                    {
                        yield break;
                    }

                    logged = _logged.Task;
                }

                await (line is null ? logged.WaitAsync(cancellationToken) : Task.CompletedTask);
            }

            yield return line;
        }
    }

    public IDeploymentLog Open(DeploymentId deployment) => throw new NotSupportedException();

    public void Close(DeploymentId deployment) => throw new NotSupportedException();

    public long Position => Current.History.Position;

    public string HeadHash => A.Revision("head").Sha + A.Revision("hash").Sha[..24];

    public LedgerEntry Append(LedgerEvent fact, Actor actor, long? onlyAfter = null, ImmutableArray<ForgeMessage> messages = default) => throw new NotSupportedException();

    public IReadOnlyList<LedgerEntry> ReadAfter(long position) => throw new NotSupportedException();

    public LedgerVerdict Verify()
    {
        Walks++;
        return new LedgerVerdict(Position, HeadHash, Fault);
    }

    public CommitSummary? Describe(Revision revision) => Commits.TryGetValue(revision, out var commit) ? commit : null;

    public ImmutableArray<CommitSummary> Between(Revision? start, Revision tip, int limit) => throw new NotSupportedException();

    public Lineage Compare(Revision start, Revision tip) => throw new NotSupportedException();

    public Revision? Resolve(string text) => throw new NotSupportedException();

    public Task<SignatureVerdict> VerifySignaturesAsync(Revision? confirmed, Revision tip, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override IReadOnlyList<Generation> Generations() => AllGenerations;
}
