# Option types: { name; description; check = value: bool; merge = path: definitions: value; }.
{ lib }:
let
  inherit (builtins) all any concatMap elem filter head isAttrs isBool isFloat isFunction isInt isList isPath isString length map;
  inherit (lib) showOption;

  valuesOf = map (definition: definition.value);

  mergeEqual =
    path: definitions:
    if all (value: value == head (valuesOf definitions)) (valuesOf definitions) then
      head (valuesOf definitions)
    else
      conflict path definitions;
  mergeOne = path: definitions: if length definitions == 1 then head (valuesOf definitions) else conflict path definitions;
  conflict =
    path: definitions:
    throw "The option `${showOption path}' has conflicting definition values:${lib.showDefinitions definitions}\nUse `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.";

  make = description: check: { name = description; inherit description check; merge = mergeEqual; _type = "option-type"; };

  integer = description: low: high: make description (value: isInt value && value >= low && (high == null || value <= high));
  startsWithSlash = value: isString value && builtins.substring 0 1 value == "/";
in
rec {
  mkOptionType = type: make type.name (type.check or (_: true)) // type // { description = type.description or type.name; };

  bool = make "boolean" isBool;
  int = make "signed integer" isInt;
  float = make "floating point number" isFloat;
  number = either int float;
  port = integer "16 bit unsigned integer; between 0 and 65535 (both inclusive)" 0 65535;
  ints = {
    positive = integer "positive integer, meaning >0" 1 null;
    unsigned = integer "unsigned integer, meaning >=0" 0 null;
    between = low: high: integer "integer between ${toString low} and ${toString high} (both inclusive)" low high;
    u8 = integer "8 bit unsigned integer; between 0 and 255 (both inclusive)" 0 255;
    u16 = port;
    u32 = integer "32 bit unsigned integer; between 0 and 4294967295 (both inclusive)" 0 4294967295;
  };
  numbers = {
    between = low: high: make "number between ${toString low} and ${toString high}" (value: number.check value && value >= low && value <= high);
    positive = make "positive number" (value: number.check value && value > 0);
    nonnegative = make "non-negative number" (value: number.check value && value >= 0);
  };

  str = make "string" isString;
  nonEmptyStr = make "non-empty string" (value: isString value && builtins.match "[[:space:]]*" value == null);
  singleLineStr = make "(optionally newline-terminated) single-line string" (value: isString value && builtins.match "[^\n\r]*\n?" value != null);
  strMatching = pattern: make "string matching the pattern ${pattern}" (value: isString value && builtins.match pattern value != null);
  passwdEntry = type: type;
  separatedString = separator: make "strings concatenated with ${builtins.toJSON separator}" isString // {
    merge = _: definitions: lib.concatStringsSep separator (valuesOf definitions);
  };
  lines = separatedString "\n";
  commas = separatedString ",";
  envVar = separatedString ":";

  path = make "absolute path" (value: isPath value || lib.isDerivation value || startsWithSlash value);
  pathInStore = make "path in the Nix store" (value: lib.hasPrefix "${builtins.storeDir}/" (toString value));
  package = make "package" (value: lib.isDerivation value || startsWithSlash value);
  shellPackage = package;

  raw = make "raw value" (_: true) // { merge = mergeOne; };
  unspecified = make "unspecified value" (_: true);
  deferredModule = make "module" (_: true) // {
    merge = _: definitions: { imports = map (d: { _file = d.file; imports = [ d.value ]; }) definitions; };
  };
  functionTo = result: make "function that evaluates to a(n) ${result.description}" isFunction // { merge = mergeOne; };

  enum = values: make "one of ${lib.concatMapStringsSep ", " builtins.toJSON values}" (value: elem value values);
  nullOr = inner: make "null or ${inner.description}" (value: value == null || inner.check value) // {
    merge =
      path: definitions:
      let
        given = filter (definition: definition.value != null) definitions;
      in
      if given == [ ] then null else if length given == length definitions then inner.merge path definitions else conflict path definitions;
  };
  either = a: b: make "${a.description} or ${b.description}" (value: a.check value || b.check value) // {
    merge =
      path: definitions:
      if all a.check (valuesOf definitions) then a.merge path definitions
      else if all b.check (valuesOf definitions) then b.merge path definitions
      else mergeEqual path definitions;
  };
  oneOf = alternatives: builtins.foldl' either (head alternatives) (builtins.tail alternatives);
  coercedTo = from: convert: to: make "${to.description} or ${from.description} convertible to it" (value: from.check value || to.check value) // {
    merge = path: definitions: to.merge path (map (d: d // { value = if to.check d.value then d.value else convert d.value; }) definitions);
  };
  uniq = inner: inner // { merge = path: definitions: if length definitions == 1 then inner.merge path definitions else conflict path definitions; };
  unique = _: uniq;
  addCheck = inner: check: inner // { check = value: inner.check value && check value; };

  listOf = inner: make "list of ${inner.description}" isList // {
    emptyValue = [ ];
    merge =
      path: definitions:
      let
        items = concatMap (definition: map (value: { inherit (definition) file; inherit value; }) definition.value) definitions;
        # An item may carry `mkIf`; one that is switched off is left out.
        kept = filter (item: lib.isDefinedBy [ item ]) items;
      in
      lib.imap1 (i: item: lib.mergeDefinitions (path ++ [ "[definition ${toString i}]" ]) inner [ item ]) kept;
  };
  nonEmptyListOf = inner: addCheck (listOf inner) (value: value != [ ]);

  # The lazy kind does not ask whether a name is really defined, so its names may be listed while
  # the conditions behind them are still being worked out.
  attributesOf = lazy: inner: make "attribute set of ${inner.description}" isAttrs // {
    emptyValue = { };
    nestedTypes.elemType = inner;
    merge =
      path: definitions:
      let
        names = builtins.attrNames (builtins.foldl' (found: d: found // d.value) { } definitions);
        definitionsOf = name: map (d: d // { value = d.value.${name}; }) (filter (d: d.value ? ${name}) definitions);
        kept = if lazy then names else filter (name: lib.isDefinedBy (definitionsOf name)) names;
      in
      lib.genAttrs kept (name: lib.mergeDefinitions (path ++ [ name ]) inner (definitionsOf name));
  };
  attrsOf = attributesOf false;
  lazyAttrsOf = attributesOf true;
  attrs = make "attribute set" isAttrs // {
    emptyValue = { };
    merge = _: definitions: builtins.foldl' lib.recursiveUpdate { } (valuesOf definitions);
  };
  anything = make "anything" (_: true) // {
    merge =
      path: definitions:
      if all (value: isAttrs value && !lib.isDerivation value) (valuesOf definitions) then
        (lazyAttrsOf anything).merge path definitions
      else if any isFunction (valuesOf definitions) then
        mergeOne path definitions
      else
        mergeEqual path definitions;
  };

  submodule = modules: submoduleWith { modules = lib.toList modules; };
  submoduleWith =
    { modules, specialArgs ? { }, ... }:
    make "submodule" (value: isAttrs value || isFunction value || isPath value) // {
      emptyValue = { };
      getSubOptions = prefix: (lib.evalModules { inherit modules prefix specialArgs; }).options;
      merge =
        path: definitions:
        (lib.evalModules {
          prefix = path;
          specialArgs = { name = lib.last path; } // specialArgs;
          modules = modules ++ map (d: { _file = d.file; imports = [ (asModule d) ]; }) definitions;
        }).config;
    };
  # A plain set is the submodule's `config`, even when it holds an attribute of that name; only a
  # function or a path is a module in its own right.
  asModule = definition: if isAttrs definition.value then { _file = definition.file; config = definition.value; } else definition.value;
}
