using System.CommandLine;
using System.CommandLine.Help;
using Reconciler.Configuration;

namespace Reconciler.Cli;

/// <summary>The table of verbs.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code; <see cref="ExitCode"/> tells what it means.</returns>
    public static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, CommandContext context, CancellationToken cancellationToken)
    {
        if (context.Terminal is { IsOutput: true, IsUnicode: false })
        {
            context = context with { Output = new AsciiWriter(context.Output), Error = new AsciiWriter(context.Error) };
        }

        var parsed = Build(context).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            return await new Reply(context, arguments.Contains(Json.Name)).MisusedAsync(UsageErrors.Of(parsed));
        }

        // Signals are Program's: the library would end the process two seconds after one, with an exit code that calls an orderly stop a failure.
        var invocation = new InvocationConfiguration
        {
            Output = context.Output,
            Error = context.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    /// <summary>All verbs, ready to parse.</summary>
    public static RootCommand Build(CommandContext context)
    {
        var config = new Option<string>("--config") { Description = "The configuration file.", Recursive = true, HelpName = "file", DefaultValueFactory = _ => HostConfiguration.DefaultPath };
        var socket = new Option<string?>("--socket") { Description = "The control socket, when not the configured one.", Recursive = true, HelpName = "path" };
        var verbs = new Verbs(context, config, socket);
        var root = new RootCommand($"Makes this NixOS host follow a Git repository.\n\n{ExitCode.Help}")
        {
            config, socket,
            verbs.Run(), verbs.Sync(), verbs.Status(), verbs.History(), verbs.Show(), verbs.Logs(), verbs.Plan(), verbs.Generations(), verbs.Rollback(),
            verbs.Suspend(), verbs.Resume(), verbs.Pin(), verbs.Unpin(), verbs.Quarantine(), verbs.Ledger(), verbs.CheckConfig(), verbs.Doctor(), verbs.Init(),
            verbs.Version(), verbs.Completion(), verbs.Complete(), verbs.Man(),
        };
        foreach (var option in root.Options.OfType<VersionOption>().ToList())
        {
            root.Options.Remove(option);
        }

        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Description = "Show what a command does and what it takes.";
        }

        return root;
    }
}
