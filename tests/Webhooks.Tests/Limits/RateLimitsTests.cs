using System.Net;
using Microsoft.Extensions.Time.Testing;
using Webhooks.Limits;
using Xunit;

namespace Webhooks.Tests.Limits;

public sealed class RateLimitsTests
{
    private static readonly WebhookOptions Options = new()
    {
        Provider = WebhookProvider.GitHub,
        SourceRate = 2,
        SourceBurst = 3,
        GlobalRate = 10,
        GlobalBurst = 8,
    };

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Charge_RefusesASourceAfterItsBurstAndSaysWhenToComeBack()
    {
        var limits = new RateLimits(Options, _clock);
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(limits.Charge(Of("192.0.2.1")));
        }

        Assert.Equal(new WebhookAnswer(WebhookOutcome.SourceTooFast, TimeSpan.FromSeconds(0.5)), limits.Charge(Of("192.0.2.1")));
        Assert.Null(limits.Charge(Of("192.0.2.2")));
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Null(limits.Charge(Of("192.0.2.1")));
        Assert.NotNull(limits.Charge(Of("192.0.2.1")));
    }

    [Fact]
    public void Charge_RefusesAllWhenTogetherTheyAreTooFast()
    {
        var limits = new RateLimits(Options, _clock);
        for (var i = 1; i <= 8; i++)
        {
            Assert.Null(limits.Charge(Of($"192.0.2.{i}")));
        }

        Assert.Equal(WebhookOutcome.AllTooFast, limits.Charge(Of("192.0.2.9"))?.Outcome);
    }

    [Fact]
    public void Charge_TakesNothingFromTheOthersForWhatASourceIsRefused()
    {
        var limits = new RateLimits(Options, _clock);
        for (var i = 0; i < 100; i++)
        {
            limits.Charge(Of("192.0.2.1"));
        }

        Assert.Null(limits.Charge(Of("192.0.2.2")));
    }

    [Fact]
    public void Charge_KeepsABoundedTableAndForgetsQuietSources()
    {
        var limits = new RateLimits(Options with { GlobalRate = 1_000_000, GlobalBurst = 1_000_000 }, _clock);
        for (var i = 0; i < 1024; i++)
        {
            Assert.Null(limits.Charge(new Source(new IPAddress(i + 1))));
        }

        // Those beyond share one limit.
        Assert.Null(limits.Charge(Of("198.51.100.1")));
        Assert.Null(limits.Charge(Of("198.51.100.2")));
        Assert.Null(limits.Charge(Of("198.51.100.3")));
        Assert.Equal(WebhookOutcome.SourceTooFast, limits.Charge(Of("198.51.100.4"))?.Outcome);
        Assert.Equal(1024, limits.SourceCount);

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(limits.Charge(Of("198.51.100.4")));
        Assert.Equal(1, limits.SourceCount);
    }

    private static Source Of(string address) => new(IPAddress.Parse(address));
}
