using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Reconciler.Adapters.Forge;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Adapters.Git;

/// <summary>One work tree that is made to be exactly the wanted commit at each call.</summary>
/// <remarks>
/// It is a plain repository with a detached HEAD that borrows its objects from the mirror, which every nix reads as <c>git+file</c>. Files are laid
/// out byte for byte as committed: the repository's attributes can ask for no filter and no conversion, and no hook is run. A work tree that git
/// stumbles over, or that is not clean after cleaning, is thrown away and made anew.
/// </remarks>
internal sealed partial class Checkouts : ICheckouts, IDisposable
{
    private const string Attributes = "* -text -eol -ident -filter !working-tree-encoding\n";
    private const string LfsPointer = "version https://git-lfs.github.com/spec/v1";
    private readonly GitProgram _git;
    private readonly GitMirror _borrowed;
    private readonly CheckoutSettings _settings;
    private readonly ILogger<Checkouts> _logger;
    private readonly MirrorReader _mirror;
    private readonly string _tree;
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <param name="git">The git program, for the mirror it is set up with.</param>
    /// <param name="mirror">That mirror: kept from being replaced meanwhile, and told when an object of it cannot be read.</param>
    /// <param name="settings">Where to lay out.</param>
    /// <param name="logger">Told when a work tree has to be made anew.</param>
    public Checkouts(GitProgram git, GitMirror mirror, CheckoutSettings settings, ILogger<Checkouts> logger)
    {
        (_git, _borrowed, _settings, _logger) = (git, mirror, settings, logger);
        _mirror = new MirrorReader(git.Settings.MirrorPath, logger);
        _tree = Path.Combine(settings.Folder, "tree");
    }

    /// <inheritdoc/>
    public async Task<CheckoutOutcome> CheckOutAsync(Revision revision, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            using var share = await _borrowed.ShareAsync(cancellationToken);
            return await MakeAsync(revision, cancellationToken) is { } trouble
                ? new CheckoutOutcome.Failed(new Failure.CheckoutFailed(PlainText.Line(Cure(trouble), 600)))
                : new CheckoutOutcome.Ready(_tree);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new CheckoutOutcome.Failed(new Failure.CheckoutFailed(PlainText.Line(Cure(e.Message), 600)));
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<string?> MakeAsync(Revision revision, CancellationToken cancellationToken)
    {
        if (!_mirror.Read(repository => MirrorReader.Find(repository, revision.Sha) is not null, otherwise: true))
        {
            return $"the mirror does not hold the commit {revision.Sha}";
        }

        if (Directory.Exists(Path.Combine(_tree, ".git")))
        {
            var trouble = await ReuseAsync(revision, cancellationToken) ?? await CompleteAsync(cancellationToken);
            if (trouble is null or Trouble.OfTheCommit)
            {
                return trouble?.Detail;
            }

            LogMadeAnew(_tree, trouble.Detail);
        }

        PrivateFolder.Delete(_tree);
        var fault = await BeginAsync(revision, cancellationToken) ?? await LayOutAsync(revision, cancellationToken);
        if (fault is Trouble.OfTheTree && !IsDiskFull(fault.Detail))
        {
            // A fresh work tree has no objects of its own, so it is the mirror that cannot give them: the next look mends it.
            _borrowed.Suspect();
        }

        return (fault ?? await CompleteAsync(cancellationToken))?.Detail;
    }

    private async Task<Trouble?> BeginAsync(Revision revision, CancellationToken cancellationToken)
    {
        PrivateFolder.Make(_settings.Folder);
        Directory.CreateDirectory(_tree);
        var format = revision.Sha.Length == 64 ? "sha256" : "sha1";
        if (await RunAsync(["init", "--quiet", "--template=", $"--object-format={format}"], cancellationToken) is { } trouble)
        {
            return trouble;
        }

        var info = Path.Combine(_tree, ".git", "info");
        Directory.CreateDirectory(info);
        await File.WriteAllTextAsync(Path.Combine(info, "attributes"), Attributes, cancellationToken);
        var objects = Path.Combine(_tree, ".git", "objects", "info");
        Directory.CreateDirectory(objects);
        await File.WriteAllTextAsync(Path.Combine(objects, "alternates"), _mirror.Objects + "\n", cancellationToken);
        return null;
    }

    private async Task<Trouble?> ReuseAsync(Revision revision, CancellationToken cancellationToken)
    {
        // Before the files change: what the commit before this one had as submodules may be none any more.
        var trouble = Directory.Exists(Path.Combine(_tree, ".git", "modules"))
            ? await RunAsync(["submodule", "--quiet", "deinit", "--all", "--force"], cancellationToken)
            : null;
        trouble ??= await LayOutAsync(revision, cancellationToken) ?? await RunAsync(["clean", "--quiet", "-ffdx"], cancellationToken);
        if (trouble is not null)
        {
            return trouble;
        }

        var status = await _git.RunAsync(
            Here(["status", "--porcelain=v1", "--ignored", "--untracked-files=all", "--ignore-submodules=none"]), cancellationToken);
        return status is GitOutcome.Succeeded { Output: var left }
            ? left.Trim().Length == 0 ? null : new Trouble.OfTheTree($"it is not clean after cleaning: {PlainText.Line(left, 200)}")
            : new Trouble.OfTheTree(status.Describe("git status"));
    }

    private Task<Trouble?> LayOutAsync(Revision revision, CancellationToken cancellationToken) =>
        RunAsync(["checkout", "--quiet", "--force", "--detach", revision.Sha, "--"], cancellationToken);

    private async Task<Trouble?> CompleteAsync(CancellationToken cancellationToken) =>
        await UpdateSubmodulesAsync(cancellationToken) ?? await FindLfsAsync(cancellationToken);

    // Addresses of submodules may be relative to the repository's own, and only the remote they belong to has them and the key to them.
    private async Task<Trouble?> UpdateSubmodulesAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(_tree, ".gitmodules")))
        {
            return null;
        }

        Trouble? first = null;
        foreach (var remote in _git.Settings.Remotes)
        {
            if (!GitAddress.TryParse(remote.Url, out var address, out var fault))
            {
                first ??= new Trouble.OfTheTree(fault);
                continue;
            }

            var update = Here(["submodule", "--quiet", "update", "--init", "--recursive", "--force", "--checkout"]) with
            {
                Remote = remote,
                AlsoAllow = _settings.SubmoduleSchemes,
                Timeout = _settings.SubmoduleTimeout,
            };
            var trouble = await RunAsync(["config", "remote.origin.url", address.Text], cancellationToken)
                ?? Of(await _git.RunAsync(update, cancellationToken), $"fetching the submodules with {remote.Name}");
            if (trouble is null)
            {
                return null;
            }

            first ??= trouble;
            await RunAsync(["submodule", "--quiet", "deinit", "--all", "--force"], cancellationToken);
        }

        return first;
    }

    private async Task<Trouble?> FindLfsAsync(CancellationToken cancellationToken)
    {
        var attributes = new FileInfo(Path.Combine(_tree, ".gitattributes"));
        if (!attributes.Exists || attributes.LinkTarget is not null || attributes.Length > 1024 * 1024
            || !(await File.ReadAllTextAsync(attributes.FullName, cancellationToken)).Contains("filter=lfs", StringComparison.Ordinal))
        {
            return null;
        }

        var search = await _git.RunAsync(
            Here(["grep", "--files-with-matches", "--fixed-strings", "-e", LfsPointer, "HEAD", "--", "*.nix", "flake.lock"]), cancellationToken);
        return search is GitOutcome.Succeeded { Output: var files }
            ? new Trouble.OfTheCommit($"Git LFS is not supported, and these files are kept in it: {PlainText.Line(files.Replace("HEAD:", "", StringComparison.Ordinal), 200)}")
            : null;
    }

    private async Task<Trouble?> RunAsync(string[] arguments, CancellationToken cancellationToken) =>
        Of(await _git.RunAsync(Here(arguments), cancellationToken), $"git {arguments[0]}");

    private static Trouble.OfTheTree? Of(GitOutcome outcome, string what) =>
        outcome.IsSuccess ? null : new Trouble.OfTheTree(outcome is GitOutcome.Exited { Error: var error } && IsDiskFull(error) ? error : outcome.Describe(what));

    private GitCommand Here(string[] arguments) => GitCommand.Of(arguments) with
    {
        WorkingDirectory = _tree,
        Timeout = _settings.Timeout,

        // A work tree whose own repository is broken must not make git act on one it finds in a folder above.
        Environment = ImmutableDictionary<string, string?>.Empty.Add("GIT_CEILING_DIRECTORIES", _settings.Folder),
        Configuration =
        [
            ("core.symlinks", "true"),
            ("core.fileMode", "true"),
            ("core.autocrlf", "false"),
            ("core.trustctime", "true"),
            ("advice.detachedHead", "false"),
        ],
    };

    private string Cure(string trouble) => IsDiskFull(trouble)
        ? $"the file system of {_settings.Folder} is full: free space there"
        : trouble;

    private static bool IsDiskFull(string text) =>
        text.Contains("No space left on device", StringComparison.Ordinal) || text.Contains("Disk quota exceeded", StringComparison.Ordinal);

    /// <summary>Why there is no work tree. A closed set.</summary>
    private abstract record Trouble(string Detail)
    {
        /// <summary>Making the work tree anew may help.</summary>
        public sealed record OfTheTree(string Detail) : Trouble(Detail);

        /// <summary>The commit itself cannot be laid out.</summary>
        public sealed record OfTheCommit(string Detail) : Trouble(Detail);
    }
}
