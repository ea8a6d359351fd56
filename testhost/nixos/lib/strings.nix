let
  inherit (builtins) concatStringsSep genList replaceStrings stringLength substring;
in
rec {
  inherit (builtins) concatStringsSep match replaceStrings split stringLength substring toString unsafeDiscardStringContext;

  concatStrings = concatStringsSep "";
  concatMapStrings = f: items: concatStrings (map f items);
  concatMapStringsSep = separator: f: items: concatStringsSep separator (map f items);
  concatLines = concatMapStrings (line: line + "\n");
  optionalString = condition: text: if condition then text else "";
  boolToString = value: if value then "true" else "false";

  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  hasSuffix =
    suffix: text:
    let
      start = stringLength text - stringLength suffix;
    in
    start >= 0 && substring start (-1) text == suffix;
  hasInfix = infix: text: builtins.length (splitString infix text) > 1;
  removePrefix = prefix: text: if hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
  removeSuffix = suffix: text: if hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;

  stringToCharacters = text: genList (i: substring i 1 text) (stringLength text);
  stringAsChars = f: text: concatStrings (map f (stringToCharacters text));
  escapeRegex = replaceStrings [ "\\" "[" "{" "(" ")" "^" "$" "?" "*" "+" "|" "." "}" "]" ] [ "\\\\" "\\[" "\\{" "\\(" "\\)" "\\^" "\\$" "\\?" "\\*" "\\+" "\\|" "\\." "\\}" "\\]" ];
  splitString = separator: text: builtins.filter builtins.isString (builtins.split (escapeRegex separator) (toString text));
  toLower = replaceStrings (stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ") (stringToCharacters "abcdefghijklmnopqrstuvwxyz");
  toUpper = replaceStrings (stringToCharacters "abcdefghijklmnopqrstuvwxyz") (stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  trim =
    text:
    let
      found = builtins.match "[[:space:]]*(.*[^[:space:]])?[[:space:]]*" text;
    in
    if found == null || builtins.head found == null then "" else builtins.head found;
  fixedWidthNumber = width: number: let text = toString number; in concatStrings (genList (_: "0") (width - stringLength text)) + text;

  # Always in single quotes: correct for every text, and no special cases to get wrong.
  escapeShellArg = text: "'" + replaceStrings [ "'" ] [ "'\\''" ] (toString text) + "'";
  escapeShellArgs = concatMapStringsSep " " escapeShellArg;
  # systemd reads `%` and `$` in command lines; both are doubled to stand for themselves.
  escapeSystemdExecArg = argument: replaceStrings [ "%" "$" ] [ "%%" "$$" ] (builtins.toJSON (toString argument));
  escapeSystemdExecArgs = concatMapStringsSep " " escapeSystemdExecArg;

  makeBinPath = concatMapStringsSep ":" (package: "${package.bin or package.out or package}/bin");
  makeSearchPath = directory: concatMapStringsSep ":" (path: "${path}/${directory}");
  sanitizeDerivationName = text: concatStrings (map (part: if builtins.isList part then "-" else part) (split "[^[:alnum:]+._?=-]+" (toString text)));
}
