using CsCheck;
using Reconciler.Planning;
using Xunit;

namespace Reconciler.Tests.Planning;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 15)]
    [InlineData(2, 30)]
    [InlineData(3, 60)]
    [InlineData(7, 960)]
    [InlineData(8, 1800)] // 1920 is above the longest
    [InlineData(1_000_000, 1800)]
    [InlineData(int.MaxValue, 1800)]
    public void After_Failures_DoublesUpToTheLongest(int failures, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new Backoff().After(failures));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void After_NoFailure_IsABug(int failures) => Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff().After(failures));

    [Fact]
    public void After_AnySetting_NeverShrinksAndStaysWithinBounds() =>
        Gen.Select(Gen.Long[1, TimeSpan.FromDays(30).Ticks], Gen.Long[1, TimeSpan.FromDays(30).Ticks], Gen.Int[1, 200]).Sample((first, longest, failures) =>
        {
            var backoff = new Backoff { First = new TimeSpan(first), Longest = new TimeSpan(longest) };
            var wait = backoff.After(failures);
            Assert.InRange(wait, TimeSpan.FromTicks(Math.Min(first, longest)), backoff.Longest);
            Assert.True(backoff.After(failures + 1) >= wait);
        });
}
