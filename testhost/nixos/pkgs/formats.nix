# `pkgs.formats.<format> { }`: an option type and a file writer for settings.
{ lib, pkgs }:
let
  inherit (lib) types;
  jsonValue = types.nullOr (
    types.oneOf [ types.bool types.int types.float types.str types.path (types.attrsOf jsonValue) (types.listOf jsonValue) ]
  ) // { name = "JSON value"; description = "JSON value"; };
  atom = types.nullOr (types.oneOf [ types.bool types.int types.float types.str ]);

  json = { }: {
    type = jsonValue;
    generate =
      name: value:
      pkgs.runCommand name { value = builtins.toJSON value; passAsFile = [ "value" ]; } ''jq . "$valuePath" > "$out"'';
  };
in
{
  formats = {
    inherit json;
    # Every JSON document is a YAML document.
    yaml = json;
    ini = options: {
      type = types.attrsOf (types.attrsOf (types.either atom (types.listOf atom)));
      generate = name: value: pkgs.writeText name (lib.generators.toINI options value);
    };
    keyValue = options: {
      type = types.attrsOf (types.either atom (types.listOf atom));
      generate = name: value: pkgs.writeText name (lib.generators.toKeyValue options value);
    };
  };
}
