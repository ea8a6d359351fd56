using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Adapters.Git;
using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Adapters.Git;

public sealed class CommitSignaturesTests : IDisposable
{
    private readonly HistorySandbox _box = new();

    public void Dispose()
    {
        _box.Run(_box.Folder, null, "gpgconf", "--homedir", Path.Combine(_box.Folder, "gnupg"), "--kill", "all");
        _box.Dispose();
    }

    [Fact]
    public async Task Ssh_TrustsListedSigners_AndNoOthers()
    {
        var ann = SshKey("ann");
        var eve = SshKey("eve");
        var signers = AllowedSigners(ann);
        var a = _box.Commit("a");
        var b = SshSigned("b", ann);
        var c = SshSigned("c", ann);
        var d = SshSigned("d", eve);
        _box.Publish();

        Assert.IsType<SignatureVerdict.Trusted>(await Verify(a, c, ssh: signers));
        Assert.IsType<SignatureVerdict.Trusted>(await Verify(null, b, ssh: signers));
        Assert.IsType<SignatureVerdict.Trusted>(await Verify(a, a, ssh: signers));
        var refused = Assert.IsType<SignatureVerdict.Untrusted>(await Verify(a, d, ssh: signers));
        Assert.Equal(d, refused.Commit);
        Assert.Contains("not among the allowed signers", refused.Detail, StringComparison.Ordinal);
    }

    // a---b---(c unsigned)---d
    [Fact]
    public async Task Ssh_RefusesOneUnsignedCommitInTheMiddle()
    {
        var ann = SshKey("ann");
        var a = SshSigned("a", ann);
        SshSigned("b", ann);
        var c = _box.Commit("c");
        var d = SshSigned("d", ann);
        _box.Publish();

        var refused = Assert.IsType<SignatureVerdict.Untrusted>(await Verify(a, d, ssh: AllowedSigners(ann)));
        Assert.Equal(c, refused.Commit);
        Assert.Contains("not signed", refused.Detail, StringComparison.Ordinal);
        Assert.IsType<SignatureVerdict.Trusted>(await Verify(c, d, ssh: AllowedSigners(ann)));
        Assert.IsType<SignatureVerdict.Trusted>(await Verify(null, d, ssh: AllowedSigners(ann)));
    }

    // a---b---m        merged by a forge, whose key is not listed
    //  \---c-/
    [Fact]
    public async Task Ssh_NamesTheForgesKey_WhenAMergeIsRefused()
    {
        var ann = SshKey("ann");
        var a = SshSigned("a", ann);
        SshSigned("b", ann);
        _box.Git(_box.Work, "checkout", "--quiet", "-b", "side", a.Sha);
        SshSigned("c", ann);
        _box.Git(_box.Work, "checkout", "--quiet", "main");
        _box.Git(_box.Work, "merge", "--quiet", "--no-ff", "-m", "m", "side");
        var m = _box.Head();
        _box.Publish();

        var refused = Assert.IsType<SignatureVerdict.Untrusted>(await Verify(a, m, ssh: AllowedSigners(ann)));
        Assert.Equal(m, refused.Commit);
        Assert.Contains("forge's own key", refused.Detail, StringComparison.Ordinal);
    }

    // b is signed by a good key, but c is b's text with another message under b's signature.
    [Fact]
    public async Task Ssh_RefusesAChangedCommit()
    {
        var ann = SshKey("ann");
        var a = SshSigned("a", ann);
        SshSigned("b", ann);
        var raw = _box.TryGit(_box.Work, null, "cat-file", "commit", "HEAD").Output;
        var forged = _box.TryGit(_box.Work, raw.Replace("\n\nb\n", "\n\nevil\n", StringComparison.Ordinal), "hash-object", "-t", "commit", "-w", "--stdin").Output.Trim();
        _box.Git(_box.Work, "reset", "--quiet", "--hard", forged);
        _box.Publish();

        var refused = Assert.IsType<SignatureVerdict.Untrusted>(await Verify(a, new Revision(forged), ssh: AllowedSigners(ann)));
        Assert.Contains("changed after signing", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gpg_TrustsKeysOfTheFile_AndFollowsItWhenItChanges()
    {
        GpgKey("ann", "never");
        GpgKey("bob", "never");
        var a = _box.Commit("a");
        var b = GpgSigned("b", "ann");
        var c = GpgSigned("c", "bob");
        _box.Publish();
        var keys = Exported("ann", "bob");

        Assert.IsType<SignatureVerdict.Trusted>(await Verify(a, c, gpg: keys));

        File.WriteAllText(keys, File.ReadAllText(Exported("ann")));
        Assert.IsType<SignatureVerdict.Trusted>(await Verify(a, b, gpg: keys));
        var refused = Assert.IsType<SignatureVerdict.Untrusted>(await Verify(a, c, gpg: keys));
        Assert.Equal(c, refused.Commit);
    }

    [Fact]
    public async Task Gpg_IgnoresTheKeyringOfTheDaemonsUser()
    {
        GpgKey("ann", "never");
        var a = _box.Commit("a");
        var b = GpgSigned("b", "ann");
        _box.Publish();

        // Only ssh is set up; the user's own gpg would find the key good.
        Assert.IsType<SignatureVerdict.Untrusted>(await Verify(a, b, ssh: AllowedSigners(SshKey("eve"))));
    }

    [Fact]
    public async Task Gpg_RefusesExpiredAndRevokedKeys()
    {
        GpgKey("old", "seconds=1");
        var a = _box.Commit("a");
        _box.Variables["GNUPGHOME"] = GpgHome;
        var b = GpgSigned("b", "old", fakedTime: true);
        _box.Publish();

        var expired = Assert.IsType<SignatureVerdict.Untrusted>(await Verify(a, b, gpg: Exported("old")));
        Assert.Contains("expired", expired.Detail, StringComparison.Ordinal);

        GpgKey("lost", "never");
        var c = GpgSigned("c", "lost");
        var fingerprint = Gpg(null, "--list-keys", "--with-colons", "lost@example.org").Split('\n').First(l => l.StartsWith("fpr", StringComparison.Ordinal)).Split(':')[9];
        var certificate = File.ReadAllText(Path.Combine(GpgHome, "openpgp-revocs.d", fingerprint + ".rev")).Replace(":-----BEGIN", "-----BEGIN", StringComparison.Ordinal);
        Gpg(certificate, "--import");
        _box.Publish();

        var revoked = Assert.IsType<SignatureVerdict.Untrusted>(await Verify(b, c, gpg: Exported("lost")));
        Assert.Contains("revoked", revoked.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_IsUnknownWithACure_WhenSomethingIsMissing()
    {
        var ann = SshKey("ann");
        var a = _box.Commit("a");
        var b = SshSigned("b", ann);
        _box.Publish();
        GpgKey("ann", "never");

        Assert.Contains("is not there", Detail(await Verify(a, b, ssh: "/nonexistent")), StringComparison.Ordinal);
        Assert.Contains("is not there", Detail(await Verify(a, b, gpg: "/nonexistent")), StringComparison.Ordinal);
        Assert.Contains("no key is listed", Detail(await Verify(a, b)), StringComparison.Ordinal);
        Assert.Contains("install it", Detail(await Verify(a, b, gpg: Exported("ann"), gpgProgram: "/nonexistent/gpg")), StringComparison.Ordinal);
        Assert.Contains("must be installed", Detail(await Verify(a, b, ssh: AllowedSigners(ann), keygen: "/nonexistent/ssh-keygen")), StringComparison.Ordinal);
        Assert.Contains("cannot be listed", Detail(await Verify(new Revision(new string('1', 40)), b, ssh: AllowedSigners(ann))), StringComparison.Ordinal);

        var garbage = Path.Combine(_box.Folder, "garbage");
        File.WriteAllText(garbage, "no key at all");
        Assert.Contains("cannot be imported", Detail(await Verify(a, b, gpg: garbage)), StringComparison.Ordinal);

        static string Detail(SignatureVerdict verdict) => Assert.IsType<SignatureVerdict.Unknown>(verdict).Detail;
    }

    [Fact]
    public async Task Verify_TrustsAll_WhenNoSignatureIsAskedFor()
    {
        var a = _box.Commit("a");
        using var history = new GitHistory(_box.Program(), _box.Runner, null, NullLogger<GitHistory>.Instance);

        Assert.IsType<SignatureVerdict.Trusted>(await history.VerifySignaturesAsync(null, a, TestContext.Current.CancellationToken));
    }

    private string GpgHome => Path.Combine(_box.Folder, "gnupg");

    private async Task<SignatureVerdict> Verify(
        Revision? confirmed, Revision tip, string? ssh = null, string? gpg = null, string gpgProgram = "gpg", string keygen = "ssh-keygen")
    {
        using var history = new GitHistory(
            _box.Program(),
            _box.Runner,
            new SignerSettings
            {
                SshAllowedSignersFile = ssh,
                GpgKeyringFile = gpg,
                KeyringFolder = Path.Combine(_box.Folder, "keyrings"),
                GpgProgram = gpgProgram,
                SshKeygenProgram = keygen,
            },
            NullLogger<GitHistory>.Instance);
        return await history.VerifySignaturesAsync(confirmed, tip, TestContext.Current.CancellationToken);
    }

    private string SshKey(string name)
    {
        var file = Path.Combine(_box.Folder, name);
        Assert.Equal(0, _box.Run(_box.Folder, null, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file).Code);
        return file;
    }

    private string AllowedSigners(string key)
    {
        var file = Path.Combine(_box.Folder, "allowed");
        File.WriteAllText(file, $"ann@example.org {File.ReadAllText(key + ".pub")}");
        return file;
    }

    private Revision SshSigned(string message, string key)
    {
        _box.Git(_box.Work, "-c", "gpg.format=ssh", "-c", $"user.signingKey={key}", "commit", "--quiet", "--allow-empty", "-S", "-m", message);
        return _box.Head();
    }

    private string Gpg(string? input, params string[] arguments)
    {
        if (!Directory.Exists(GpgHome))
        {
            Directory.CreateDirectory(GpgHome, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var (code, output, error) = _box.Run(_box.Folder, input, "gpg", ["--homedir", GpgHome, "--batch", "--pinentry-mode", "loopback", "--passphrase", "", .. arguments]);
        return code == 0 ? output : throw new InvalidOperationException(error);
    }

    private void GpgKey(string name, string expires) => Gpg(
        null,
        expires == "never"
            ? ["--quick-gen-key", $"{name} <{name}@example.org>", "ed25519", "sign", expires]
            : ["--faked-system-time", "20200101T000000!", "--quick-gen-key", $"{name} <{name}@example.org>", "ed25519", "sign", expires]);

    private string Exported(params string[] names)
    {
        var file = Path.Combine(_box.Folder, $"keys-{string.Join('-', names)}.asc");
        File.WriteAllText(file, Gpg(null, ["--armor", "--export", .. names.Select(n => $"{n}@example.org")]));
        return file;
    }

    private Revision GpgSigned(string message, string name, bool fakedTime = false)
    {
        _box.Variables["GNUPGHOME"] = GpgHome;
        var program = Path.Combine(_box.Folder, "gpg-then");
        File.WriteAllText(program, "#!/bin/sh\nexec gpg --faked-system-time '20200101T000000!' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _box.Git(
            _box.Work, "-c", $"gpg.program={(fakedTime ? program : "gpg")}", "-c", $"user.signingKey={name}@example.org", "commit", "--quiet", "--allow-empty", "-S", "-m", message);
        _box.Variables.Remove("GNUPGHOME");
        return _box.Head();
    }
}
