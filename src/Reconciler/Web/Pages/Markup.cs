namespace Reconciler.Web.Pages;

/// <summary>Text that is HTML. It is made by <see cref="Of"/> alone, which encodes whatever is filled in.</summary>
internal readonly struct Markup
{
    private readonly string? _text;

    private Markup(string text) => _text = text;

    /// <summary>Nothing.</summary>
    public static Markup Empty { get; }

    /// <summary>The HTML of an interpolated string: what is written stays, what is filled in is encoded unless it is HTML already.</summary>
    /// <remarks>Attributes must be written in double quotes.</remarks>
    public static Markup Of(MarkupWriter writer) => new(writer.Finish());

    /// <summary>The HTML when a condition holds, else nothing.</summary>
    public static Markup When(bool condition, Func<Markup> then) => condition ? then() : Empty;

    public override string ToString() => _text ?? "";
}
