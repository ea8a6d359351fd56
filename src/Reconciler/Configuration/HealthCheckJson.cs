using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>Reads health checks from JSON: those a system declares, and those of the daemon's own configuration. <c>health.schema.json</c> says the same.</summary>
/// <remarks>Strict: an unknown key is an error, since a misspelt one would silently weaken a check. All errors are told at once.</remarks>
internal static class HealthCheckJson
{
    /// <summary>The most checks one list may hold; each is run in every round of a trial.</summary>
    public const int MostChecks = 100;

    /// <summary>How long one probe may take when the check does not say.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The longest time one probe may be given.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    private static readonly string[] CommonKeys = ["name", "type", "required", "timeout"];

    private static readonly ImmutableSortedDictionary<string, string[]> KeysByType = ImmutableSortedDictionary.CreateRange(
        StringComparer.Ordinal,
        [
            KeyValuePair.Create("unit", new[] { "unit" }),
            KeyValuePair.Create("failedUnits", Array.Empty<string>()),
            KeyValuePair.Create("http", new[] { "url", "statuses", "bodyContains" }),
            KeyValuePair.Create("tcp", new[] { "host", "port" }),
            KeyValuePair.Create("command", new[] { "command" }),
            KeyValuePair.Create("repository", Array.Empty<string>()),
        ]);

    /// <summary>Reads a whole declaration: an object with the keys <c>checks</c> and <c>retired</c>.</summary>
    /// <param name="root">The document.</param>
    /// <param name="errors">Each error found, as <c>path: what is wrong</c>.</param>
    /// <returns>What could be read; meaningless unless there is no error.</returns>
    public static HealthDeclaration ParseDeclaration(JsonElement root, ICollection<string> errors)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"$: an object with the key \"checks\" is wanted, not {Kind(root)}");
            return HealthDeclaration.Nothing;
        }

        foreach (var property in root.EnumerateObject().Where(property => property.Name is not ("checks" or "retired" or "$schema")))
        {
            errors.Add($"$: unknown key {Quote(property.Name)}; known are checks, retired");
        }

        if (!root.TryGetProperty("checks", out var checks))
        {
            errors.Add("$.checks: is missing");
            return HealthDeclaration.Nothing;
        }

        var read = Parse(checks, "$.checks", errors);
        return new HealthDeclaration(read, root.TryGetProperty("retired", out var retired) ? Retired(retired, read, errors) : []);
    }

    /// <summary>Reads a list of checks.</summary>
    /// <param name="checks">The list.</param>
    /// <param name="path">Where it stands in its document, for the errors.</param>
    /// <param name="errors">Each error found, as <c>path: what is wrong</c>.</param>
    /// <returns>The checks that could be read; meaningless unless there is no error.</returns>
    public static ImmutableArray<HealthCheck> Parse(JsonElement checks, string path, ICollection<string> errors)
    {
        if (checks.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"{path}: a list of checks is wanted, not {Kind(checks)}");
            return [];
        }

        if (checks.GetArrayLength() > MostChecks)
        {
            errors.Add($"{path}: {checks.GetArrayLength()} checks, and at most {MostChecks} are allowed");
            return [];
        }

        var read = ImmutableArray.CreateBuilder<HealthCheck>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var index = 0;
        foreach (var element in checks.EnumerateArray())
        {
            var place = $"{path}[{index}]";
            if (new Fields(element, place, errors).Read() is { } check)
            {
                read.Add(check);
            }

            if (NameOf(element) is { } name && !places.TryAdd(name, index))
            {
                errors.Add($"{place}.name: {Quote(name)} is already the name of {path}[{places[name]}]; names must differ");
            }

            index++;
        }

        return read.DrainToImmutable();
    }

    private static ImmutableArray<string> Retired(JsonElement retired, ImmutableArray<HealthCheck> checks, ICollection<string> errors)
    {
        if (retired.ValueKind != JsonValueKind.Array)
        {
            errors.Add($"$.retired: a list of names is wanted, not {Kind(retired)}");
            return [];
        }

        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var (index, item) in retired.EnumerateArray().Index())
        {
            if (item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 } name)
            {
                errors.Add($"$.retired[{index}]: the name of a check is wanted");
            }
            else if (checks.Any(check => check.Name == name))
            {
                errors.Add($"$.retired[{index}]: {Quote(name)} is among the checks too; it is either declared or retired");
            }
            else
            {
                names.Add(name);
            }
        }

        return names.DrainToImmutable();
    }

    private static string? NameOf(JsonElement check) =>
        check.ValueKind == JsonValueKind.Object && check.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;

    private static string Quote(string text) => $"\"{OneLine.Of(text, 80)}\"";

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };

    /// <summary>The keys of one check, read one by one; each remembers its errors.</summary>
    private sealed class Fields(JsonElement element, string path, ICollection<string> errors)
    {
        private readonly int _errorsBefore = errors.Count;

        public HealthCheck? Read()
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                errors.Add($"{path}: a check is an object, not {Kind(element)}");
                return null;
            }

            var name = Name();
            var type = Text("type");
            var required = Required();
            var timeout = Timeout();
            if (type is null)
            {
                return null;
            }

            if (!KeysByType.TryGetValue(type, out var keys))
            {
                Wrong("type", $"{Quote(type)} is not a type of check; known are {string.Join(", ", KeysByType.Keys.Select(Quote))}");
                return null;
            }

            RefuseOtherKeys(type, keys);
            HealthCheck check = type switch
            {
                "unit" => new HealthCheck.UnitIsActive(name, required, timeout, Unit()),
                "failedUnits" => new HealthCheck.NoNewlyFailedUnits(name, required, timeout),
                "http" => new HealthCheck.HttpAnswers(name, required, timeout, Address(), Statuses(), BodyContains()),
                "tcp" => new HealthCheck.TcpConnects(name, required, timeout, Host(), Port()),
                "command" => new HealthCheck.CommandSucceeds(name, required, timeout, Command()),
                "repository" => new HealthCheck.RepositoryIsReachable(name, required, timeout),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            return errors.Count == _errorsBefore ? check : null;
        }

        private void RefuseOtherKeys(string type, string[] keys)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (!CommonKeys.Contains(property.Name) && !keys.Contains(property.Name))
                {
                    errors.Add($"{path}: unknown key {Quote(property.Name)}; a check of type \"{type}\" knows {string.Join(", ", CommonKeys.Concat(keys))}");
                }
            }
        }

        private string Name()
        {
            if (Text("name") is not { } name)
            {
                return "";
            }

            if (name.Length is 0 or > 100 || OneLine.Of(name) != name)
            {
                Wrong("name", "a name has 1 to 100 characters on one line, and no space at either end");
            }

            return name;
        }

        private bool Required()
        {
            if (!Has("required", out var value))
            {
                return true;
            }

            if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                Wrong("required", $"true or false is wanted, not {Kind(value)}");
            }

            return value.ValueKind != JsonValueKind.False;
        }

        private TimeSpan Timeout()
        {
            if (!Has("timeout", out _) || Text("timeout") is not { } text)
            {
                return DefaultTimeout;
            }

            if (!DurationText.TryParse(text, out var timeout))
            {
                Wrong("timeout", $"{Quote(text)} is not a length of time; write it like \"5s\" or \"1m30s\"");
            }
            else if (timeout <= TimeSpan.Zero || timeout > LongestTimeout)
            {
                Wrong("timeout", $"{Quote(text)} is out of range; more than 0 and at most {FailureText.Duration(LongestTimeout)} is allowed");
            }

            return timeout;
        }

        private string Unit()
        {
            var unit = Text("unit") ?? "";
            if (unit.Length > 0 && !UnitName.IsValid(unit))
            {
                Wrong("unit", $"{Quote(unit)} is not the name of one unit");
            }

            return unit;
        }

        private Uri Address()
        {
            var nowhere = new Uri("http://localhost/");
            if (Text("url") is not { } text)
            {
                return nowhere;
            }

            if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Host.Length == 0)
            {
                Wrong("url", $"{Quote(text)} is not an absolute address like \"http://localhost:8080/health\"");
                return nowhere;
            }

            if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            {
                Wrong("url", $"the scheme {Quote(address.Scheme)} is not allowed; only http and https are");
            }

            if (address.UserInfo.Length > 0)
            {
                Wrong("url", "a user name or password in an address would be shown to everyone who reads the status; leave it out");
            }

            return address;
        }

        private ImmutableArray<int> Statuses()
        {
            if (!Has("statuses", out var value))
            {
                return [];
            }

            if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0)
            {
                Wrong("statuses", "a list of at least one status code is wanted; leave it out for any 2xx");
                return [];
            }

            var statuses = ImmutableArray.CreateBuilder<int>();
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var status) && status is >= 200 and <= 599)
                {
                    statuses.Add(status);
                }
                else
                {
                    Wrong($"statuses[{index}]", "a status code is a whole number from 200 to 599");
                }

                index++;
            }

            return statuses.DrainToImmutable();
        }

        private string? BodyContains()
        {
            if (!Has("bodyContains", out _) || Text("bodyContains") is not { } text)
            {
                return null;
            }

            if (text.Length is 0 or > 4096)
            {
                Wrong("bodyContains", "a text of 1 to 4096 characters is wanted; leave it out for any body");
            }

            return text;
        }

        private string Host()
        {
            var host = Text("host") ?? "";
            if (host.Length > 0 && (host[0] == '[' || Uri.CheckHostName(host) == UriHostNameType.Unknown))
            {
                Wrong("host", $"{Quote(host)} is not a host name or an IP address");
            }

            return host;
        }

        private int Port()
        {
            if (!Has("port", out var value))
            {
                Wrong("port", "is missing");
                return 0;
            }

            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var port) && port is >= 1 and <= 65535)
            {
                return port;
            }

            Wrong("port", "a whole number from 1 to 65535 is wanted");
            return 0;
        }

        private ImmutableArray<string> Command()
        {
            if (!Has("command", out var value))
            {
                Wrong("command", "is missing");
                return [];
            }

            if (value.ValueKind != JsonValueKind.Array)
            {
                Wrong("command", $"a list of the program and its arguments is wanted, not {Kind(value)}; no shell takes part");
                return [];
            }

            if (value.GetArrayLength() == 0)
            {
                Wrong("command", "is empty; name the program first");
                return [];
            }

            var words = ImmutableArray.CreateBuilder<string>();
            foreach (var word in value.EnumerateArray())
            {
                var place = string.Create(CultureInfo.InvariantCulture, $"command[{words.Count}]");
                if (word.ValueKind != JsonValueKind.String)
                {
                    Wrong(place, $"a string is wanted, not {Kind(word)}");
                }
                else if (word.GetString()!.Contains('\0', StringComparison.Ordinal))
                {
                    Wrong(place, "holds a character no argument can hold");
                }
                else if (words.Count == 0 && string.IsNullOrWhiteSpace(word.GetString()))
                {
                    Wrong(place, "is empty; name the program first");
                }

                words.Add(word.ValueKind == JsonValueKind.String ? word.GetString()! : "");
            }

            return words.DrainToImmutable();
        }

        // The text of a key that must be there and not empty; null, and an error, when it is not.
        private string? Text(string key)
        {
            if (!Has(key, out var value))
            {
                Wrong(key, "is missing");
                return null;
            }

            if (value.ValueKind != JsonValueKind.String)
            {
                Wrong(key, $"a string is wanted, not {Kind(value)}");
                return null;
            }

            var text = value.GetString()!;
            if (text.Length == 0)
            {
                Wrong(key, "is empty");
                return null;
            }

            return text;
        }

        private bool Has(string key, out JsonElement value) => element.TryGetProperty(key, out value);

        private void Wrong(string key, string what) => errors.Add($"{path}.{key}: {what}");
    }
}
