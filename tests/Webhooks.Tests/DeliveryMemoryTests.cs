using Microsoft.Extensions.Time.Testing;
using Webhooks.Tests.Making;
using Xunit;

namespace Webhooks.Tests;

public sealed class DeliveryMemoryTests
{
    [Fact]
    public void Remember_ForgetsTheOldestFirst()
    {
        var memory = new DeliveryMemory(2, [1, 2]);
        memory.Remember(2);
        memory.Remember(3);
        Assert.Equal([2, 3], memory.All);
        Assert.False(memory.Knows(1));
        Assert.True(memory.Knows(2));
    }

    [Fact]
    public void Fingerprint_IsTheBeginningOfTheDigest() =>
        Assert.Equal(UInt128.Parse("ba7816bf8f01cfea414140de5dae2223", System.Globalization.NumberStyles.HexNumber, null), DeliveryMemory.Fingerprint("abc"));

    [Fact]
    public void Inbox_DoesNotRememberWhatItHasNoRoomFor()
    {
        var inbox = new Inbox(1, new DeliveryMemory(10, []));
        var hint = new Hint.Ping(new PingNotice(""));
        Assert.Equal(WebhookOutcome.Accepted, inbox.Put(1, hint));
        Assert.Equal(WebhookOutcome.QueueFull, inbox.Put(2, hint));
        Assert.Equal(WebhookOutcome.AlreadyHeard, inbox.Put(1, hint));
        Assert.True(inbox.Hints.TryRead(out _));
        Assert.Equal(WebhookOutcome.Accepted, inbox.Put(2, hint));
    }

    [Fact]
    public void FileDeliveryStore_ReadsWhatItWrote()
    {
        using var folder = new TempFolder();
        var store = new FileDeliveryStore(folder.File("heard"));
        Assert.Empty(store.Load());
        store.Save([1, UInt128.MaxValue]);
        store.Save([UInt128.MaxValue, 7]);
        Assert.Equal([UInt128.MaxValue, 7], new FileDeliveryStore(folder.File("heard")).Load());
        Assert.Equal(["heard"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void FileDeliveryStore_PassesOverDamage()
    {
        using var folder = new TempFolder();
        var store = new FileDeliveryStore(folder.Write("heard", "\0\0\0\nnot one\n00000000000000000000000000000007\n0000000"));
        Assert.Equal([7], store.Load());
    }

    [Fact]
    public void FileDeliveryStore_SaysWhenItCannotWrite()
    {
        var store = new FileDeliveryStore("/proc/no-such-folder/heard");
        Assert.ThrowsAny<IOException>(() => store.Save([1]));
    }

    [Fact]
    public void OncePerMinute_CountsWhatItHoldsBack()
    {
        var clock = new FakeTimeProvider();
        var pace = new OncePerMinute(clock);
        Assert.True(pace.MayTell(out var count));
        Assert.Equal(1, count);
        Assert.False(pace.MayTell(out _));
        Assert.False(pace.MayTell(out _));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(pace.MayTell(out count));
        Assert.Equal(3, count);
    }
}
