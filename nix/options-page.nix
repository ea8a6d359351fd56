# The page of the module's options, as one text. `lib` is that of any module system.
{ lib }:
let
  inherit (lib) concatMapStrings concatStringsSep;

  pkgs = {
    formats.json = _: {
      type = lib.types.attrsOf lib.types.anything // {
        description = "JSON value";
      };
    };
  };
  evaluated = lib.evalModules {
    modules = [
      ./module.nix
      { _module.check = false; }
    ];
    specialArgs = { inherit pkgs; };
  };

  # Every option below a tree of them, sorted by its path.
  optionsIn =
    path: tree:
    lib.concatLists (
      lib.mapAttrsToList (
        name: node:
        if lib.isOption node then
          [
            {
              path = path ++ [ name ];
              option = node;
            }
          ]
        else
          optionsIn (path ++ [ name ]) node
      ) tree
    );

  isName = text: builtins.match "[A-Za-z_][A-Za-z0-9_'-]*" text != null;
  key = name: if isName name then name else builtins.toJSON name;

  # A value as one writes it, over several lines when it holds more than one thing.
  show =
    indent: value:
    let
      deeper = indent + "  ";
      lines = items: "\n${concatMapStrings (item: "${deeper}${item}\n") items}${indent}";
    in
    if value._type or "" == "literalExpression" then
      value.text
    else if builtins.isAttrs value then
      if value == { } then
        "{ }"
      else
        "{${lines (lib.mapAttrsToList (name: item: "${key name} = ${show deeper item};") value)}}"
    else if builtins.isList value then
      if value == [ ] then "[ ]" else "[ ${concatStringsSep " " (map (show indent) value)} ]"
    else
      builtins.toJSON value;

  # A text may be Markdown of its own already.
  field =
    title: value:
    if value._type or "" == "literalMD" then
      "${title}: ${value.text}\n"
    else
      block title (show "" value);
  block =
    title: text:
    if lib.hasInfix "\n" text then
      "${title}:\n\n```nix\n${text}\n```\n"
    else
      "${title}: `${text}`\n";
  shown =
    { path, option }:
    concatStringsSep "\n" (
      [
        "## `${lib.showOption path}`\n"
        "${lib.removeSuffix "\n" option.description}\n"
        "Type: ${option.type.description}\n"
      ]
      ++ lib.optional (option ? default || option ? defaultText) (
        field "Default" (option.defaultText or option.default)
      )
      ++ lib.optional (option ? example) (field "Example" option.example)
    );
in
''
  # Options of the NixOS module

  <!-- Made from nix/module.nix by tools/nix-options. -->

  How to take the module is in [the README](../README.md#put-it-on-a-host). A small whole, with a token and a webhook's secret:

  ```nix
  {
    services.reconciler = {
      enable = true;
      credentials = {
        github = "/run/secrets/reconciler-github";
        hook = "/run/secrets/reconciler-hook";
      };
      settings = {
        repository.url = "https://github.com/acme/infra.git";
        forge = {
          kind = "github";
          tokenFile = "/run/credentials/reconciler.service/github";
        };
        webhook = {
          provider = "github";
          secretFiles = [ "/run/credentials/reconciler.service/hook" ];
        };
      };
    };
  }
  ```

''
+ concatStringsSep "\n" (map shown (optionsIn [ ] { inherit (evaluated.options) services; }))
