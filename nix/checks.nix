# What `nix flake check` builds, besides the package. `evaluate` takes a module and gives the evaluated system.
{ pkgs, evaluate }:
let
  inherit (pkgs) lib;
  configOf =
    reconciler: (evaluate { services.reconciler = { enable = true; } // reconciler; }).config;
  good = configOf {
    credentials.github = "/run/secrets/reconciler-github";
    settings = {
      repository.url = "https://git.example.org/infra.git";
      forge = {
        kind = "github";
        repository = "acme/infra";
        tokenFile = "/run/credentials/reconciler.service/github";
      };
    };
  };
  wrong = configOf {
    credentials.github = ./checks.nix;
    settings.repository = { };
  };
  refusals =
    config:
    lib.filter (lib.hasPrefix "services.reconciler") (
      map (a: a.message) (lib.filter (a: !a.assertion) config.assertions)
    );
in
{
  # Each refusal by itself is in cases.nix, which the unit tests try on a small module system; here the real one is asked whether it takes both.
  refusals =
    assert refusals good == [ ];
    assert lib.length (refusals wrong) == 2;
    pkgs.writeText "reconciler-refusals" (lib.concatLines (refusals wrong));
  unit = pkgs.writeText "reconciler.service" good.systemd.units."reconciler.service".text;
  # The daemon's own check runs over it.
  settings = good.environment.etc."reconciler/config.json".source;
}
