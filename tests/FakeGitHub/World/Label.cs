namespace FakeGitHub.World;

/// <summary>A label; <paramref name="Color"/> is six hex digits. Names compare without case.</summary>
internal sealed record Label(long Id, string Name, string Color, string? Description);
