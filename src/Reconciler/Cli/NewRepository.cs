using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Reconciler.Cli;

/// <summary>What a new repository is made of: an example, and what is known of the host. Pure.</summary>
internal sealed partial record NewRepository
{
    /// <summary>The address in the examples.</summary>
    public const string NoUrl = "https://git.example.org/infra.git";

    private const string Hardware = "hardware-configuration.nix";

    /// <summary>The host it is for.</summary>
    public required string Host { get; init; }

    /// <summary>Where it will be pushed to; null when that is not known yet.</summary>
    public string? Url { get; init; }

    /// <summary>Without flakes.</summary>
    public bool IsPlain { get; init; }

    /// <summary>The host's hardware configuration; null when there is none.</summary>
    public string? HardwareText { get; init; }

    /// <summary>The host's present configuration, of which only the release it was installed with is taken over; null when there is none.</summary>
    public string? PresentConfiguration { get; init; }

    /// <summary>What Nix calls this kind of machine.</summary>
    public required string System { get; init; }

    /// <summary>Its files, by their paths.</summary>
    public ImmutableSortedDictionary<string, string> Files() => IsPlain ? Plain() : Flake();

    private ImmutableSortedDictionary<string, string> Flake()
    {
        var folder = $"hosts/{Host}/";
        var files = ExampleFiles.Of("repo-layout").RemoveRange(ExampleFiles.Of("repo-layout").Keys.Where(path => path.StartsWith("hosts/", StringComparison.Ordinal)));
        files = files
            .SetItem("flake.nix", files["flake.nix"].Replace("\"x86_64-linux\"", NixText(System), StringComparison.Ordinal))
            .SetItem("modules/reconciler.nix", WithUrl(files["modules/reconciler.nix"], NoUrl))
            .SetItem($"{folder}configuration.nix", HostText("../../modules/web.nix"));
        return HardwareText is null ? files : files.SetItem($"{folder}{Hardware}", HardwareText);
    }

    private ImmutableSortedDictionary<string, string> Plain()
    {
        var files = ExampleFiles.Of("repo-layout-plain");
        files = files
            .SetItem("configuration.nix", HostText("./reconciler.nix", "./web.nix"))
            .SetItem("web.nix", files["web.nix"].Replace("hello from web1", $"hello from {Host}", StringComparison.Ordinal))
            .SetItem("reconciler.nix", WithUrl(files["reconciler.nix"], "https://git.example.org/web1.git"));
        return HardwareText is null ? files : files.SetItem(Hardware, HardwareText);
    }

    private string WithUrl(string text, string placeholder) => Url is null ? text : text.Replace($"\"{placeholder}\"", NixText(Url), StringComparison.Ordinal);

    private string HostText(params IEnumerable<string> modules)
    {
        var imports = HardwareText is null ? modules : modules.Prepend($"./{Hardware}");
        var release = PresentConfiguration is not null && Releases().Match(PresentConfiguration) is { Success: true } found ? found.Groups["release"].Value : null;
        return $$"""
            # {{Host}}.
            { pkgs, ... }:
            {
              imports = [
            {{string.Join('\n', imports.Select(path => $"    {path}"))}}
              ];

              networking.hostName = "{{Host}}";

              # Here belongs what is special about this host, and what its /etc/nixos/configuration.nix says now: boot loader, users and their SSH keys,
              # network, services. Without them nobody may be able to log in after the first switch.
            {{(HardwareText is null ? $"  # Its hardware, too: nixos-generate-config --show-hardware-config > {Hardware}, and import that above.\n" : "")}}
              # The release this host was installed with{{(release is null ? "; set it right before the first switch" : "")}}. It stays as it is for ever.
              system.stateVersion = "{{release ?? "25.11"}}";
            {{(IsPlain ? "\n  environment.systemPackages = [ pkgs.git pkgs.curl ];\n" : "")}}{{(IsPlain ? "" : $$"""

              # A first service with its own health check, to try things with: see modules/web.nix.
              services.hello-web = {
                enable = true;
                greeting = "hello from {{Host}}";
              };

            """)}}}

            """;
    }

    // What a quoted text of Nix must not hold as it is.
    private static string NixText(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("${", "\\${", StringComparison.Ordinal)}\"";

    [GeneratedRegex(@"^\s*system\.stateVersion\s*=\s*""(?<release>\d{2}\.\d{2})""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Releases();
}
