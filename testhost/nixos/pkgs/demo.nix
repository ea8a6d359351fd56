# Small packages with real names and versions, so that a change of packages shows as one:
# `hello: 2.10 → 2.12.1`. Their programs print their name; `hello` also greets.
{ lib, pkgs }:
let
  demo = lib.makeOverridable (
    {
      pname,
      version,
      programs ? [ pname ],
      kib ? 16, # ballast, so that closure sizes differ as well
      greeting ? "${pname} ${version}",
    }:
    pkgs.stdenv.mkDerivation {
      inherit pname version programs greeting;
      meta.mainProgram = lib.head programs;
      buildCommand = ''
        mkdir -p "$out/bin" "$out/share/${pname}"
        head -c ${toString (kib * 1024)} /dev/zero > "$out/share/${pname}/ballast"
        for program in $programs; do
          printf '#!/bin/sh\n[ "''${1:-}" = --version ] && { echo "%s %s"; exit; }\necho "%s"\n' "$pname" "$version" "$greeting" > "$out/bin/$program"
          chmod +x "$out/bin/$program"
        done
      '';
    }
  );
  helloAt = version: demo { pname = "hello"; inherit version; kib = 52; greeting = "Hello, world!"; };
in
rec {
  hello_2_10 = helloAt "2.10";
  hello_2_12 = helloAt "2.12.1";
  inherit demo;

  cowsay = demo { pname = "cowsay"; version = "3.8.4"; };
  figlet = demo { pname = "figlet"; version = "2.2.5"; };
  htop_3_3 = demo { pname = "htop"; version = "3.3.0"; kib = 380; };
  htop_3_4 = demo { pname = "htop"; version = "3.4.1"; kib = 402; };
  nginx_1_26 = demo { pname = "nginx"; version = "1.26.3"; kib = 1400; };
  nginx_1_28 = demo { pname = "nginx"; version = "1.28.0"; kib = 1460; };
  openssl_3_0 = demo { pname = "openssl"; version = "3.0.16"; kib = 6200; };
  openssl_3_5 = demo { pname = "openssl"; version = "3.5.0"; kib = 8100; };
  postgresql_16 = demo { pname = "postgresql"; version = "16.9"; programs = [ "postgres" "psql" ]; kib = 9000; };
  postgresql_17 = demo { pname = "postgresql"; version = "17.5"; programs = [ "postgres" "psql" ]; kib = 9400; };
  ripgrep = demo { pname = "ripgrep"; version = "14.1.1"; programs = [ "rg" ]; };
  tmux = demo { pname = "tmux"; version = "3.5a"; };
  tree = demo { pname = "tree"; version = "2.2.1"; };
  vim = demo { pname = "vim"; version = "9.1.1336"; kib = 700; };

  hello = hello_2_12;
  htop = htop_3_4;
  nginx = nginx_1_28;
  openssl = openssl_3_5;
  postgresql = postgresql_17;
}
