using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>Remotes that answer what a test says, when it says so.</summary>
internal sealed class FakeGitRemotes(params ImmutableArray<string> names) : IGitRemotes
{
    private readonly Dictionary<string, Func<Task<RemoteLook>>> _answers = [];
    private readonly Lock _lock = new();

    public ImmutableArray<string> Names { get; } = names;

    /// <summary>Is called when a look begins, before it is answered.</summary>
    public Action<string> Looked { get; set; } = _ => { };

    public void Answer(string remote, string? main, string? testing = null) => Answer(
        remote, () => Task.FromResult<RemoteLook>(new RemoteLook.Tips(main is null ? null : Making.A.Revision(main), testing is null ? null : Making.A.Revision(testing))));

    public void Fail(string remote, string detail) => Answer(remote, () => Task.FromResult<RemoteLook>(new RemoteLook.Failed(detail)));

    public void Answer(string remote, Func<Task<RemoteLook>> answer)
    {
        lock (_lock)
        {
            _answers[remote] = answer;
        }
    }

    public async Task<RemoteLook> LookAsync(string remote, RemoteView? before, CancellationToken cancellationToken)
    {
        Func<Task<RemoteLook>>? answer;
        lock (_lock)
        {
            Looked(remote);
            answer = _answers.GetValueOrDefault(remote);
        }

        return answer is null ? new RemoteLook.Tips(null, null) : await answer().WaitAsync(cancellationToken);
    }
}
