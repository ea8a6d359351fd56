{
  description = "Reconciler: makes a NixOS host follow a Git repository, and puts it back when that goes wrong";

  outputs = { self }: {
    nixosModules.default = ./nix/module.nix;
    nixosModules.reconciler = ./nix/module.nix;
  };
}
