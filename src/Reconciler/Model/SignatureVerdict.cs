namespace Reconciler.Model;

/// <summary>Whether the commits between the last confirmed revision and a tip are signed as required. A closed set.</summary>
internal abstract record SignatureVerdict
{
    private SignatureVerdict() { }

    /// <summary>All are, or none need be.</summary>
    public sealed record Trusted : SignatureVerdict;

    /// <summary>This one is not.</summary>
    public sealed record Untrusted(Revision Commit, string Detail) : SignatureVerdict;

    /// <summary>It could not be found out; to be asked again.</summary>
    public sealed record Unknown(string Detail) : SignatureVerdict;
}
