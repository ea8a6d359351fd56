let
  inherit (builtins) attrNames filter foldl' head isAttrs listToAttrs mapAttrs tail;
in
rec {
  inherit (builtins) attrNames attrValues catAttrs getAttr hasAttr intersectAttrs isAttrs isString listToAttrs mapAttrs removeAttrs zipAttrsWith;

  nameValuePair = name: value: { inherit name value; };
  optionalAttrs = condition: attrs: if condition then attrs else { };
  mapAttrsToList = f: attrs: map (name: f name attrs.${name}) (attrNames attrs);
  attrsToList = mapAttrsToList nameValuePair;
  mapAttrs' = f: attrs: listToAttrs (mapAttrsToList f attrs);
  filterAttrs = predicate: attrs: removeAttrs attrs (filter (name: !predicate name attrs.${name}) (attrNames attrs));
  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  concatMapAttrs = f: attrs: foldl' (a: b: a // b) { } (mapAttrsToList f attrs);
  mergeAttrsList = foldl' (a: b: a // b) { };
  isDerivation = value: isAttrs value && value.type or null == "derivation";

  attrByPath = path: default: attrs:
    if path == [ ] then attrs
    else if attrs ? ${head path} then attrByPath (tail path) default attrs.${head path}
    else default;
  hasAttrByPath = path: attrs: path == [ ] || (attrs ? ${head path} && hasAttrByPath (tail path) attrs.${head path});
  setAttrByPath = path: value: if path == [ ] then value else { ${head path} = setAttrByPath (tail path) value; };
  getAttrFromPath = path: attrByPath path (throw "cannot find attribute `${builtins.concatStringsSep "." path}'");

  recursiveUpdateUntil = stop: a: b:
    a // mapAttrs (name: value: if a ? ${name} && !stop a.${name} value then recursiveUpdateUntil stop a.${name} value else value) b;
  recursiveUpdate = recursiveUpdateUntil (a: b: !(isAttrs a && isAttrs b) || isDerivation a || isDerivation b);
  mapAttrsRecursive =
    f:
    let
      visit = path: mapAttrs (name: value: (if isAttrs value then visit else f) (path ++ [ name ]) value);
    in
    visit [ ];
}
