namespace Webhooks.Providers;

/// <summary>What a check of the signature found. A later value outweighs an earlier one when several secrets are tried.</summary>
internal enum SignatureVerdict
{
    /// <summary>None of the secrets can be used.</summary>
    NoSecret,

    /// <summary>No signature, or not one of the expected form.</summary>
    Missing,

    /// <summary>Of no secret we know.</summary>
    Wrong,

    /// <summary>Right, but too old or from the future.</summary>
    Stale,

    /// <summary>Right.</summary>
    Genuine,
}
