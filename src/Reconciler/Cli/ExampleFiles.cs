using System.Collections.Immutable;
using System.Reflection;

namespace Reconciler.Cli;

/// <summary>The example repositories, which are built into the program.</summary>
internal static class ExampleFiles
{
    private const string Prefix = "examples/";

    /// <summary>The files of one, by their paths in it.</summary>
    /// <param name="name">The folder below <c>examples</c>.</param>
    public static ImmutableSortedDictionary<string, string> Of(string name)
    {
        var assembly = typeof(ExampleFiles).Assembly;
        var start = $"{Prefix}{name}/";
        return assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(start, StringComparison.Ordinal))
            .ToImmutableSortedDictionary(resource => resource[start.Length..], resource => Read(assembly, resource), StringComparer.Ordinal);
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
