using Reconciler.Cli;

namespace Reconciler.Tests.Fakes;

/// <summary>A machine with the files a test gives it, whose git says yes to everything.</summary>
internal sealed class FakeInitMachine : IInitMachine
{
    public Dictionary<string, string> Files { get; } = [];

    public string? Hardware { get; set; }

    public List<string> Git { get; } = [];

    public Func<string, GitAnswer> Answer { get; set; } = _ => new GitAnswer(true, "82f3e9c0000000000000000000000000000000aa");

    public string? Read(string path) => Files.GetValueOrDefault(path);

    public Task<string?> ShowHardwareAsync(CancellationToken cancellationToken) => Task.FromResult(Hardware);

    public Task<GitAnswer> GitAsync(string folder, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        Git.Add(string.Join(' ', arguments));
        return Task.FromResult(Answer(Git[^1]));
    }
}
