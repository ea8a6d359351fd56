using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>The verbs that only look.</summary>
internal sealed partial class Verbs
{
    /// <summary><c>status</c></summary>
    public Command Status()
    {
        var watch = Watch();
        var exitCode = new Option<bool>("--exit-code") { Description = "Exit with 5 when the host needs a person or the last deployment failed." };
        return Verb("status", "Show what runs, what is wanted, and why nothing moves.", [watch, exitCode], async (parsed, reply, cancellationToken) =>
        {
            using var client = Client(parsed);
            if (parsed.GetValue(watch))
            {
                var told = "";
                return await WatchAsync(reply, new StatusFollower(client, context.Clock).FollowAsync(cancellationToken), status => StatusText.Of(status, Now), async status =>
                {
                    // A look at a remote changes the status, too, but nothing that a line says.
                    var (before, now) = (told, told = $"{status.State} {status.Headline} {status.Cure}");
                    await reply.SayAsync(status, WireJson.Default.StatusDocument, before == now ? [] : [StatusText.Line(status)]);
                }, cancellationToken);
            }

            var once = await client.GetAsync("/v1/status", WireJson.Default.StatusDocument, cancellationToken);
            await reply.ShowAsync(once, WireJson.Default.StatusDocument, document => StatusText.Of(document, Now));
            return parsed.GetValue(exitCode) && (once.NeedsAttention || once.Deployments.FirstOrDefault()?.Succeeded is false) ? ExitCode.NeedsOperator : ExitCode.Ok;
        });
    }

    /// <summary><c>history</c></summary>
    public Command History()
    {
        var watch = Watch();
        var count = new Option<int>("--count", "-n") { Description = "How many.", HelpName = "count", DefaultValueFactory = _ => 20 };
        count.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 1000))
            {
                result.AddError("-n must be a whole number from 1 to 1000.");
            }
        });
        return Verb("history", "List the deployments, newest first.", [watch, count], async (parsed, reply, cancellationToken) =>
        {
            using var client = Client(parsed);
            var most = parsed.GetValue(count);
            if (parsed.GetValue(watch))
            {
                var told = new ToldDeployments();
                return await WatchAsync(reply, HistoriesAsync(client, most, cancellationToken), history => HistoryText.Of(history, Now), async history =>
                    await reply.SayAsync(history, WireJson.Default.HistoryDocument, told.NewIn(history)), cancellationToken);
            }

            var once = await client.GetAsync(HistoryPath(most), WireJson.Default.HistoryDocument, cancellationToken);
            return await reply.ShowAsync(once, WireJson.Default.HistoryDocument, document => HistoryText.Of(document, Now));
        });
    }

    /// <summary><c>show</c></summary>
    public Command Show()
    {
        var id = NumberArgument.Of<long>("deployment", "Its number, as in history.", "`reconciler history`");
        return Verb("show", "Tell the whole story of one deployment.", [id], async (parsed, reply, cancellationToken) =>
        {
            using var client = Client(parsed);
            var path = string.Create(CultureInfo.InvariantCulture, $"/v1/deployments/{parsed.GetValue(id)}");
            var deployment = await client.GetAsync(path, WireJson.Default.DeploymentDocument, cancellationToken);
            return await reply.ShowAsync(deployment, WireJson.Default.DeploymentDocument, document => DeploymentPage.Of(document, Now));
        });
    }

    /// <summary><c>logs</c></summary>
    public Command Logs()
    {
        var id = NumberArgument.Of<long?>("deployment", "Its number, as in history; the latest when left out.", "`reconciler history`");
        id.Arity = ArgumentArity.ZeroOrOne;
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until it has ended." };
        return Verb("logs", "Print the log of a deployment: build, activation, probes.", [id, follow], async (parsed, reply, cancellationToken) =>
        {
            using var client = Client(parsed);
            var deployment = parsed.GetValue(id)
                ?? (await client.GetAsync(HistoryPath(1), WireJson.Default.HistoryDocument, cancellationToken)).Deployments.FirstOrDefault()?.Id
                ?? throw new ControlException(ExitCode.Failed, "There was no deployment yet.");
            var path = string.Create(CultureInfo.InvariantCulture, $"/v1/deployments/{deployment}/log{(parsed.GetValue(follow) ? "?follow=true" : "")}");
            await foreach (var line in client.LinesAsync(path, cancellationToken))
            {
                await _out.WriteLineAsync(reply.IsJson ? JsonSerializer.Serialize(new LogLineDocument(deployment, line), CliJson.Default.LogLineDocument)
                    : context.Terminal.IsOutput ? Plain.LogLine(line) : line);
            }

            return ExitCode.Ok;
        });
    }

    /// <summary><c>plan</c></summary>
    public Command Plan()
    {
        var revision = new Argument<string?>("revision") { Description = "A revision, branch or tag; the wanted one when left out.", Arity = ArgumentArity.ZeroOrOne };
        return Verb("plan", "Build a revision and show what it would change, without activating it. Exits with 0 for nothing, 1 for something, more for an error.", [revision], async (parsed, reply, cancellationToken) =>
        {
            try
            {
                using var client = Client(parsed);
                var plan = await PlanAsync(client, parsed.GetValue(revision), reply, cancellationToken);
                if (reply.IsJson && plan.Changes is null)
                {
                    return await reply.FailAsync(new Trouble(ExitCode.NoPlan, plan.Failure ?? "The reason is not known."));
                }

                await reply.ShowAsync(plan, WireJson.Default.PlanDocument, PlanText.Of);
                return plan.Changes is not { } changes ? ExitCode.NoPlan : changes.ChangesNothing ? ExitCode.Ok : ExitCode.WouldChange;
            }
            catch (ControlException e) when (e.ExitCode == ExitCode.Failed)
            {
                // 1 would say that something changes.
                throw new ControlException(ExitCode.NoPlan, e.Trouble.Cause, e.Trouble.Cure, e);
            }
        });
    }

    /// <summary><c>generations</c></summary>
    public Command Generations() => Verb("generations", "List the generations of the system profile.", [], async (parsed, reply, cancellationToken) =>
    {
        using var client = Client(parsed);
        var generations = await client.GetAsync("/v1/generations", WireJson.Default.GenerationsDocument, cancellationToken);
        return await reply.ShowAsync(generations, WireJson.Default.GenerationsDocument, document => HistoryText.Of(document, Now));
    });

    private static Option<bool> Watch() => new("--watch") { Description = "Show it again at each change, until ctrl-C; without a terminal, a line a change." };

    private static string HistoryPath(int most) => string.Create(CultureInfo.InvariantCulture, $"/v1/history?limit={most}");

    private async Task<PlanDocument> PlanAsync(ControlClient client, string? revision, Reply reply, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(new RevisionRequest(revision), WireJson.Default.RevisionRequest);
        PlanLine? last = null;
        await foreach (var line in client.StreamAsync(HttpMethod.Post, "/v1/plan", body, WireJson.Default.PlanLine, cancellationToken))
        {
            last = line;
            if (line.Progress is { } progress && context.Terminal.IsOutput && !reply.IsJson)
            {
                await _error.WriteLineAsync(Plain.Cut(Plain.LogLine(progress), context.Terminal.Width));
            }
        }

        return last?.Plan ?? throw new ControlException(ExitCode.Unreachable, "The daemon went away while it planned.", "See: systemctl status reconciler");
    }

    private static async IAsyncEnumerable<HistoryDocument> HistoriesAsync(ControlClient client, int most, StatusFollower follower, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shown = "";
        await foreach (var _ in follower.FollowAsync(cancellationToken))
        {
            var history = await client.GetAsync(HistoryPath(most), WireJson.Default.HistoryDocument, cancellationToken);
            var text = JsonSerializer.Serialize(history, WireJson.Default.HistoryDocument);
            if (text != shown)
            {
                shown = text;
                yield return history;
            }
        }
    }

    private IAsyncEnumerable<HistoryDocument> HistoriesAsync(ControlClient client, int most, CancellationToken cancellationToken) =>
        HistoriesAsync(client, most, new StatusFollower(client, context.Clock), cancellationToken);

    // Ctrl-C is how watching ends, so it is no failure; the last frame stays.
    private async Task<int> WatchAsync<T>(Reply reply, IAsyncEnumerable<T> changes, Func<T, Page> draw, Func<T, Task> say, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            if (reply.IsLive)
            {
                await reply.ShowLiveAsync(Frames.OfAsync(changes, draw, context.Clock, cancellationToken));
                return ExitCode.Ok;
            }

            await foreach (var change in changes)
            {
                await say(change);
                await _out.FlushAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }

        return ExitCode.Ok;
    }
}
