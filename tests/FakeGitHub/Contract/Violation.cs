namespace FakeGitHub.Contract;

/// <summary>One difference from GitHub's description of its API.</summary>
/// <param name="Side"><c>request</c> or <c>answer</c>.</param>
/// <param name="Where">A JSON pointer, a parameter's name, or nothing for the whole.</param>
internal sealed record Violation(string Method, string Path, string Side, string Where, string Problem)
{
    public override string ToString() => $"{Side} of {Method} {Path}: {(Where.Length > 0 ? $"{Where}: " : "")}{Problem}";
}
