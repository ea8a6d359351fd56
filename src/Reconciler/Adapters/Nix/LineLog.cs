using Reconciler.Ports;

namespace Reconciler.Adapters.Nix;

/// <summary>Passes the lines of one program on to a deployment's log: harmless and not without end. Safe to call from several threads.</summary>
internal sealed class LineLog(IDeploymentLog log, int mostLines = LineLog.DefaultMostLines)
{
    private const int DefaultMostLines = 50_000;
    private int _lines;

    /// <summary>Writes one line of output.</summary>
    public void Write(string raw)
    {
        var number = Interlocked.Increment(ref _lines);
        if (number <= mostLines)
        {
            log.Write(PlainText.Line(raw));
        }
        else if (number == mostLines + 1)
        {
            log.Write($"… more than {mostLines} lines; the rest is left out");
        }
    }
}
