using System.Buffers;
using Webhooks.Limits;
using Xunit;

namespace Webhooks.Tests.Limits;

public sealed class BodyTests
{
    [Fact]
    public void Append_RefusesOneByteTooMany()
    {
        using var body = new Body(100_000, new ByteBudget(1_000_000));
        Assert.Null(body.Append(Bytes(60_000)));
        Assert.Null(body.Append(Bytes(40_000)));
        Assert.Equal(WebhookOutcome.TooLarge, body.Append(Bytes(1)));
        Assert.Equal(100_000, body.Bytes.Length);
    }

    [Fact]
    public void Append_KeepsWhatCame()
    {
        using var body = new Body(100_000, new ByteBudget(1_000_000));
        var all = Enumerable.Range(0, 90_000).Select(i => (byte)(i % 251)).ToArray();
        for (var at = 0; at < all.Length; at += 30_000)
        {
            Assert.Null(body.Append(new ReadOnlySequence<byte>(all, at, 30_000)));
        }

        Assert.Equal(all, body.Bytes.ToArray());
    }

    [Fact]
    public void Append_StaysWithinTheBudgetAndGivesBackWhatItHeld()
    {
        var budget = new ByteBudget(40_000);
        using (var first = new Body(100_000, budget))
        {
            Assert.Null(first.Append(Bytes(10_000)));
            using var second = new Body(100_000, budget);
            Assert.Equal(WebhookOutcome.Busy, second.Append(Bytes(40_000)));
            Assert.InRange(budget.Held, 10_000, 40_000);
        }

        Assert.Equal(0, budget.Held);
    }

    private static ReadOnlySequence<byte> Bytes(int count) => new(new byte[count]);
}
