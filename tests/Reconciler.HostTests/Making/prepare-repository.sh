#!/usr/bin/env bash
# prepare-repository.sh PROJECT FOLDER flake|plain SETTINGS: makes in FOLDER
#   srv/infra.git   the repository the machine follows, without commits
#   infra           a clone of it, by a relative path, so that both can be copied, made of examples/repo-layout with this machine's addresses and short times
#   flake           our flake, as the machine sees it
set -euo pipefail
project=$1 folder=$2 kind=$3 settings=$4

mkdir -p "$folder/srv" "$folder/flake"
cp -r "$project/flake.nix" "$project/nix" "$folder/flake/"
cp -r "$project/examples/repo-layout" "$folder/infra"
cd "$folder/infra"
sed -i -e 's|github:NixOS/nixpkgs/[^"]*|path:/usr/local/share/testhost/nixpkgs|' -e 's|github:reconciler-project/reconciler|path:/opt/reconciler-flake|' flake.nix
sed -i 's|https://git.example.org/infra.git|/srv/infra.git|' modules/reconciler.nix
cp "$(dirname "${BASH_SOURCE[0]}")/quick.nix" modules/quick.nix
printf '{ lib, ... }:\n{\n  services.reconciler.settings = {\n%s\n  };\n}\n' "$settings" > modules/settings.nix
printf '{ ... }: { environment.etc.mark.text = "installed"; }\n' > change.nix
sed -i 's|./modules/reconciler.nix|&\n        ./modules/quick.nix\n        ./modules/settings.nix\n        ./change.nix|' flake.nix

if [ "$kind" = plain ]; then
  rm flake.nix
  cat > configuration.nix <<'NIX'
{ ... }:
{
  imports = [
    /opt/reconciler-flake/nix/module.nix
    ./modules/base.nix
    ./modules/reconciler.nix
    ./modules/quick.nix
    ./modules/settings.nix
    ./change.nix
    ./hosts/web1/configuration.nix
  ];
}
NIX
fi

git init -q --bare -b main "$folder/srv/infra.git"
git init -q -b main .
git remote add origin ../srv/infra.git
