# `<nixpkgs/nixos>`: the system of a plain configuration file.
{
  configuration ? (
    let
      fromEnvironment = builtins.getEnv "NIXOS_CONFIG";
      isFolder = builtins.pathExists (fromEnvironment + "/default.nix");
    in
    if fromEnvironment == "" then <nixos-config> else if isFolder then fromEnvironment + "/default.nix" else fromEnvironment
  ),
  system ? builtins.currentSystem,
}:
let
  evaluation = import ./lib/eval-config.nix {
    inherit system;
    modules = [ configuration ];
  };
in
{
  inherit (evaluation) pkgs config options;
  system = evaluation.config.system.build.toplevel;
}
