/// Names that are taken. They are not given back when objects disappear, so the numbering depends on the sequence of constructions
/// alone (NAM-2, 3).
struct TakenNames {
  private var names: Set<String> = []
  private var nextNumber: [String: Int] = [:]

  mutating func claim(_ pattern: ObjectName) -> String {
    guard pattern.wantsUnique else {
      names.insert(pattern.text)
      return pattern.text
    }
    let base = pattern.base
    let first = nextNumber[base] ?? 1
    let name = findName(pattern, firstNumber: first, isTaken: names.contains)
    if name != base { nextNumber[base] = Int(name.dropFirst(base.count + 1)).map { $0 + 1 } }
    names.insert(name)
    return name
  }
}
