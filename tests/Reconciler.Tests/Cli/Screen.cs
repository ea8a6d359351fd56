using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Xunit;

namespace Reconciler.Tests.Cli;

/// <summary>What is written to a terminal, as it comes.</summary>
internal sealed partial class Screen : TextWriter
{
    private readonly Channel<string> _pieces = Channel.CreateUnbounded<string>();
    private readonly StringBuilder _all = new();
    private readonly Lock _gate = new();

    public override Encoding Encoding => Encoding.UTF8;

    public string All
    {
        get
        {
            lock (_gate)
            {
                return _all.ToString();
            }
        }
    }

    /// <summary>Text without what moves the cursor and paints.</summary>
    public static string Unpainted(string text) => Sequences().Replace(text, "");

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_gate)
        {
            _all.Append(value);
        }

        _pieces.Writer.TryWrite(value ?? "");
    }

    /// <summary>Waits until something that holds a text is written.</summary>
    public async Task<string> UntilAsync(string text)
    {
        var read = "";
        while (!Unpainted(read).Contains(text, StringComparison.Ordinal))
        {
            read += await _pieces.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }

        return read;
    }

    [GeneratedRegex(@"\e\[[?0-9;]*[a-zA-Z]")]
    private static partial Regex Sequences();
}
