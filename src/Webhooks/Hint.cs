namespace Webhooks;

/// <summary>What waits in the queue for the listener.</summary>
internal abstract record Hint
{
    private Hint()
    {
    }

    public abstract void Tell(IPushListener listener);

    internal sealed record Push(PushNotice Notice) : Hint
    {
        public override void Tell(IPushListener listener) => listener.Hear(Notice);
    }

    internal sealed record PullRequest(PullRequestNotice Notice) : Hint
    {
        public override void Tell(IPushListener listener) => listener.Hear(Notice);
    }

    internal sealed record Ping(PingNotice Notice) : Hint
    {
        public override void Tell(IPushListener listener) => listener.Hear(Notice);
    }
}
