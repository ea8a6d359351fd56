using Reconciler.Adapters.Rim;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Rim;

public sealed class SecretFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t0ken", "t0ken")]
    [InlineData("t0ken\n", "t0ken")]
    [InlineData("t0ken\r\n# made in May\r\n", "t0ken")]
    [InlineData("\uFEFF t0ken \nsecond line", "t0ken")]
    public void TryReadToken_TakesTheFirstLine(string text, string expected)
    {
        Assert.True(SecretFile.TryReadToken(Written(text), out var token, out var fault));
        Assert.Equal((expected, (string?)null), (token, fault));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n\n", "is empty")]
    [InlineData("two words", "holds blanks")]
    [InlineData("hush-tökén", "not ASCII")]
    [InlineData("hush\u0000\u001b[31m", "control characters")]
    public void TryReadToken_SaysWhatIsWrong_WithoutTheText(string text, string expected)
    {
        Assert.False(SecretFile.TryReadToken(Written(text), out var token, out var fault));
        Assert.Null(token);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void TryReadLine_OfAFileThatIsSomethingElse_DoesNotCutASecretOutOfIt()
    {
        Assert.False(SecretFile.TryReadLine(Written(new string('x', 20_000)), "file", out _, out var fault));
        Assert.Contains("longer than 16384 characters", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void TryReadLine_OfAFileThatIsNotThere_NamesTheCure()
    {
        var file = Path.Combine(_folder.Path, "none");
        Assert.False(SecretFile.TryReadLine(file, "file", out _, out var fault));
        Assert.Equal($"the file {file} is not there: write the secret there, readable for the daemon only", fault);
    }

    [Fact]
    public void TryReadLine_KeepsBlanksInside_AndTryReadKeepsEveryLine()
    {
        var file = Written("a pass phrase\nmore\n");

        Assert.True(SecretFile.TryReadLine(file, "file", out var line, out _));
        Assert.True(SecretFile.TryRead(file, "file", out var text, out _));
        Assert.Equal(("a pass phrase", "a pass phrase\nmore"), (line, text));
    }

    private string Written(string text)
    {
        var file = Path.Combine(_folder.Path, "secret");
        File.WriteAllText(file, text);
        return file;
    }
}
