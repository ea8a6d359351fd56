using System.Text.Json.Nodes;
using FakeGitHub.Faults;
using FakeGitHub.World;

namespace FakeGitHub.Http;

/// <summary>Every request that came, and how many were under way at once.</summary>
internal sealed class RequestLog(TimeProvider clock)
{
    private readonly List<RecordedRequest> _requests = [];
    private int _underWay;

    public IReadOnlyList<RecordedRequest> All
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>The most requests that were ever under way together.</summary>
    public int MostAtOnce { get; private set; }

    public long Begin(RestRequest request, Fault? fault) => Begin(request.Method, request.Path + request.QueryText, WithoutSecret(request.Body), fault);

    public long Begin(string method, string path, JsonNode? body, Fault? fault)
    {
        lock (_requests)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++_underWay);
            _requests.Add(new RecordedRequest(_requests.Count, clock.GetUtcNow(), method, path, "bad", body) { Fault = fault?.Name });
            return _requests.Count - 1;
        }
    }

    public void End(long number, Caller? caller, int status)
    {
        lock (_requests)
        {
            _underWay--;
            var request = _requests[(int)number];
            _requests[(int)number] = request with { Auth = status == 401 ? "bad" : caller?.Kind ?? "none", Status = status, AnsweredAt = clock.GetUtcNow() };
        }
    }

    private static JsonNode? WithoutSecret(JsonNode? body)
    {
        var copy = body?.DeepClone();
        if (copy is JsonObject { } json && json["config"] is JsonObject config && config.ContainsKey("secret"))
        {
            config["secret"] = "********";
        }

        return copy;
    }
}
