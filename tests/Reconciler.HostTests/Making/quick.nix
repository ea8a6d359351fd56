# Tests have less patience than a real host should: seconds instead of minutes.
{ lib, ... }:
{
  services.reconciler.settings = {
    repository.pollInterval = lib.mkOverride 90 "5s";
    trial = {
      window = "5m"; # a loaded machine may take its time; no test waits for this to end
      warmUp = "0s";
      interval = "1s";
      minimum = "0s";
      successStreak = 2;
      failureLimit = 2;
    };
    preflight = {
      minimumStoreFree = "64MiB";
      minimumBootFree = "1MiB";
    };
  };
  systemd.services.reconciler = {
    unitConfig.StartLimitIntervalSec = 0;
    serviceConfig.RestartSec = lib.mkForce "200ms";
  };
}
