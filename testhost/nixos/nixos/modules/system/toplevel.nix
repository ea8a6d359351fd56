# The toplevel: one store path that is the whole system, laid out as on NixOS.
{ config, lib, pkgs, extendModules, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system;
  optionalText = mkOption { type = types.nullOr types.str; default = null; };

  failed = map (assertion: assertion.message) (lib.filter (assertion: !assertion.assertion) config.assertions);
  hostName = if config.networking.hostName == "" then "unnamed" else config.networking.hostName;

  specialisationOf =
    name: specialisation:
    (extendModules {
      modules = [
        specialisation.configuration
        { specialisation = lib.mkForce { }; system.name = lib.mkDefault "${hostName}-${name}"; }
      ];
    }).config.system.build.toplevel;
  linkSpecialisation = name: specialisation: ''ln -s ${specialisationOf name specialisation} "$out/specialisation/${name}"
  '';

  toplevel = pkgs.runCommand "nixos-system-${cfg.name}-${cfg.nixos.label}" {
    activate = cfg.build.activationScript;
    dryActivate = cfg.build.dryActivationScript;
    switcher = cfg.build.switchScript;
    init = builtins.readFile ./init.sh;
    passAsFile = [ "activate" "dryActivate" "switcher" "init" ];
    checks = map toString cfg.checks;
    extraDependencies = map toString cfg.extraDependencies;
  } ''
    install_script() { sed "s|@out@|$out|g" "$1" > "$out/$2"; chmod +x "$out/$2"; }

    mkdir -p "$out/bin" "$out/specialisation"
    install_script "$activatePath" activate
    install_script "$dryActivatePath" dry-activate
    install_script "$switcherPath" bin/switch-to-configuration
    install_script "$initPath" init

    ln -s ${cfg.build.kernel}/bzImage "$out/kernel"
    ln -s ${cfg.build.modulesTree} "$out/kernel-modules"
    ln -s ${cfg.build.initialRamdisk}/initrd "$out/initrd"
    ln -s ${cfg.build.etc}/etc "$out/etc"
    ln -s ${cfg.path} "$out/sw"
    ln -s ${config.systemd.package} "$out/systemd"
    ln -s ${cfg.build.switchInhibitors} "$out/switch-inhibitors"
    ln -s ${cfg.build.preSwitchChecks} "$out/pre-switch-checks"
    printf %s ${lib.escapeShellArg (toString config.boot.kernelParams)} > "$out/kernel-params"
    printf %s ${lib.escapeShellArg cfg.nixos.label} > "$out/nixos-version"
    printf %s ${lib.escapeShellArg cfg.initInterfaceVersion} > "$out/init-interface-version"
    printf %s "$system" > "$out/system"
    echo "$extraDependencies" > "$out/extra-dependencies"

    ${lib.concatStrings (lib.mapAttrsToList linkSpecialisation config.specialisation)}
    ${cfg.systemBuilderCommands}
    ${cfg.extraSystemBuilderCmds}
  '';

  checked =
    if failed != [ ] then
      throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (message: "- ${message}") failed}"
    else
      lib.foldr (warning: result: lib.warn warning result) toplevel config.warnings;
in
{
  options = {
    assertions = mkOption { type = types.listOf types.attrs; default = [ ]; };
    warnings = mkOption { type = types.listOf types.str; default = [ ]; };
    meta = mkOption { type = types.anything; default = { }; };
    specialisation = mkOption {
      default = { };
      type = types.attrsOf (
        types.submodule {
          options.inheritParentConfig = mkOption { type = types.bool; default = true; };
          options.configuration = mkOption { type = types.deferredModule; default = { }; };
        }
      );
    };
    system = {
      name = mkOption { type = types.str; default = hostName; };
      stateVersion = mkOption { type = types.str; default = cfg.nixos.release; };
      configurationRevision = optionalText;
      initInterfaceVersion = mkOption { type = types.str; default = "systemd 2"; };
      extraSystemBuilderCmds = mkOption { type = types.lines; default = ""; };
      systemBuilderCommands = mkOption { type = types.lines; default = ""; };
      extraDependencies = mkOption { type = types.listOf types.pathInStore; default = [ ]; };
      checks = mkOption { type = types.listOf types.package; default = [ ]; };
      path = mkOption { type = types.package; };
      build = mkOption { type = types.lazyAttrsOf types.unspecified; default = { }; };
      nixos = {
        release = mkOption { type = types.str; default = lib.version; };
        codeName = mkOption { type = types.str; default = "Stand-in"; };
        distroId = mkOption { type = types.str; default = "nixos"; };
        version = mkOption { type = types.str; default = "${cfg.nixos.release}.testhost"; };
        tags = mkOption { type = types.listOf types.str; default = [ ]; };
        label = mkOption {
          type = types.strMatching "[a-zA-Z0-9:_\\.-]*";
          default = lib.concatStringsSep "-" (lib.naturalSort cfg.nixos.tags ++ [ cfg.nixos.version ]);
        };
      };
    };
  };

  config.system.build = {
    toplevel = checked;
    nixos-rebuild = pkgs.nixos-rebuild;
  };
}
