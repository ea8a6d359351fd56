using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Configuration;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Tests.Fakes;
using Reconciler.Tests.Making;
using Reconciler.Web;
using Reconciler.Wire;
using Xunit;

namespace Reconciler.Tests.Web;

/// <summary>A control server on a real socket, before a desk that writes down what it was asked.</summary>
internal sealed class FakeControl : MuteHost, IOperatorDesk, IStatusBoard, IDeploymentLogs, ILedger, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("control").FullName;
    private ControlServer? _server;

    public string Socket => Path.Combine(_folder, "run", "control.sock");

    public List<string> Asked { get; } = [];

    public DeskAnswer Answer { get; set; } = new(true, "Done.");

    public PlanAnswer PlanAnswer { get; set; } = new(A.Revision(), A.Toplevel("new"), new SystemPlan { Restart = ["nginx.service"] }, null);

    public HostStatus Current { get; set; } = new()
    {
        Host = new HostName("web1"),
        At = A.Start,
        Started = A.Start.AddHours(-1),
        History = A.History(A.Tried()),
        Step = new HostStep.Hold(new HoldReason.UpToDate(A.Revision(), BranchKind.Main)),
        StepSince = A.Start,
        DecidedAt = A.Start,
    };

    public Queue<HostStatus> Next { get; } = new();

    public LedgerVerdict Verdict { get; set; } = new(6, "abc", null);

    public long Position => 6;

    public string HeadHash => "abc";

    public ControlServices Services => new()
    {
        Desk = this,
        Board = this,
        Logs = this,
        Ledger = this,
        Host = this,
        ExportLedger = writer => writer.Write("{\"position\":1}\n{\"position\":2}\n"),
        Version = "1.2.3",
    };

    public async Task StartAsync()
    {
        _server = new ControlServer(new ControlSettings(Socket, null), Services, NullLoggerFactory.Instance);
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public async Task StopAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            _server = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();

        Directory.Delete(_folder, recursive: true);
    }

    public Task<DeskAnswer> SyncAsync(string? allowRewindTo, Actor by, CancellationToken cancellationToken) => Task.FromResult(Note($"sync {allowRewindTo} {by}"));

    public DeskAnswer Suspend(string reason, Actor by) => Note($"suspend '{reason}' {by}");

    public DeskAnswer Resume(Actor by) => Note($"resume {by}");

    public DeskAnswer Pin(string? revision, Actor by) => Note($"pin {revision} {by}");

    public DeskAnswer Unpin(Actor by) => Note($"unpin {by}");

    public DeskAnswer Release(string revision, Actor by) => Note($"release {revision} {by}");

    public DeskAnswer RollBack(int? generation, Actor by) => Note($"rollback {generation} {by}");

    public Task<PlanAnswer> PlanAsync(string? revision, Action<string> progress, CancellationToken cancellationToken)
    {
        progress("building");
        Note($"plan {revision}");
        return Task.FromResult(PlanAnswer);
    }

    public async Task<HostStatus> NextAsync(HostStatus seen, CancellationToken cancellationToken)
    {
        if (!Next.TryDequeue(out var next))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return next!;
    }

    public void Close(DeploymentId deployment)
    {
    }

    public IDeploymentLog Open(DeploymentId deployment) => throw new NotSupportedException();

    public async IAsyncEnumerable<string> ReadAsync(DeploymentId deployment, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return $"log of {deployment}{(follow ? ", followed" : "")}";
        yield return "\e[31mred\e[0m";
    }

    public LedgerEntry Append(LedgerEvent fact, Actor actor, long? onlyAfter = null, System.Collections.Immutable.ImmutableArray<ForgeMessage> messages = default) => throw new NotSupportedException();

    public IReadOnlyList<LedgerEntry> ReadAfter(long position) => [];

    public LedgerVerdict Verify() => Verdict;

    public override IReadOnlyList<Generation> Generations() => [new(41, A.Toplevel("new"), A.Start, true), new(40, A.Toplevel("old"), A.Start.AddDays(-2), false)];

    public override HostState Observe() => A.HostState();

    private DeskAnswer Note(string request)
    {
        Asked.Add(request);
        return Answer;
    }
}
