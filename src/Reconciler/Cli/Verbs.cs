using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reconciler.Configuration;
using Reconciler.History;
using Reconciler.Ports;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>Makes the verbs; each is a few lines that ask the daemon and hand the answer to a pure page.</summary>
internal sealed class Verbs(CommandContext context, Option<string> config, Option<string?> socket)
{
    private readonly TextWriter _out = context.Output;
    private readonly TextWriter _error = context.Error;

    /// <summary><c>run</c></summary>
    public Command Run() => Verb("run", "Run the daemon in the foreground.", [], async (parsed, cancellationToken) =>
        await ConfiguredAsync(parsed.GetValue(config)!) is { } configuration ? await context.Run(configuration, cancellationToken) : ExitCode.Usage);

    /// <summary><c>sync</c></summary>
    public Command Sync()
    {
        var wait = new Option<bool>("--wait") { Description = "Wait until nothing is under way, and say how it ended." };
        var rewind = new Option<string?>("--allow-rewind") { Description = "Accept this tip though the branch did not go forward to it.", HelpName = "revision" };
        return Verb("sync", "Look at the repository now.", [wait, rewind], async (parsed, cancellationToken) =>
        {
            using var client = Client(parsed);
            var answer = await client.PostAsync("/v1/sync", new SyncRequest(parsed.GetValue(rewind)), WireJson.Default.SyncRequest, cancellationToken);
            var code = await TellAsync(answer);
            return code == ExitCode.Ok && parsed.GetValue(wait) ? await WaitAsync(client, answer.LookedAt, cancellationToken) : code;
        });
    }

    /// <summary><c>status</c></summary>
    public Command Status()
    {
        var json = Json();
        var watch = new Option<bool>("--watch") { Description = "Show it again at each change, until ctrl-C." };
        var exitCode = new Option<bool>("--exit-code") { Description = "Exit with 5 when the host needs a person or the last deployment failed." };
        return Verb("status", "Show what runs, what is wanted, and why nothing moves.", [json, watch, exitCode], async (parsed, cancellationToken) =>
        {
            using var client = Client(parsed);
            if (parsed.GetValue(watch))
            {
                if (context.Terminal.IsOutput && !parsed.GetValue(json))
                {
                    await WatchAsync(client, cancellationToken);
                    return ExitCode.Ok;
                }

                await foreach (var status in client.StreamAsync(HttpMethod.Get, "/v1/status?follow=true", null, WireJson.Default.StatusDocument, cancellationToken))
                {
                    await ShowAsync(parsed, json, status, WireJson.Default.StatusDocument, document => StatusText.Of(document, Now, Width, Colour));
                }

                return ExitCode.Ok;
            }

            var once = await client.GetAsync("/v1/status", WireJson.Default.StatusDocument, cancellationToken);
            await ShowAsync(parsed, json, once, WireJson.Default.StatusDocument, document => StatusText.Of(document, Now, Width, Colour));
            return parsed.GetValue(exitCode) ? Judge(once) : ExitCode.Ok;
        });
    }

    /// <summary><c>history</c></summary>
    public Command History()
    {
        var json = Json();
        var count = new Option<int>("--count", "-n") { Description = "How many.", DefaultValueFactory = _ => 20 };
        count.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 1000))
            {
                result.AddError("-n must be a whole number from 1 to 1000.");
            }
        });
        return Verb("history", "List the deployments, newest first.", [json, count], async (parsed, cancellationToken) =>
        {
            using var client = Client(parsed);
            var path = string.Create(CultureInfo.InvariantCulture, $"/v1/history?limit={parsed.GetValue(count)}");
            var history = await client.GetAsync(path, WireJson.Default.HistoryDocument, cancellationToken);
            return await ShowAsync(parsed, json, history, WireJson.Default.HistoryDocument, document => HistoryText.Of(document, Now, Width, Colour));
        });
    }

    /// <summary><c>show</c></summary>
    public Command Show()
    {
        var json = Json();
        var id = new Argument<long>("deployment") { Description = "Its number, as in history." };
        return Verb("show", "Tell the whole story of one deployment.", [json, id], async (parsed, cancellationToken) =>
        {
            using var client = Client(parsed);
            var path = string.Create(CultureInfo.InvariantCulture, $"/v1/deployments/{parsed.GetValue(id)}");
            var deployment = await client.GetAsync(path, WireJson.Default.DeploymentDocument, cancellationToken);
            return await ShowAsync(parsed, json, deployment, WireJson.Default.DeploymentDocument, document => DeploymentPage.Of(document, Now, Width, Colour));
        });
    }

    /// <summary><c>logs</c></summary>
    public Command Logs()
    {
        var id = new Argument<long?>("deployment") { Description = "Its number, as in history; the latest when left out.", Arity = ArgumentArity.ZeroOrOne };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until it has ended." };
        return Verb("logs", "Print the log of a deployment: build, activation, probes.", [id, follow], async (parsed, cancellationToken) =>
        {
            using var client = Client(parsed);
            var deployment = parsed.GetValue(id)
                ?? (await client.GetAsync("/v1/history?limit=1", WireJson.Default.HistoryDocument, cancellationToken)).Deployments.FirstOrDefault()?.Id;
            if (deployment is null)
            {
                return await FailAsync("There was no deployment yet.");
            }

            var path = string.Create(CultureInfo.InvariantCulture, $"/v1/deployments/{deployment}/log{(parsed.GetValue(follow) ? "?follow=true" : "")}");
            await foreach (var line in client.LinesAsync(path, cancellationToken))
            {
                await _out.WriteLineAsync(context.Terminal.IsOutput ? Plain.LogLine(line) : line);
            }

            return ExitCode.Ok;
        });
    }

    /// <summary><c>plan</c></summary>
    public Command Plan()
    {
        var json = Json();
        var revision = new Argument<string?>("revision") { Description = "A revision, branch or tag; the wanted one when left out.", Arity = ArgumentArity.ZeroOrOne };
        return Verb("plan", "Build a revision and show what it would change, without activating it. Exits with 0 for nothing, 1 for something, more for an error.", [json, revision], async (parsed, cancellationToken) =>
        {
            try
            {
                using var client = Client(parsed);
                var body = JsonSerializer.Serialize(new RevisionRequest(parsed.GetValue(revision)), WireJson.Default.RevisionRequest);
                PlanLine? last = null;
                await foreach (var line in client.StreamAsync(HttpMethod.Post, "/v1/plan", body, WireJson.Default.PlanLine, cancellationToken))
                {
                    last = line;
                    if (line.Progress is { } progress && context.Terminal.IsOutput)
                    {
                        await _error.WriteLineAsync(Plain.Cut(Plain.LogLine(progress), Width));
                    }
                }

                if (last?.Plan is not { } plan)
                {
                    throw new ControlException(ExitCode.Unreachable, "The daemon went away while it planned. See: systemctl status reconciler");
                }

                await ShowAsync(parsed, json, plan, WireJson.Default.PlanDocument, document => PlanText.Of(document, Width, Colour));
                return plan.Changes is not { } changes ? ExitCode.NoPlan : changes.ChangesNothing ? ExitCode.Ok : ExitCode.WouldChange;
            }
            catch (ControlException e) when (e.ExitCode == ExitCode.Failed)
            {
                await FailAsync(e.Message);
                return ExitCode.NoPlan;
            }
        });
    }

    /// <summary><c>generations</c></summary>
    public Command Generations()
    {
        var json = Json();
        return Verb("generations", "List the generations of the system profile.", [json], async (parsed, cancellationToken) =>
        {
            using var client = Client(parsed);
            var generations = await client.GetAsync("/v1/generations", WireJson.Default.GenerationsDocument, cancellationToken);
            return await ShowAsync(parsed, json, generations, WireJson.Default.GenerationsDocument, document => HistoryText.Of(document, Now, Width, Colour));
        });
    }

    /// <summary><c>rollback</c></summary>
    public Command Rollback()
    {
        var generation = new Argument<int?>("generation")
        {
            Description = "A number of `generations`; when left out: the end of the trial under way, or the confirmed generation before this one.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        return Verb("rollback", "End the trial under way, or go back to an earlier generation.", [generation, yes], async (parsed, cancellationToken) =>
        {
            var number = parsed.GetValue(generation);
            if (!parsed.GetValue(yes) && !await AgreedAsync(number is null ? "Roll this host back?" : $"Take this host back to generation {number}?", cancellationToken))
            {
                return context.Terminal.IsInput ? ExitCode.Failed : ExitCode.Usage;
            }

            using var client = Client(parsed);
            return await TellAsync(await client.PostAsync("/v1/rollback", new RollbackRequest(number), WireJson.Default.RollbackRequest, cancellationToken));
        });
    }

    /// <summary><c>suspend</c></summary>
    public Command Suspend()
    {
        var reason = new Argument<string[]>("reason") { Description = "Why, for those who look at the status.", Arity = ArgumentArity.ZeroOrMore };
        return Verb("suspend", "Stop new deployments.", [reason], (parsed, client, cancellationToken) =>
            client.PostAsync("/v1/suspend", new SuspendRequest(string.Join(' ', parsed.GetValue(reason) ?? [])), WireJson.Default.SuspendRequest, cancellationToken));
    }

    /// <summary><c>resume</c></summary>
    public Command Resume() => Verb("resume", "Let deployments go on; also after a rollback that failed was put right by hand.", [], (_, client, cancellationToken) =>
        client.PostAsync("/v1/resume", cancellationToken));

    /// <summary><c>pin</c></summary>
    public Command Pin()
    {
        var revision = new Argument<string?>("revision") { Description = "A revision, branch or tag; the one that runs when left out.", Arity = ArgumentArity.ZeroOrOne };
        return Verb("pin", "Fix the host to one revision.", [revision], (parsed, client, cancellationToken) =>
            client.PostAsync("/v1/pin", new RevisionRequest(parsed.GetValue(revision)), WireJson.Default.RevisionRequest, cancellationToken));
    }

    /// <summary><c>unpin</c></summary>
    public Command Unpin() => Verb("unpin", "Let the host follow its branch again.", [], (_, client, cancellationToken) => client.PostAsync("/v1/unpin", cancellationToken));

    /// <summary><c>quarantine</c></summary>
    public Command Quarantine()
    {
        var json = Json();
        var revision = new Argument<string>("revision") { Description = "The revision, or its first digits." };
        return new Command("quarantine", "Revisions that failed here and are not tried again.")
        {
            Verb("list", "List them.", [json], async (parsed, cancellationToken) =>
            {
                using var client = Client(parsed);
                var quarantine = await client.GetAsync("/v1/quarantine", WireJson.Default.QuarantineDocument, cancellationToken);
                return await ShowAsync(parsed, json, quarantine, WireJson.Default.QuarantineDocument, document => HistoryText.Of(document, Now, Width, Colour));
            }),
            Verb("release", "Let one be tried again.", [revision], (parsed, client, cancellationToken) =>
                client.PostAsync("/v1/quarantine/release", new RevisionRequest(parsed.GetValue(revision)), WireJson.Default.RevisionRequest, cancellationToken)),
        };
    }

    /// <summary><c>ledger</c>, which needs no daemon.</summary>
    public Command Ledger() => new("ledger", "The record of all that happened. Works with the daemon down.")
    {
        Verb("verify", "Walk the hash chain. Exits with 4 when it is broken.", [], (parsed, _) => WithLedgerAsync(parsed, async ledger =>
        {
            var verdict = ledger.Ledger.Verify();
            if (verdict.Fault is { } fault)
            {
                await _error.WriteLineAsync($"The ledger is broken: {Plain.Line(fault)}");
                await _error.WriteLineAsync($"{verdict.Entries} entries before that are sound. Keep the file, and compare with the hashes told to the repository.");
                return ExitCode.LedgerBroken;
            }

            await _out.WriteLineAsync($"The ledger is whole: {verdict.Entries} entries, head {(verdict.HeadHash.Length == 0 ? "none" : verdict.HeadHash)}");
            await _out.WriteLineAsync("A cut tail shows only against a hash kept elsewhere: compare the head with the last one told to the repository.");
            return ExitCode.Ok;
        })),
        Verb("export", "Write every entry as a line of JSON.", [], (parsed, _) => WithLedgerAsync(parsed, ledger =>
        {
            ledger.Export(_out);
            return Task.FromResult(ExitCode.Ok);
        })),
    };

    /// <summary><c>check-config</c></summary>
    public Command CheckConfig()
    {
        var file = new Argument<string?>("file") { Description = "The file; the one of --config when left out.", Arity = ArgumentArity.ZeroOrOne };
        return Verb("check-config", "Check a configuration file, and tell every error.", [file], async (parsed, _) =>
        {
            var path = parsed.GetValue(file) ?? parsed.GetValue(config)!;
            if (await ConfiguredAsync(path) is not { } configuration)
            {
                return ExitCode.Usage;
            }

            await _out.WriteLineAsync($"{path} is sound: host {configuration.Host}, branch {configuration.Repository.Branch} of {string.Join(", ", configuration.Repository.Remotes.Select(r => $"{r.Name} ({r.Url})"))}");
            return ExitCode.Ok;
        });
    }

    /// <summary><c>doctor</c></summary>
    public Command Doctor() => Verb("doctor", "Look at everything the daemon needs, and say what to mend.", [], async (parsed, cancellationToken) =>
    {
        var findings = await Cli.Doctor.ExamineAsync(context, parsed.GetValue(config)!, async configuration =>
        {
            using var client = new ControlClient(parsed.GetValue(socket) ?? configuration.Control.Socket, configuration.Control.Group, context.Version);
            return await client.GetAsync("/v1/status", WireJson.Default.StatusDocument, cancellationToken);
        });
        await _out.WriteAsync(Cli.Doctor.Text(findings, Width, Colour));
        return findings.Any(finding => finding.Health == Health.Fail) ? ExitCode.Failed : ExitCode.Ok;
    });

    /// <summary><c>version</c></summary>
    public Command Version() => Verb("version", "Print the version.", [], async (_, _) =>
    {
        await _out.WriteLineAsync($"reconciler {context.Version}");
        return ExitCode.Ok;
    });

    private DateTimeOffset Now => context.Clock.GetUtcNow();

    private int Width => context.Terminal.Width;

    private bool Colour => context.Terminal.HasColour;

    private static Option<bool> Json() => new("--json") { Description = "Print the daemon's answer as JSON." };

    private static int Judge(StatusDocument status) =>
        status.NeedsAttention || status.Deployments.FirstOrDefault()?.Succeeded is false ? ExitCode.NeedsOperator : ExitCode.Ok;

    private Command Verb(string name, string description, Symbol[] parts, Func<ParseResult, CancellationToken, Task<int>> act)
    {
        var verb = new Command(name, description);
        foreach (var part in parts)
        {
            switch (part)
            {
                case Option option:
                    verb.Add(option);
                    break;
                case Argument argument:
                    verb.Add(argument);
                    break;
                default:
                    throw new ArgumentException("Neither option nor argument.", nameof(parts));
            }
        }

        verb.SetAction((parsed, cancellationToken) => GuardAsync(() => act(parsed, cancellationToken), cancellationToken));
        return verb;
    }

    private Command Verb(string name, string description, Symbol[] parts, Func<ParseResult, ControlClient, CancellationToken, Task<AnswerDocument>> ask) =>
        Verb(name, description, parts, async (parsed, cancellationToken) =>
        {
            using var client = Client(parsed);
            return await TellAsync(await ask(parsed, client, cancellationToken));
        });

    private async Task<int> GuardAsync(Func<Task<int>> act, CancellationToken cancellationToken)
    {
        try
        {
            return await act();
        }
        catch (ControlException e)
        {
            await FailAsync(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    // Only the place of the socket is wanted, so a configuration that this user may not read, or that is wrong, is no hindrance; but it is told.
    private ControlClient Client(ParseResult parsed)
    {
        var path = parsed.GetValue(config)!;
        var asked = parsed.GetValue(socket);
        var control = new ControlSettings(ControlSettings.DefaultSocket, ControlSettings.DefaultGroup);
        switch (context.LoadConfiguration(path))
        {
            case ConfigurationOutcome.Valid valid:
                control = valid.Configuration.Control;
                break;
            case ConfigurationOutcome.Invalid invalid when asked is null:
                _error.WriteLine(Plain.Line($"Warning: {path} cannot be used ({invalid.Errors[0]}), so the daemon is asked at {control.Socket}."));
                break;
        }

        return new ControlClient(asked ?? control.Socket, control.Group, context.Version);
    }

    // Draws at each change, and once a second in between, so that "5 s ago" stays true.
    private async Task WatchAsync(ControlClient client, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), context.Clock);
        await using var changes = client
            .StreamAsync(HttpMethod.Get, "/v1/status?follow=true", null, WireJson.Default.StatusDocument, stop.Token).GetAsyncEnumerator(stop.Token);
        var change = changes.MoveNextAsync().AsTask();
        try
        {
            var tick = second.WaitForNextTickAsync(stop.Token).AsTask();
            StatusDocument? shown = null;
            while (true)
            {
                await Task.WhenAny(change, tick);
                if (change.IsCompleted)
                {
                    if (!await change)
                    {
                        return;
                    }

                    shown = changes.Current;
                    change = changes.MoveNextAsync().AsTask();
                }
                else
                {
                    await tick;
                    tick = second.WaitForNextTickAsync(stop.Token).AsTask();
                }

                if (shown is not null)
                {
                    await _out.WriteAsync("\e[H\e[2J" + StatusText.Of(shown, Now, Width, Colour));
                    await _out.FlushAsync(cancellationToken);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)change).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it may not be disposed of while it reads
        }
    }

    private async Task<HostConfiguration?> ConfiguredAsync(string path)
    {
        switch (context.LoadConfiguration(path))
        {
            case ConfigurationOutcome.Valid valid:
                return valid.Configuration;
            case ConfigurationOutcome.Invalid invalid:
                await _error.WriteLineAsync($"{path} cannot be used, for {(invalid.Errors.Length == 1 ? "one reason" : $"{invalid.Errors.Length} reasons")}:");
                foreach (var error in invalid.Errors)
                {
                    await _error.WriteLineAsync($"  {Plain.Line(error.ToString())}");
                }

                return null;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<int> WithLedgerAsync(ParseResult parsed, Func<OfflineLedger, Task<int>> use)
    {
        if (await ConfiguredAsync(parsed.GetValue(config)!) is not { } configuration)
        {
            return ExitCode.Usage;
        }

        try
        {
            using var ledger = context.OpenLedger(configuration);
            return await use(ledger);
        }
        catch (LedgerUnavailableException e)
        {
            return await FailAsync(e.Message);
        }
        catch (InvalidLedgerException e)
        {
            await FailAsync($"The ledger is broken: {e.Message}");
            return ExitCode.LedgerBroken;
        }
    }

    private async Task<int> WaitAsync(ControlClient client, DateTimeOffset? lookedAt, CancellationToken cancellationToken)
    {
        var shown = "";
        await foreach (var status in client.StreamAsync(HttpMethod.Get, "/v1/status?follow=true", null, WireJson.Default.StatusDocument, cancellationToken))
        {
            // A decision from before the look knows nothing of what was found.
            if (lookedAt is not null && (status.DecidedAt is null || status.DecidedAt < lookedAt))
            {
                continue;
            }

            if (status.Headline != shown)
            {
                shown = status.Headline;
                await _out.WriteLineAsync(Plain.Line(shown));
            }

            if (status.IsSettled)
            {
                if (status.Cure.Length > 0)
                {
                    await _out.WriteLineAsync($"→ {Plain.Line(status.Cure)}");
                }

                return Judge(status);
            }
        }

        throw new ControlException(ExitCode.Unreachable, "The daemon went away. See: systemctl status reconciler");
    }

    private async Task<int> ShowAsync<T>(ParseResult parsed, Option<bool> json, T document, JsonTypeInfo<T> type, Func<T, string> page)
    {
        await _out.WriteAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(document, type) + "\n" : page(document));
        await _out.FlushAsync();
        return ExitCode.Ok;
    }

    private async Task<int> TellAsync(AnswerDocument answer)
    {
        await (answer.Accepted ? _out : _error).WriteLineAsync(Plain.Line(answer.Message));
        return answer.Accepted ? ExitCode.Ok : ExitCode.Failed;
    }

    private async Task<int> FailAsync(string message)
    {
        await _error.WriteLineAsync(Plain.Line(message));
        return ExitCode.Failed;
    }

    private async Task<bool> AgreedAsync(string question, CancellationToken cancellationToken)
    {
        if (!context.Terminal.IsInput)
        {
            await FailAsync("There is no terminal to ask at; say --yes to go ahead.");
            return false;
        }

        await _error.WriteAsync($"{question} [y/N] ");
        var reply = await context.Input.ReadLineAsync(cancellationToken);
        return reply?.Trim() is "y" or "Y" or "yes";
    }
}
