using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>Section <c>repository</c>.</summary>
internal sealed record RepositorySettings
{
    /// <summary>At least one, in order of preference; names are unique.</summary>
    public required ImmutableArray<RemoteSettings> Remotes { get; init; }

    /// <summary>The branch the host follows.</summary>
    public required string Branch { get; init; }

    /// <summary>The host's own branch for trying things out; null when there is none.</summary>
    public required string? TestingBranch { get; init; }

    /// <summary>Time between looks at the remotes.</summary>
    public required TimeSpan PollInterval { get; init; }

    /// <summary>Whether submodules are checked out.</summary>
    public required bool Submodules { get; init; }

    /// <summary>Which signatures commits must carry.</summary>
    public required SignatureSettings Signatures { get; init; }

    /// <summary>Whether a branch that went backwards or sideways is followed without asking.</summary>
    public required bool AllowRewind { get; init; }


    /// <summary>Reads the section.</summary>
    public static RepositorySettings Read(SettingsReader reader, HostName host)
    {
        var branch = reader.Text("branch", "main", IsBranch, BranchRule);
        var testing = reader.IsNull("testingBranch") ? null : reader.Text("testingBranch", $"testing-{host}", IsBranch, BranchRule);
        if (testing == branch)
        {
            reader.Fail("testingBranch", "must not be the same as branch; write null for none");
        }

        var settings = new RepositorySettings
        {
            Remotes = ReadRemotes(reader),
            Branch = branch,
            TestingBranch = testing,
            PollInterval = reader.Duration("pollInterval", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5), TimeSpan.FromDays(1)),
            Submodules = reader.Flag("submodules", false),
            Signatures = SignatureSettings.Read(reader.Section("signatures")),
            AllowRewind = reader.Flag("allowRewind", false),
        };
        reader.Finish();
        return settings;
    }

    private static ImmutableArray<RemoteSettings> ReadRemotes(SettingsReader reader)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var listed = reader.Sections("remotes").Select((entry, index) => RemoteSettings.Read(entry, index, names)).ToImmutableArray();
        var single = RemoteSettings.ReadUrl(reader);
        if (reader.Has("url") && reader.Has("remotes"))
        {
            reader.Fail("url", "is the short form for a single remote; keep either it or remotes");
        }
        else if (single is { IsInTheClear: true })
        {
            reader.Fail("url", $"{RemoteSettings.InTheClear} on an entry of remotes");
        }
        else if (!reader.Has("url") && !reader.Has("remotes"))
        {
            reader.Fail("url", "is required: the address of the repository, such as \"https://git.example.org/fleet.git\"");
        }
        else if (!reader.Has("url") && listed.IsEmpty)
        {
            reader.Fail("remotes", "must name at least one remote");
        }

        return single is null ? [.. listed.OfType<RemoteSettings>()] : [RemoteSettings.Of(single)];
    }

    private const string BranchRule = "must be the name of a branch, such as \"main\"";

    // The rules of git check-ref-format that matter here; stricter in that only plain characters are allowed.
    private static bool IsBranch(string name) =>
        name.Length <= 200
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '+' or '#' or '@')
        && name.Split('/').All(part => part.Length > 0 && part[0] is not ('.' or '-') && !part.EndsWith('.') && !part.EndsWith(".lock", StringComparison.Ordinal))
        && !name.Contains("..", StringComparison.Ordinal) && name != "@" && name != "HEAD";
}
