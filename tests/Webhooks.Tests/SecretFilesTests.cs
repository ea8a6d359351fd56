using System.Text;
using Microsoft.Extensions.Time.Testing;
using Webhooks.Tests.Making;
using Xunit;

namespace Webhooks.Tests;

public sealed class SecretFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LogLines _log = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("secret\n")]
    [InlineData("secret\r\n")]
    public void Read_LeavesTheLineEndOut(string text) => Assert.Equal(["secret"], Read(_folder.Write("a", text)));

    [Fact]
    public void Read_KeepsSpacesThatBelongToTheSecret() => Assert.Equal([" a b "], Read(_folder.Write("a", " a b \n")));

    [Fact]
    public void Read_GivesBothAndSeesAChange()
    {
        string[] paths = [_folder.Write("a", "old\n"), _folder.Write("b", "new")];
        var files = Files(paths);
        Assert.Equal(["old", "new"], files.Read().Select(Encoding.UTF8.GetString));
        _folder.Write("a", "newer");
        Assert.Equal(["newer", "new"], files.Read().Select(Encoding.UTF8.GetString));
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(" \t\n\n")]
    public void Read_TakesNothingForABlankFile(string text)
    {
        Assert.Empty(Read(_folder.Write("a", text)));
        Assert.Contains("it is empty", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TakesNothingFromWhatIsTooLargeOrMissing()
    {
        Assert.Empty(Read(_folder.Write("a", new string('x', 4097))));
        Assert.Equal([new string('x', 4096)], Read(_folder.Write("a", new string('x', 4096))));
        Assert.Empty(Read(_folder.File("none")));
        Assert.Empty(Read(_folder.Path));
        Assert.DoesNotContain("xxx", string.Concat(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SaysOfEachFileWhatIsWrong()
    {
        Files(_folder.File("first"), _folder.File("second")).Read();
        Assert.Equal(2, _log.Lines.Count);
    }

    [Fact]
    public void Read_UsesTheOtherWhenOneIsMissingAndSaysSoOnceAMinute()
    {
        var files = Files(_folder.File("none"), _folder.Write("b", "new"));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(["new"], files.Read().Select(Encoding.UTF8.GetString));
        }

        Assert.Contains("none cannot be used", Assert.Single(_log.Lines), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromMinutes(1));
        files.Read();
        Assert.Equal(2, _log.Lines.Count);
    }

    private IEnumerable<string> Read(string path) => Files(path).Read().Select(Encoding.UTF8.GetString);

    private SecretFiles Files(params string[] paths) => new(paths, _clock, new LogLinesOf<SecretFiles>(_log));
}
