using System.Runtime.CompilerServices;
using Xunit;

namespace Reconciler.Tests.Adapters.Forge;

/// <summary>Texts people read, kept in files beside the tests; UPDATE_GOLDEN=1 writes them anew.</summary>
internal static class GoldenText
{
    public static void Is(string name, string text, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(here)!, $"{name}.golden.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }
}
