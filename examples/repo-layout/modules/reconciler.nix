# How every host follows this repository.
{ ... }:
{
  services.reconciler = {
    enable = true;
    settings = {
      repository = {
        remotes = [
          { name = "origin"; url = "https://git.example.org/infra.git"; }
        ];
        branch = "main";
        pollInterval = "1m";
      };
    };
  };
}
