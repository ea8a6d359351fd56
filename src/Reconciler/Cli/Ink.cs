namespace Reconciler.Cli;

/// <summary>What a piece of text means, which decides how it is painted.</summary>
internal enum Ink
{
    /// <summary>As it is.</summary>
    None,

    /// <summary>Stands out.</summary>
    Bold,

    /// <summary>Steps back.</summary>
    Faint,

    /// <summary>All is well.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warn,

    /// <summary>Something is wrong.</summary>
    Bad,
}
