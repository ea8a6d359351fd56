using System.Collections.Immutable;

namespace Reconciler.Configuration;

/// <summary>What reading a configuration gave. A closed set.</summary>
internal abstract record ConfigurationOutcome
{
    private ConfigurationOutcome() { }

    /// <summary>It can be used.</summary>
    public sealed record Valid(HostConfiguration Configuration) : ConfigurationOutcome;

    /// <summary>It cannot; every error, in the order of the file's sections.</summary>
    public sealed record Invalid(ImmutableArray<ConfigurationError> Errors) : ConfigurationOutcome;
}
