# The activation script: snippets in the order of their dependencies.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;

  snippet = types.coercedTo types.str lib.noDepEntry (
    types.submodule {
      options = {
        text = mkOption { type = types.lines; default = ""; };
        deps = mkOption { type = types.listOf types.str; default = [ ]; };
        supportsDryActivation = mkOption { type = types.bool; default = false; };
      };
    }
  );

  # Every name after the names it depends on.
  ordered =
    snippets:
    let
      visit =
        seen: name:
        if lib.elem name seen then seen
        else if !(snippets ? ${name}) then throw "activation snippet '${name}' is depended upon, but there is none"
        else lib.foldl' visit seen snippets.${name}.deps ++ [ name ];
    in
    lib.unique (lib.foldl' visit [ ] (lib.attrNames snippets));

  render = snippets: name: ''

    #### Activation script snippet ${name}:
    _localstatus=0
    ${snippets.${name}.text}
    if (( _localstatus > 0 )); then
      printf "Activation script snippet '%s' failed (%s)\n" ${lib.escapeShellArg name} "$_localstatus"
    fi
  '';

  scriptOf =
    snippets:
    lib.replaceStrings [ "@shell@" "@snippets@" ] [ pkgs.runtimeShell (lib.concatMapStrings (render snippets) (ordered snippets)) ] (
      builtins.readFile ./activate.sh
    );

  # A dry run keeps only snippets that say they can do one, and drops dependencies on the others.
  drySnippets =
    let
      kept = lib.filterAttrs (_: s: s.supportsDryActivation) config.system.activationScripts;
    in
    lib.mapAttrs (_: s: s // { deps = lib.filter (name: kept ? ${name}) s.deps; }) kept;
in
{
  options.system = {
    activationScripts = mkOption { type = types.attrsOf snippet; default = { }; };
    userActivationScripts = mkOption { type = types.anything; default = { }; };
  };

  config = {
    system.activationScripts = {
      etc = { text = builtins.readFile ./setup-etc.sh; deps = [ "users" ]; };
      users = lib.noDepEntry "";
      specialfs = lib.noDepEntry "mkdir -p /run/nixos /var/empty";
    };
    system.build.activationScript = scriptOf config.system.activationScripts;
    system.build.dryActivationScript = scriptOf drySnippets;
  };
}
