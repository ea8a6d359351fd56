# A small web server with its own health check.
{ pkgs, ... }:
{
  environment.etc."hello-web/index.html".text = "hello from web1\n";

  systemd.services.hello-web = {
    description = "A small web server that says hello";
    wantedBy = [ "multi-user.target" ];
    serviceConfig.ExecStart = "${pkgs.busybox}/bin/busybox httpd -f -p 8081 -h /etc/hello-web";
  };

  # Reviewed with what it checks, and counts from the commit that brings it.
  services.reconciler.health.checks.hello-web = {
    type = "http";
    url = "http://localhost:8081/";
    bodyContains = "hello from web1";
  };
}
