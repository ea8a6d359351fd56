using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reconciler.Cli.Drawing;
using Reconciler.Wire;

namespace Reconciler.Cli;

/// <summary>Says what a command has to say: as a page, or as JSON.</summary>
/// <param name="context">Where to.</param>
/// <param name="isJson">Whether JSON was asked for.</param>
internal sealed class Reply(CommandContext context, bool isJson)
{
    /// <summary>Whether JSON was asked for.</summary>
    public bool IsJson => isJson;

    /// <summary>Whether pages may be drawn over one another.</summary>
    public bool IsLive => !isJson && context.Terminal is { IsOutput: true, HasAnsi: true };

    /// <summary>Shows a document.</summary>
    public async Task<int> ShowAsync<T>(T document, JsonTypeInfo<T> type, Func<T, Page> page)
    {
        if (isJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(document, type));
        }
        else
        {
            await ShowAsync(page(document));
        }

        await context.Output.FlushAsync();
        return ExitCode.Ok;
    }

    /// <summary>Says something in a line, or in a document.</summary>
    public async Task<int> SayAsync<T>(T document, JsonTypeInfo<T> type, params IEnumerable<string> lines)
    {
        foreach (var line in isJson ? [JsonSerializer.Serialize(document, type)] : lines.Select(line => Plain.Line(line)))
        {
            await context.Output.WriteLineAsync(line);
        }

        return ExitCode.Ok;
    }

    /// <summary>Shows each page in the place of the one before, until there are no more.</summary>
    public Task ShowLiveAsync(IAsyncEnumerable<Page> pages) => TerminalPages.ShowLiveAsync(pages, context.Output, context.Terminal);

    /// <summary>Hands on what the daemon said to a request.</summary>
    public async Task<int> TellAsync(AnswerDocument answer) => answer.Accepted
        ? await SayAsync(answer, WireJson.Default.AnswerDocument, answer.Message)
        : await FailAsync(new Trouble(ExitCode.Failed, answer.Message) { Word = "refused" });

    /// <summary>Says why the command did not do what was asked, and gives its exit code.</summary>
    public async Task<int> FailAsync(Trouble trouble)
    {
        if (isJson)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(TroubleDocument.Of(trouble), CliJson.Default.TroubleDocument));
            return trouble.ExitCode;
        }

        await context.Error.WriteLineAsync(Plain.Line(trouble.Text));
        foreach (var detail in trouble.Details)
        {
            await context.Error.WriteLineAsync($"  {Plain.Line(detail)}");
        }

        return trouble.ExitCode;
    }

    /// <summary>Says what is wrong with a command line, and gives the exit code for it.</summary>
    public async Task<int> MisusedAsync(UsageErrors usage)
    {
        if (isJson)
        {
            return await FailAsync(new Trouble(ExitCode.Usage, string.Join(' ', usage.Errors), string.Join(' ', usage.Cure)));
        }

        foreach (var line in usage.Errors.Concat(usage.Cure))
        {
            await context.Error.WriteLineAsync(line);
        }

        return ExitCode.Usage;
    }

    // Spectre.Console costs time to load, and without a terminal it has nothing to do.
    private async Task ShowAsync(Page page)
    {
        if (context.Terminal.IsOutput)
        {
            TerminalPages.Show(page, context.Output, context.Terminal);
        }
        else
        {
            await context.Output.WriteAsync(page.Draw(context.Terminal.Width));
        }
    }
}
