using System.Diagnostics;

namespace Reconciler.Tests.Adapters.Git;

/// <summary>A temporary folder with real repositories in it.</summary>
internal sealed class GitSandbox : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("git-tests-").FullName;

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Makes a bare repository without commits.</summary>
    public string NewRepository(string name, params string[] options)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Git("init", ["init", "--bare", "--quiet", "-b", "main", .. options, path]);
        return path;
    }

    /// <summary>Puts a commit on a branch and returns its id; a force-push when the parent is given and is not the branch's tip.</summary>
    public string Commit(string repository, string branch, string content, string? parent = null, bool isRoot = false)
    {
        var blob = Git("hash-object", [$"--git-dir={repository}", "hash-object", "-w", "--stdin"], content);
        var tree = Git("mktree", [$"--git-dir={repository}", "mktree"], $"100644 blob {blob}\tfile\n");
        parent ??= isRoot ? null : Tip(repository, branch);
        string[] parents = parent is null ? [] : ["-p", parent];
        var commit = Git("commit-tree", [$"--git-dir={repository}", "commit-tree", .. parents, "-m", content, tree]);
        Git("update-ref", [$"--git-dir={repository}", "update-ref", $"refs/heads/{branch}", commit]);
        return commit;
    }

    public string? Tip(string repository, string branch)
    {
        var tip = Git("for-each-ref", [$"--git-dir={repository}", "for-each-ref", "--format=%(objectname)", $"refs/heads/{branch}"]);
        return tip.Length == 0 ? null : tip;
    }

    public string In(string repository, params string[] arguments) => Git(arguments[0], [$"--git-dir={repository}", .. arguments]);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static string Git(string what, string[] arguments, string? input = null)
    {
        var info = new ProcessStartInfo("git", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (key, value) in new[]
        {
            ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("LC_ALL", "C"), ("GIT_AUTHOR_NAME", "t"), ("GIT_AUTHOR_EMAIL", "t@example.org"),
            ("GIT_COMMITTER_NAME", "t"), ("GIT_COMMITTER_EMAIL", "t@example.org"), ("GIT_AUTHOR_DATE", "1700000000 +0000"), ("GIT_COMMITTER_DATE", "1700000000 +0000"),
        })
        {
            info.Environment[key] = value;
        }

        using var process = Process.Start(info)!;
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.TrimEnd('\n') : throw new InvalidOperationException($"git {what}: {error.GetAwaiter().GetResult()}");
    }
}
