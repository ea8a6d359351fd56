namespace Reconciler.Adapters.Git;

/// <summary>Whose signatures on commits count.</summary>
internal sealed record SignerSettings
{
    /// <summary>File with the public OpenPGP keys, armoured or not; null for none. Read again when it changes.</summary>
    public string? GpgKeyringFile { get; init; }

    /// <summary>File in the format of <c>ssh-keygen</c>'s allowed signers; null for none.</summary>
    public string? SshAllowedSignersFile { get; init; }

    /// <summary>Absolute path of a folder of our own for keyrings made of <see cref="GpgKeyringFile"/>.</summary>
    public required string KeyringFolder { get; init; }

    /// <summary>The gpg program: a name on the path, or a path.</summary>
    public string GpgProgram { get; init; } = "gpg";

    /// <summary>The ssh-keygen program: a name on the path, or a path.</summary>
    public string SshKeygenProgram { get; init; } = "ssh-keygen";

    /// <summary>How long a check may take; each signature costs about 10 ms.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
