namespace Reconciler.Configuration;

/// <summary>One thing that is wrong in a configuration file.</summary>
/// <param name="Path">Where, such as <c>$.repository.remotes[0].url</c>.</param>
/// <param name="Message">What is wrong and how to mend it, in one line. Never quotes what may be a secret.</param>
internal sealed record ConfigurationError(string Path, string Message)
{
    public override string ToString() => Path == "$" ? Message : $"{Path}: {Message}";
}
