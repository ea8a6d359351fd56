using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Adapters.Nix;
using Reconciler.Adapters.Processes;
using Reconciler.Model;
using Reconciler.Ports;
using Xunit;

namespace Reconciler.Tests.Adapters.Nix;

/// <summary>Nix's answers are made up here; <see cref="StoreCareContractTests"/> asks a real one.</summary>
public sealed class StoreCareTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 3, 12, 0, 0, TimeSpan.Zero);

    private readonly NixFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly ScriptedRunner _runner;
    private readonly Dictionary<string, DateTimeOffset> _registered = [];
    private readonly Dictionary<string, List<string>> _referrers = [];
    private readonly HashSet<string> _damaged = [];
    private readonly HashSet<string> _held = [];
    private readonly HashSet<string> _closure = [];
    private ProcessOutcome _sync = ScriptedRunner.Exit(0);
    private ProcessOutcome? _listing;

    public StoreCareTests() => _runner = new ScriptedRunner(Answer);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FirstStart_IsNotSuspect() => Assert.False(Make().IsSuspect);

    [Fact]
    public void StartInTheSameBoot_IsNotSuspect()
    {
        Make();

        Assert.False(Make().IsSuspect);
    }

    [Fact]
    public void StartInAnotherBoot_IsSuspect_UntilConcluded()
    {
        Make();
        Boot("second");

        Assert.True(Make().IsSuspect);
        Boot("third");
        Assert.True(Make().IsSuspect);
    }

    [Fact]
    public async Task StartInAnotherBoot_AfterTheDaemonEndedInOrder_IsNotSuspect()
    {
        await Make().CloseAsync();
        Boot("second");

        Assert.False(Make().IsSuspect);
        Boot("third");
        Assert.True(Make().IsSuspect); // what holds of the first end holds of no later one
    }

    [Fact]
    public async Task StartInAnotherBoot_WhenTheLastFlushFailed_IsSuspect()
    {
        var care = Make();
        _sync = ScriptedRunner.Exit(1, error: "I/O error");
        await care.CloseAsync();
        Boot("second");

        Assert.True(Make().IsSuspect);
    }

    [Fact]
    public async Task Close_WhileSuspect_KeepsItSuspect()
    {
        await Suspect().CloseAsync();

        Assert.True(Make().IsSuspect);
    }

    [Fact]
    public async Task Conclude_EndsTheSuspicion()
    {
        await Suspect().ConcludeAsync(Token);

        Assert.False(Make().IsSuspect);
    }

    [Fact]
    public void AnUnreadableMark_IsSuspect()
    {
        Make();
        File.WriteAllText(_folder.At("state/store-flushed"), "\0\0\0\0");

        Assert.True(Make().IsSuspect);
    }

    [Fact]
    public async Task Mend_ChecksOnlyWhatCameSinceTheLastFlush()
    {
        Make();
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Null(await new NixHost(_folder.Settings, _runner, _clock, NullLogger<NixHost>.Instance).FlushStoreAsync(Token));
        Register("old", Noon);
        var late = Register("late", Noon.AddHours(2).AddMinutes(-5));
        var fresh = Register("fresh", Noon.AddHours(3));

        await Suspect(isOpened: true).MendAsync([], everything: false, Token);

        Assert.Equal([late, fresh], Verified());
    }

    [Fact]
    public async Task Mend_ChecksWhatCameWhileNoDaemonRan()
    {
        await Make().CloseAsync();
        var byHand = Register("by-hand", Noon.AddHours(1));
        _clock.Advance(TimeSpan.FromHours(2));
        Make();

        await Suspect(isOpened: true).MendAsync([], everything: false, Token);

        Assert.Equal([byHand], Verified());
    }

    [Fact]
    public async Task Mend_OfEverything_ChecksAlsoWhatHasAnotherSize()
    {
        var care = Suspect();
        var changed = Register("changed", Noon.AddYears(-1), "shorter than it was");
        Register("same", Noon.AddYears(-1));

        await care.MendAsync([], everything: true, Token);

        Assert.Equal([changed], Verified());
    }

    [Fact]
    public async Task Mend_RemovesWhatIsDamaged_AndWhatRefersToIt()
    {
        var care = Suspect();
        var (library, program) = (Register("library", Noon), Register("program", Noon));
        _damaged.Add(library);
        _referrers[library] = [program];
        Register("other", Noon);

        var look = Assert.IsType<StoreLook.Done>(await care.MendAsync([], everything: false, Token));

        Assert.Equal((1, 2, library), (look.Damaged, look.Removed, Assert.Single(look.Paths)));
        Assert.Null(look.Left);
        Assert.Equal([library, program], Deleted());
    }

    [Fact]
    public async Task Mend_OfAPathThatIsGone_RemovesIt()
    {
        var care = Suspect();
        var gone = Register("gone", Noon);
        File.Delete(gone);

        Assert.Equal(1, Assert.IsType<StoreLook.Done>(await care.MendAsync([], everything: false, Token)).Removed);
        Assert.Equal([gone], Deleted());
    }

    [Fact]
    public async Task Mend_OfALinkThatLeadsNowhere_LeavesItAlone()
    {
        var care = Suspect();
        var link = Register("link", Noon);
        File.Delete(link);
        File.CreateSymbolicLink(link, "/nowhere");

        Assert.Equal(0, Assert.IsType<StoreLook.Done>(await care.MendAsync([], everything: false, Token)).Damaged);
    }

    [Fact]
    public async Task Mend_LetsGoOfItsOwnRoots_OfWhatIsRemovedAlone()
    {
        var care = Suspect();
        var (bad, good) = (Register("bad", Noon), Register("good", Noon));
        _damaged.Add(bad);
        foreach (var folder in new[] { "state/build/deployment", "state/build/plan", "gcroots/reconciler" })
        {
            Directory.CreateDirectory(_folder.At(folder));
        }

        _folder.Link("state/build/deployment/result", bad);
        _folder.Link("state/build/plan/result", good);
        _folder.Link("gcroots/reconciler/failed-7", bad);

        await care.MendAsync([], everything: false, Token);

        Assert.Null(Links.Read(_folder.At("state/build/deployment/result")));
        Assert.Null(Links.Read(_folder.At("gcroots/reconciler/failed-7")));
        Assert.Equal(good, Links.Read(_folder.At("state/build/plan/result")));
    }

    [Fact]
    public async Task Mend_NeverRemovesWhatAKeptSystemIsMadeOf()
    {
        var care = Suspect();
        var (kept, other) = (Register("kept", Noon), Register("other", Noon));
        _damaged.UnionWith([kept, other]);
        _closure.Add(kept);

        var look = Assert.IsType<StoreLook.Done>(await care.MendAsync([new Toplevel(kept)], everything: false, Token));

        Assert.Equal([other], Deleted());
        Assert.True(look.Left is { OfSystem: true, Count: 1 });
        Assert.Equal(kept, look.Left.First);
    }

    [Fact]
    public async Task Mend_OfWhatSomethingElseHolds_SaysSo_AndRemovesTheRest()
    {
        var care = Suspect();
        var (held, other) = (Register("held", Noon), Register("other", Noon));
        _damaged.UnionWith([held, other]);
        _held.Add(held);

        var look = Assert.IsType<StoreLook.Done>(await care.MendAsync([], everything: false, Token));

        Assert.Equal(1, look.Removed);
        Assert.True(look.Left is { OfSystem: false, Count: 1 });
        Assert.Equal(held, look.Left.First);
    }

    [Fact]
    public async Task Mend_WhenNixCannotTell_FailsAndStaysSuspect()
    {
        var care = Suspect();
        _listing = ScriptedRunner.Exit(1, error: "error: database is locked");
        var failed = Assert.IsType<StoreLook.Failed>(await care.MendAsync([], everything: false, Token));
        Assert.Equal(Fault.World, failed.Failure.Fault);
        Assert.Contains("database is locked", FailureText.Headline(failed.Failure), StringComparison.Ordinal);

        _listing = ScriptedRunner.Exit(0, "[{]");
        Assert.IsType<StoreLook.Failed>(await care.MendAsync([], everything: false, Token));
        Assert.True(care.IsSuspect);
    }

    private StoreCare Make() => new(_folder.Settings, _runner, _clock, NullLogger<StoreCare>.Instance);

    private StoreCare Suspect(bool isOpened = false)
    {
        if (!isOpened)
        {
            Make();
        }

        Boot("second");
        return Make();
    }

    private void Boot(string id) => File.WriteAllText(_folder.At("boot_id"), id + "\n");

    private string Register(string name, DateTimeOffset at, string now = "as built")
    {
        var path = _folder.At($"store/{new string('b', 32)}-{name}");
        File.WriteAllText(path, now);
        _registered[path] = at;
        return path;
    }

    private string[] Verified() => [.. Of("--verify-path")];

    private string[] Deleted() => [.. Of("--delete").Distinct().Order(StringComparer.Ordinal)];

    private IEnumerable<string> Of(string verb) =>
        _runner.Requests.Where(request => request.Arguments.Contains(verb)).SelectMany(request => request.Arguments.SkipWhile(argument => argument != verb).Skip(1));

    private ProcessOutcome Answer(ProcessRequest request) => request switch
    {
        { Program: "sync" } => _sync,
        { Program: "nix" } => _listing ?? ScriptedRunner.Exit(
            0, $"{{{string.Join(',', _registered.Select(path => $"\"{path.Key}\":{{\"registrationTime\":{path.Value.ToUnixTimeSeconds()},\"narSize\":{AsBuilt}}}"))}}}"),
        { Arguments: ["--verify-path", .. var paths] } => Verify([.. paths.Where(_damaged.Contains)]),
        { Arguments: ["--query", "--referrers-closure", .. var paths] } =>
            ScriptedRunner.Exit(0, string.Join('\n', paths.Concat(paths.SelectMany(path => _referrers.GetValueOrDefault(path) ?? [])))),
        { Arguments: ["--query", "--requisites", ..] } => ScriptedRunner.Exit(0, string.Join('\n', _closure)),
        { Arguments: ["--check-validity", "--print-invalid", .. var paths] } => ScriptedRunner.Exit(0, string.Join('\n', paths.Where(path => !_registered.ContainsKey(path)))),
        { Arguments: [.., var path] } when request.Arguments.Contains("--delete") => Delete([.. request.Arguments.SkipWhile(argument => argument != "--delete").Skip(1)]),
        _ => throw new InvalidOperationException($"unexpected: {request.Program} {string.Join(' ', request.Arguments)}"),
    };

    private static ProcessOutcome Verify(string[] damaged) => damaged.Length == 0
        ? ScriptedRunner.Exit(0)
        : ScriptedRunner.Exit(1, error: string.Join('\n', damaged.Select(path => $"path '{path}' was modified! expected hash 'sha256:1', got 'sha256:2'")));

    private ProcessOutcome Delete(string[] paths)
    {
        if (paths.Any(_held.Contains))
        {
            return ScriptedRunner.Exit(1, error: "error: cannot delete path since it is still alive");
        }

        foreach (var path in paths)
        {
            _registered.Remove(path);
        }

        return ScriptedRunner.Exit(0);
    }

    private const int AsBuilt = 120; // the archive of a file with up to eight bytes
}
