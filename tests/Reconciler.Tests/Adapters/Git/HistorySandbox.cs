using System.Diagnostics;
using System.Text;
using Reconciler.Adapters.Git;
using Reconciler.Adapters.Processes;
using Reconciler.Model;

namespace Reconciler.Tests.Adapters.Git;

/// <summary>A folder with a remote repository, a mirror of it, and real git; gone with the test.</summary>
internal sealed class HistorySandbox : IDisposable
{
    private int _seconds;

    public HistorySandbox()
    {
        Folder = Directory.CreateTempSubdirectory("reconciler-git-").FullName;
        Runner = new ProcessRunner(TimeProvider.System);
        Git(Folder, "init", "--quiet", "--bare", "-b", "main", "remote.git");
        Git(Folder, "init", "--quiet", "--bare", "mirror.git");
        Git(Folder, "init", "--quiet", "-b", "main", "work");
    }

    public string Folder { get; }

    public ProcessRunner Runner { get; }

    public string Remote => Path.Combine(Folder, "remote.git");

    public string Mirror => Path.Combine(Folder, "mirror.git");

    public string Work => Path.Combine(Folder, "work");

    public Dictionary<string, string> Variables { get; } = [];

    public GitProgram Program(params GitRemoteSettings[] remotes) => new(Runner, new GitRepositorySettings
    {
        MirrorPath = Mirror,
        MainBranch = "main",
        Remotes = remotes.Length > 0 ? [.. remotes] : [new GitRemoteSettings { Name = "origin", Url = Remote, MayPush = true }],
    });

    /// <summary>Runs git in a folder and gives back its output, trimmed.</summary>
    public string Git(string folder, params string[] arguments)
    {
        var (code, output, error) = TryGit(folder, null, arguments);
        return code == 0 ? output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error}");
    }

    public (int Code, string Output, string Error) TryGit(string folder, string? input, params string[] arguments) => Run(folder, input, "git", arguments);

    public (int Code, string Output, string Error) Run(string folder, string? input, string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // One second a call, so that commits are made in an order.
        var date = $"{1_700_000_000 + _seconds++} +0000";
        info.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        info.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        info.Environment["GIT_AUTHOR_NAME"] = info.Environment["GIT_COMMITTER_NAME"] = "Ann";
        info.Environment["GIT_AUTHOR_EMAIL"] = info.Environment["GIT_COMMITTER_EMAIL"] = "ann@example.org";
        info.Environment["GIT_AUTHOR_DATE"] = info.Environment["GIT_COMMITTER_DATE"] = date;
        foreach (var (name, value) in Variables)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync();
        var writing = Task.Run(() =>
        {
            process.StandardInput.Write(input ?? "");
            process.StandardInput.Close();
        });
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        writing.Wait();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Commits a file in the work folder.</summary>
    public Revision Commit(string message, string? file = null, string content = "", params string[] options)
    {
        if (file is not null)
        {
            var path = Path.Combine(Work, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }

        Git(Work, "add", "--all");
        Git(Work, ["commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", message, .. options]);
        return Head();
    }

    public Revision Head(string name = "HEAD") => new(Git(Work, "rev-parse", name));

    /// <summary>Pushes all branches and tags to the remote, and fetches them into the mirror.</summary>
    public void Publish()
    {
        Git(Work, "push", "--quiet", "--force", Remote, "refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*");
        FetchMirror();
    }

    public void FetchMirror() => Git(
        Mirror, "-c", "fetch.unpackLimit=1", "-c", "gc.auto=0", "fetch", "--quiet", Remote, "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*");

    /// <summary>Builds a history of so many commits in a line, and some merges, quickly.</summary>
    public (Revision First, Revision Middle, Revision Last) ImportLongHistory(int commits)
    {
        var text = new StringBuilder("blob\nmark :1\ndata 1\nx\n");
        for (var i = 1; i <= commits; i++)
        {
            text.Append($"commit refs/heads/main\nmark :{i + 1}\ncommitter A <a@x> {1_600_000_000 + (i * 60)} +0000\ndata 2\nc\n\n");
            text.Append(i == 1 ? "M 100644 :1 f\n" : i % 7 == 0 && i > 20 ? $"from :{i}\nmerge :{i - 5}\n" : $"from :{i}\n");
            text.Append('\n');
        }

        var marks = Path.Combine(Folder, "marks");
        var (code, _, error) = TryGit(Work, text.ToString(), "fast-import", "--quiet", "--force", $"--export-marks={marks}");
        if (code != 0)
        {
            throw new InvalidOperationException(error);
        }

        var shas = File.ReadLines(marks).Select(line => line.Split(' ')).ToDictionary(p => int.Parse(p[0][1..]), p => new Revision(p[1]));
        return (shas[2], shas[(commits / 2) + 1], shas[commits + 1]);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
