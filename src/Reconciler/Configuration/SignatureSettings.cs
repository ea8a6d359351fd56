namespace Reconciler.Configuration;

/// <summary>Section <c>repository.signatures</c>.</summary>
internal sealed record SignatureSettings
{
    /// <summary>Whether every commit since the last confirmed one must be signed by a known signer.</summary>
    public required bool Required { get; init; }

    /// <summary>OpenSSH allowed-signers file; null when there is none.</summary>
    public required string? AllowedSignersFile { get; init; }

    /// <summary>OpenPGP keyring with the public keys of signers; null when there is none.</summary>
    public required string? KeyringFile { get; init; }


    /// <summary>Reads the section.</summary>
    public static SignatureSettings Read(SettingsReader reader)
    {
        var settings = new SignatureSettings
        {
            Required = reader.Flag("required", false),
            AllowedSignersFile = reader.AbsolutePath("allowedSignersFile"),
            KeyringFile = reader.AbsolutePath("keyringFile"),
        };
        reader.Finish();
        if (settings is { Required: true, AllowedSignersFile: null, KeyringFile: null })
        {
            reader.Fail("required", "is true, and no signer is known: set allowedSignersFile (ssh keys) or keyringFile (OpenPGP)");
        }

        return settings;
    }
}
