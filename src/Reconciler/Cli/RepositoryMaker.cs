namespace Reconciler.Cli;

/// <summary>Writes a new repository into an empty folder, with a first commit.</summary>
internal sealed class RepositoryMaker(IInitMachine machine)
{
    private const string Branch = "main";

    /// <summary>Makes it.</summary>
    /// <param name="folder">Where; made when it is not there.</param>
    /// <param name="repository">What it holds.</param>
    /// <param name="cancellationToken">Ends it; what was written by then stays.</param>
    /// <returns>The first commit.</returns>
    /// <exception cref="ControlException">The folder is not empty, cannot be written, or git fails.</exception>
    public async Task<string> MakeAsync(string folder, NewRepository repository, CancellationToken cancellationToken)
    {
        Write(folder, repository);
        await GitAsync(folder, ["init", "-q", $"--initial-branch={Branch}"], cancellationToken);
        if (repository.Url is { } url)
        {
            await GitAsync(folder, ["remote", "add", "--", "origin", url], cancellationToken);
        }

        await GitAsync(folder, ["add", "--all"], cancellationToken);
        var identity = (await machine.GitAsync(folder, ["config", "user.email"], cancellationToken)).Succeeded
            ? Array.Empty<string>()
            : ["-c", "user.name=Reconciler", "-c", $"user.email=reconciler@{repository.Host}"];
        await GitAsync(folder, [.. identity, "commit", "-q", "-m", $"A repository for {repository.Host}", "-m", "Made by `reconciler init`."], cancellationToken);
        return await GitAsync(folder, ["rev-parse", "HEAD"], cancellationToken);
    }

    private static void Write(string folder, NewRepository repository)
    {
        try
        {
            if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            {
                throw new ControlException(new Trouble(ExitCode.Failed, $"{folder} is there and not empty, and nothing of it is overwritten.", "Name a new folder, such as: reconciler init infra") { Word = "notEmpty" });
            }

            foreach (var (path, text) in repository.Files())
            {
                var file = Path.Combine(folder, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ControlException(ExitCode.Failed, $"{folder} cannot be written: {e.Message}", "Name a folder that you may write.", e);
        }
    }

    private async Task<string> GitAsync(string folder, string[] arguments, CancellationToken cancellationToken)
    {
        var answer = await machine.GitAsync(folder, arguments, cancellationToken);
        return answer.Succeeded
            ? answer.Text
            : throw new ControlException(ExitCode.Failed, $"{Plain.Line(answer.Text)}.", $"The files are in {folder}; put that right, then go on there with git by hand, or remove the folder and begin anew.");
    }
}
