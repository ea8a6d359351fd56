using System.Text.Json.Nodes;
using FakeGitHub.World;

namespace FakeGitHub.Json;

/// <summary>Webhooks and their deliveries.</summary>
internal static class HookJson
{
    public static JsonObject Hook(Hook hook, RepositoryState repository, Links links)
    {
        var url = $"{links.Repo(repository)}/hooks/{hook.Id}";
        var config = new JsonObject { ["content_type"] = hook.ContentType, ["insecure_ssl"] = hook.InsecureSsl, ["url"] = hook.Url };
        if (hook.Secret is not null)
        {
            config["secret"] = "********";
        }

        return new JsonObject
        {
            ["type"] = "Repository",
            ["id"] = hook.Id,
            ["name"] = "web",
            ["active"] = hook.Active,
            ["events"] = Wire.Array(hook.Events, x => x),
            ["config"] = config,
            ["updated_at"] = Wire.Time(hook.UpdatedAt),
            ["created_at"] = Wire.Time(hook.CreatedAt),
            ["url"] = url,
            ["test_url"] = $"{url}/test",
            ["ping_url"] = $"{url}/pings",
            ["deliveries_url"] = $"{url}/deliveries",
            ["last_response"] = new JsonObject
            {
                ["code"] = hook.LastCode,
                ["status"] = hook.LastCode switch { null => "unused", >= 200 and < 300 => "active", _ => "invalid_http_response" },
                ["message"] = null,
            },
        };
    }

    public static JsonObject Delivery(Delivery delivery, RepositoryState repository) => new()
    {
        ["id"] = delivery.Id,
        ["guid"] = delivery.Guid.ToString(),
        ["delivered_at"] = Wire.Time(delivery.DeliveredAt),
        ["redelivery"] = delivery.Redelivery,
        ["duration"] = Math.Round(delivery.Duration.TotalSeconds, 2),
        ["status"] = delivery.Status,
        ["status_code"] = delivery.StatusCode,
        ["event"] = delivery.Event,
        ["action"] = delivery.Action,
        ["installation_id"] = null,
        ["repository_id"] = repository.Id,
        ["throttled_at"] = null,
    };
}
