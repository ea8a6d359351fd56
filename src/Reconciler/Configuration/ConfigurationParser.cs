using System.Globalization;
using System.Text.Json;
using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>Reads a configuration: strictly, and to the end, so that every error is told at once.</summary>
internal static class ConfigurationParser
{
    private static readonly JsonDocumentOptions Lenience = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the text of a configuration file.</summary>
    /// <param name="json">The text, in UTF-8.</param>
    /// <param name="machineName">The host's name when the file names none; null when the machine has none.</param>
    public static ConfigurationOutcome Parse(ReadOnlyMemory<byte> json, string? machineName) => Parse(json, machineName, new SettingsContext());

    /// <inheritdoc cref="Parse(ReadOnlyMemory{byte}, string?)"/>
    internal static ConfigurationOutcome Parse(ReadOnlyMemory<byte> json, string? machineName, SettingsContext context)
    {
        HostConfiguration configuration;
        try
        {
            using var document = JsonDocument.Parse(json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json, Lenience);
            configuration = Read(new SettingsReader(context, document.RootElement), machineName);
        }
        catch (JsonException e)
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}");
            context.Add("$", $"is not JSON at {where}; look for a missing comma, quote or bracket just before");
            return new ConfigurationOutcome.Invalid(context.Errors);
        }
        catch (InvalidOperationException)
        {
            // Shows only when a text is read.
            return new ConfigurationOutcome.Invalid(
                [new ConfigurationError("$", "holds text that is not UTF-8, or half of a character written as \\u: save the file as UTF-8, and look at its \\u")]);
        }

        return context.Errors.IsEmpty ? new ConfigurationOutcome.Valid(configuration) : new ConfigurationOutcome.Invalid(context.Errors);
    }

    private static HostConfiguration Read(SettingsReader root, string? machineName)
    {
        root.Text("$schema");
        var host = Host(root, machineName);
        var repository = RepositorySettings.Read(root.Section("repository"), host);
        var configuration = new HostConfiguration
        {
            Host = host,
            Repository = repository,
            Build = BuildSettings.Read(root.Section("build"), host),
            Preflight = PreflightSettings.Read(root.Section("preflight")),
            Trial = TrialSettings.Read(root.Section("trial")),
            Checks = root.List("checks", HealthCheckJson.Parse),
            Maintenance = MaintenanceSettings.Read(root.Section("maintenance")),
            Reboot = RebootSettings.Read(root.Section("reboot")),
            Drift = DriftSettings.Read(root.Section("drift")),
            Generations = GenerationSettings.Read(root.Section("generations")),
            Forge = ForgeSettings.Read(root.Section("forge"), repository.Remotes is [var first, ..] ? first.Url : null),
            Webhook = WebhookSettings.Read(root.Section("webhook")),
            Notifications = NotificationSettings.Read(root.Section("notifications")),
            Traces = TraceSettings.Read(root.Section("traces")),
            Page = PageSettings.Read(root.Section("page")),
            Paths = PathSettings.Read(root.Section("paths")),
            Control = ControlSettings.Read(root.Section("control")),
            Log = LogSettings.Read(root.Section("log")),
        };
        root.Finish();
        return configuration;
    }

    private static HostName Host(SettingsReader root, string? machineName)
    {
        if (root.Text("host") is { } written)
        {
            if (HostName.IsValid(written))
            {
                return new HostName(written);
            }

            root.Fail("host", "must be 1 to 63 letters, digits, '-' or '_', beginning with a letter or digit");
        }
        else if (!root.Has("host"))
        {
            if (HostName.IsValid(machineName))
            {
                return new HostName(machineName!);
            }

            root.Fail("host", "is not set, and this machine has no usable name in /etc/hostname; set it to the name the repository knows the host by");
        }

        return new HostName("unnamed");
    }
}
