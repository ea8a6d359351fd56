using Microsoft.Extensions.Logging;
using Reconciler.Adapters.Boot;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Git;
using Reconciler.Adapters.Logs;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Notices;
using Reconciler.Adapters.Processes;
using Reconciler.Adapters.Sqlite;
using Reconciler.Adapters.Systemd;
using Reconciler.Configuration;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Web;
using Reconciler.Wire;

namespace Reconciler.Composition;

/// <summary>The one composition root: who plays which part in the running daemon.</summary>
internal static partial class Daemon
{
    private static readonly TimeSpan MirrorCare = TimeSpan.FromHours(6);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    /// <summary>Runs until cancelled. An activation under way goes on without it; a build is ended and done again later.</summary>
    public static async Task<int> RunAsync(HostConfiguration configuration, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var steady = new SteadyTime(clock); // whatever decides, and whatever is written down
        using var loggers = Logging.Create(configuration.Log.Level);
        var logger = loggers.CreateLogger(nameof(Daemon));
        var notice = ReadinessNotice.FromEnvironment(clock, loggers.CreateLogger<ReadinessNotice>());
        var runner = new ProcessRunner(clock);
        var triggers = new TriggerQueue();
        var policy = Settings.Policy(configuration);

        using var facts = new PatientLedger(Settings.LedgerFile(configuration), steady, Settings.ForgeIdentity(configuration));
        var reader = new LedgerReader(facts);
        var forge = Forges.Of(configuration, commit => Forges.Latest(reader, commit), clock, loggers);
        using var forgeLife = forge as IDisposable;
        var channels = Settings.Channels(configuration);
        using var notifier = channels.IsEmpty ? null : new Notifier(configuration.Host, configuration.Notifications.Channels, clock, loggers.CreateLogger<Notifier>());
        using var traces = Settings.Traces(configuration, clock, loggers);
        var tells = forge is not null || notifier is not null || traces is not null;
        var outbox = new SqliteOutbox(() => facts.Opened, clock);
        var untold = new TriggerQueue();
        var pullRequests = new TriggerQueue();
        ILedger ledger = !tells
            ? facts
            : new TellingLedger(
                facts, reader,
                (before, after, fact) =>
                [
                    .. forge is null ? [] : Planning.ForgeTelling.Of(before, after, fact), .. NoticeTelling.Of(before, after, fact, channels),
                    .. traces is null ? [] : TraceTelling.Of(before, after),
                ],
                steady, untold);
        var logs = new DeploymentLogs(
            new DeploymentLogSettings(Path.Combine(configuration.Paths.State, "logs")), clock, loggers.CreateLogger<DeploymentLogs>());

        var git = new GitProgram(runner, Settings.Repository(configuration));
        using var mirror = new GitMirror(git, clock, loggers.CreateLogger<GitMirror>());
        using var remotes = new GitRemotes(git, mirror, clock, loggers.CreateLogger<GitRemotes>());
        using var commits = new GitHistory(git, runner, Settings.Signers(configuration), loggers.CreateLogger<GitHistory>());
        using var checkouts = new Checkouts(git, mirror, Settings.Checkout(configuration, "deployment"), loggers.CreateLogger<Checkouts>());
        using var planCheckouts = new Checkouts(git, mirror, Settings.Checkout(configuration, "plan"), loggers.CreateLogger<Checkouts>());
        using var headCheckouts = new Checkouts(git, mirror, Settings.Checkout(configuration, "pull-request"), loggers.CreateLogger<Checkouts>());
        using var story = new GitStory(
            git, mirror, new StorySettings { RepositoryPath = Path.Combine(configuration.Paths.State, "forge.git") }, loggers.CreateLogger<GitStory>());
        PushDoor? door = null;
        var watcher = new GitWatcher(
            remotes, triggers, Settings.Polling(configuration) with { HeardAt = remote => remote == configuration.Repository.Remotes[0].Name ? door?.PushedAt : null }, clock, Random.Shared.NextDouble, loggers.CreateLogger<GitWatcher>());

        var build = Settings.Build(configuration);
        var builder = new NixBuilder(build, BuildPurpose.Deployment, runner, clock, loggers.CreateLogger<NixBuilder>());
        var planBuilder = new NixBuilder(build, BuildPurpose.Plan, runner, clock, loggers.CreateLogger<NixBuilder>());
        var headBuilder = new NixBuilder(Settings.HeadBuild(configuration), BuildPurpose.PullRequest, runner, clock, loggers.CreateLogger<NixBuilder>());
        var host = new NixHost(Settings.Host(configuration), runner, clock, loggers.CreateLogger<NixHost>());
        var storeCare = new StoreCare(Settings.Host(configuration), runner, clock, loggers.CreateLogger<StoreCare>());
        var store = new StoreWatch(storeCare, policy.Backoff, steady);
        IDeadMansSwitch deadMan = Settings.DeadMansSwitch(configuration) is { } settings
            ? new DeadMansSwitch(settings, runner, clock, loggers.CreateLogger<DeadMansSwitch>())
            : new NoDeadMansSwitch();
        var reboots = new HostReboots(Settings.Boot(configuration), runner, loggers.CreateLogger<HostReboots>());
        var health = new Adapters.Health.Health(runner, clock, watcher.TroubleReachingAsync);

        var trial = new TrialMemory();
        var postponements = new Postponements(policy.Backoff);
        door = new PushDoor(watcher, pullRequests, clock);
        var hooks = new Hooks(configuration, door, clock, loggers);
        StatusPage? page = null;
        var board = new StatusBoard(configuration.Host, reader, () => watcher.View, trial, postponements, steady)
        {
            Forge = () => tells ? ForgeStatusOf(forge?.Name ?? (notifier is null ? "the collector of traces" : "the channels"), forge, outbox) : null,
            Push = () => hooks.Status,
            Page = () => page?.Status,
        };
        page = new StatusPage(configuration.Page, Site, clock, loggers);
        var prober = new HealthProber(health, configuration.Checks, new VerificationPolicy(12, TimeSpan.FromSeconds(5)), steady);
        var observer = new HostObserver(
            reader, host, deadMan, reboots, store, () => watcher.View, commits, trial, postponements, policy, Settings.Signatures(configuration), steady);
        var stories = new Stories(configuration.Host, ledger, reader, commits);
        var actuator = new HostActuator(
            ledger, reader, checkouts, builder, host, new TrialGuard(deadMan, policy), reboots, store, prober, story, stories, commits, logs, trial, postponements, policy,
            new OwnConfiguration(runner, configuration.Preflight.AllowOwnRemoval ? null : ControlGroup.OwnService()).TroubleInAsync, steady,
            loggers.CreateLogger<HostActuator>());
        var reconciler = new HostReconciler(observer, actuator, triggers, board);
        var news = forge is null ? null : new HoldNews(outbox, board, untold);
        using var held = new HeldNotices(outbox, channels, configuration.Notifications.HeldAfter, untold, clock);
        var loop = new ReconcileLoop(
            reconciler, triggers, postponements, board, policy.Backoff,
            reason =>
            {
                news?.Hear(reason);
                held.Hear(reason);
            },
            steady, loggers.CreateLogger<ReconcileLoop>());
        using var workshop = new PlanWorkshop(planCheckouts, planBuilder, host);
        var desk = new OperatorDesk(ledger, reader, watcher, commits, host, triggers, board, workshop);
        var watchdog = Watchdog.FromEnvironment(notice, () => IsAlive(board, loop, steady), clock, loggers.CreateLogger<Watchdog>());

        await using var control = new ControlServer(
            configuration.Control,
            new ControlServices
            {
                Desk = desk,
                Board = board,
                Logs = logs,
                Ledger = ledger,
                Host = host,
                ExportLedger = output => LedgerExport.Write(facts.Opened, output),
                Version = ProgramVersion.Text,
            },
            loggers);
        if (TroubleWithAnother(facts) is { } another)
        {
            LogCannotStart(logger, another);
            return Cli.ExitCode.Failed;
        }

        try
        {
            await control.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            LogCannotStart(logger, e.Message);
            return Cli.ExitCode.Failed;
        }

        LogStarted(logger, ProgramVersion.Text, configuration.Host, string.Join(", ", remotes.Names));
        notice.Ready();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewal = new SelfRenewal(configuration.Source, ControlGroup.OwnService(), board);
#pragma warning disable CA2025 // all of them have ended before anything they use is let go of
        Task[] lives =
        [
            watcher.RunAsync(end.Token),
            loop.RunAsync(end.Token),
            OutliveAsync(watchdog.RunAsync(end.Token), end.Token),
            OutliveAsync(ShowStatusAsync(board, notice, end.Token), end.Token),
            CareForMirrorAsync(mirror, clock, end.Token),
            renewal.UntilDueAsync(end.Token),
            .. forge is null ? [] : PlanLives(forge),
            .. !tells ? Array.Empty<Task>() :
            [
                new OutboxSender(outbox, forge, notifier, stories, reader, untold, policy.Backoff, clock, loggers.CreateLogger<OutboxSender>()) { Traces = traces }.RunAsync(end.Token),
            ],
            .. page.IsWanted ? [page.RunAsync(end.Token)] : Array.Empty<Task>(),
            .. hooks.AreWanted ? [hooks.RunAsync(end.Token)] : Array.Empty<Task>(),
        ];
#pragma warning restore CA2025

        // One that ends by itself ends the daemon: a daemon that lives on without one of its parts would be silent about it.
        var first = await Task.WhenAny(lives);
        await end.CancelAsync();
        await Task.WhenAll(lives).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (first.Exception?.InnerException is { } broken and not OperationCanceledException)
        {
            LogBroken(logger, broken);
        }
        else if (renewal.Reason is { } reason)
        {
            LogRenewing(logger, reason);
        }

        notice.Stopping();
        LogStopping(logger);
        await storeCare.CloseAsync();
        using var patience = new CancellationTokenSource(Farewell, clock);
        await control.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return first.IsFaulted ? Cli.ExitCode.Failed : Cli.ExitCode.Ok;

        SiteServices Site() => new()
        {
            Board = board,
            Logs = logs,
            Ledger = ledger,
            Host = host,
            Commits = commits,
            Links = ForgeLinks.Of(configuration.Forge, RollbackText.BranchOf),
            Version = ProgramVersion.Text,
            Clock = clock,
        };

        IEnumerable<Task> PlanLives(IForge forge)
        {
            if (configuration.Forge.Plans.Enabled)
            {
                var planner = new PullRequestPlanner(
                    forge, outbox, new PullRequestHeads(git, mirror, remotes.Names[0], clock, loggers.CreateLogger<PullRequestHeads>()),
                    new PlanBench(headCheckouts, headBuilder, new SystemComparison(Settings.Host(configuration), runner), clock),
                    () => host.Observe().Running, board, pullRequests, untold, Settings.Plans(configuration), clock, loggers.CreateLogger<PullRequestPlanner>());
                yield return planner.RunAsync(end.Token);
            }
        }
    }

    // What waits is asked of the disk each time, so that the status needs no pass to be right.
    private static ForgeStatus ForgeStatusOf(string name, IForge? forge, SqliteOutbox outbox)
    {
        try
        {
            return new ForgeStatus(name, outbox.State(), forge?.RequestsLeft);
        }
        catch (Exception e) when (e is LedgerUnavailableException or History.InvalidLedgerException)
        {
            return new ForgeStatus(name, OutboxState.Empty with { Trouble = e.Message });
        }
    }

    /// <summary>Opens the ledger of a configuration to read, beside a running daemon or without one.</summary>
    public static Cli.OfflineLedger OpenLedger(HostConfiguration configuration)
    {
#pragma warning disable CA2000 // the caller closes it
        var ledger = SqliteLedger.OpenReadOnly(Settings.LedgerFile(configuration), TimeProvider.System);
#pragma warning restore CA2000
        return new Cli.OfflineLedger(ledger, output => LedgerExport.Write(ledger, output), ledger.Dispose);
    }

    // Some parts have nothing to do without systemd and end at once; only their failure matters.
    private static async Task OutliveAsync(Task part, CancellationToken cancellationToken)
    {
        await part;
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    /// <summary>Goes over the local mirror without changing it; a daemon may use it meanwhile.</summary>
    public static async Task<Cli.MirrorVerdict> CheckMirrorAsync(HostConfiguration configuration, CancellationToken cancellationToken)
    {
        var settings = Settings.Repository(configuration);
        var (isThere, fault) = await GitMirror.FaultOfAsync(new GitProgram(new ProcessRunner(TimeProvider.System), settings), cancellationToken);
        return new Cli.MirrorVerdict(settings.MirrorPath, isThere, fault);
    }

    // A second daemon must end before it takes the control socket. Any other trouble with the ledger is for the loop to show and to wait out.
    private static string? TroubleWithAnother(PatientLedger ledger)
    {
        try
        {
            return ledger.Opened is null ? "" : null;
        }
        catch (LedgerInUseException e)
        {
            return e.Message;
        }
        catch (Exception e) when (e is LedgerUnavailableException or History.InvalidLedgerException)
        {
            return null;
        }
    }

    // Alive: a pass ended lately, or one is under way in a step that may take its time and is bounded by its own limits.
    private static bool IsAlive(StatusBoard board, ReconcileLoop loop, TimeProvider clock) =>
        board.Latest.Step is not HostStep.Hold || clock.GetUtcNow() - loop.LastSign < TimeSpan.FromHours(2);

    private static async Task ShowStatusAsync(StatusBoard board, ReadinessNotice notice, CancellationToken cancellationToken)
    {
        if (!notice.IsHeard)
        {
            return;
        }

        var shown = "";
        var status = board.Current;
        while (!cancellationToken.IsCancellationRequested)
        {
            status = await board.NextAsync(status, cancellationToken);
            var text = status switch
            {
                { Trouble: { } trouble } => trouble,
                { Step: HostStep.Hold hold } => HoldText.Headline(hold.Reason),
                { Step: { } step } => StepText.Headline(step),
                _ => "",
            };
            if (text != shown)
            {
                notice.Status(text);
                shown = text;
            }
        }
    }

    private static async Task CareForMirrorAsync(GitMirror mirror, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(MirrorCare, clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await mirror.MaintainAsync(cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Reconciler {Version} looks after {Host}; remotes: {Remotes}")]
    private static partial void LogStarted(ILogger logger, string version, HostName host, string remotes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping; what is under way is taken up at the next start")]
    private static partial void LogStopping(ILogger logger);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A part of the daemon ended by itself, so the daemon ends, to be started anew")]
    private static partial void LogBroken(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Reason}; ending, to be started anew with it")]
    private static partial void LogRenewing(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Cannot start: {Detail}")]
    private static partial void LogCannotStart(ILogger logger, string detail);
}
