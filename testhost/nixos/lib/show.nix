# Values and definitions in error messages.
{ lib }:
let
  showValue =
    value:
    if builtins.isFunction value then "<function>"
    else if lib.isDerivation value then "<derivation ${value.name}>"
    else if builtins.isAttrs value then "{ ${lib.concatMapStringsSep " " (name: "${name} = ...;") (builtins.attrNames value)} }"
    else if builtins.isList value then "[ ${lib.concatMapStringsSep " " showValue value} ]"
    else if builtins.isPath value then toString value
    else builtins.toJSON value;
in
{
  showDefinitions = lib.concatMapStrings (definition: "\n- In `${definition.file}': ${showValue definition.value}");
}
