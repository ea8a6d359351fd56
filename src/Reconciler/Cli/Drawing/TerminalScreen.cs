using System.Text;
using Spectre.Console;

namespace Reconciler.Cli.Drawing;

/// <summary>A terminal as Spectre.Console wants it, with nothing guessed: what is known of it is known from <see cref="TerminalTraits"/>.</summary>
internal sealed class TerminalScreen(TextWriter writer, TerminalTraits traits) : IAnsiConsoleOutput
{
    /// <inheritdoc/>
    public TextWriter Writer => writer;

    /// <inheritdoc/>
    public bool IsTerminal => true;

    /// <inheritdoc/>
    public int Width => traits.Measure().Width;

    /// <inheritdoc/>
    public int Height => traits.Measure().Height;

    /// <inheritdoc/>
    public void SetEncoding(Encoding encoding)
    {
        // The writer has one already.
    }

    /// <summary>Opens a screen.</summary>
    public static IAnsiConsole Open(TextWriter writer, TerminalTraits traits)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = traits.HasAnsi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = traits.HasColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new TerminalScreen(writer, traits),
        });
        console.Profile.Capabilities.Unicode = traits.IsUnicode;
        return console;
    }
}
