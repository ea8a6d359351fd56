using System.Collections.Immutable;
using System.Diagnostics;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Health;

/// <summary>Asks the machine how it is: systemd, the network, and programs the operator names.</summary>
/// <param name="processes">Runs systemctl, journalctl and command checks.</param>
/// <param name="clock">Measures and limits each probe.</param>
/// <param name="repository">Looks whether the repository can be reached: null when it can, else why not, in one line.</param>
internal sealed class Health(IProcessRunner processes, TimeProvider clock, Func<CancellationToken, Task<string?>> repository) : IHealth
{
    private readonly UnitProbe _unit = new(processes);
    private readonly FailedUnits _failedUnits = new(processes);
    private readonly ServicesProbe _services = new(processes);
    private readonly CommandProbe _command = new(processes);
    private readonly UnitJournals _journals = new(processes);

    /// <inheritdoc/>
    public HealthDeclaration DeclaredBy(Toplevel toplevel) => DeclarationFile.Read(toplevel);

    /// <inheritdoc/>
    public async Task<ProbeResult> ProbeAsync(HealthCheck check, ImmutableArray<string> failedUnitsBefore, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var began = clock.GetTimestamp();
        using var limit = new CancellationTokenSource(check.Timeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Sighting seen;
        try
        {
            seen = await LookAsync(check, failedUnitsBefore, stop.Token, cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && limit.IsCancellationRequested)
        {
            seen = Sighting.NoAnswer(check.Timeout);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A probe nobody foresaw the end of must not end the trial's loop: what cannot be seen does not hold.
            seen = Sighting.Bad($"the probe itself failed: {e.Message}");
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new ProbeResult(check.Name, check.Required, seen.Holds, OneLine.Of(seen.Detail), clock.GetElapsedTime(began), seen.Units);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> FailedUnitsAsync(CancellationToken cancellationToken) =>
        await _failedUnits.ListAsync(cancellationToken) is FailedUnits.Answer.Listed listed ? listed.Units : [];

    /// <inheritdoc/>
    public Task<JournalExcerpt> JournalAsync(ImmutableArray<string> units, DateTimeOffset since, CancellationToken cancellationToken) =>
        _journals.ReadAsync(units, since, cancellationToken);

    private Task<Sighting> LookAsync(
        HealthCheck check, ImmutableArray<string> failedUnitsBefore, CancellationToken stop, CancellationToken cancellationToken) => check switch
        {
            HealthCheck.UnitIsActive c => _unit.LookAsync(c, stop),
            HealthCheck.NoNewlyFailedUnits => _failedUnits.LookAsync(failedUnitsBefore, stop),
            HealthCheck.ServicesStayUp c => _services.LookAsync(c, stop),
            HealthCheck.HttpAnswers c => HttpProbe.LookAsync(c, stop),
            HealthCheck.TcpConnects c => TcpProbe.LookAsync(c, stop),
            HealthCheck.CommandSucceeds c => _command.LookAsync(c, cancellationToken), // has the time limit from the check, and tells what it last said
            HealthCheck.RepositoryIsReachable => LookAtRepositoryAsync(stop),
            _ => throw new UnreachableException(),
        };

    // The look belongs to others and may not heed the token, so it is waited for no longer than the token allows.
    private async Task<Sighting> LookAtRepositoryAsync(CancellationToken stop) =>
        await repository(stop).WaitAsync(stop) is { } trouble ? Sighting.Bad(trouble) : Sighting.Good("the repository can be reached");
}
