# The module system: many modules declare options and define values; one `config` comes out.
#
# A definition travels as { file; value; } so that an error can say where it was written.
{ lib }:
let
  inherit (lib) optional optionals showOption;
  inherit (builtins) attrNames concatMap elemAt filter foldl' genList isAttrs isFunction length mapAttrs;

  markOf = value: if isAttrs value then value._type or "" else "";
  isPathLike = value: builtins.isPath value || builtins.isString value;

  # Lower numbers win; a plain definition has 100, `mkDefault` 1000, an option's own default 1500.
  plainPriority = 100;
  plainOrder = 1000;

  # One definition with its marks resolved: a list of { file; value; priority; order; }.
  discharge =
    definition:
    let
      inherit (definition) value;
      inside = content: discharge (definition // { value = content; });
    in
    {
      "if" = optionals value.condition (inside value.content);
      merge = concatMap inside value.contents;
      override = map (d: d // { inherit (value) priority; }) (inside value.content);
      order = map (d: d // { order = value.priority; }) (inside value.content);
    }
    .${markOf value} or [ ({ priority = plainPriority; order = plainOrder; } // definition) ];

  # The same marks, moved one level into an attribute set. Conditions are not looked at: they may
  # depend on the very options that are being put together.
  pushDown =
    definition:
    let
      inherit (definition) value;
      inside = content: pushDown (definition // { value = content; });
      markEach = mark: map (d: d // { value = mapAttrs (_: mark) d.value; });
    in
    {
      "if" = markEach (lib.mkIf value.condition) (inside value.content);
      merge = concatMap inside value.contents;
      override = markEach (lib.mkOverride value.priority) (inside value.content);
      order = markEach (lib.mkOrder value.priority) (inside value.content);
    }
    .${markOf value} or [ definition ];

  # All definitions of the attribute `name` among definitions of the set around it.
  definitionsOf = name: definitions: map (d: d // { value = d.value.${name}; }) (filter (d: d.value ? ${name}) definitions);
  namesIn = definitions: attrNames (foldl' (all: d: all // d.value) { } definitions);

  # The merged values of a tree of options.
  evaluateTree =
    path: tree: definitions: freeformType:
    let
      pushed = concatMap pushDown definitions;
      unknown = filter (name: !(tree ? ${name})) (namesIn pushed);
      freeform = freeformType.merge path (map (d: d // { value = lib.getAttrs' unknown d.value; }) pushed);
      declared = mapAttrs (name: node: evaluateNode (path ++ [ name ]) node (definitionsOf name pushed)) tree;
    in
    if unknown == [ ] || freeformType == null then declared else freeform // declared;

  # Definitions that no option takes: a list of { path; definitions; }. The values are left alone.
  unknownIn =
    path: tree: definitions:
    let
      pushed = concatMap pushDown definitions;
      inside =
        name:
        let
          here = path ++ [ name ];
        in
        if !(tree ? ${name}) then [ { path = here; definitions = definitionsOf name pushed; } ]
        else if lib.isOption tree.${name} then [ ]
        else unknownIn here tree.${name} (definitionsOf name pushed);
    in
    concatMap inside (namesIn pushed);

  evaluateNode =
    path: node: definitions:
    if lib.isOption node then
      (node.apply or lib.id) (
        lib.mergeDefinitions path node.type or lib.types.unspecified (
          definitions ++ optional (node ? default) { file = "the option's default"; value = lib.mkOptionDefault node.default; }
        )
      )
    else
      evaluateTree path node definitions null;
in
{
  inherit (import ./show.nix { inherit lib; }) showDefinitions;

  # The attributes `names` that `attrs` has.
  getAttrs' = names: attrs: lib.filterAttrs (name: _: builtins.elem name names) attrs;
  getAttrs = names: attrs: lib.genAttrs names (name: attrs.${name});

  # Resolve marks, keep the definitions of the highest priority, check them, and merge by type.
  mergeDefinitions =
    path: type: definitions:
    let
      all = concatMap discharge definitions;
      strongest = foldl' (least: d: lib.min least d.priority) 9999 all;
      chosen = lib.sort (a: b: a.order < b.order) (filter (d: d.priority == strongest) all);
      wrong = filter (d: !type.check d.value) chosen;
    in
    if chosen == [ ] then
      type.emptyValue or (throw "The option `${showOption path}' was accessed but has no value defined. Try setting the option.")
    else if wrong != [ ] then
      throw "A definition for option `${showOption path}' is not of type `${type.description}'. Definition values:${lib.showDefinitions wrong}"
    else
      type.merge path (map (d: { inherit (d) file value; }) chosen);

  # Whether a definition comes to anything once its conditions are known.
  isDefinedBy = definitions: concatMap discharge definitions != [ ];

  evalModules =
    {
      modules,
      specialArgs ? { },
      prefix ? [ ],
      class ? null,
    }:
    let
      arguments = { inherit lib config options extendModules; } // specialArgs;

      # A function is given what it names; names that are no special arguments come from
      # `_module.args`, each only when it is used.
      call =
        module:
        if isFunction module then
          module (mapAttrs (name: _: config._module.args.${name}) (removeAttrs (lib.functionArgs module) (attrNames arguments)) // arguments)
        else
          module;

      load =
        parent: index: given:
        let
          module = call (if isPathLike given then import given else given);
          isLong = module ? options || module ? config;
          file = toString (module._file or (if isPathLike given then given else parent.file));
          key = module.key or (if isPathLike given then toString given else "${parent.key}:${toString index}");
        in
        {
          inherit key file;
          options = module.options or { };
          freeformType = module.freeformType or null;
          definition = {
            inherit file;
            value =
              if isLong then
                module.config or { }
              else
                removeAttrs module [ "imports" "_file" "_class" "key" "freeformType" "disabledModules" "meta" ];
          };
          imports = loadAll { inherit key file; } (module.imports or [ ]);
        };
      loadAll = parent: given: genList (index: load parent index (elemAt given index)) (length given);

      own = {
        key = "module-system";
        file = "lib/modules.nix";
        options._module = {
          args = lib.mkOption { type = lib.types.lazyAttrsOf lib.types.raw; default = { }; };
          check = lib.mkOption { type = lib.types.bool; default = true; };
          freeformType = lib.mkOption { type = lib.types.raw; default = null; };
        };
        freeformType = null;
        definition = { file = "lib/modules.nix"; value = { }; };
        imports = [ ];
      };

      # The closure follows `imports` and drops a module that is imported twice.
      loaded = builtins.genericClosure {
        startSet = [ own ] ++ loadAll { key = "top"; file = "<unknown-file>"; } modules;
        operator = module: module.imports;
      };
      options = foldl' lib.recursiveUpdate { } (map (module: module.options) loaded);
      freeformTypes = filter (type: type != null) (map (module: module.freeformType) loaded);
      extendModules =
        more:
        lib.evalModules {
          modules = modules ++ more.modules or [ ];
          specialArgs = specialArgs // more.specialArgs or { };
          inherit prefix class;
        };
      freeformType = if freeformTypes == [ ] then null else lib.last freeformTypes;
      definitions = map (module: module.definition) loaded;

      # What modules see of each other is not checked, or they could not be put together; what comes out is.
      config = evaluateTree prefix options definitions freeformType;
      unknown = if freeformType == null then unknownIn prefix options definitions else [ ];
      checked =
        value:
        if unknown == [ ] then
          value
        else
          let
            first = builtins.head unknown;
          in
          throw "The option `${showOption first.path}' does not exist. Definition values:${lib.showDefinitions first.definitions}";
    in
    {
      inherit options class extendModules;
      config = checked (removeAttrs config (if prefix == [ ] then [ ] else [ "_module" ]));
      _module.args = config._module.args;
      type = lib.types.submodule modules;
    };
}
