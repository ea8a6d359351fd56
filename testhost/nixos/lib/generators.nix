{ lib }:
rec {
  mkValueStringDefault = _: value: if builtins.isBool value then lib.boolToString value else toString value;
  mkKeyValueDefault = { mkValueString ? mkValueStringDefault { } }: separator: key: value: "${key}${separator}${mkValueString value}";
  toKeyValue =
    { mkKeyValue ? mkKeyValueDefault { } "=", listsAsDuplicateKeys ? false, ... }:
    attrs:
    lib.concatStrings (
      lib.concatLists (
        lib.mapAttrsToList (
          key: value: map (item: mkKeyValue key item + "\n") (if listsAsDuplicateKeys then lib.toList value else [ value ])
        ) attrs
      )
    );
  toINI =
    options: sections:
    lib.concatStringsSep "\n" (lib.mapAttrsToList (name: section: "[${name}]\n" + toKeyValue options section) sections);
  toJSON = _: builtins.toJSON;
}
