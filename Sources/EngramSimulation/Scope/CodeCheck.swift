import EngramExpressions

/// Checks model code against the meaning of its names.
struct CodeCheck {
  let request: CodeRequest
  let table: CodeSymbols
  let names: NameResolution

  func run() throws -> Bool { false }
}
