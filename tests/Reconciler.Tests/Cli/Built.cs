using Reconciler.Model;
using Reconciler.Tests.Golden;

namespace Reconciler.Tests.Cli;

/// <summary>The program as it was built.</summary>
internal static class Built
{
    /// <summary>Its assembly, which <c>dotnet</c> runs.</summary>
    public static string Program { get; } =
        Path.Combine(GoldenText.RepositoryRoot, "artifacts", "bin", "Reconciler", Path.GetFileName(Path.GetDirectoryName(typeof(Built).Assembly.Location))!, Path.GetFileName(typeof(Revision).Assembly.Location));
}
