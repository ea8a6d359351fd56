using System.CommandLine;
using Reconciler.History;
using Reconciler.Ports;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>The verbs that work with the daemon down.</summary>
internal sealed partial class Verbs
{
    /// <summary><c>run</c></summary>
    public Command Run() => TextVerb("run", "Run the daemon in the foreground.", [], (parsed, _, cancellationToken) =>
        context.Run(Configured(parsed.GetValue(config)!), cancellationToken));

    /// <summary><c>ledger</c></summary>
    public Command Ledger() => new("ledger", "The record of all that happened. Works with the daemon down.")
    {
        Verb("verify", "Walk the hash chain. Exits with 4 when it is broken.", [], (parsed, reply, _) => WithLedgerAsync(parsed, async ledger =>
        {
            var verdict = ledger.Ledger.Verify();
            return verdict.Fault is { } fault
                ? await reply.FailAsync(new Trouble(ExitCode.LedgerBroken, $"The ledger is broken: {Plain.Line(fault)}")
                {
                    Details = [$"{verdict.Entries} entries before that are sound. Keep the file, and compare with the hashes told to the repository."],
                })
                : await reply.SayAsync(
                    LedgerVerdictDocument.Of(verdict),
                    WireJson.Default.LedgerVerdictDocument,
                    $"The ledger is whole: {verdict.Entries} entries, head {(verdict.HeadHash.Length == 0 ? "none" : verdict.HeadHash)}",
                    "A cut tail shows only against a hash kept elsewhere: compare the head with the last one told to the repository.");
        })),
        Verb("export", "Write every entry as a line of JSON.", [], (parsed, _, _) => WithLedgerAsync(parsed, ledger =>
        {
            ledger.Export(_out);
            return Task.FromResult(ExitCode.Ok);
        })),
    };

    /// <summary><c>check-config</c></summary>
    public Command CheckConfig()
    {
        var file = new Argument<string?>("file") { Description = "The file; the one of --config when left out.", Arity = ArgumentArity.ZeroOrOne };
        return Verb("check-config", "Check a configuration file, and tell every error.", [file], async (parsed, reply, _) =>
        {
            var path = parsed.GetValue(file) ?? parsed.GetValue(config)!;
            var configuration = Configured(path);
            var remotes = configuration.Repository.Remotes.Select(remote => new CheckedRemoteDocument(remote.Name, remote.Url.ToString()));
            return await reply.SayAsync(
                new CheckedConfigurationDocument(path, configuration.Host.ToString(), configuration.Repository.Branch, [.. remotes]),
                CliJson.Default.CheckedConfigurationDocument,
                $"{path} is sound: host {configuration.Host}, branch {configuration.Repository.Branch} of {string.Join(", ", configuration.Repository.Remotes.Select(r => $"{r.Name} ({r.Url})"))}");
        });
    }

    /// <summary><c>doctor</c></summary>
    public Command Doctor() => Verb("doctor", "Look at everything the daemon needs, and say what to mend.", [], async (parsed, reply, cancellationToken) =>
    {
        var findings = await Cli.Doctor.ExamineAsync(context, parsed.GetValue(config)!, async configuration =>
        {
            using var client = new ControlClient(parsed.GetValue(socket) ?? configuration.Control.Socket, configuration.Control.Group, context.Version);
            return await client.GetAsync("/v1/status", WireJson.Default.StatusDocument, cancellationToken);
        });
        await reply.ShowAsync(DoctorDocument.Of(findings), CliJson.Default.DoctorDocument, _ => Cli.Doctor.Text(findings));
        return findings.Any(finding => finding.Health == Health.Fail) ? ExitCode.Failed : ExitCode.Ok;
    });

    /// <summary><c>version</c></summary>
    public Command Version() => Verb("version", "Print the version.", [], (_, reply, _) =>
        reply.SayAsync(new VersionDocument(context.Version, WireJson.ApiVersion), CliJson.Default.VersionDocument, $"reconciler {context.Version}"));

    private async Task<int> WithLedgerAsync(ParseResult parsed, Func<OfflineLedger, Task<int>> use)
    {
        var configuration = Configured(parsed.GetValue(config)!);
        try
        {
            using var ledger = context.OpenLedger(configuration);
            return await use(ledger);
        }
        catch (LedgerUnavailableException e)
        {
            throw new ControlException(ExitCode.Failed, e.Message, "", e);
        }
        catch (InvalidLedgerException e)
        {
            throw new ControlException(ExitCode.LedgerBroken, $"The ledger is broken: {e.Message}", "", e);
        }
    }
}
