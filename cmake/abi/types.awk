# From what abidw writes of a library (twice as input): the layout of each public type of chatapps, a line for each base,
# member, virtual function and enumerator, sorted by whoever calls this. Offsets and sizes are in bits.
function value(attribute,   at, rest) {
  at = index($0, " " attribute "='")
  if (!at) return ""
  rest = substr($0, at + length(attribute) + 3)
  rest = substr(rest, 1, index(rest, "'") - 1)
  gsub(/&lt;/, "<", rest)
  gsub(/&gt;/, ">", rest)
  gsub(/&amp;/, "\\&", rest)
  return rest
}
function typeName(id) {
  if (id in name) return name[id]
  if (id in of) return before[id] (depth++ < 20 ? typeName(of[id]) : "...") after[id]
  return "?"
}
function type(id) { depth = 0; return typeName(id) }
function push(what) { stack[++height] = what }
function scope(   i, path) {
  path = ""
  for (i = 1; i <= height; ++i) path = path (i > 1 ? "::" : "") stack[i]
  return path
}
# What is in namespaces of its own below chatapps is the library's own affair.
function isPublic() { return path ~ /^chatapps::[A-Z]/ }

FNR == 1 { ++pass }
pass == 1 {
  if (/<(class|union|enum|typedef|type)-decl /) name[value("id")] = value("name")
  if (/<(pointer|reference|qualified)-type-def /) {
    id = value("id")
    of[id] = value("type-id")
    if (/<pointer/) after[id] = "*"
    if (/<reference/) after[id] = value("kind") == "rvalue" ? "&&" : "&"
    if (/<qualified/ && value("const") == "yes") before[id] = "const "
  }
  next
}
/<namespace-decl / { push(value("name")); next }
/<\/(namespace|class|union|enum)-decl>/ { --height; path = scope(); next }
/<(class|union|enum)-decl / {
  push(value("name"))
  path = scope()
  # Of enumerations only newer versions of abidw tell the size.
  if (isPublic() && value("is-declaration-only") != "yes" && /size-in-bits/ && !/<enum-decl/) print path ": " value("size-in-bits") " bits"
  if (/\/>$/) { --height; path = scope() }
  next
}
!isPublic() { next }
/<base-class / { print path " base at " value("layout-offset-in-bits") ": " type(value("type-id")) }
/<data-member / { offset = value("layout-offset-in-bits"); next }
/<var-decl / && offset != "" { print path " member at " offset ": " value("name") ", " type(value("type-id")); offset = "" }
/<enumerator / { print path " enumerator: " value("name") " = " value("value") }
/<member-function .*vtable-offset='[0-9]/ { slot = value("vtable-offset"); next }
/<function-decl / && slot != "" { print path " virtual " slot ": " value("name"); slot = "" }
