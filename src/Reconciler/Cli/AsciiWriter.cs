using System.Text;

namespace Reconciler.Cli;

/// <summary>Writes for a terminal whose locale is not UTF-8: each character beyond ASCII becomes one that looks alike, or a question mark, so that columns stay.</summary>
internal sealed class AsciiWriter(TextWriter inner) : TextWriter
{
    private char? _high;

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.ASCII;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        if (char.IsHighSurrogate(value))
        {
            _high = value;
            return;
        }

        inner.Write(_high is null || !char.IsLowSurrogate(value) ? Alike(value) : '?');
        _high = null;
    }

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync() => inner.FlushAsync();

    private static char Alike(char value) => value switch
    {
        < '\x80' => value,
        '→' or '›' or '▸' => '>',
        '‹' => '<',
        '…' => '~',
        '–' or '—' or '─' or '━' or '‑' => '-',
        '│' or '┃' => '|',
        '’' or '‘' => '\'',
        '“' or '”' => '"',
        '\u00A0' => ' ',
        >= '┌' and <= '╿' => '+',
        _ => '?',
    };
}
