using Reconciler.Model;
using Xunit;

namespace Reconciler.Tests.Model;

public sealed class HostNameTests
{
    [Theory]
    [InlineData("web1")]
    [InlineData("1web")]
    [InlineData("db-main_2")]
    [InlineData("W")]
    public void IsValid_Name_SaysYes(string name)
    {
        Assert.True(HostName.IsValid(name));
        Assert.Equal(name, new HostName(name).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-web")]
    [InlineData("_web")]
    [InlineData("web.example.org")]
    [InlineData("web 1")]
    [InlineData("web/1")]
    [InlineData("web\n")]
    [InlineData("wéb")]
    public void IsValid_AnythingElse_SaysNo(string? name)
    {
        Assert.False(HostName.IsValid(name));
        Assert.Throws<ArgumentException>(() => new HostName(name!));
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void IsValid_LongName_HasALimit(int length, bool valid) => Assert.Equal(valid, HostName.IsValid(new string('a', length)));

    [Fact]
    public void ToString_OfNoHost_IsABug() => Assert.Throws<InvalidOperationException>(() => default(HostName).ToString());
}
