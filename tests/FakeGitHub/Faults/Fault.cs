namespace FakeGitHub.Faults;

/// <summary>What goes wrong with a request.</summary>
internal abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>429 with <c>retry-after</c>.</summary>
    public sealed record TooManyRequests(int RetryAfterSeconds) : Fault;

    /// <summary>403 with the text of the secondary rate limit; without <c>retry-after</c> when null.</summary>
    public sealed record SecondaryLimit(int? RetryAfterSeconds) : Fault;

    /// <summary>403 with nothing left of the hour's requests.</summary>
    public sealed record PrimaryLimit(TimeSpan UntilReset) : Fault;

    /// <summary>502 with a page for people.</summary>
    public sealed record BadGateway : Fault;

    /// <summary>503 with a page for people: GitHub is down.</summary>
    public sealed record Unavailable : Fault;

    /// <summary>The connection ends; nothing was done.</summary>
    public sealed record DropBefore : Fault;

    /// <summary>All is done, then the connection ends without an answer.</summary>
    public sealed record DropAfter : Fault;

    /// <summary>All is done, then half of the answer comes and the connection ends.</summary>
    public sealed record HalfAnswer : Fault;

    /// <summary>Never answers; ends when the client goes away.</summary>
    public sealed record Hang : Fault;

    /// <summary>Waits first.</summary>
    public sealed record Slow(TimeSpan Delay) : Fault;

    /// <summary>401 for a token that is over.</summary>
    public sealed record BadCredentials : Fault;

    /// <summary>404, which is how GitHub refuses what a token may not see.</summary>
    public sealed record Hidden : Fault;

    /// <summary>403 for a token without the permission.</summary>
    public sealed record Forbidden : Fault;

    /// <summary>422 with this message.</summary>
    public sealed record Unprocessable(string Message) : Fault;

    /// <summary>409 with this message, such as a deployment's merge conflict.</summary>
    public sealed record Conflict(string Message) : Fault;

    /// <summary>202 with this message in place of a deployment that was merged first.</summary>
    public sealed record Accepted(string Message) : Fault;

    /// <summary>Done and answered, with every field of that name turned into a word nobody knows.</summary>
    public sealed record UnknownEnum(string Field) : Fault;

    /// <summary>200 with a page for people, as a proxy in between would send.</summary>
    public sealed record LoginPage : Fault;

    /// <summary>For the request log.</summary>
    public string Name => GetType().Name;
}
