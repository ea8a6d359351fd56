using System.Threading.Channels;

namespace Webhooks.Tests.Making;

/// <summary>Keeps what it hears; a test waits for it.</summary>
internal sealed class FakeListener : IPushListener
{
    private readonly Channel<object> _heard = Channel.CreateUnbounded<object>();

    /// <summary>Thrown at the next notice, once.</summary>
    public Exception? Fault { get; set; }

    public void Hear(PushNotice notice) => Keep(notice);

    public void Hear(PullRequestNotice notice) => Keep(notice);

    public void Hear(PingNotice notice) => Keep(notice);

    public Task<object> NextAsync(CancellationToken cancellationToken) => _heard.Reader.ReadAsync(cancellationToken).AsTask();

    /// <summary>Whether something was heard that no test waited for.</summary>
    public bool HeardMore => _heard.Reader.TryPeek(out _);

    private void Keep(object notice)
    {
        if (Fault is { } fault)
        {
            Fault = null;
            throw fault;
        }

        _heard.Writer.TryWrite(notice);
    }
}
