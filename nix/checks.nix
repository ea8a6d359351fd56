# What `nix flake check` builds, besides the package. `evaluate` takes a module and gives the evaluated system.
{ pkgs, evaluate }:
let
  inherit (pkgs) lib;
  wrong = import ./cases.nix { inherit lib evaluate; };
  inherit
    (evaluate {
      services.reconciler = {
        enable = true;
        settings.repository.url = "https://git.example.org/infra.git";
      };
    })
    config
    ;
in
{
  cases = pkgs.runCommand "reconciler-module-cases" { } (
    lib.throwIf (wrong != [ ]) "nix/module.nix: not as it should be: ${lib.concatStringsSep "; " wrong}" ''touch "$out"''
  );
  unit = pkgs.writeText "reconciler.service" config.systemd.units."reconciler.service".text;
  # The daemon's own check runs over it.
  settings = config.environment.etc."reconciler/config.json".source;
}
