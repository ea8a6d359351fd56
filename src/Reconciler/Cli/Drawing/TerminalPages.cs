using Spectre.Console;

namespace Reconciler.Cli.Drawing;

/// <summary>Shows pages on a terminal. Whoever calls this loads Spectre.Console, so nobody does who has no terminal.</summary>
internal static class TerminalPages
{
    /// <summary>Shows a page.</summary>
    public static void Show(Page page, TextWriter writer, TerminalTraits traits) =>
        TerminalScreen.Open(writer, traits).Write(new PageDrawing(page, isLive: false));

    /// <summary>Shows each page in the place of the one before, until there are no more; the last stays.</summary>
    public static async Task ShowLiveAsync(IAsyncEnumerable<Page> pages, TextWriter writer, TerminalTraits traits) =>
        await TerminalScreen.Open(writer, traits)
            .Live(new PageDrawing(new Page(), isLive: true))
            .AutoClear(false)
            .Overflow(VerticalOverflow.Ellipsis)
            .Cropping(VerticalOverflowCropping.Bottom)
            .StartAsync(async screen =>
            {
                await foreach (var page in pages)
                {
                    screen.UpdateTarget(new PageDrawing(page, isLive: true));
                }
            });
}
