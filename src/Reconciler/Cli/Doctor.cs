using System.Net;
using Reconciler.Configuration;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>How one thing was found.</summary>
internal enum Health
{
    /// <summary>Well.</summary>
    Ok,

    /// <summary>Worth a look.</summary>
    Warn,

    /// <summary>To be mended.</summary>
    Fail,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="What">What it is.</param>
/// <param name="Health">How it was found.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Cure">What to do; empty when nothing.</param>
internal sealed record Finding(string What, Health Health, string Seen, string Cure = "");

/// <summary>What the doctor asks the machine.</summary>
internal interface IDoctorMachine
{
    /// <summary>Where a program is found; null when it is not.</summary>
    string? FindProgram(string name);

    /// <summary>Bytes free for this user on the file system of a path; null when the path is not there.</summary>
    long? FreeBytes(string path);

    /// <summary>Whether a directory is there, can be written by this user, and is closed to others; a complaint, or null when all is well.</summary>
    string? DirectoryTrouble(string path);

    /// <summary>A complaint about a file with a secret; null when all is well.</summary>
    string? SecretTrouble(string path);

    /// <summary>Whether the kernel's clock is kept in step, by whatever time service; null when that cannot be told.</summary>
    bool? IsClockSynchronized();
}

/// <summary>Looks at everything the daemon needs, and says what to mend.</summary>
internal static class Doctor
{
    private static readonly (string Name, string Need)[] Programs =
    [
        ("git", "fetches the repository"),
        ("nix", "builds systems"),
        ("nixos-rebuild", "builds systems"),
        ("systemd-run", "keeps activations apart from the daemon"),
    ];

    private const int MostErrors = 10;

    // A clock that is being set in step may go back by this much.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(1);

    /// <summary>Looks at everything.</summary>
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(
        CommandContext context, string configurationPath, Func<HostConfiguration, Task<StatusDocument>> status)
    {
        var findings = new List<Finding>();
        var outcome = context.LoadConfiguration(configurationPath);
        if (outcome is ConfigurationOutcome.Invalid { Errors: var errors })
        {
            findings.AddRange(errors.Take(MostErrors).Select(error => new Finding("configuration", Health.Fail, $"{configurationPath}: {error}")));
            findings.AddRange(Programs.Select(program => Program(context.Machine, program)));
            return findings;
        }

        var configuration = ((ConfigurationOutcome.Valid)outcome).Configuration;
        findings.Add(new Finding("configuration", Health.Ok, $"{configurationPath}, host {configuration.Host}"));
        findings.AddRange(Secrets(context.Machine, configuration));
        findings.AddRange(Programs.Select(program => Program(context.Machine, program)));
        findings.Add(context.Machine.DirectoryTrouble(configuration.Paths.State) is { } trouble
            ? new Finding("state", Health.Fail, $"{configuration.Paths.State}: {trouble}", "Run as root, and make it with: install -d -m 0700 " + configuration.Paths.State)
            : new Finding("state", Health.Ok, configuration.Paths.State));
        findings.Add(Space(context.Machine, "store", configuration.Paths.Store, configuration.Preflight.MinimumStoreFree, "nix-collect-garbage"));
        findings.Add(Space(context.Machine, "boot", configuration.Paths.Boot, configuration.Preflight.MinimumBootFree, "remove old generations (generations.keep)"));
        findings.Add(Space(context.Machine, "state space", configuration.Paths.State, 64L << 20, "make room on its file system"));
        findings.AddRange(await DaemonAsync(configuration, status));
        findings.AddRange(from found in await context.ExamineForge(configuration)
                          select new Finding(found.Subject, found.IsWell ? Health.Ok : Health.Fail, Plain.Line(found.Detail, 400), found.Cure));
        var (ledger, last) = Ledger(context, configuration);
        findings.Add(ledger);
        findings.Add(Clock(context, last));
        findings.Add(Mirror(await context.CheckMirror(configuration)));
        return findings;
    }

    /// <summary>The page.</summary>
    public static Page Text(IReadOnlyList<Finding> findings)
    {
        var page = new Page();
        foreach (var finding in findings)
        {
            var (word, ink) = finding.Health switch
            {
                Health.Ok => ("ok  ", Ink.Good),
                Health.Warn => ("warn", Ink.Warn),
                _ => ("FAIL", Ink.Bad),
            };
            page.Wrapped($"{word}  {finding.What}: {finding.Seen}", 0, ink, hang: 6);
            if (finding.Cure.Length > 0)
            {
                page.Wrapped($"→ {finding.Cure}", 6, hang: 2);
            }
        }

        return page;
    }

    private static Finding Program(IDoctorMachine machine, (string Name, string Need) program) => machine.FindProgram(program.Name) is { } path
        ? new Finding(program.Name, Health.Ok, path)
        : new Finding(program.Name, Health.Fail, $"not on PATH; it {program.Need}", $"Install {program.Name}, or put it on the daemon's PATH.");

    private static IEnumerable<Finding> Secrets(IDoctorMachine machine, HostConfiguration configuration) =>
        from secret in (IEnumerable<(string Of, string? Path)>)
        [
            .. configuration.Repository.Remotes.SelectMany(remote => new[] { (remote.Name, remote.TokenFile), (remote.Name, remote.SshKeyFile) }),
            ("forge", configuration.Forge.TokenFile),
            ("forge", configuration.Forge.App?.PrivateKeyFile),
            .. configuration.Notifications.Channels.SelectMany(channel => new[] { channel.UrlFile, channel.TokenFile, channel.SecretFile }.Select(file => ($"channel {channel.Name}", file))),
            ("traces", configuration.Traces.HeadersFile),
            .. configuration.Webhook.SecretFiles.Select(file => ("webhook", (string?)file)),
        ]
        where secret.Path is not null
        let trouble = machine.SecretTrouble(secret.Path)
        select trouble is null
            ? new Finding($"secret of {secret.Of}", Health.Ok, secret.Path)
            : new Finding($"secret of {secret.Of}", Health.Fail, $"{secret.Path}: {trouble}", $"It must be readable by root only: chown root {secret.Path} && chmod 0400 {secret.Path}");

    private static Finding Space(IDoctorMachine machine, string what, string path, long wanted, string cure) => machine.FreeBytes(path) switch
    {
        null => new Finding(what, Health.Warn, $"{path} is not there", "Check paths in the configuration."),
        { } free when free < wanted => new Finding(what, Health.Fail, $"{path}: {FailureText.Bytes(free)} free, {FailureText.Bytes(wanted)} wanted", $"Free space: {cure}."),
        { } free => new Finding(what, Health.Ok, $"{path}: {FailureText.Bytes(free)} free"),
    };

    private static Finding Clock(CommandContext context, DateTimeOffset? lastEntry)
    {
        var now = context.Clock.GetUtcNow();
        const string needs = "TLS, maintenance windows and the ledger depend on it.";
        return (lastEntry, context.Machine.IsClockSynchronized()) switch
        {
            ({ } last, _) when now < last - Skew => new Finding(
                "clock", Health.Warn, $"{TimeText.Absolute(now)}, before the ledger's newest entry of {TimeText.Absolute(last)}", $"Set the clock: timedatectl. {needs}"),
            (_, false) => new Finding("clock", Health.Warn, $"{TimeText.Absolute(now)}, not kept in step", $"Turn on a time service: services.timesyncd.enable = true. {needs}"),
            (_, null) => new Finding("clock", Health.Ok, $"{TimeText.Absolute(now)}; whether a time service keeps it cannot be told"),
            _ => new Finding("clock", Health.Ok, $"{TimeText.Absolute(now)}, kept in step"),
        };
    }

    private static Finding Mirror(MirrorVerdict verdict) => verdict switch
    {
        { IsThere: false } => new Finding("mirror", Health.Warn, $"{verdict.Path} is not there, or this user may not see it", "Run as root; the daemon makes it at its first look at the repository."),
        { Fault: { } fault } => new Finding("mirror", Health.Fail, $"{verdict.Path}: {Plain.Line(fault, 300)}", "The daemon mends it when it needs what is missing. At once: move it away, then systemctl restart reconciler"),
        _ => new Finding("mirror", Health.Ok, $"{verdict.Path}, every commit and file name leads somewhere"),
    };

    private static async Task<IEnumerable<Finding>> DaemonAsync(HostConfiguration configuration, Func<HostConfiguration, Task<StatusDocument>> ask)
    {
        StatusDocument status;
        try
        {
            status = await ask(configuration);
        }
        catch (ControlException e)
        {
            return [new Finding("daemon", Health.Fail, $"no answer at {configuration.Control.Socket}", e.Message)];
        }

        return
        [
            new Finding("daemon", status.NeedsAttention ? Health.Fail : Health.Ok, $"version {status.Version}: {status.Headline}", status.NeedsAttention ? status.Cure : ""),
            .. Webhook(configuration, status.Webhook),
            .. StatusPage(configuration, status.Page),
            .. status.Remotes.Select(remote => remote.Trouble is { } trouble
                ? new Finding($"remote {remote.Name}", Health.Fail, trouble, "Check its address, credentials and the network; it is tried again by itself.")
                : remote.ReachedAt is null
                    ? new Finding($"remote {remote.Name}", Health.Warn, "not read yet", "Wait a moment, or ask with: reconciler sync")
                    : new Finding($"remote {remote.Name}", Health.Ok, $"read at {TimeText.Absolute(remote.ReachedAt.Value)}")),
        ];
    }

    private static Finding[] Webhook(HostConfiguration configuration, WebhookDocument? hook) => (configuration.Webhook.Provider, hook) switch
    {
        (WebhookSender.None, _) => [],
        (_, null) => [new Finding("webhook", Health.Fail, $"the daemon does not listen on {configuration.Webhook.Listen}", "Restart the daemon, so that it takes the configuration.")],
        (_, { Trouble: { } trouble }) => [new Finding("webhook", Health.Fail, $"{hook.Address}: {trouble}", "Free the address, or choose another (webhook.listen); it is tried again by itself.")],
        (_, { HeardAt: { } heard }) => [new Finding("webhook", Health.Ok, $"{hook.Address}: last delivery {TimeText.Absolute(heard)}, {hook.Accepted} accepted, {hook.Refused} refused")],
        (_, { PingAt: { } ping }) => [new Finding("webhook", Health.Ok, $"{hook.Address}: pinged at {TimeText.Absolute(ping)}, nothing pushed since")],
        (_, { Refused: > 0 }) => [new Finding("webhook", Health.Warn, $"{hook.Address}: {hook.Refused} requests, all refused", "See the daemon's log for why: most often the secret differs from the forge's.")],
        _ => [new Finding("webhook", Health.Warn, $"{hook.Address}: nothing came since the daemon started", "Send a test delivery from the forge's settings; see docs/webhooks.md.")],
    };

    private static Finding[] StatusPage(HostConfiguration configuration, PageDocument? page) => (configuration.Page.Listen, page) switch
    {
        (null, _) => [],
        (_, null) => [new Finding("page", Health.Fail, $"the daemon does not listen on {configuration.Page.Listen}", "Restart the daemon, so that it takes the configuration.")],
        (_, { Trouble: { } trouble }) => [new Finding("page", Health.Fail, $"{page.Address}: {trouble}", "Free the address, or choose another (page.listen); it is tried again by itself.")],
        _ when configuration.Page.ListenOn().Address is { } address && !IPAddress.IsLoopback(address.Address) =>
            [new Finding("page", Health.Warn, $"{page.Address}: served to whoever reaches it", "It shows build logs: let it listen on 127.0.0.1 and put a proxy that asks who it is in front; see docs/status-page.md.")],
        _ => [new Finding("page", Health.Ok, $"{page.Address}: served")],
    };

    private static (Finding Finding, DateTimeOffset? Last) Ledger(CommandContext context, HostConfiguration configuration)
    {
        try
        {
            using var offline = context.OpenLedger(configuration);
            var verdict = offline.Ledger.Verify();
            if (verdict.Fault is { } fault)
            {
                return (new Finding("ledger", Health.Fail, fault, "Suspend nothing and delete nothing: compare with the hashes told to the repository, and see docs/operations.md."), null);
            }

            DateTimeOffset? last = offline.Ledger.ReadAfter(Math.Max(0, verdict.Entries - 1)) is [.., var newest] ? newest.At : null;
            return (new Finding("ledger", Health.Ok, $"{verdict.Entries} {(verdict.Entries == 1 ? "entry" : "entries")}, head {Plain.Line(verdict.HeadHash, 13)}"), last);
        }
        catch (LedgerMissingException e)
        {
            return (new Finding("ledger", Health.Warn, e.Message, "It is made when the daemon first starts."), null);
        }
        catch (LedgerForbiddenException e)
        {
            return (new Finding("ledger", Health.Warn, e.Message, "Run the doctor as root."), null);
        }
        catch (LedgerUnavailableException e)
        {
            return (new Finding("ledger", Health.Fail, e.Message, "Put that right; the daemon then goes on by itself."), null);
        }
        catch (InvalidLedgerException e)
        {
            return (new Finding("ledger", Health.Fail, e.Message, "Keep the file, and see docs/operations.md."), null);
        }
    }
}
