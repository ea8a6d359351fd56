# A small web server with its own health check.
{ config, lib, pkgs, ... }:
let
  cfg = config.services.hello-web;
in
{
  options.services.hello-web = {
    enable = lib.mkEnableOption "a small web server that says hello";
    port = lib.mkOption {
      type = lib.types.port;
      default = 8081;
      description = "Where it listens.";
    };
    greeting = lib.mkOption {
      type = lib.types.str;
      default = "hello";
      description = "What it says.";
    };
  };

  config = lib.mkIf cfg.enable {
    environment.etc."hello-web/index.html".text = "${cfg.greeting}\n";

    systemd.services.hello-web = {
      description = "A small web server that says hello";
      wantedBy = [ "multi-user.target" ];
      serviceConfig = {
        ExecStart = "${pkgs.busybox}/bin/busybox httpd -f -p ${toString cfg.port} -h /etc/hello-web";
        Restart = "on-failure";
        RestartSec = 1;
      };
    };

    # The check is part of the configuration it checks: it is reviewed with it, and counts from the commit that brings it.
    services.reconciler.health.checks.hello-web = {
      type = "http";
      url = "http://localhost:${toString cfg.port}/";
      bodyContains = cfg.greeting;
    };
  };
}
