using System.Collections.Immutable;
using Reconciler.Adapters.Processes;

namespace Reconciler.Adapters.Nix;

/// <summary>What the Nix programs miss in a system service's environment.</summary>
internal static class NixEnvironment
{
    /// <summary>Adds a home and a user name where there is none (Nix wants them for its caches), and asks for plain text.</summary>
    public static ProcessRequest WithNixEnvironment(this ProcessRequest request) => request with { Environment = request.Environment.AddRange(Missing()) };

    private static IEnumerable<KeyValuePair<string, string?>> Missing()
    {
        yield return new("NO_COLOR", "1");
        yield return new("TERM", "dumb");
        if (Environment.GetEnvironmentVariable("HOME") is null or "")
        {
            yield return new("HOME", "/root");
        }

        if (Environment.GetEnvironmentVariable("USER") is null or "")
        {
            yield return new("USER", Environment.UserName);
        }
    }
}
