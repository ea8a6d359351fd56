let
  inherit (builtins) elem elemAt filter foldl' genList head isList length tail;
in
rec {
  inherit (builtins) all any concatLists concatMap elem elemAt filter foldl' genList head isList length partition sort tail;

  foldr = f: initial: items: foldl' (result: item: f item result) initial (reverseList items);
  singleton = item: [ item ];
  optional = condition: item: if condition then [ item ] else [ ];
  optionals = condition: items: if condition then items else [ ];
  toList = value: if isList value then value else [ value ];
  last = items: elemAt items (length items - 1);
  init = items: take (length items - 1) items;
  take = count: items: genList (elemAt items) (if count < length items then count else length items);
  drop = count: items: if count >= length items then [ ] else genList (i: elemAt items (i + count)) (length items - count);
  reverseList = items: genList (i: elemAt items (length items - 1 - i)) (length items);
  unique = foldl' (seen: item: if elem item seen then seen else seen ++ [ item ]) [ ];
  subtractLists = unwanted: filter (item: !elem item unwanted);
  remove = unwanted: filter (item: item != unwanted);
  intersectLists = wanted: filter (item: elem item wanted);
  range = first: final: if first > final then [ ] else genList (i: first + i) (final - first + 1);
  imap0 = f: items: genList (i: f i (elemAt items i)) (length items);
  imap1 = f: items: genList (i: f (i + 1) (elemAt items i)) (length items);
  flatten = value: if isList value then builtins.concatMap flatten value else [ value ];
  findFirst = predicate: default: items: let found = filter predicate items; in if found == [ ] then default else head found;
  count = predicate: items: length (filter predicate items);
  zipListsWith = f: a: b: genList (i: f (elemAt a i) (elemAt b i)) (if length a < length b then length a else length b);
  groupBy = builtins.groupBy;
  naturalSort = builtins.sort builtins.lessThan;
  forEach = items: f: map f items;
}
