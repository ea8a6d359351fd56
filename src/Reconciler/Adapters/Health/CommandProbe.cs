using System.Collections.Immutable;
using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Health;

/// <summary>Looks whether a program exits with 0. Its last line says what it saw.</summary>
internal sealed class CommandProbe(IProcessRunner processes)
{
    // What systemd gave the daemon for itself: a check must not speak to systemd in the daemon's name, nor find its secrets.
    private static readonly ImmutableDictionary<string, string?> NotInherited = new[]
    {
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "CREDENTIALS_DIRECTORY", "INVOCATION_ID",
    }.ToImmutableDictionary(name => name, _ => (string?)null);

    /// <summary>Runs it once.</summary>
    public async Task<Sighting> LookAsync(HealthCheck.CommandSucceeds check, CancellationToken cancellationToken)
    {
        if (check.Command is not [var program, .. var arguments])
        {
            return Sighting.Bad("the command is empty");
        }

        var last = new LastLine();
        var request = new ProcessRequest(program, arguments)
        {
            Environment = NotInherited,
            Timeout = check.Timeout,
            KeepCharacters = 4096,
            OnLine = last.Take,
        };
        var outcome = await processes.RunAsync(request, cancellationToken);
        return outcome switch
        {
            ProcessOutcome.Exited { Code: 0 } => Sighting.Good(last.Text ?? $"{program} exited with 0"),
            ProcessOutcome.Exited { Code: > 128 and var code } => Sighting.Bad($"{program} was killed by signal {code - 128}{last.Suffix}"),
            ProcessOutcome.Exited exited => Sighting.Bad($"{program} exited with {exited.Code}, wanted 0{last.Suffix}"),
            ProcessOutcome.TimedOut => Sighting.Bad($"{program} did not end within {FailureText.Duration(check.Timeout)}{last.Suffix}"),
            _ => Sighting.Bad(outcome.Describe(program)),
        };
    }

    /// <summary>The last line that says something, of either stream; standard output before standard error.</summary>
    private sealed class LastLine
    {
        private volatile string? _output;
        private volatile string? _error;

        public string? Text => _output ?? _error;

        public string Suffix => Text is { } text ? $": {text}" : "";

        public void Take(ProcessLine line)
        {
            if (OneLine.Of(line.Text) is not { Length: > 0 } text)
            {
                return;
            }

            if (line.IsError)
            {
                _error = text;
            }
            else
            {
                _output = text;
            }
        }
    }
}
