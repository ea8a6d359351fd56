using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using FakeGitHub.World;

namespace FakeGitHub.Webhooks;

/// <summary>Delivers events, one after the other, each once: like GitHub it never tries again by itself.</summary>
internal sealed class WebhookSender : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly GitHubWorld _world;
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Channel<(RepositoryState Repository, Hook Hook, Delivery Delivery)> _queue =
        Channel.CreateUnbounded<(RepositoryState, Hook, Delivery)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<(RepositoryState Repository, Hook Hook, Delivery Delivery)> _held = [];
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;
    private bool _holding;
    private int _open;

    public WebhookSender(GitHubWorld world)
    {
        _world = world;
        _running = Task.Run(RunAsync);
    }

    /// <summary>To every hook of the repository that wants it.</summary>
    public void Publish(RepositoryState repository, string name, string? action, JsonObject payload)
    {
        foreach (var hook in repository.Hooks.All.Where(x => x.Wants(name)))
        {
            Send(repository, hook, name, action, payload);
        }
    }

    public void Send(RepositoryState repository, Hook hook, string name, string? action, JsonObject payload) =>
        Enqueue(repository, hook, new Delivery(_world.NextId(), Guid.NewGuid(), hook.Id, name, action, Encode(hook, payload)));

    /// <summary>The same bytes and the same GUID once more.</summary>
    public void Redeliver(RepositoryState repository, Hook hook, Delivery delivery) =>
        Enqueue(repository, hook, new Delivery(_world.NextId(), delivery.Guid, hook.Id, delivery.Event, delivery.Action, delivery.Body) { Redelivery = true });

    /// <summary>Keeps deliveries back, so that a test can send them late, in another order, or never.</summary>
    public void Hold()
    {
        lock (_held)
        {
            _holding = true;
        }
    }

    /// <summary>Sends what was kept back, in the order asked for, and holds no longer.</summary>
    /// <param name="order">Made of what was held; null for the order they came in.</param>
    public void Release(Func<IReadOnlyList<Delivery>, IEnumerable<Delivery>>? order = null)
    {
        lock (_held)
        {
            var chosen = order?.Invoke([.. _held.Select(x => x.Delivery)]) ?? _held.Select(x => x.Delivery);
            foreach (var delivery in chosen.ToList())
            {
                _queue.Writer.TryWrite(_held.First(x => x.Delivery.Id == delivery.Id));
                _open++;
            }

            _held.Clear();
            _holding = false;
        }
    }

    /// <summary>Ends when nothing waits to be sent. What is held does not count.</summary>
    public Task IdleAsync()
    {
        lock (_held)
        {
            if (_open == 0)
            {
                return Task.CompletedTask;
            }

            var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(idle);
            return idle.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _end.CancelAsync();
        await _running;
        _client.Dispose();
        _end.Dispose();
    }

    private static byte[] Encode(Hook hook, JsonObject payload)
    {
        var json = payload.ToJsonString();
        return Encoding.UTF8.GetBytes(hook.ContentType == "json" ? json : $"payload={Uri.EscapeDataString(json)}");
    }

    private void Enqueue(RepositoryState repository, Hook hook, Delivery delivery)
    {
        repository.Deliveries.Add(delivery);
        lock (_held)
        {
            if (_holding)
            {
                _held.Add((repository, hook, delivery));
                return;
            }

            _open++;
            _queue.Writer.TryWrite((repository, hook, delivery));
        }
    }

    private async Task RunAsync()
    {
        await foreach (var (repository, hook, delivery) in _queue.Reader.ReadAllAsync())
        {
            if (!_end.IsCancellationRequested)
            {
                await DeliverAsync(repository, hook, delivery);
            }

            lock (_held)
            {
                if (--_open == 0)
                {
                    _waiting.ForEach(x => x.TrySetResult());
                    _waiting.Clear();
                }
            }
        }
    }

    private async Task DeliverAsync(RepositoryState repository, Hook hook, Delivery delivery)
    {
        var started = Stopwatch.GetTimestamp();
        var (code, status) = await PostAsync(repository, hook, delivery);
        var done = delivery with { StatusCode = code, Status = status, DeliveredAt = _world.Now, Duration = Stopwatch.GetElapsedTime(started) };
        repository.Deliveries.Put(done);
        if (repository.Hooks.Find(hook.Id) is { } now)
        {
            repository.Hooks.Put(now with { LastCode = code });
        }
    }

    private async Task<(int Code, string Status)> PostAsync(RepositoryState repository, Hook hook, Delivery delivery)
    {
        using var request = Request(repository, hook, delivery);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        patience.CancelAfter(_patience);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var code = (int)response.StatusCode;
            return (code, response.IsSuccessStatusCode ? "OK" : $"Invalid HTTP Response: {code.ToString(CultureInfo.InvariantCulture)}");
        }
        catch (HttpRequestException)
        {
            return (502, "failed to connect to host");
        }
        catch (OperationCanceledException)
        {
            return (504, "timed out");
        }
    }

    private static HttpRequestMessage Request(RepositoryState repository, Hook hook, Delivery delivery)
    {
        var body = delivery.Body.ToArray();
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hook.Url)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(hook.ContentType == "json" ? "application/json" : "application/x-www-form-urlencoded");
        request.Headers.TryAddWithoutValidation("User-Agent", "GitHub-Hookshot/044aadd");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        request.Headers.TryAddWithoutValidation("X-GitHub-Event", delivery.Event);
        request.Headers.TryAddWithoutValidation("X-GitHub-Delivery", delivery.Guid.ToString());
        request.Headers.TryAddWithoutValidation("X-GitHub-Hook-ID", hook.Id.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("X-GitHub-Hook-Installation-Target-ID", repository.Id.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("X-GitHub-Hook-Installation-Target-Type", "repository");
        if (hook.Secret is { } secret)
        {
            request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}");
        }

        return request;
    }
}
