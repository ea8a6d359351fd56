using System.Collections.Immutable;
using Reconciler.Adapters.Boot;
using Reconciler.Adapters.Git;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Traces;
using Reconciler.Configuration;
using Reconciler.Planning;
using Reconciler.Reconciling;

namespace Reconciler.Composition;

/// <summary>What the configuration means for each part. The only place where the two are named side by side.</summary>
internal static class Settings
{
    private static readonly Backoff PollBackoff = new() { First = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromMinutes(10) };

    private static readonly Backoff PlanBackoff = new() { First = TimeSpan.FromMinutes(1), Longest = TimeSpan.FromMinutes(30) };

    public static string LedgerFile(HostConfiguration configuration) => Path.Combine(configuration.Paths.State, "ledger.db");

    public static HostPolicy Policy(HostConfiguration configuration) => new()
    {
        ConfirmationWindow = configuration.Trial.Window,
        ActivationLimit = configuration.Trial.ActivationTimeout,
        DeadMansGrace = configuration.Trial.DeadMansGrace,
        Health = new HealthPolicy
        {
            WarmUp = configuration.Trial.WarmUp,
            Interval = configuration.Trial.Interval,
            LaterInterval = configuration.Trial.LaterInterval,
            SettleAfter = configuration.Trial.SettleAfter,
            SuccessStreak = configuration.Trial.SuccessStreak,
            FailureLimit = configuration.Trial.FailureLimit,
            MinimumTrial = configuration.Trial.Minimum,
        },
        MaintenanceWindows = Windows(configuration.Maintenance.Windows),
        Reboot = new RebootPolicy
        {
            When = configuration.Reboot.When,
            Windows = Windows(configuration.Reboot.Windows ?? configuration.Maintenance.Windows),
            Notice = configuration.Reboot.Notice,
            WarmUp = configuration.Reboot.WarmUp,
            RespectInhibitors = configuration.Reboot.RespectInhibitors,
            ReturnPatience = configuration.Reboot.ReturnPatience,
            WaitForUsers = configuration.Reboot.WaitForUsers,
        },
        AllowRewind = configuration.Repository.AllowRewind,
        RepairDrift = configuration.Drift.Repair,
    };

    private static ImmutableArray<MaintenanceWindow> Windows(ImmutableArray<WindowSettings> windows) =>
        [.. windows.Select(w => new MaintenanceWindow(w.Days, w.Opens, w.Length, w.Zone))];

    /// <summary>How a system is booted once.</summary>
    public static BootSettings Boot(HostConfiguration configuration) => new()
    {
        Loader = configuration.Reboot.BootLoader switch
        {
            "systemd-boot" => BootLoaderKind.SystemdBoot,
            "grub" => BootLoaderKind.Grub,
            _ => BootLoaderKind.Auto,
        },
        RespectInhibitors = configuration.Reboot.RespectInhibitors,
        WaitForUsers = configuration.Reboot.WaitForUsers,
        ProfilesDirectory = Path.Combine(Path.GetDirectoryName(configuration.Paths.Profile) ?? "/", "system-profiles"),
        StoreDirectory = configuration.Paths.Store,
        BootDirectory = configuration.Paths.Boot,
    };

    public static PollPolicy Polling(HostConfiguration configuration) =>
        new(configuration.Repository.PollInterval, 0.1, PollBackoff) { IntervalWhenHeard = configuration.Webhook.PollInterval };

    /// <summary>Which forge and repository messages are for; empty for none.</summary>
    public static string ForgeIdentity(HostConfiguration configuration) =>
        configuration.Forge.Kind == ForgeKind.None ? "" : $"{configuration.Forge.Api} {configuration.Forge.Repository}";

    public static PlanPolicy Plans(HostConfiguration configuration) =>
        new(configuration.Forge.Plans.Forks, configuration.Forge.Plans.Most, configuration.Forge.Plans.Interval, PlanBackoff);

    public static SignaturePolicy Signatures(HostConfiguration configuration) =>
        new(configuration.Repository.Signatures.Required, TimeSpan.FromMinutes(1));

    public static SignerSettings? Signers(HostConfiguration configuration) => configuration.Repository.Signatures.Required
        ? new SignerSettings
        {
            GpgKeyringFile = configuration.Repository.Signatures.KeyringFile,
            SshAllowedSignersFile = configuration.Repository.Signatures.AllowedSignersFile,
            KeyringFolder = Path.Combine(configuration.Paths.State, "keyring"),
        }
        : null;

    public static GitRepositorySettings Repository(HostConfiguration configuration) => new()
    {
        MirrorPath = Path.Combine(configuration.Paths.State, "mirror.git"),
        MainBranch = configuration.Repository.Branch,
        TestingBranch = configuration.Repository.TestingBranch,
        Remotes =
        [
            .. configuration.Repository.Remotes.Select(remote => new GitRemoteSettings
            {
                Name = remote.Name,
                Url = remote.Url.Text,
                Timeout = remote.Timeout,
                TokenFile = remote.TokenFile,
                Username = remote.Username,
                SshKeyFile = remote.SshKeyFile,
                KnownHostsFile = remote.KnownHostsFile,
                MayPush = remote.Push,
            }),
        ],
    };

    public static CheckoutSettings Checkout(HostConfiguration configuration, string purpose) =>
        new() { Folder = Path.Combine(configuration.Paths.State, "checkout", purpose) };

    public static NixBuildSettings Build(HostConfiguration configuration) => new()
    {
        Kind = configuration.Build.Kind switch
        {
            BuildKind.Flake => NixBuildKind.Flake,
            BuildKind.Plain => NixBuildKind.Plain,
            _ => NixBuildKind.Auto,
        },
        StateDirectory = configuration.Paths.State,
        FlakeAttribute = configuration.Build.FlakeAttribute,
        FlakeSubmodules = configuration.Repository.Submodules,
        ConfigurationFile = configuration.Build.File,
        Timeout = configuration.Build.Timeout,
        ExtraArguments = configuration.Build.ExtraArguments,
    };

    /// <summary>How the heads of pull requests are built: as commits are, within limits.</summary>
    public static NixBuildSettings HeadBuild(HostConfiguration configuration) => Build(configuration) with
    {
        Timeout = configuration.Forge.Plans.Timeout,
        Readable = configuration.Forge.Plans.Readable,
        Limits = new NixBuildLimits
        {
            MemoryBytes = configuration.Forge.Plans.MemoryLimit,
            StoreDirectory = configuration.Paths.Store,
            MinimumStoreFree = 2 * configuration.Preflight.MinimumStoreFree,
        },
    };

    /// <summary>Who wants to hear of what.</summary>
    public static ImmutableArray<NoticeChannel> Channels(HostConfiguration configuration) =>
        [.. configuration.Notifications.Channels.Select(channel => new NoticeChannel(channel.Name, [.. channel.Events]))];

    /// <summary>Who takes traces; null when nobody does.</summary>
    public static OtlpTraces? Traces(HostConfiguration configuration, TimeProvider clock, ILoggerFactory loggers) => configuration.Traces is { Endpoint: { } endpoint, HeadersFile: var file }
        ? new OtlpTraces(configuration.Host, endpoint, file, ProgramVersion.Text, clock, loggers.CreateLogger<OtlpTraces>())
        : null;

    /// <summary>What the dead-man's switch works with; null where no systemd runs.</summary>
    public static DeadMansSwitchSettings? DeadMansSwitch(HostConfiguration configuration) => Directory.Exists(Host(configuration).SystemdDirectory)
        ? new DeadMansSwitchSettings(Path.Combine(configuration.Paths.State, "dead-mans-switch"), configuration.Paths.Profile, ControlGroup.OwnService())
        : null;

    public static NixHostSettings Host(HostConfiguration configuration) => new()
    {
        StateDirectory = configuration.Paths.State,
        Profile = configuration.Paths.Profile,
        RunningSystem = configuration.Paths.RunningSystem,
        BootedSystem = configuration.Paths.BootedSystem,
        StoreDirectory = configuration.Paths.Store,
        BootDirectory = configuration.Paths.Boot,
        GcRootDirectory = configuration.Paths.GcRoots,
        MinimumStoreFree = configuration.Preflight.MinimumStoreFree,
        MinimumBootFree = configuration.Preflight.MinimumBootFree,
        ActivationTimeout = configuration.Trial.ActivationTimeout,
        KeepGenerations = configuration.Generations.Keep,
        KeepFailed = configuration.Generations.KeepFailed,
    };
}
