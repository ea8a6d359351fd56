# How this host follows the repository.
let
  # The revision of Reconciler. A commit id instead of `main` keeps it fixed.
  reconciler = builtins.fetchTarball "https://github.com/reconciler-project/reconciler/archive/main.tar.gz";
in
{
  imports = [ "${reconciler}/nix/module.nix" ];

  services.reconciler = {
    enable = true;
    settings = {
      repository.url = "https://git.example.org/web1.git";
      build = {
        kind = "plain";
        # Which nixpkgs: a daemon has no channels of its own. A commit id instead of the branch keeps it fixed.
        extraArguments = [ "-I" "nixpkgs=https://github.com/NixOS/nixpkgs/archive/nixos-25.11.tar.gz" ];
      };
    };
  };
}
