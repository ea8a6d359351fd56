using System.Text.Json.Serialization;

namespace Reconciler.Adapters.GitHub;

/// <summary>Where an App is installed, as GitHub tells it.</summary>
internal sealed record InstallationDocument(long Id, string? AppSlug, DateTimeOffset? SuspendedAt, Dictionary<string, string>? Permissions);

/// <summary>What an App asks for: a token for one repository, and for no more than it needs.</summary>
internal sealed record InstallationTokenRequest(string[] Repositories, Dictionary<string, string> Permissions);

/// <summary>The token it is given.</summary>
internal sealed record InstallationTokenDocument(string? Token, DateTimeOffset ExpiresAt)
{
    public override string ToString() => "***";
}

/// <summary>GitHub's words for why not.</summary>
internal sealed record MessageDocument(string? Message);

/// <summary>How the App's documents are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(InstallationDocument))]
[JsonSerializable(typeof(InstallationTokenRequest))]
[JsonSerializable(typeof(InstallationTokenDocument))]
[JsonSerializable(typeof(MessageDocument))]
internal sealed partial class AppJson : JsonSerializerContext;
