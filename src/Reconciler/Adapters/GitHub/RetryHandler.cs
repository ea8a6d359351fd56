using System.Net;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Reconciler.Adapters.Rim;

namespace Reconciler.Adapters.GitHub;

/// <summary>Ends an attempt that takes too long, and tries once or twice more what may be sent twice and failed for a moment.</summary>
/// <remarks>Longer trouble is the outbox's, which waits without holding anything up.</remarks>
internal sealed class RetryHandler(GitHubSettings settings, TimeProvider clock) : DelegatingHandler
{
    private const int MostRetries = 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly ResiliencePropertyKey<bool> MayRepeat = new("may-repeat");
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = MostRetries,
            Delay = TimeSpan.FromSeconds(1),
            BackoffType = DelayBackoffType.Exponential,
            DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result is { } response ? RetryAfter.Of(response, clock.GetUtcNow()) : null),
            ShouldHandle = args => ValueTask.FromResult(
                args.Context.Properties.GetValue(MayRepeat, defaultValue: false) && IsForAMoment(args.Outcome, clock.GetUtcNow())),
            OnRetry = args =>
            {
                args.Outcome.Result?.Dispose();
                return default;
            },
        })
        .AddTimeout(new TimeoutStrategyOptions { Timeout = settings.Timeout })
        .Build();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(MayRepeat, request.Method == HttpMethod.Get || request.Method == HttpMethod.Patch || request.Method == HttpMethod.Delete);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (context, attempt) => await attempt.Self.OnceAsync(attempt.Request, context.CancellationToken), context, (Self: this, Request: request));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private Task<HttpResponseMessage> OnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) => base.SendAsync(request, cancellationToken);

    private static bool IsForAMoment(Outcome<HttpResponseMessage> outcome, DateTimeOffset now) => outcome switch
    {
        { Exception: HttpRequestException e } => e.HttpRequestError is not (HttpRequestError.SecureConnectionError or HttpRequestError.ConfigurationLimitExceeded),
        { Exception: IOException } => true,
        { Result: { StatusCode: HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } response } =>
            RetryAfter.Of(response, now) is not { } asked || asked <= LongestWait,
        _ => false,
    };
}
