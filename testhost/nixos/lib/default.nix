# The library: the part of nixpkgs' `lib` that host configurations and the modules here use.
# Every name means what it means in nixpkgs, so a configuration can move to a real NixOS host unchanged.
let
  strings = import ./strings.nix;
  lists = import ./lists.nix;
  attrsets = import ./attrsets.nix;
  options = import ./options.nix { inherit lib; };
  types = import ./types.nix { inherit lib; };
  modules = import ./modules.nix { inherit lib; };
  generators = import ./generators.nix { inherit lib; };

  lib =
    strings
    // lists
    // attrsets
    // options
    // modules
    // {
      inherit strings lists attrsets options types modules generators;

      inherit (builtins) functionArgs isFunction isInt isFloat isBool isPath pathExists readFile fromJSON toJSON trace seq deepSeq;

      id = x: x;
      const = x: _: x;
      flip = f: a: b: f b a;
      pipe = builtins.foldl' (x: f: f x);
      importJSON = path: builtins.fromJSON (builtins.readFile path);
      warn = message: builtins.trace "warning: ${message}";
      warnIf = condition: message: if condition then lib.warn message else (x: x);
      throwIf = condition: message: if condition then throw message else (x: x);
      throwIfNot = condition: lib.throwIf (!condition);
      min = a: b: if a < b then a else b;
      max = a: b: if a > b then a else b;
      fix = f: let self = f self; in self;
      extends = overlay: base: final: let previous = base final; in previous // overlay final previous;

      version = "25.05";
      versionAtLeast = a: b: builtins.compareVersions a b >= 0;
      versionOlder = a: b: builtins.compareVersions a b < 0;

      # A program of a package, by its full path.
      getExe = package: lib.getExe' package (package.meta.mainProgram or package.pname or package.name);
      getExe' = package: program: "${lib.getBin package}/bin/${program}";
      getBin = package: package.bin or package.out or package;
      getName = package: package.pname or (builtins.parseDrvName package.name).name;
      getVersion = package: package.version or (builtins.parseDrvName package.name).version;

      # `f arguments` that can be called again with some arguments changed.
      makeOverridable =
        f: arguments:
        let
          result = f arguments;
        in
        result // { override = changes: lib.makeOverridable f (arguments // (if lib.isFunction changes then changes arguments else changes)); };

      # Snippets of the activation script, alone or after others.
      noDepEntry = text: { inherit text; deps = [ ]; };
      fullDepEntry = text: deps: { inherit text deps; };

      platforms.linux = [ "x86_64-linux" "aarch64-linux" ];
      systems.flakeExposed = [ "x86_64-linux" "aarch64-linux" ];
      licenses = builtins.listToAttrs (map (name: { inherit name; value = { shortName = name; free = true; }; }) [ "mit" "asl20" "gpl3Only" "gpl3Plus" "bsd3" "mpl20" ]);
      maintainers = { };
    };
in
lib
