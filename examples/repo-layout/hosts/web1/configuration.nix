{ ... }:
{
  imports = [ ../../modules/web.nix ];

  networking.hostName = "web1";

  services.hello-web = {
    enable = true;
    greeting = "hello from web1";
  };
}
