using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FakeGitHub.Contract;
using FakeGitHub.Faults;
using FakeGitHub.World;
using Microsoft.AspNetCore.Http;

namespace FakeGitHub.Http;

/// <summary>From a request on the wire to an answer on the wire: the log, the faults, the contract, the headers.</summary>
internal sealed class RestFrontend(RestService service, FaultPlan faults, RequestLog log, ContractValidator? contract, RateLimits limits, SemaphoreSlim gate, TimeProvider clock)
{
    public async Task ServeAsync(HttpContext context, string address)
    {
        var request = await RestRequest.ReadAsync(context, address);
        var fault = faults.Take(request.Method, request.Path);
        var number = log.Begin(request, fault);
        request = service.ByName(request);
        contract?.CheckRequest(request);
        if (fault is Fault.DropBefore)
        {
            log.End(number, null, 0);
            context.Abort();
            return;
        }

        await WaitAsync(fault, context);
        if (context.RequestAborted.IsCancellationRequested)
        {
            log.End(number, null, 0);
            return;
        }

        if (fault is not null && FaultAnswers.Of(fault, clock.GetUtcNow()) is { } wrong)
        {
            log.End(number, null, wrong.Status);
            await SendAsync(context, wrong, new Caller.Anonymous());
            return;
        }

        await AnswerAsync(context, request, fault, number);
    }

    private async Task WaitAsync(Fault? fault, HttpContext context)
    {
        var delay = fault switch { Fault.Slow slow => slow.Delay, Fault.Hang => Timeout.InfiniteTimeSpan, _ => TimeSpan.Zero };
        if (delay != TimeSpan.Zero)
        {
            await Task.Delay(delay, clock, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task AnswerAsync(HttpContext context, RestRequest request, Fault? fault, long number)
    {
        var (answer, caller) = await OneAtATimeAsync(request, context.RequestAborted);
        contract?.CheckAnswer(request, answer);
        answer = Conditional(request, answer, caller);
        if (fault is Fault.UnknownEnum unknown)
        {
            answer = answer with { Body = FaultAnswers.WithUnknown(answer.Body, unknown.Field) };
        }

        log.End(number, caller, fault is Fault.DropAfter ? 0 : answer.Status);
        if (fault is Fault.DropAfter)
        {
            context.Abort();
            return;
        }

        await SendAsync(context, answer, caller, half: fault is Fault.HalfAnswer);
    }

    private async Task<(ApiAnswer Answer, Caller Caller)> OneAtATimeAsync(RestRequest request, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            return service.Answer(request);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>A 304 costs nothing of the rate limit.</summary>
    private ApiAnswer Conditional(RestRequest request, ApiAnswer answer, Caller caller)
    {
        if (request.Method != "GET" || answer.Status != 200 || request.Path == "/rate_limit")
        {
            return answer;
        }

        var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Content(answer)))}\"";
        if (!request.IfNoneMatch.Split(',').Any(x => Bare(x) == Bare(tag)))
        {
            return answer.With("ETag", tag);
        }

        limits.GiveBack(caller);
        return new ApiAnswer(304) { Headers = [.. answer.Headers, ("ETag", tag)] };
    }

    private static string Bare(string tag) => tag.Trim().Replace("W/", "", StringComparison.Ordinal);

    private static byte[] Content(ApiAnswer answer) => Encoding.UTF8.GetBytes(answer.Text ?? answer.Body?.ToJsonString() ?? "");

    private async Task SendAsync(HttpContext context, ApiAnswer answer, Caller caller, bool half = false)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        AddHeaders(response.Headers, caller);
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        var content = Content(answer);
        if (answer.Status is 204 or 304)
        {
            return;
        }

        response.ContentType = answer.ContentType;
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content.AsMemory(0, half ? content.Length / 2 : content.Length), context.RequestAborted);
        if (half)
        {
            await response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }

    private void AddHeaders(IHeaderDictionary headers, Caller caller)
    {
        var (limit, used, reset) = limits.Of(caller);
        headers.Server = "github.com";
        headers.CacheControl = "private, max-age=60, s-maxage=60";
        headers["Date"] = clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        headers["X-GitHub-Request-Id"] = $"{RandomNumberGenerator.GetHexString(4)}:{RandomNumberGenerator.GetHexString(6)}:{RandomNumberGenerator.GetHexString(8)}";
        headers["X-GitHub-Media-Type"] = "github.v3; format=json";
        headers["X-GitHub-Api-Version-Selected"] = "2022-11-28";
        headers["x-ratelimit-limit"] = limit.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining"] = (limit - used).ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-used"] = used.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-reset"] = reset.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-resource"] = "core";
    }
}
