using System.Collections.Immutable;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Boot;

/// <summary>Boots a system of a NixOS host once. What cannot be read back is not relied on.</summary>
internal sealed partial class HostReboots : IHostReboots
{
    private readonly BootSettings _settings;
    private readonly IProcessRunner _runner;
    private readonly ILogger<HostReboots> _logger;
    private readonly TrialProfile _profile;

    public HostReboots(BootSettings settings, IProcessRunner runner, ILogger<HostReboots> logger)
    {
        _settings = settings;
        _runner = runner;
        _logger = logger;
        _profile = new TrialProfile(settings.ProfilesDirectory);
    }

    /// <inheritdoc/>
    public async Task<RebootObstacles> ObstaclesAsync(CancellationToken cancellationToken)
    {
        var inhibitors = ImmutableArray<RebootInhibitor>.Empty;
        if (_settings.RespectInhibitors)
        {
            var answer = await _runner.RunAsync(BootCommands.ListInhibitors(), cancellationToken);
            if (answer is not ProcessOutcome.Exited { Succeeded: true, Output: var output } || LoginAnswers.Inhibitors(output) is not { } read)
            {
                return RebootObstacles.None with { Trouble = answer.IsSuccess ? "logind gave no list that could be read" : BootText.Of(answer, "busctl") };
            }

            inhibitors = read;
        }

        return new RebootObstacles(inhibitors, _settings.WaitForUsers ? await UsersAsync(cancellationToken) : [], null);
    }

    /// <inheritdoc/>
    public async Task AnnounceAsync(string message, CancellationToken cancellationToken)
    {
        if (await _runner.RunAsync(BootCommands.Wall(Program("wall"), message), cancellationToken) is var outcome && !outcome.IsSuccess)
        {
            LogNotAnnounced(BootText.Of(outcome, "wall"));
        }
    }

    /// <inheritdoc/>
    public async Task<Failure?> AddToMenuAsync(Toplevel toplevel, CancellationToken cancellationToken)
    {
        if (Loader() is null)
        {
            return Unfit("neither systemd-boot nor GRUB was found; name the boot loader as reboot.bootLoader, or set reboot.when to \"never\"");
        }

        try
        {
            _profile.Prepare();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unfit(BootText.Line(e.Message));
        }

        var outcome = await _runner.RunAsync(BootCommands.SetProfile(_profile.Link, toplevel), cancellationToken);
        return _profile.LeadsTo(toplevel) ? null : Unfit(outcome.IsSuccess ? $"nix-env succeeded, and {_profile.Link} leads elsewhere" : BootText.Of(outcome, "nix-env"));
    }

    /// <inheritdoc/>
    public async Task<Failure?> CheckMenuAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken) => Loader() is not { } loader
        ? Unfit("no boot loader was found")
        : await loader.LookAsync(toplevel, boots, cancellationToken) is MenuLook.Unfit unfit ? Unfit(unfit.Why) : null;

    /// <inheritdoc/>
    public async Task<Failure?> ArmAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken)
    {
        if (Loader() is not { } loader)
        {
            return Unfit("no boot loader was found");
        }

        var look = await loader.LookAsync(toplevel, boots, cancellationToken);
        if (look is not MenuLook.Found { Entry: var entry })
        {
            return Unfit(((MenuLook.Unfit)look).Why);
        }

        var trouble = await loader.ChooseAsync(entry, cancellationToken)
            ?? (await loader.ChosenAsync(cancellationToken) is var chosen && chosen == entry
                ? null
                : $"{loader.Name} was told to boot '{entry}' once, and says '{BootText.Line(chosen ?? "nothing", 80)}'")
            ?? await FlushAsync(cancellationToken);
        if (trouble is null)
        {
            LogArmed(loader.Name, entry);
            return null;
        }

        await loader.ForgetAsync(cancellationToken);
        return Unfit(trouble);
    }

    /// <inheritdoc/>
    public async Task DisarmAsync(CancellationToken cancellationToken)
    {
        // Only what leads to our own entry is taken back: somebody else may have chosen another.
        if (Loader() is not { } loader || await loader.ChosenAsync(cancellationToken) is not { } chosen || !chosen.Contains(TrialProfile.Name, StringComparison.Ordinal))
        {
            return;
        }

        if ((await loader.ForgetAsync(cancellationToken) ?? await FlushAsync(cancellationToken)) is { } trouble)
        {
            LogNotDisarmed(loader.Name, chosen, trouble);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> LeaveMenuAsync(CancellationToken cancellationToken)
    {
        if (!_profile.Exists)
        {
            return false;
        }

        await DisarmAsync(cancellationToken);
        try
        {
            _profile.Remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(_profile.Link, e.Message);
        }

        return true;
    }

    /// <inheritdoc/>
    public async Task<Failure?> RebootAsync(bool inhibited, CancellationToken cancellationToken)
    {
        var outcome = await _runner.RunAsync(BootCommands.Reboot(_settings.RespectInhibitors && !inhibited), cancellationToken);
        if (outcome.IsSuccess)
        {
            return null;
        }

        // The connection may be cut by the very shutdown it asked for. Only a machine that says that it runs on is taken for one that does.
        return await _runner.RunAsync(BootCommands.IsRunning(), cancellationToken) is ProcessOutcome.Exited { Output: var state }
            && state.Trim() is ("running" or "degraded" or "starting" or "maintenance")
            ? new Failure.HostToolFailed(Failure.HostToolFailed.Reboot, BootText.Of(outcome, "systemctl"))
            : null;
    }

    /// <inheritdoc/>
    public async Task<JournalExcerpt?> JournalOfFailedBootAsync(string bootIdBefore, CancellationToken cancellationToken) =>
        await _runner.RunAsync(BootCommands.JournalOfLastBoot(), cancellationToken) is ProcessOutcome.Exited { Succeeded: true, Output: var lines }
            ? BootJournal.Read(lines, bootIdBefore)
            : null;

    private IBootLoader? Loader()
    {
        var systemd = new SystemdBoot(_settings, _runner);
        var grub = new Grub(_settings, _runner, Program, checksDisk: _settings.Loader == BootLoaderKind.Auto);
        return _settings.Loader switch
        {
            BootLoaderKind.SystemdBoot => systemd,
            BootLoaderKind.Grub => grub,
            _ when systemd.IsHere => systemd,
            _ when grub.IsHere => grub,
            _ => null,
        };
    }

    private async Task<ImmutableArray<string>> UsersAsync(CancellationToken cancellationToken)
    {
        if (await _runner.RunAsync(BootCommands.ListSessions(), cancellationToken) is not ProcessOutcome.Exited { Succeeded: true, Output: var list }
            || LoginAnswers.Sessions(list) is not { } sessions)
        {
            return ["(logind does not say)"];
        }

        return sessions.IsEmpty || await _runner.RunAsync(BootCommands.ShowSessions(sessions), cancellationToken) is not ProcessOutcome.Exited { Output: var shown }
            ? []
            : LoginAnswers.Users(shown);
    }

    private async Task<string?> FlushAsync(CancellationToken cancellationToken) =>
        !Directory.Exists(_settings.BootDirectory) || await _runner.RunAsync(ProcessRequest.Sync(_settings.BootDirectory), cancellationToken) is var outcome && outcome.IsSuccess
            ? null
            : $"{_settings.BootDirectory} could not be flushed";

    private string Program(string name) => Path.Combine(_settings.SystemPrograms, name) is var path && File.Exists(path) ? path : name;

    private static Failure.OneShotBootFailed Unfit(string why) => new(why);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Loader} boots '{Entry}' once")]
    private partial void LogArmed(string loader, string entry);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Loader} was to boot '{Entry}' once, and that could not be taken back: {Detail}")]
    private partial void LogNotDisarmed(string loader, string entry, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Link} could not be removed, so the boot menu keeps an entry nobody needs: {Detail}")]
    private partial void LogNotRemoved(string link, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The reboot could not be announced: {Detail}")]
    private partial void LogNotAnnounced(string detail);
}
