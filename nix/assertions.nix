# What is refused before anything is built. The daemon's own check, which runs in the build, knows all the rest; here is what it cannot see or comes too late for.
{ config, lib, ... }:
let
  cfg = config.services.reconciler;
  option = "services.reconciler";
  repository = cfg.settings.repository or { };

  # Every leaf of the settings: { at = [ "forge" "tokenFile" ]; value; }.
  leaves =
    at: value:
    if builtins.isAttrs value && !lib.isDerivation value then
      lib.concatLists (lib.mapAttrsToList (name: leaves (at ++ [ name ])) value)
    else if builtins.isList value then
      lib.concatLists (lib.imap0 (index: leaves (at ++ [ (toString index) ])) value)
    else
      [ { inherit at value; } ];
  settings = leaves [ ] cfg.settings;
  named = leaf: "${option}.settings.${lib.concatStringsSep "." leaf.at}";

  # --- secrets

  secretKeys = [
    "tokenFile"
    "sshKeyFile"
    "privateKeyFile"
    "secretFile"
    "secretFiles"
    "urlFile"
    "headersFile"
  ];
  isSecret = leaf: lib.any (key: lib.elem key secretKeys) leaf.at;
  isReadByAll =
    value:
    builtins.isPath value
    || lib.isDerivation value
    || lib.hasPrefix "${builtins.storeDir}/" (toString value);
  readByAll =
    map named (lib.filter (leaf: isSecret leaf && isReadByAll leaf.value) settings)
    ++ lib.mapAttrsToList (name: _: "${option}.credentials.${name}") (
      lib.filterAttrs (_: isReadByAll) cfg.credentials
    );

  badNames = lib.filter (name: builtins.match "[A-Za-z0-9_.-]+" name == null) (
    lib.attrNames cfg.credentials
  );

  # The name of the credential that a setting refers to, or null.
  credentialOf =
    leaf:
    let
      found = builtins.match "/run/credentials/reconciler\\.service/(.+)" (
        if builtins.isString leaf.value then leaf.value else ""
      );
    in
    if found == null then null else lib.head found;
  strangers = lib.filter (
    leaf: credentialOf leaf != null && !(cfg.credentials ? ${credentialOf leaf})
  ) settings;

  # --- addresses

  # A user is no secret for ssh; over http it is one, for many forges take a token in its place.
  holdsSecret =
    url:
    builtins.isString url
    && (
      builtins.match "https?://[^/?#]*@.*" url != null
      || builtins.match "[a-z+]+://[^/?#@]*:[^/?#]*@.*" url != null
    );
  isAddress = leaf: lib.head leaf.at == "repository" && lib.last leaf.at == "url";
  addressesWithSecret = lib.filter (leaf: isAddress leaf && holdsSecret leaf.value) settings;

  perItem =
    items: message:
    map (item: {
      assertion = false;
      message = message item;
    }) items;
in
{
  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = (repository.url or null) != null || (repository.remotes or [ ]) != [ ];
        message = ''${option}.settings names no repository to follow. Set its address: ${option}.settings.repository.url = "https://git.example.org/infra.git";'';
      }
      {
        assertion = config.networking.hostName != "" || (cfg.settings.host or null) != null;
        message = ''networking.hostName is empty, so the daemon would not know which host it is, and would not start. Name the host there, or for Reconciler alone: ${option}.settings.host = "web1";'';
      }
    ]
    ++ perItem addressesWithSecret (
      leaf:
      "${named leaf} has a user or password in it, and everybody who can log in on the host could read it. "
      + ''Write the address without, and name a file with the token: ${option}.settings.repository.remotes = [ { url = …; tokenFile = …; } ];''
    )
    ++ perItem readByAll (
      place:
      "${place} is a file of the Nix store or about to become one, and everybody can read the store. Put the secret on the host by other means (agenix, sops-nix, by hand), "
      + ''and name it by its path there, in quotes, such as "/run/secrets/reconciler".''
    )
    ++ perItem badNames (
      name: "${option}.credentials has a name that systemd would not take: “${name}”. Use letters, digits, dots, dashes and underscores."
    );

    warnings = map (
      leaf:
      "${named leaf} names the credential “${credentialOf leaf}”, which ${option}.credentials does not have. Unless the unit gets it in another way, the daemon will not find it."
    ) strangers;
  };
}
