using Reconciler.Adapters.Health;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Health;

/// <summary>Against a real folder that plays the store: a system, whose etc and files are links to other store paths, as Nix makes them.</summary>
public sealed class DeclarationFileTests : IDisposable
{
    private const string Repository = """{"checks": [{"name": "repo", "type": "repository"}], "retired": ["old"]}""";

    private readonly TempFolder _folder = new();
    private readonly Toplevel _toplevel;

    public DeclarationFileTests()
    {
        _toplevel = new Toplevel($"{_folder.Path}/store/system");
        Directory.CreateDirectory(_toplevel.Path);
        Directory.CreateDirectory($"{_folder.Path}/store/etc/etc/reconciler");
        Directory.CreateSymbolicLink($"{_toplevel.Path}/etc", $"{_folder.Path}/store/etc/etc");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_LinkedWithinTheStore_IsRead()
    {
        File.WriteAllText($"{_folder.Path}/store/health.json", Repository);
        Link("../../../health.json");

        var declaration = DeclarationFile.Read(_toplevel);

        Assert.Equal(new HealthCheck.RepositoryIsReachable("repo", true, TimeSpan.FromSeconds(5)), Assert.Single(declaration.Checks));
        Assert.Equal(["old"], declaration.Retired);
    }

    [Fact]
    public void Read_StoreBehindALink_IsRead()
    {
        Write(Repository);
        Directory.CreateSymbolicLink($"{_folder.Path}/alias", $"{_folder.Path}/store");

        Assert.Single(DeclarationFile.Read(new Toplevel($"{_folder.Path}/alias/system")).Checks);
    }

    [Fact]
    public void Read_NoFile_IsNothing()
    {
        Assert.Same(HealthDeclaration.Nothing, DeclarationFile.Read(_toplevel));
        Assert.Same(HealthDeclaration.Nothing, DeclarationFile.Read(new Toplevel($"{_folder.Path}/store/gone")));
    }

    [Fact]
    public void Read_LinkOutOfTheStore_IsRefused()
    {
        File.WriteAllText($"{_folder.Path}/health.json", Repository);
        Link($"{_folder.Path}/health.json");
        Refused("its links lead out of the store");

        File.Delete(FilePath);
        Link("/dev/zero");
        Refused("its links lead out of the store, to /dev/zero");
    }

    [Fact]
    public void Read_LinkToNothingOrInACircle_IsRefused()
    {
        Link($"{_folder.Path}/store/gone");
        Refused("which is missing");

        File.Delete(FilePath);
        Link("health.json");
        Refused("circle");
    }

    [Fact]
    public void Read_TooLarge_IsRefused()
    {
        Write(Repository + new string(' ', (1024 * 1024) - Repository.Length));
        Assert.Single(DeclarationFile.Read(_toplevel).Checks);

        Write(Repository + new string(' ', (1024 * 1024) + 1 - Repository.Length));
        Refused("is larger than 1 MiB");
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("{", "is not JSON")]
    [InlineData("// a\n{\"checks\": []}", "is not JSON")]
    [InlineData("{\"checks\": [], \"checks\": []}", "is not JSON: ")]
    [InlineData("{\"checks\": [{}]}", "is not understood: $.checks[0].name: is missing; $.checks[0].type: is missing")]
    public void Read_NotUnderstood_NamesFileAndError(string json, string error)
    {
        Write(json);

        Refused(error);
    }

    [Fact]
    public void Read_NotUtf8_IsRefused()
    {
        File.WriteAllBytes(FilePath, [.. "{\"checks\": [{\"name\": \""u8, 0xFF, .. "\", \"type\": \"repository\"}]}"u8]);

        Refused("is not JSON");
    }

    [Fact]
    public void Read_ByteOrderMark_IsPassedOver()
    {
        Write('\uFEFF' + Repository);

        Assert.Single(DeclarationFile.Read(_toplevel).Checks);
    }

    [Fact]
    public void Read_Folder_IsRefused()
    {
        Directory.CreateDirectory(FilePath);

        Refused("cannot be read");
    }

    private string FilePath => $"{_folder.Path}/store/etc/etc/reconciler/health.json";

    private void Write(string json) => File.WriteAllText(FilePath, json);

    private void Link(string target) => File.CreateSymbolicLink(FilePath, target);

    private void Refused(string error)
    {
        var refusal = Assert.Throws<InvalidHealthDeclarationException>(() => DeclarationFile.Read(_toplevel));
        Assert.Contains(error, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"{_toplevel.Path}/etc/reconciler/health.json", refusal.Message, StringComparison.Ordinal);
    }
}
