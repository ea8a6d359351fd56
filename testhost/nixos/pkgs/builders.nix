# Builders. There is no compiler and no sandbox: a build is a shell script run by the host's /bin/sh.
{ lib, system, pkgs }:
let
  # A derivation that remembers its arguments, so that `overrideAttrs` can change them.
  build =
    attributes:
    let
      name = attributes.name or "${attributes.pname}-${attributes.version}";
      isPassedOn = key: value: !builtins.elem key [ "meta" "passthru" "script" ] && value != null;
      drv = derivation (
        {
          builder = "/bin/sh";
          args = [ "-e" "-c" attributes.script ];
          PATH = "/usr/bin:/bin:/usr/sbin:/sbin";
          preferLocalBuild = true;
          allowSubstitutes = false;
          inherit system;
        }
        // lib.filterAttrs isPassedOn attributes
        // { inherit name; }
      );
    in
    drv
    // attributes.passthru or { }
    // {
      pname = attributes.pname or (builtins.parseDrvName name).name;
      version = attributes.version or (builtins.parseDrvName name).version;
      meta = { mainProgram = attributes.pname or name; } // attributes.meta or { };
      overrideAttrs = change: build (attributes // (if lib.isFunction (change attributes) then change attributes attributes else change attributes));
    };

  runCommand = name: attributes: script: build (attributes // { inherit name script; });
in
rec {
  inherit runCommand;
  runCommandLocal = runCommand;
  runCommandNoCC = runCommand;

  stdenv = {
    inherit system;
    isLinux = true;
    hostPlatform = { inherit system; isLinux = true; isx86_64 = lib.hasPrefix "x86_64" system; isAarch64 = lib.hasPrefix "aarch64" system; };
    shell = runtimeShell;
    # Unpack, build, install; no other phases.
    mkDerivation =
      given:
      let
        attributes = if lib.isFunction given then lib.fix given else given;
      in
      build (
        attributes
        // {
          nativeBuildInputs = null;
          buildInputs = null;
          script = attributes.buildCommand or ''
            ${lib.optionalString (attributes ? src) ''cp -r --no-preserve=mode "$src" source; cd source''}
            ${attributes.buildPhase or ""}
            ${attributes.installPhase or ''mkdir -p "$out"''}
          '';
        }
      );
  };
  stdenvNoCC = stdenv;
  runtimeShell = "${pkgs.bash}/bin/bash";

  writeTextFile =
    { name, text, executable ? false, destination ? "", meta ? { }, ... }:
    build {
      inherit name text meta;
      passAsFile = [ "text" ];
      script = ''
        file="$out${destination}"
        mkdir -p "''${file%/*}"
        cp "$textPath" "$file"
        ${lib.optionalString executable ''chmod +x "$file"''}
      '';
    };
  writeText = name: text: writeTextFile { inherit name text; };
  writeTextDir = path: text: writeTextFile { name = builtins.baseNameOf path; inherit text; destination = "/${path}"; };
  writeScript = name: text: writeTextFile { inherit name text; executable = true; };
  writeScriptBin = name: text: writeTextFile { inherit name text; executable = true; destination = "/bin/${name}"; };
  writeShellScript = name: text: writeScript name "#!${runtimeShell}\n${text}\n";
  writeShellScriptBin = name: text: writeScriptBin name "#!${runtimeShell}\n${text}\n";
  writeShellApplication =
    { name, text, runtimeInputs ? [ ], ... }:
    writeShellScriptBin name ''
      set -o errexit -o nounset -o pipefail
      export PATH="${lib.makeBinPath runtimeInputs}:$PATH"
      ${text}
    '';

  # One tree of links over many packages. Of two files at the same place the first package's wins.
  symlinkJoin =
    { name, paths, postBuild ? "", meta ? { }, ... }:
    build {
      inherit name meta;
      paths = map toString (lib.reverseList paths);
      script = ''
        mkdir -p "$out"
        for path in $paths; do cp --recursive --symbolic-link --force "$path"/. "$out"/; chmod -R u+w "$out"; done
        ${postBuild}
      '';
    };
  buildEnv = { name, paths, postBuild ? "", ... }: symlinkJoin { inherit name paths postBuild; };
  linkFarm =
    name: entries:
    runCommand name { } (
      ''mkdir -p "$out"; cd "$out"; ''
      + lib.concatMapStrings (entry: ''
        mkdir -p "$(dirname ${lib.escapeShellArg entry.name})"
        ln -s ${entry.path} ${lib.escapeShellArg entry.name}
      '') (if builtins.isList entries then entries else lib.mapAttrsToList (name: path: { inherit name path; }) entries)
    );
  emptyDirectory = runCommand "empty-directory" { } ''mkdir "$out"'';
  emptyFile = writeText "empty-file" "";
}
