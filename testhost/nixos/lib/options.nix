# Declaring options, and the marks a definition can carry (condition, priority, order).
{ lib }:
rec {
  mkOption = option: option // { _type = "option"; };
  isOption = value: builtins.isAttrs value && value._type or "" == "option";
  mkEnableOption =
    what:
    mkOption {
      type = lib.types.bool;
      default = false;
      example = true;
      description = "Whether to enable ${what}.";
    };
  mkPackageOption =
    packages: name:
    {
      default ? name,
      nullable ? false,
      ...
    }:
    mkOption (
      {
        type = if nullable then lib.types.nullOr lib.types.package else lib.types.package;
        description = "The ${lib.concatStringsSep "." (lib.toList name)} package to use.";
      }
      // (if default == null then { default = null; } else { default = lib.getAttrFromPath (lib.toList default) packages; })
    );
  literalExpression = text: { _type = "literalExpression"; inherit text; };
  literalMD = text: { _type = "literalMD"; inherit text; };
  mdDoc = text: text;
  showOption = path: lib.concatStringsSep "." path;

  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkOptionDefault = mkOverride 1500;
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;
  mkVMOverride = mkOverride 10;
  mkOrder = priority: content: { _type = "order"; inherit priority content; };
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  mkAssert = assertion: message: content: if assertion then content else throw "\nFailed assertion: ${message}";
}
