using System.Runtime.CompilerServices;
using Xunit;

namespace Reconciler.Tests.Golden;

/// <summary>Texts kept in files beside the tests. <c>UPDATE_GOLDEN=1</c> writes them anew.</summary>
internal static class GoldenText
{
    public static string RepositoryRoot { get; } = FindRoot();

    private static bool IsUpdating => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    /// <summary>Compares with <c>golden/NAME.txt</c> in the folder of the calling test.</summary>
    public static void Check(string name, string actual, [CallerFilePath] string caller = "") =>
        CheckFile(Path.Combine(Path.GetDirectoryName(caller)!, "golden", $"{name}.txt"), actual);

    /// <summary>Compares with a file.</summary>
    public static void CheckFile(string path, string actual)
    {
        if (IsUpdating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{path} is missing; write it with UPDATE_GOLDEN=1.");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var directory = Path.GetDirectoryName(here);
        while (directory is not null && !File.Exists(Path.Combine(directory, "Reconciler.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException("The repository's root was not found.");
    }
}
