using System.Text;

namespace Reconciler.Adapters.Processes;

/// <summary>Keeps the beginning, or the end, of a text of any length in bounded memory.</summary>
internal sealed class BoundedText(int limit, bool keepEnd)
{
    private const string Cut = "…";
    private readonly StringBuilder _text = new();
    private bool _isCut;

    /// <summary>Adds a line and its end.</summary>
    public void AddLine(string line)
    {
        Add(line);
        Add("\n");
    }

    /// <summary>Adds a piece of text.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        if (!keepEnd && _isCut)
        {
            return;
        }

        _text.Append(text);
        if (_text.Length <= limit)
        {
            return;
        }

        _isCut = true;
        if (!keepEnd)
        {
            _text.Length = limit;
        }
        else if (_text.Length > 2 * limit)
        {
            _text.Remove(0, _text.Length - limit);
        }
    }

    public override string ToString() => (_isCut, keepEnd) switch
    {
        (false, _) => _text.ToString(),
        (true, true) => Cut + _text.ToString(_text.Length - limit, limit),
        (true, false) => _text + Cut,
    };
}
