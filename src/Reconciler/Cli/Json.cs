namespace Reconciler.Cli;

/// <summary>The option that asks for JSON.</summary>
internal static class Json
{
    /// <summary>Its name; found in a command line even where that is otherwise wrong, so that errors are JSON, too.</summary>
    public const string Name = "--json";
}
