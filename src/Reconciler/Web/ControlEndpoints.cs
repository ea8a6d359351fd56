using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Reconciling;
using Reconciler.Wire;

namespace Reconciler.Web;

/// <summary>The control API: asks the desk and shows what is there; never acts on the host itself.</summary>
internal static class ControlEndpoints
{
    private const int LongestText = 500;
    private const int MostDeployments = 1000;

    /// <summary>Adds the API to a server.</summary>
    public static void Map(WebApplication application, ControlServices services)
    {
        application.Use(async (context, next) =>
        {
            context.Response.Headers[WireJson.ApiHeader] = WireJson.ApiVersion.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers[WireJson.VersionHeader] = services.Version;
            await GuardAsync(context, next);
        });
        application.UseRouting();
        MapQuestions(application, services);
        MapRequests(application, services);
        application.MapFallback(context =>
            AnswerAsync(context, StatusCodes.Status404NotFound, new ErrorDocument("There is no such thing here; the daemon may be of another version.")));
    }

    private static void MapQuestions(IEndpointRouteBuilder routes, ControlServices services)
    {
        routes.MapGet("/v1/status", context => Flag(context, "follow")
            ? StreamAsync(context, FollowAsync(services, context.RequestAborted), WireJson.Default.StatusDocument)
            : AnswerAsync(context, StatusDocument.Of(services.Board.Current, services.Version), WireJson.Default.StatusDocument));

        routes.MapGet("/v1/history", context =>
        {
            var limit = Number(context, "limit", 20, 1, MostDeployments);
            var before = Number(context, "before", long.MaxValue, 1, long.MaxValue);
            var deployments = services.Board.Current.History.Deployments.Values.Reverse().Where(d => d.Id.Position < before).Take((int)limit);
            return AnswerAsync(context, new HistoryDocument([.. deployments.Select(DeploymentSummary.Of)]), WireJson.Default.HistoryDocument);
        });

        routes.MapGet("/v1/deployments/{id}", context => AnswerAsync(context, DeploymentDocument.Of(Deployment(context, services)), WireJson.Default.DeploymentDocument));

        routes.MapGet("/v1/deployments/{id}/log", context =>
        {
            var lines = services.Logs.ReadAsync(Deployment(context, services).Id, Flag(context, "follow"), context.RequestAborted);
            return StreamAsync(context, lines, "text/plain; charset=utf-8");
        });

        routes.MapGet("/v1/generations", context =>
            AnswerAsync(context, GenerationsDocument.Of(services.Host.Generations(), services.Board.Current), WireJson.Default.GenerationsDocument));

        routes.MapGet("/v1/quarantine", context =>
            AnswerAsync(context, QuarantineDocument.Of(services.Board.Current.History), WireJson.Default.QuarantineDocument));

        routes.MapGet("/v1/ledger/verify", context =>
            AnswerAsync(context, LedgerVerdictDocument.Of(services.Ledger.Verify()), WireJson.Default.LedgerVerdictDocument));

        routes.MapGet("/v1/ledger/export", context => ExportAsync(context, services));
    }

    private static void MapRequests(IEndpointRouteBuilder routes, ControlServices services)
    {
        var desk = services.Desk;
        routes.MapPost("/v1/sync", async context =>
        {
            var request = await BodyAsync(context, WireJson.Default.SyncRequest) ?? new SyncRequest();
            var answer = await desk.SyncAsync(Bounded(request.AllowRewind, "allowRewind"), By(context), context.RequestAborted);
            await AnswerAsync(context, answer, services.Board.Current.Git.Remotes.Max(remote => remote.ReachedAt));
        });

        routes.MapPost("/v1/suspend", async context =>
        {
            var request = await BodyAsync(context, WireJson.Default.SuspendRequest);
            await AnswerAsync(context, desk.Suspend(Bounded(request?.Reason, "reason") ?? "", By(context)));
        });

        routes.MapPost("/v1/resume", context => AnswerAsync(context, desk.Resume(By(context))));

        routes.MapPost("/v1/pin", async context =>
        {
            var request = await BodyAsync(context, WireJson.Default.RevisionRequest);
            await AnswerAsync(context, desk.Pin(Bounded(request?.Revision, "revision"), By(context)));
        });

        routes.MapPost("/v1/unpin", context => AnswerAsync(context, desk.Unpin(By(context))));

        routes.MapPost("/v1/quarantine/release", async context =>
        {
            var request = await BodyAsync(context, WireJson.Default.RevisionRequest);
            var revision = Bounded(request?.Revision, "revision") ?? throw new RefusedException("revision is missing: give the revision to release.");
            await AnswerAsync(context, desk.Release(revision, By(context)));
        });

        routes.MapPost("/v1/rollback", async context =>
        {
            var request = await BodyAsync(context, WireJson.Default.RollbackRequest);
            if (request?.Generation is < 1)
            {
                throw new RefusedException("generation must be 1 or more.");
            }

            await AnswerAsync(context, desk.RollBack(request?.Generation, By(context)));
        });

        routes.MapPost("/v1/plan", async context =>
        {
            var request = await BodyAsync(context, WireJson.Default.RevisionRequest);
            await StreamAsync(context, PlanAsync(desk, Bounded(request?.Revision, "revision"), context.RequestAborted), WireJson.Default.PlanLine);
        });
    }

    private static async IAsyncEnumerable<StatusDocument> FollowAsync(ControlServices services, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var status = services.Board.Current;
        while (true)
        {
            yield return StatusDocument.Of(status, services.Version);
            status = await services.Board.NextAsync(status, cancellationToken);
        }
    }

    private static async IAsyncEnumerable<PlanLine> PlanAsync(IOperatorDesk desk, string? revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A reader that falls behind loses lines of progress, never the plan, and never holds up the build.
        var lines = Channel.CreateBounded<string>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var planning = RunAsync();
        try
        {
            await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken))
            {
                yield return new PlanLine(line, null);
            }

            yield return new PlanLine(null, PlanDocument.Of(await planning));
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAny(planning);
        }

        async Task<PlanAnswer> RunAsync()
        {
            try
            {
                return await desk.PlanAsync(revision, line => lines.Writer.TryWrite(line), ended.Token);
            }
            finally
            {
                lines.Writer.Complete();
            }
        }
    }

    private static async Task ExportAsync(HttpContext context, ControlServices services)
    {
        context.Response.ContentType = "application/jsonl; charset=utf-8";
        context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        await using var writer = new StreamWriter(context.Response.Body, bufferSize: 64 * 1024, leaveOpen: true);

        // The ledger is read in one go and written as the reader takes it; a thread of its own keeps the server free.
        await Task.Run(() => services.ExportLedger(writer), context.RequestAborted);
    }

    private static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var (code, message) = e switch
            {
                RefusedException refused => (refused.Code, e.Message),
                BadHttpRequestException bad => (bad.StatusCode, $"The request is not understood: {bad.Message}"),
                LedgerUnavailableException => (StatusCodes.Status503ServiceUnavailable, e.Message),
                InvalidLedgerException => (StatusCodes.Status500InternalServerError, $"The ledger cannot be understood: {e.Message}"),
                IOException => (StatusCodes.Status503ServiceUnavailable, e.Message),
                _ => (StatusCodes.Status500InternalServerError, $"The daemon met an error of its own ({e.GetType().Name}): {e.Message} Its log has more."),
            };
            await AnswerAsync(context, code, new ErrorDocument(message));
        }
    }

    private static async Task<T?> BodyAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (body.Length == 0)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(body.GetBuffer().AsSpan(0, (int)body.Length), type);
        }
        catch (JsonException)
        {
            throw new RefusedException("The body is not the JSON object that is wanted here.");
        }
    }

    private static string? Bounded(string? text, string name)
    {
        if (text is null or "")
        {
            return null;
        }

        if (text.Length > LongestText)
        {
            throw new RefusedException($"{name} is longer than {LongestText} characters.");
        }

        return text.Any(char.IsControl) ? throw new RefusedException($"{name} must be one line without control characters.") : text;
    }

    private static long Number(HttpContext context, string name, long fallback, long least, long most)
    {
        var text = context.Request.Query[name].ToString();
        if (text.Length == 0)
        {
            return fallback;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new RefusedException($"{name} must be a whole number of {least} or more{(most == long.MaxValue ? "" : $", and at most {most}")}.");
    }

    private static bool Flag(HttpContext context, string name) => context.Request.Query.TryGetValue(name, out var value) && value.ToString() is "" or "true";

    private static Deployment Deployment(HttpContext context, ControlServices services)
    {
        var text = (string?)context.Request.RouteValues["id"];
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            throw new RefusedException("A deployment is named by its number; see `reconciler history`.");
        }

        return services.Board.Current.History.Deployments.TryGetValue(position, out var deployment)
            ? deployment
            : throw new RefusedException($"There is no deployment {position}; see `reconciler history`.") { Code = StatusCodes.Status404NotFound };
    }

    private static Actor By(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>() is { Socket: { } socket }
            ? ControlSocket.PeerOf(socket)
            : throw new InvalidOperationException("The control API was reached by something that is no socket.");

    private static Task AnswerAsync(HttpContext context, DeskAnswer answer, DateTimeOffset? lookedAt = null)
    {
        context.Response.StatusCode = answer.Accepted ? StatusCodes.Status200OK : StatusCodes.Status409Conflict;
        return AnswerAsync(context, new AnswerDocument(answer.Accepted, answer.Message, lookedAt), WireJson.Default.AnswerDocument);
    }

    private static Task AnswerAsync(HttpContext context, int code, ErrorDocument error)
    {
        context.Response.StatusCode = code;
        return AnswerAsync(context, error, WireJson.Default.ErrorDocument);
    }

    private static async Task AnswerAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, document, type, context.RequestAborted);
    }

    private static async Task StreamAsync<T>(HttpContext context, IAsyncEnumerable<T> documents, JsonTypeInfo<T> type) =>
        await StreamAsync(context, LinesAsync(documents, type, context.RequestAborted), "application/jsonl; charset=utf-8");

    private static async IAsyncEnumerable<string> LinesAsync<T>(
        IAsyncEnumerable<T> documents, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var document in documents.WithCancellation(cancellationToken))
        {
            yield return JsonSerializer.Serialize(document, type);
        }
    }

    private static async Task StreamAsync(HttpContext context, IAsyncEnumerable<string> lines, string contentType)
    {
        context.Response.ContentType = contentType;
        await foreach (var line in lines.WithCancellation(context.RequestAborted))
        {
            await context.Response.WriteAsync(line + "\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    /// <summary>A request that cannot be served as it is, with the answer to give.</summary>
    private sealed class RefusedException : Exception
    {
        public RefusedException()
        {
        }

        public RefusedException(string message)
            : base(message)
        {
        }

        public RefusedException(string message, Exception innerException)
            : base(message, innerException)
        {
        }

        public int Code { get; init; } = StatusCodes.Status400BadRequest;
    }
}
