# The second web server says other words, on another port.
{ ... }:
{
  imports = [ ../../modules/web.nix ];

  networking.hostName = "web2";

  services.hello-web = {
    enable = true;
    port = 8082;
    greeting = "hello from web2";
  };

  # What this host alone has to pass: a system nobody can log in to is no good system.
  services.openssh.enable = true;
  services.reconciler.health.checks.ssh = {
    type = "tcp";
    host = "localhost";
    port = 22;
  };
}
