namespace Reconciler.Web;

/// <summary>Sends server-sent events to readers: a bounded number of them, with a sign of life while nothing happens, and none that is slow.</summary>
internal sealed class EventStream(TimeProvider clock, CancellationToken stopping)
{
    /// <summary>Readers at a time, of all streams together.</summary>
    public const int MostReaders = 64;

    /// <summary>Time between signs of life.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);

    /// <summary>How long a reader may take to take an event.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // A browser that lost the stream waits so many milliseconds before it comes back.
    private static readonly byte[] Hello = "retry: 5000\n\n"u8.ToArray();
    private static readonly byte[] SignOfLife = ":\n\n"u8.ToArray();
    private int _readers;

    /// <summary>How many read now.</summary>
    public int Readers => Volatile.Read(ref _readers);

    /// <summary>Sends events until there are no more, the reader goes away or is too slow, or the daemon stops.</summary>
    public async Task SendAsync(HttpContext context, Func<CancellationToken, IAsyncEnumerable<SiteEvent>> events)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (Interlocked.Increment(ref _readers) > MostReaders)
        {
            Interlocked.Decrement(ref _readers);
            context.Response.Headers.RetryAfter = "60";
            throw new SiteRefusal($"{MostReaders} readers follow already; close some, or ask again in a minute.") { Code = StatusCodes.Status503ServiceUnavailable };
        }

        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            await PassOnAsync(context, events(end.Token), end);
        }
        catch (OperationCanceledException)
        {
            // The reader went away, was too slow, or the daemon stops.
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    private async Task PassOnAsync(HttpContext context, IAsyncEnumerable<SiteEvent> events, CancellationTokenSource end)
    {
        await using var reading = events.GetAsyncEnumerator(end.Token);
        var next = Task.FromResult(false);
        try
        {
            await WriteAsync(context, Hello, end.Token);
            while (true)
            {
                next = reading.MoveNextAsync().AsTask();
                await ShowLifeAsync(context, next, end.Token);
                if (!await next)
                {
                    return;
                }

                await WriteAsync(context, reading.Current.ToBytes(), end.Token);
            }
        }
        finally
        {
            // Events must not be let go of while the next is being asked for.
            await end.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ShowLifeAsync(HttpContext context, Task next, CancellationToken cancellationToken)
    {
        while (!next.IsCompleted)
        {
            await next.WaitAsync(Heartbeat, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (!next.IsCompleted)
            {
                await WriteAsync(context, SignOfLife, cancellationToken);
            }
        }
    }

    private async Task WriteAsync(HttpContext context, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await context.Response.Body.WriteAsync(bytes, cancellationToken).AsTask().WaitAsync(Patience, clock, cancellationToken);
            await context.Response.Body.FlushAsync(cancellationToken).WaitAsync(Patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            context.Abort();
            throw new OperationCanceledException("The reader is too slow.");
        }
    }
}
