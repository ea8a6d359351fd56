using System.Collections.Concurrent;
using System.Collections.Immutable;
using Reconciler.Adapters.Processes;

namespace Reconciler.Adapters.Nix;

/// <summary>Runs programs as children, where no systemd runs: in containers and tests.</summary>
/// <remarks>Such a run outlives a cancelled wait, but not the daemon, and is found again only by the daemon that started it.</remarks>
internal sealed class DirectRuns(IProcessRunner runner, TimeProvider clock) : IDetachedRuns
{
    private readonly ConcurrentDictionary<string, Task<DetachedEnd>> _runs = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<DetachedEnd> RunAsync(DetachedRun run, LineLog log, CancellationToken cancellationToken)
    {
        foreach (var (unit, task) in _runs)
        {
            if (task.IsCompleted)
            {
                _runs.TryRemove(unit, out _);
            }
        }

        if (!(run.IsUnique && _runs.ContainsKey(run.Unit)) && _runs.Keys.FirstOrDefault() is { } other)
        {
            log.Write($"waiting for {other}");
            try
            {
                await Task.WhenAll(_runs.Values).WaitAsync(run.Timeout, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                return new DetachedEnd.Busy(other);
            }

            _runs.TryRemove(run.Unit, out _);
        }

        return await _runs.GetOrAdd(run.Unit, _ => StartAsync(run, log)).WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<DetachedEnd> AwaitAsync(string unit, LineLog log, CancellationToken cancellationToken) =>
        _runs.TryGetValue(unit, out var task)
            ? task.WaitAsync(cancellationToken)
            : Task.FromResult<DetachedEnd>(new DetachedEnd.Cut("lost with the daemon that ran it", ""));

    /// <inheritdoc/>
    public async Task<DetachedSighting> FindAsync(string unit, CancellationToken cancellationToken) => _runs.TryGetValue(unit, out var task)
        ? task.IsCompleted ? new DetachedSighting.Ended(await task) : new DetachedSighting.Running()
        : new DetachedSighting.NotFound();

    private async Task<DetachedEnd> StartAsync(DetachedRun run, LineLog log)
    {
        var request = new ProcessRequest(run.Program, run.Arguments)
        {
            Timeout = run.Timeout,
            OnLine = line => log.Write(line.Text),
            KeepCharacters = 64 * 1024,
            Environment = ImmutableDictionary<string, string?>.Empty.Add("NIXOS_INSTALL_BOOTLOADER", "0"),
        };
        return await runner.RunAsync(request, CancellationToken.None) switch
        {
            ProcessOutcome.Exited { Code: > 128 and var code } e => new DetachedEnd.Cut($"signal {code - 128}", e.Error),
            ProcessOutcome.Exited e => new DetachedEnd.Exited(e.Code, e.Output + e.Error),
            ProcessOutcome.TimedOut t => new DetachedEnd.Cut("timeout", t.Error),
            ProcessOutcome.NotStarted n => new DetachedEnd.NotStarted(PlainText.Line(n.Detail, 300)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
