using System.CommandLine;
using Reconciler.Configuration;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>The verbs that ask the daemon for something.</summary>
internal sealed partial class Verbs
{
    /// <summary><c>sync</c></summary>
    public Command Sync()
    {
        var wait = new Option<bool>("--wait") { Description = "Follow what it leads to until its end, and exit by its outcome." };
        var timeout = new Option<string?>("--timeout") { Description = "Follow for no longer than this, such as 10m. Implies --wait.", HelpName = "duration" };
        var rewind = new Option<string?>("--allow-rewind") { Description = "Accept this tip though the branch did not go forward to it.", HelpName = "revision" };
        timeout.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(DurationText.TryParse(result.Tokens[0].Value, out var length) && length > TimeSpan.Zero))
            {
                result.AddError("--timeout must be a length of time such as 90s, 10m or 1h30m.");
            }
        });
        return Verb("sync", "Look at the repository now.", [wait, timeout, rewind], async (parsed, reply, cancellationToken) =>
        {
            using var client = Client(parsed);
            var limit = DurationText.TryParse(parsed.GetValue(timeout), out var length) ? length : (TimeSpan?)null;
            var before = parsed.GetValue(wait) || limit is not null ? await client.GetAsync("/v1/status", WireJson.Default.StatusDocument, cancellationToken) : null;
            var answer = await client.PostAsync("/v1/sync", new SyncRequest(parsed.GetValue(rewind)), WireJson.Default.SyncRequest, cancellationToken);
            if (before is null || !answer.Accepted)
            {
                return await reply.TellAsync(answer);
            }

            var following = new SyncFollowing(before.Deployments.FirstOrDefault(), answer.LookedAt);
            return await new SyncWait(context, reply, following, limit).RunAsync(new StatusFollower(client, context.Clock), answer, cancellationToken);
        });
    }

    /// <summary><c>rollback</c></summary>
    public Command Rollback()
    {
        var generation = NumberArgument.Of<int?>(
            "generation", "A number of `generations`; when left out: the end of the trial under way, or the confirmed generation before this one.", "`reconciler generations`");
        generation.Arity = ArgumentArity.ZeroOrOne;
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        return Verb("rollback", "End the trial under way, or go back to an earlier generation.", [generation, yes], async (parsed, reply, cancellationToken) =>
        {
            var number = parsed.GetValue(generation);
            if (!parsed.GetValue(yes))
            {
                if (!context.Terminal.IsInput)
                {
                    return await reply.FailAsync(new Trouble(ExitCode.Usage, "There is no terminal to ask at;", "say --yes to go ahead."));
                }

                if (!await AgreedAsync(number is null ? "Roll this host back?" : $"Take this host back to generation {number}?", cancellationToken))
                {
                    return await reply.FailAsync(new Trouble(ExitCode.Failed, "Nothing was done.") { Word = "refused" });
                }
            }

            using var client = Client(parsed);
            return await reply.TellAsync(await client.PostAsync("/v1/rollback", new RollbackRequest(number), WireJson.Default.RollbackRequest, cancellationToken));
        });
    }

    /// <summary><c>suspend</c></summary>
    public Command Suspend()
    {
        var reason = new Argument<string[]>("reason") { Description = "Why, for those who look at the status.", Arity = ArgumentArity.ZeroOrMore };
        return Request("suspend", "Stop new deployments.", [reason], (parsed, client, cancellationToken) =>
            client.PostAsync("/v1/suspend", new SuspendRequest(string.Join(' ', parsed.GetValue(reason) ?? [])), WireJson.Default.SuspendRequest, cancellationToken));
    }

    /// <summary><c>resume</c></summary>
    public Command Resume() => Request("resume", "Let deployments go on; also after a rollback that failed was put right by hand.", [], (_, client, cancellationToken) =>
        client.PostAsync("/v1/resume", cancellationToken));

    /// <summary><c>pin</c></summary>
    public Command Pin()
    {
        var revision = new Argument<string?>("revision") { Description = "A revision, branch or tag; the one that runs when left out.", Arity = ArgumentArity.ZeroOrOne };
        return Request("pin", "Fix the host to one revision.", [revision], (parsed, client, cancellationToken) =>
            client.PostAsync("/v1/pin", new RevisionRequest(parsed.GetValue(revision)), WireJson.Default.RevisionRequest, cancellationToken));
    }

    /// <summary><c>unpin</c></summary>
    public Command Unpin() => Request("unpin", "Let the host follow its branch again.", [], (_, client, cancellationToken) => client.PostAsync("/v1/unpin", cancellationToken));

    /// <summary><c>quarantine</c></summary>
    public Command Quarantine()
    {
        var revision = new Argument<string>(CompletionKind.Quarantined) { Description = "One of `quarantine list`, or its first digits." };
        return new Command("quarantine", "Revisions that failed here and are not tried again.")
        {
            Verb("list", "List them.", [], async (parsed, reply, cancellationToken) =>
            {
                using var client = Client(parsed);
                var quarantine = await client.GetAsync("/v1/quarantine", WireJson.Default.QuarantineDocument, cancellationToken);
                return await reply.ShowAsync(quarantine, WireJson.Default.QuarantineDocument, document => HistoryText.Of(document, Now));
            }),
            Request("release", "Let one be tried again.", [revision], (parsed, client, cancellationToken) =>
                client.PostAsync("/v1/quarantine/release", new RevisionRequest(parsed.GetValue(revision)), WireJson.Default.RevisionRequest, cancellationToken)),
        };
    }

    private async Task<bool> AgreedAsync(string question, CancellationToken cancellationToken)
    {
        await _error.WriteAsync($"{question} [y/N] ");
        var answer = await context.Input.ReadLineAsync(cancellationToken);
        return answer?.Trim() is "y" or "Y" or "yes";
    }
}
