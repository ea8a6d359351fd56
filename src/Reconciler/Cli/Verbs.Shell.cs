using System.CommandLine;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>The verbs for shells and manuals.</summary>
internal sealed partial class Verbs
{
    private static readonly TimeSpan CompletionPatience = TimeSpan.FromSeconds(2);

    /// <summary><c>completion</c></summary>
    public Command Completion()
    {
        var shell = new Argument<string>(Shells.ArgumentName) { Description = $"One of: {string.Join(", ", Shells.All.Select(shell => shell.Name))}." };
        shell.AcceptOnlyFromAmong([.. Shells.All.Select(shell => shell.Name)]);
        return TextVerb("completion", "Print the completion script of a shell.", [shell], async (parsed, _, _) =>
        {
            var name = parsed.GetValue(shell);
            await _out.WriteAsync(Shells.All.First(each => each.Name == name).Script(VerbEntry.Of(CommandLine.Build(context))));
            return ExitCode.Ok;
        });
    }

    /// <summary><c>__complete</c>, which the scripts of <see cref="Completion"/> call: a value and what it is a line, or nothing, and never an error.</summary>
    public Command Complete()
    {
        var kind = new Argument<string>("kind") { Description = $"One of: {string.Join(", ", CompletionKind.Asked)}." };
        var verb = TextVerb("__complete", "Print what the daemon knows to complete with.", [kind], async (parsed, _, cancellationToken) =>
        {
            using var patience = new CancellationTokenSource(CompletionPatience, context.Clock);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                using var client = Client(parsed, isQuiet: true);
                foreach (var (value, meaning) in await CandidatesAsync(client, parsed.GetValue(kind)!, stop.Token))
                {
                    await _out.WriteLineAsync($"{Plain.Line(value, 64)}\t{Plain.Line(meaning, 100)}");
                }
            }
            catch (Exception e) when (e is ControlException or OperationCanceledException)
            {
                // Whoever presses the tabulator key wants no lecture.
            }

            return ExitCode.Ok;
        });
        verb.Hidden = true;
        return verb;
    }

    /// <summary><c>man</c></summary>
    public Command Man()
    {
        var verb = TextVerb("man", "Print the manual page, for man.", [], async (_, _, _) =>
        {
            await _out.WriteAsync(ManPage.Of(VerbEntry.Of(CommandLine.Build(context)), context.Version));
            return ExitCode.Ok;
        });
        verb.Hidden = true;
        return verb;
    }

    private static async Task<IEnumerable<(string Value, string Meaning)>> CandidatesAsync(ControlClient client, string kind, CancellationToken cancellationToken) => kind switch
    {
        "deployments" => from deployment in (await client.GetAsync(HistoryPath(50), WireJson.Default.HistoryDocument, cancellationToken)).Deployments
                         select ($"{deployment.Id}", $"{HistoryText.Source(deployment)}: {deployment.Headline}"),
        "generations" => from generation in (await client.GetAsync("/v1/generations", WireJson.Default.GenerationsDocument, cancellationToken)).Generations
                         select ($"{generation.Number}", $"{(generation.IsRunning ? "running, " : "")}made {TimeText.Absolute(generation.Made)}"),
        "quarantined" => from held in (await client.GetAsync("/v1/quarantine", WireJson.Default.QuarantineDocument, cancellationToken)).Revisions
                         select (StatusText.Short(held.Revision), held.Headline),
        "revisions" => Revisions(await client.GetAsync("/v1/status", WireJson.Default.StatusDocument, cancellationToken)).DistinctBy(pair => pair.Value),
        _ => [],
    };

    private static IEnumerable<(string Value, string Meaning)> Revisions(StatusDocument status)
    {
        (string? Revision, string Meaning)[] known =
        [
            (status.Wanted?.Revision, "wanted"),
            (status.Systems.Revision, "runs"),
            .. status.Remotes.SelectMany(remote => new[] { (remote.Main, $"the branch on {remote.Name}"), (remote.Testing, $"testing on {remote.Name}") }),
            .. status.Deployments.Select(deployment => (deployment.Revision, deployment.Headline)),
        ];
        return from pair in known where pair.Revision is not null select (StatusText.Short(pair.Revision), pair.Meaning);
    }
}
