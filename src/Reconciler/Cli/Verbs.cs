using System.CommandLine;
using Reconciler.Configuration;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>Makes the verbs; each is a few lines that ask the daemon and hand the answer to a pure page.</summary>
internal sealed partial class Verbs(CommandContext context, Option<string> config, Option<string?> socket)
{
    private readonly TextWriter _out = context.Output;
    private readonly TextWriter _error = context.Error;
    private readonly Option<bool> _json = new(Json.Name) { Description = "Answer in JSON, errors too." };

    private DateTimeOffset Now => context.Clock.GetUtcNow();

    private Command Verb(string name, string description, Symbol[] parts, Func<ParseResult, Reply, CancellationToken, Task<int>> act)
    {
        var verb = TextVerb(name, description, parts, act);
        verb.Add(_json);
        return verb;
    }

    // For the few that answer with nothing, or with a text that is a program's or a typesetter's.
    private Command TextVerb(string name, string description, Symbol[] parts, Func<ParseResult, Reply, CancellationToken, Task<int>> act)
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

        verb.SetAction((parsed, cancellationToken) =>
        {
            var reply = new Reply(context, parsed.GetValue(_json));
            return GuardAsync(reply, () => act(parsed, reply, cancellationToken), cancellationToken);
        });
        return verb;
    }

    // Asks the daemon for something, and hands on what it says.
    private Command Request(string name, string description, Symbol[] parts, Func<ParseResult, ControlClient, CancellationToken, Task<AnswerDocument>> ask) =>
        Verb(name, description, parts, async (parsed, reply, cancellationToken) =>
        {
            using var client = Client(parsed);
            return await reply.TellAsync(await ask(parsed, client, cancellationToken));
        });

    private static async Task<int> GuardAsync(Reply reply, Func<Task<int>> act, CancellationToken cancellationToken)
    {
        try
        {
            return await act();
        }
        catch (ControlException e)
        {
            return await reply.FailAsync(e.Trouble);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    // Only the place of the socket is wanted, so a configuration that this user may not read, or that is wrong, is no hindrance; but it is told.
    private ControlClient Client(ParseResult parsed, bool isQuiet = false)
    {
        var path = parsed.GetValue(config)!;
        var asked = parsed.GetValue(socket);
        var control = new ControlSettings(ControlSettings.DefaultSocket, ControlSettings.DefaultGroup);
        switch (context.LoadConfiguration(path))
        {
            case ConfigurationOutcome.Valid valid:
                control = valid.Configuration.Control;
                break;
            case ConfigurationOutcome.Invalid invalid when asked is null && !isQuiet:
                _error.WriteLine(Plain.Line($"Warning: {path} cannot be used ({invalid.Errors[0]}), so the daemon is asked at {control.Socket}."));
                break;
        }

        return new ControlClient(asked ?? control.Socket, control.Group, context.Version);
    }

    private HostConfiguration Configured(string path) => context.LoadConfiguration(path) switch
    {
        ConfigurationOutcome.Valid valid => valid.Configuration,
        ConfigurationOutcome.Invalid invalid => throw new ControlException(
            new Trouble(ExitCode.Usage, $"{path} cannot be used, for {(invalid.Errors.Length == 1 ? "one reason" : $"{invalid.Errors.Length} reasons")}:")
            {
                Word = "configuration",
                Details = [.. invalid.Errors.Select(error => error.ToString())],
            }),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
