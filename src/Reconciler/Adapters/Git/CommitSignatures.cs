using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using Reconciler.Adapters.Forge;
using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>Checks the signatures of commits with the git program, against listed keys and nothing else.</summary>
/// <remarks>
/// Only <c>%G?</c> = <c>G</c> counts. <c>U</c> is what git says of a well-made ssh signature by a key nobody listed, and expired or revoked
/// keys have letters of their own; all of those are refused. The keyring of the user the daemon runs as is never looked at.
/// </remarks>
internal sealed class CommitSignatures(GitProgram git, IProcessRunner runner, SignerSettings signers) : IDisposable
{
    private const string Good = "G";
    private readonly SemaphoreSlim _keyring = new(1, 1);

    /// <summary>As <see cref="Ports.IGitHistory.VerifySignaturesAsync"/>.</summary>
    public async Task<SignatureVerdict> VerifyAsync(Revision? confirmed, Revision tip, CancellationToken cancellationToken)
    {
        if (confirmed == tip)
        {
            return new SignatureVerdict.Trusted();
        }

        var (keyring, trouble) = await PrepareAsync(cancellationToken);
        if (keyring is null)
        {
            return new SignatureVerdict.Unknown(trouble!);
        }

        // The commits are counted apart from the run that checks them, so that a run that ends early cannot pass for a whole one.
        List<string> range = confirmed is { } known ? [tip.Sha, $"^{known.Sha}"] : ["--max-count=1", tip.Sha];
        var count = await git.RunAsync(Command(["rev-list", "--count", .. range, "--"], keyring), cancellationToken);
        if (count is not GitOutcome.Succeeded { Output: var counted } || !int.TryParse(counted.Trim(), out var expected))
        {
            return new SignatureVerdict.Unknown($"the commits to be checked cannot be listed: {count.Describe("git rev-list")}");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        (string Sha, string Letter, int Parents)? refused = null;
        var checking = await git.RunAsync(
            Command(["log", "--no-show-signature", "--no-notes", "--no-color", "--no-decorate", "--reverse", "--format=%H %G? %P", .. range, "--"], keyring)
                with
            {
                Timeout = signers.Timeout,
                KeepCharacters = 4096,
                OnLine = line => Take(line),
            },
            cancellationToken);
        if (refused is (var sha, var letter, var parents))
        {
            return await RefuseAsync(new Revision(sha), letter, parents > 1, keyring, cancellationToken);
        }

        return checking switch
        {
            GitOutcome.Succeeded when seen.Count == expected => new SignatureVerdict.Trusted(),
            GitOutcome.Succeeded => new SignatureVerdict.Unknown($"git spoke of {seen.Count} of {expected} commits; it is tried again"),
            GitOutcome.TimedOut t => new SignatureVerdict.Unknown(
                $"{expected} signatures could not be checked within {FailureText.Duration(t.Limit)}; it is tried again"),
            var other => new SignatureVerdict.Unknown($"the signatures cannot be checked: {other.Describe("git log")}"),
        };

        void Take(ProcessLine line)
        {
            if (line.IsError || line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var commit, var status, .. var above]
                || !Revision.TryParse(commit, out _))
            {
                return;
            }

            lock (seen)
            {
                seen.Add(commit);
                refused ??= status == Good ? null : (commit, status, above.Length);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _keyring.Dispose();

    private static string Meaning(string letter) => letter switch
    {
        "N" => "it is not signed, or by no method that is set up",
        "B" => "its signature is bad: the commit was changed after signing",
        "U" => "its signing key is not among the allowed signers",
        "E" => "its signature cannot be checked: the key is not among the allowed signers",
        "X" => "its signature has expired",
        "Y" => "its signing key has expired",
        "R" => "its signing key was revoked",
        _ => $"git says '{PlainText.Line(letter, 8)}' of its signature",
    };

    private async Task<SignatureVerdict> RefuseAsync(Revision commit, string letter, bool isMerge, Keyring keyring, CancellationToken cancellationToken)
    {
        var outcome = await git.RunAsync(Command(["verify-commit", "--", commit.Sha], keyring), cancellationToken);
        var error = outcome is GitOutcome.Exited exited ? exited.Error : "";
        if (outcome is not (GitOutcome.Exited or GitOutcome.Succeeded) || error.Contains(": cannot run ", StringComparison.Ordinal))
        {
            return new SignatureVerdict.Unknown(
                $"the signature of {commit} cannot be checked; gpg and ssh-keygen must be installed: {PlainText.Line(outcome.Describe("git verify-commit"), 300)}");
        }

        var said = error.Trim().Length > 0 ? $" (git says: {PlainText.Line(error, 300)})" : "";
        var forge = isMerge
            ? " Merge commits made on a forge's web page are signed with the forge's own key: list that key too, or merge and sign on your own machine."
            : "";
        return new SignatureVerdict.Untrusted(commit, $"{Meaning(letter)}{said}.{forge}");
    }

    private GitCommand Command(IEnumerable<string> arguments, Keyring keyring) => GitCommand.Of(arguments) with
    {
        GitDirectory = git.Settings.MirrorPath,
        Environment = ImmutableDictionary<string, string?>.Empty.Add("GNUPGHOME", keyring.Home),
        Configuration =
        [
            ("gpg.program", signers.GpgProgram),
            ("gpg.ssh.program", signers.SshKeygenProgram),
            ("gpg.ssh.allowedSignersFile", signers.SshAllowedSignersFile ?? "/dev/null"),
            ("gpg.x509.program", "false"),
            ("gpg.minTrustLevel", "marginal"),
        ],
    };

    private async Task<(Keyring? Keyring, string? Trouble)> PrepareAsync(CancellationToken cancellationToken)
    {
        if (signers is { GpgKeyringFile: null, SshAllowedSignersFile: null })
        {
            return (null, "signatures are asked for, but no key is listed: name a keyring file or an allowed-signers file");
        }

        if (signers.SshAllowedSignersFile is { } allowed && WhyUnreadable(allowed) is { } why)
        {
            return (null, $"the allowed-signers file {allowed} {why}");
        }

        await _keyring.WaitAsync(cancellationToken);
        try
        {
            return await KeyringAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"the keyring cannot be made in {signers.KeyringFolder}: {e.Message}");
        }
        finally
        {
            _keyring.Release();
        }
    }

    private static string? WhyUnreadable(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return stream.Length == 0 ? "is empty: list the signers there" : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "is not there: put the signers' public keys there";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    /// <summary>A home for gpg that holds the listed keys and no others; a changed file gets a new home, so that a key taken out of it is gone.</summary>
    private async Task<(Keyring? Keyring, string? Trouble)> KeyringAsync(CancellationToken cancellationToken)
    {
        byte[] keys = [];
        if (signers.GpgKeyringFile is { } file)
        {
            if (WhyUnreadable(file) is { } why)
            {
                return (null, $"the keyring file {file} {why}");
            }

            keys = await File.ReadAllBytesAsync(file, cancellationToken);
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(keys))[..16];
        var home = Path.Combine(signers.KeyringFolder, name);
        var ready = Path.Combine(home, "ready");
        if (File.Exists(ready))
        {
            return (new Keyring(home), null);
        }

        if (Directory.Exists(signers.KeyringFolder))
        {
            Directory.Delete(signers.KeyringFolder, recursive: true); // homes of earlier keys, and half-made ones
        }

        PrivateFolder.Make(signers.KeyringFolder);
        PrivateFolder.Make(home);
        await File.WriteAllTextAsync(
            Path.Combine(home, "gpg.conf"),
            "batch\nno-tty\nno-autostart\ntrust-model always\nno-auto-key-retrieve\nauto-key-locate clear\ndisable-dirmngr\n",
            cancellationToken);
        if (keys.Length > 0)
        {
            var import = await runner.RunAsync(
                ProcessRequest.Of(signers.GpgProgram, "--homedir", home, "--batch", "--quiet", "--import", "--", signers.GpgKeyringFile!) with
                {
                    Environment = ImmutableDictionary<string, string?>.Empty.Add("LC_ALL", "C").Add("GNUPGHOME", home),
                },
                cancellationToken);
            if (import is not ProcessOutcome.Exited { Code: 0 })
            {
                return (null, import switch
                {
                    ProcessOutcome.NotStarted => $"gpg is needed to check signatures and could not be started ('{signers.GpgProgram}'): install it",
                    ProcessOutcome.Exited or ProcessOutcome.TimedOut =>
                        $"the keyring file {signers.GpgKeyringFile} cannot be imported; it must hold public keys only: {PlainText.Line(import.Describe("gpg"), 300)}",
                    _ => throw new UnreachableException(),
                });
            }
        }

        await File.WriteAllTextAsync(ready, "", cancellationToken);
        return (new Keyring(home), null);
    }

    /// <summary>A folder gpg takes as its home.</summary>
    private sealed record Keyring(string Home);
}
