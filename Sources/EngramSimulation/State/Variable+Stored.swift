package import EngramStorage
import EngramUnits

extension Variable {
  /// What files say about it beside its values.
  package var storedMetadata: StoredMetadata {
    var flags: StoredMetadata.Flags = []
    if isReadOnly { flags.insert(.readOnly) }
    if isConstant { flags.insert(.constant) }
    if isScalar { flags.insert(.scalar) }
    if isDynamic { flags.insert(.dynamic) }
    if name.hasPrefix("_") { flags.insert(.internal) }
    if isScratch { flags.insert(.scratch) }
    return StoredMetadata(
      kind: isConstant && isReadOnly ? .sealed : .hot, flags: flags, dimension: dimension.exponents, unit: unitText(dimension))
  }
}
