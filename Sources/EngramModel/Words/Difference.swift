/// A kind of difference between a stored model and the one it is restored into (CKP-24).
public enum Difference: String, Sendable, Hashable, CaseIterable {
  case equations
  /// Threshold, reset, pathways and other code, and how it is integrated.
  case code
  /// Values of namespaces.
  case constants
  /// Element types; only conversions that lose nothing.
  case types
  /// Also conversions that may lose precision.
  case lossyTypes
  /// Everything else that an object was made with: sizes, what is recorded, clocks.
  case structure
  /// Objects of the network that the checkpoint does not know; they keep their state (CKP-25).
  case addedObjects
  /// Objects of the checkpoint that the network does not have.
  case removedObjects
  /// Variables of known objects that the checkpoint does not know; they keep their values.
  case addedVariables
  case removedVariables
}
