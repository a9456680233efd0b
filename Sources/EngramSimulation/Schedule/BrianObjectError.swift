/// What the network was doing with an object when an error occurred.
public enum Phase: String, Sendable, Hashable {
  case preparing, running, finishing
}

/// An error of an object in a run, with the object, where it was made, and what was being done (COR-3, BAS-15).
public struct BrianObjectError: Error, CustomStringConvertible {
  public let objectName: String
  public let createdAt: SourceLocation
  public let phase: Phase
  public let underlying: any Error

  public init(objectName: String, createdAt: SourceLocation, phase: Phase, underlying: any Error) {
    self.objectName = objectName
    self.createdAt = createdAt
    self.phase = phase
    self.underlying = underlying
  }

  public var description: String {
    "error while \(phase.rawValue) object '\(objectName)' (created at \(createdAt)): \(underlying)"
  }
}

public typealias BrianObjectException = BrianObjectError

extension BrianObjectError {
  /// The same error if it already tells its object, else wrapped.
  static func wrap(_ error: any Error, object: BrianObject, phase: Phase) -> BrianObjectError {
    if let known = error as? BrianObjectError { return known }
    return BrianObjectError(objectName: object.name, createdAt: object.createdAt, phase: phase, underlying: error)
  }
}
