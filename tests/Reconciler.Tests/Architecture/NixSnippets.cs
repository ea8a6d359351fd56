using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Reconciler.Tests.Golden;

namespace Reconciler.Tests.Architecture;

/// <summary>Evaluates pieces of Nix as a host would that has Reconciler's module: on the test host's module system, without a store.</summary>
internal static partial class NixSnippets
{
    // Options of NixOS that pages mention and the test host does not have are taken with any value.
    private const string Harness = """
        let
          lib = import ROOT/testhost/nixos/lib;
          system = import ROOT/testhost/nixos/nixos/lib/eval-config.nix;
          others = { lib, ... }: {
            options.services = lib.genAttrs [ "caddy" "comin" "grafana" "nginx" "postgresql" "prometheus" ] (_: lib.mkOption { type = lib.types.anything; default = { }; });
          };
          nixosSystem = arguments: system ({ system = null; } // arguments // { modules = arguments.modules ++ [ others ]; });
          inputs = {
            nixpkgs.lib = lib // { inherit nixosSystem; };
            reconciler.nixosModules.default = ROOT/nix/module.nix;
            comin.nixosModules.comin = { };
            self = { };
          };
          module = file: nixosSystem {
            system = "x86_64-linux";
            modules = [ file { services.reconciler.enable = lib.mkDefault true; } ];
          };
          flake = file: lib.attrValues ((import file).outputs inputs).nixosConfigurations;
          tell = { config, ... }: {
            inherit (config.services.reconciler) settings;
            health = {
              checks = lib.mapAttrsToList (name: check: { inherit name; } // check) config.services.reconciler.health.checks;
              inherit (config.services.reconciler.health) retired;
            };
            said = lib.filter (lib.hasInfix "services.reconciler") (map (a: a.message) (lib.filter (a: !a.assertion) config.assertions) ++ config.warnings);
          };
        in
        map tell (lib.filter (evaluated: evaluated.config ? services.reconciler) (lib.concatLists [ SYSTEMS ]))
        """;

    private static readonly string Root = GoldenText.RepositoryRoot;

    /// <summary>Whether nix is here.</summary>
    public static bool CanEvaluate => Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "nix-instantiate")));

    /// <summary>Evaluates pieces: flakes, modules, or assignments that stand in a module.</summary>
    /// <returns>Of each host with Reconciler its <c>settings</c>, <c>health</c> and what the module <c>said</c>; or why that could not be found out.</returns>
    public static (IReadOnlyList<JsonNode> Systems, string Error) Evaluate(IReadOnlyList<string> pieces)
    {
        var folder = Directory.CreateTempSubdirectory("snippets-");
        try
        {
            var systems = pieces.Select((piece, index) => Write(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{index}"), piece));
            var harness = Path.Combine(folder.FullName, "all.nix");
            File.WriteAllText(harness, Harness.Replace("SYSTEMS", string.Join(' ', systems), StringComparison.Ordinal).Replace("ROOT", Root, StringComparison.Ordinal));
            var (code, output, error) = Run("nix-instantiate", "--store", "dummy://", "--eval", "--strict", "--json", harness);
            return code == 0 ? ([.. JsonNode.Parse(output)!.AsArray().Select(node => node!)], "") : ([], error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Each has a folder of its own, in which the files of the host that it names are empty modules.
    private static string Write(string folder, string name, string piece)
    {
        var here = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        foreach (var neighbour in Neighbours().Matches(piece).Select(match => Path.Combine(here, match.Value)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(neighbour)!);
            File.WriteAllText(neighbour, "{ }");
        }

        var text = Release().Replace(piece, $"\"{Root}\"");
        var isWhole = text.TrimStart() is ['{' or '#', ..] || text.TrimStart().StartsWith("let\n", StringComparison.Ordinal);
        var file = Path.Combine(here, "piece.nix");
        File.WriteAllText(file, isWhole ? text : $"{{ config, lib, pkgs, ... }}: {{\n{text}\n}}");
        return text.Contains("outputs =", StringComparison.Ordinal) ? $"(flake {file})"
            : text.Contains("/nix/module.nix", StringComparison.Ordinal) ? $"[ (module {file}) ]"
            : $"[ (module {{ imports = [ {file} {Root}/nix/module.nix ]; }}) ]";
    }

    private static (int Code, string Output, string Error) Run(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Root })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    [GeneratedRegex(@"\./[A-Za-z0-9/_-]+\.nix", RegexOptions.ExplicitCapture)]
    private static partial Regex Neighbours();

    // The release that a page fetches is this one.
    [GeneratedRegex(@"builtins\.fetchTarball ""https://github\.com/reconciler-project/reconciler/[^""]*""", RegexOptions.ExplicitCapture)]
    private static partial Regex Release();
}
