namespace Reconciler.Adapters.Git;

/// <summary>Where stories are written before they are pushed.</summary>
internal sealed record StorySettings
{
    /// <summary>Absolute path of a bare repository of our own; it borrows its objects from the mirror, and is made when it is not there.</summary>
    public required string RepositoryPath { get; init; }
}
