# systemd units: options in, unit files out.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.systemd;

  flag = default: mkOption { type = types.bool; inherit default; };
  text = mkOption { type = types.lines; default = ""; };
  names = mkOption { type = types.listOf types.str; default = [ ]; };
  paths = mkOption { type = types.listOf types.unspecified; default = [ ]; };
  count = mkOption { type = types.nullOr types.int; default = null; };

  # One unit setting. Written in several places, single values must agree and lists add up.
  setting = types.mkOptionType {
    name = "systemd option";
    merge =
      path: definitions:
      if lib.any (d: builtins.isList d.value) definitions then
        lib.concatMap (d: lib.toList d.value) definitions
      else
        types.unspecified.merge path definitions;
  };
  settings = mkOption { type = types.attrsOf setting; default = { }; };

  # --- options

  unitOptions = {
    enable = flag true;
    overrideStrategy = mkOption { type = types.enum [ "asDropinIfExists" "asDropin" ]; default = "asDropinIfExists"; };
    description = mkOption { type = types.singleLineStr; default = ""; };
    documentation = names;
    aliases = names;
    wantedBy = names;
    requiredBy = names;
    upheldBy = names;
    wants = names;
    requires = names;
    requisite = names;
    bindsTo = names;
    partOf = names;
    conflicts = names;
    before = names;
    after = names;
    onFailure = names;
    onSuccess = names;
    startLimitBurst = count;
    startLimitIntervalSec = count;
    restartTriggers = paths;
    reloadTriggers = paths;
    unitConfig = settings;
  };

  serviceOptions = {
    options = unitOptions // {
      serviceConfig = settings;
      environment = mkOption {
        type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package types.int ]));
        default = { };
      };
      path = mkOption { type = types.listOf (types.oneOf [ types.package types.str ]); default = [ ]; };
      enableDefaultPath = flag true;
      script = text;
      scriptArgs = mkOption { type = types.str; default = ""; };
      preStart = text;
      postStart = text;
      preStop = text;
      postStop = text;
      reload = text;
      restartIfChanged = flag true;
      reloadIfChanged = flag false;
      stopIfChanged = flag true;
      notSocketActivated = flag false;
      startAt = mkOption { type = types.coercedTo types.str lib.singleton (types.listOf types.str); default = [ ]; };
    };
  };

  kindOptions = extra: mkOption {
    type = types.attrsOf (types.submodule { options = unitOptions // extra; });
    default = { };
  };

  plainUnit = {
    options = {
      enable = flag true;
      text = mkOption { type = types.lines; default = ""; };
      aliases = names;
      wantedBy = names;
      requiredBy = names;
      upheldBy = names;
    };
  };

  # --- unit files

  valueText = value: if builtins.isBool value then lib.boolToString value else toString value;
  section =
    name: values:
    let
      lines = key: map (value: "${key}=${valueText value}\n") (lib.toList values.${key});
      given = lib.filter (key: values.${key} != null && values.${key} != [ ]) (lib.attrNames values);
    in
    lib.optionalString (given != [ ]) "[${name}]\n${lib.concatStrings (lib.concatMap lines given)}\n";

  joined = values: if values == [ ] then null else toString values;
  orNull = value: if value == "" then null else value;

  unitSection =
    unit:
    section "Unit" (
      {
        Description = orNull unit.description;
        Documentation = joined unit.documentation;
        Wants = joined unit.wants;
        Requires = joined unit.requires;
        Requisite = joined unit.requisite;
        BindsTo = joined unit.bindsTo;
        PartOf = joined unit.partOf;
        Conflicts = joined unit.conflicts;
        Before = joined unit.before;
        After = joined unit.after;
        OnFailure = joined unit.onFailure;
        OnSuccess = joined unit.onSuccess;
        StartLimitBurst = unit.startLimitBurst;
        StartLimitIntervalSec = unit.startLimitIntervalSec;
        X-Restart-Triggers = joined unit.restartTriggers;
        X-Reload-Triggers = joined unit.reloadTriggers;
      }
      // unit.unitConfig
    );

  # As on NixOS, a service finds only what it was given and these few: a missing `path` is found here too.
  defaultPath = [ pkgs.coreutils pkgs.findutils pkgs.gnugrep pkgs.gnused pkgs.systemd ];
  binAndSbin = path: "${path}/bin:${path}/sbin";

  script =
    name: step: body: arguments:
    if body == "" then
      null
    else
      let
        program = "${name}-${step}";
        package = pkgs.writeScriptBin program "#!${pkgs.runtimeShell}\nset -e\n${body}\n";
      in
      lib.removeSuffix " " "${package}/bin/${program} ${arguments}";

  serviceText =
    unitName: service:
    let
      name = lib.replaceStrings [ "@" ] [ "-" ] unitName;
      path = service.path ++ lib.optionals service.enableDefaultPath defaultPath;
      environment =
        cfg.globalEnvironment
        // lib.optionalAttrs (path != [ ]) { PATH = lib.concatMapStringsSep ":" binAndSbin path; }
        // service.environment;
    in
    unitSection service
    + section "Service" (
      {
        Environment = lib.mapAttrsToList (key: value: builtins.toJSON "${key}=${toString value}") (
          lib.filterAttrs (_: value: value != null) environment
        );
        ExecStart = script name "start" service.script service.scriptArgs;
        ExecStartPre = script name "pre-start" service.preStart "";
        ExecStartPost = script name "post-start" service.postStart "";
        ExecReload = script name "reload" service.reload "";
        ExecStop = script name "pre-stop" service.preStop "";
        ExecStopPost = script name "post-stop" service.postStop "";
        X-RestartIfChanged = if service.restartIfChanged then null else false;
        X-ReloadIfChanged = if service.reloadIfChanged then true else null;
        X-StopIfChanged = if service.stopIfChanged then null else false;
        X-NotSocketActivated = if service.notSocketActivated then true else null;
      }
      // service.serviceConfig
    );

  # "services" and "service" and the text of the section that only this kind has.
  unitsOfKind =
    suffix: textOf: units:
    lib.mapAttrs' (name: unit: lib.nameValuePair "${name}.${suffix}" {
      inherit (unit) enable aliases wantedBy requiredBy upheldBy;
      text = textOf name unit;
    }) units;
  withSection = title: key: _: unit: unitSection unit + section title unit.${key};

  # The file has the unit's own name: systemd would take a link to another name for an alias.
  unitFile =
    name: unit:
    let
      package = pkgs.writeTextFile {
        name = "unit-${lib.replaceStrings [ "@" "\\" ] [ "-" "-" ] name}";
        inherit (unit) text;
        destination = "/${name}";
      };
    in
    if unit.enable then "${package}/${name}" else "/dev/null";
  installUnit =
    name: unit:
    let
      unitName = lib.escapeShellArg name;
      linkFrom = relation: target: "mkdir -p ${target}.${relation}; ln -s ../${unitName} ${target}.${relation}/\n";
    in
    ''
      ln -s ${lib.escapeShellArg (unitFile name unit)} ${unitName}
      ${lib.concatMapStrings (alias: "ln -s ${unitName} ${lib.escapeShellArg alias}\n") unit.aliases}
    ''
    + lib.concatMapStrings (linkFrom "wants") unit.wantedBy
    + lib.concatMapStrings (linkFrom "requires") unit.requiredBy
    + lib.concatMapStrings (linkFrom "upholds") unit.upheldBy;

  systemUnits = pkgs.runCommand "system-units" { } ''
    mkdir -p "$out"
    cd "$out"
    ln -s ${cfg.defaultUnit} default.target
    ${lib.concatStrings (lib.mapAttrsToList installUnit cfg.units)}
  '';
in
{
  options.systemd = {
    package = mkOption { type = types.package; default = pkgs.systemd; };
    defaultUnit = mkOption { type = types.str; default = "multi-user.target"; };
    globalEnvironment = mkOption { type = types.attrsOf types.str; default = { }; };
    extraConfig = mkOption { type = types.lines; default = ""; };
    settings.Manager = settings;
    packages = paths;
    services = mkOption { type = types.attrsOf (types.submodule serviceOptions); default = { }; };
    timers = kindOptions { timerConfig = settings; };
    sockets = kindOptions { socketConfig = settings; listenStreams = names; };
    paths = kindOptions { pathConfig = settings; };
    targets = kindOptions { };
    slices = kindOptions { sliceConfig = settings; };
    units = mkOption { type = types.attrsOf (types.submodule plainUnit); default = { }; };
    user = mkOption { type = types.anything; default = { }; };
    network = mkOption { type = types.anything; default = { }; };
    coredump = mkOption { type = types.anything; default = { }; };
    oomd = mkOption { type = types.anything; default = { }; };
  };

  config = {
    systemd.units =
      unitsOfKind "service" serviceText cfg.services
      // unitsOfKind "timer" (withSection "Timer" "timerConfig") cfg.timers
      // unitsOfKind "path" (withSection "Path" "pathConfig") cfg.paths
      // unitsOfKind "slice" (withSection "Slice" "sliceConfig") cfg.slices
      // unitsOfKind "target" (_: unitSection) cfg.targets
      // unitsOfKind "socket" (
        _: socket: unitSection socket + section "Socket" ({ ListenStream = socket.listenStreams; } // socket.socketConfig)
      ) cfg.sockets;

    systemd.timers = lib.mapAttrs (_: service: {
      wantedBy = [ "timers.target" ];
      timerConfig.OnCalendar = service.startAt;
    }) (lib.filterAttrs (_: service: service.startAt != [ ]) cfg.services);

    # A switch starts again the targets it finds in the toplevel, and what they want with them. So
    # the usual ones are in it, although the host's own systemd has them as well.
    systemd.targets = {
      multi-user = {
        description = "Multi-User System";
        requires = [ "basic.target" ];
        after = [ "basic.target" "rescue.service" "rescue.target" ];
        conflicts = [ "rescue.service" "rescue.target" ];
        unitConfig.AllowIsolate = true;
      };
      timers = {
        description = "Timer Units";
        conflicts = [ "shutdown.target" ];
        unitConfig.DefaultDependencies = false;
      };
      sockets.description = "Socket Units";
      paths.description = "Path Units";
      network-online.description = "Network is Online";
      sysinit-reactivation = {
        description = "Reactivate sysinit units";
        unitConfig.RefuseManualStart = false;
      };
    };

    environment.etc = {
      "systemd/system".source = systemUnits;
      "systemd/system.conf".text = ''
        ${section "Manager" (
          { DefaultEnvironment = "NIX_PATH=${lib.concatStringsSep ":" config.nix.nixPath}"; DefaultTimeoutStopSec = "10s"; }
          // cfg.settings.Manager
        )}${cfg.extraConfig}
      '';
      # On disk, and soon: what happened before a power cut is what a test wants to read after it.
      "systemd/journald.conf".text = ''
        [Journal]
        Storage=persistent
        SyncIntervalSec=1s
        RateLimitBurst=0
      '';
    };
    system.build.units = cfg.units;
  };
}
