using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>The page of <c>status</c>. Pure; fits 80 columns and 24 lines when drawn plainly.</summary>
internal static class StatusText
{
    private static readonly TimeSpan StoreNews = TimeSpan.FromDays(7);

    private const int MostRemotes = 3;
    private const int MostChecks = 4;

    /// <summary>Writes the page.</summary>
    public static Page Of(StatusDocument status, DateTimeOffset now)
    {
        var page = new Page();
        page.Line($"{Plain.Line(status.Host, 63)}: {Word(status.State)}", InkOf(status));
        page.Wrapped(status.Headline, 2, most: 3);
        if (status.Cure.Length > 0)
        {
            page.Wrapped($"→ {status.Cure}", 2, Ink.Bold, most: 3);
        }

        page.Line();
        page.Field("runs", Running(status.Systems));
        page.Field("boots", Boots(status.Systems), Ink.Warn);
        page.Field("wanted", status.Wanted is { } wanted ? $"{Short(wanted.Revision)} ({wanted.Branch} on {wanted.Remote})" : null);
        page.Field("pinned", status.Pin is { } pin ? $"to {Short(pin)}, until `reconciler unpin`" : null, Ink.Warn);
        page.Field("suspended", status is { Suspension: { } s, State: not HostStateWord.Suspended }
            ? $"by {s.By} since {TimeText.Both(s.Since, now)}{(s.Reason.Length > 0 ? $": {s.Reason}" : "")}" : null, Ink.Warn, most: 2);
        Trial(page, status.Trial, now);
        Remotes(page, status, now);
        page.Field("untold", status.TellTrouble is { } tell ? $"the repository cannot be told: {tell}" : null, Ink.Warn, most: 2);
        page.Field("forge", status.Forge is { } forge ? Forge(forge, now) : null, status.Forge is { Trouble: not null } ? Ink.Warn : Ink.None, most: 2);
        page.Field("webhook", status.Webhook is { } hook ? Webhook(hook, now) : null, status.Webhook is { Trouble: not null } ? Ink.Warn : Ink.None, most: 2);
        page.Field("store", status.StoreMended is { } mend && now - mend.At < StoreNews
            ? $"{Count(mend.Damaged, "path")} damaged, as after a power cut; {mend.Removed} removed to be built anew, {TimeText.Both(mend.At, now)}" : null, Ink.Warn, most: 2);
        page.Field("quarantine", status.Quarantined > 0 ? $"{Count(status.Quarantined, "revision")}; see `reconciler quarantine list`" : null);
        if (!status.Deployments.IsEmpty)
        {
            page.Line();
            HistoryText.Table(page, status.Deployments, now);
        }

        page.Line();
        page.Line($"  {TimeText.Absolute(status.At)}, daemon {Plain.Line(status.Version, 20)} up {TimeText.Length(now - status.Started)}", Ink.Faint);
        return page;
    }

    /// <summary>The state in one line, for a log of changes.</summary>
    public static string Line(StatusDocument status) =>
        $"{TimeText.Absolute(status.At)}  {status.Host}: {Word(status.State)}: {status.Headline}{(status.Cure.Length == 0 ? "" : $" → {status.Cure}")}";

    /// <summary>The first digits of a revision.</summary>
    public static string Short(string revision) => Plain.Line(revision, 64) is { Length: > 7 } sha ? sha[..7] : revision;

    /// <summary>The name of a system: its store path without directory and hash.</summary>
    public static string Name(string toplevel)
    {
        var last = toplevel[(toplevel.LastIndexOf('/') + 1)..];
        return last.Length > 33 && last[32] == '-' ? last[33..] : last;
    }

    private static string Forge(ForgeDocument forge, DateTimeOffset now) => forge switch
    {
        { Trouble: { } trouble } => $"{forge.Name} cannot be told ({Count((int)forge.Waiting, "message")} wait): {trouble}",
        { Waiting: > 0 } => $"{forge.Name}: {Count((int)forge.Waiting, "message")} on the way",
        { SentAt: { } sent } => $"{forge.Name}: told all, the last {TimeText.Both(sent, now)}",
        _ => $"{forge.Name}: nothing told yet",
    };

    private static string Webhook(WebhookDocument hook, DateTimeOffset now) =>
        $"{Plain.Line(hook.Address, 60)}: " + (hook.Trouble is { } trouble ? $"cannot be heard: {trouble}" : hook.HeardAt is { } heard ? $"last heard {TimeText.Both(heard, now)}" : "nothing heard since the daemon started");

    private static void Trial(Page page, TrialDocument? trial, DateTimeOffset now)
    {
        if (trial is null)
        {
            return;
        }

        page.Field("trial", trial switch
        {
            { ActivatedAt: null } => $"deployment {trial.Deployment}: being activated",
            { Deadline: { } deadline } =>
                $"deployment {trial.Deployment}: {Count(trial.Rounds, "round")} of probes, the last {trial.GoodRounds} good; decided by {TimeText.Both(deadline, now)}",
            _ => $"deployment {trial.Deployment}: {Count(trial.Rounds, "round")} of probes, the last {trial.GoodRounds} good",
        });
        var checks = trial.Checks.OrderBy(check => check.Passed).ThenByDescending(check => check.Required).ToList();
        foreach (var check in checks.Take(MostChecks))
        {
            var ink = check.Passed ? Ink.Good : check.Required ? Ink.Bad : Ink.Warn;
            var mark = check.Passed ? "ok" : check.Required ? "FAILS" : "fails (only told)";
            page.Field("", $"{check.Name}: {mark}{(check.Detail.Length > 0 ? $", {check.Detail}" : "")}", ink, most: 1);
        }

        if (checks.Count > MostChecks)
        {
            page.Field("", $"and {checks.Count - MostChecks} more, {checks.Skip(MostChecks).Count(check => check.Passed)} of them ok");
        }
    }

    private static void Remotes(Page page, StatusDocument status, DateTimeOffset now)
    {
        foreach (var (index, remote) in status.Remotes.Take(MostRemotes).Index())
        {
            var read = remote.ReachedAt is { } at ? $"read {TimeText.Relative(at, now)}" : "never read";
            var tips = $"{(remote.Main is { } main ? Short(main) : "no branch")}{(remote.Testing is { } testing ? $", testing {Short(testing)}" : "")}";
            page.Field(
                index == 0 ? "remotes" : "",
                remote.Trouble is { } trouble ? $"{remote.Name}: cannot be read{(remote.TroubleSince is { } since ? $" for {TimeText.Relative(since, now).Replace(" ago", "", StringComparison.Ordinal)}" : "")}, {read}: {trouble}" : $"{remote.Name}: {tips}, {read}",
                remote.Trouble is null ? Ink.None : Ink.Warn,
                most: 2);
        }

        if (status.Remotes.Length > MostRemotes)
        {
            page.Field("", $"and {status.Remotes.Length - MostRemotes} more");
        }
    }

    private static string Running(SystemsDocument systems)
    {
        if (systems.Running is null)
        {
            return "not known";
        }

        var from = (systems.Revision, systems.Generation) switch
        {
            ({ } revision, { } generation) => $" ({Short(revision)}, generation {generation})",
            ({ } revision, null) => $" ({Short(revision)})",
            (null, { } generation) => $" (generation {generation})",
            _ => "",
        };
        return $"{Name(systems.Running)}{from}";
    }

    // Only worth a line when the next boot lands elsewhere.
    private static string? Boots(SystemsDocument systems) =>
        systems.BootDefault is { } next && next != systems.Running ? $"{Name(next)}: the next boot lands there" : null;

    private static string Word(HostStateWord state) => state switch
    {
        HostStateWord.Starting => "starting",
        HostStateWord.UpToDate => "up to date",
        HostStateWord.Working => "working",
        HostStateWord.OnTrial => "on trial",
        HostStateWord.RollingBack => "ROLLING BACK",
        HostStateWord.Waiting => "waiting",
        HostStateWord.Suspended => "suspended",
        HostStateWord.Quarantined => "quarantined",
        HostStateWord.Held => "HELD",
        HostStateWord.Drifted => "DRIFTED",
        HostStateWord.Unreachable => "REPOSITORY UNREACHABLE",
        HostStateWord.NeedsOperator => "NEEDS OPERATOR",
        HostStateWord.Broken => "BROKEN",
        _ => "?",
    };

    private static Ink InkOf(StatusDocument status) => status switch
    {
        { NeedsAttention: true } => Ink.Bad,
        { State: HostStateWord.UpToDate } => Ink.Good,
        { State: HostStateWord.RollingBack or HostStateWord.Suspended or HostStateWord.Drifted or HostStateWord.Quarantined } => Ink.Warn,
        _ => Ink.Bold,
    };

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
