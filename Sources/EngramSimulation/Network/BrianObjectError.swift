public import EngramScalars

/// What the network was doing with an object when an error occurred.
public enum Phase: String, Sendable, Hashable {
  case preparing, running, finishing
}

/// An error of an object in a run, with the object, where it was made, and what was being done (COR-3, BAS-15).
public struct BrianObjectError: AddressedError {
  /// The object in which it happened.
  public let objectName: String
  /// The line of the program that made the object.
  public let createdAt: SourceLocation
  /// What the object was doing.
  public let phase: Phase
  /// What went wrong.
  public let underlying: any Error

  /// An error with its circumstances.
  public init(objectName: String, createdAt: SourceLocation, phase: Phase, underlying: any Error) {
    self.objectName = objectName
    self.createdAt = createdAt
    self.phase = phase
    self.underlying = underlying
  }

  /// Authors of model files have no use for the place in the program that made the object.
  public func text(for audience: Audience) -> String {
    switch audience {
    case .program: "error while \(phase.rawValue) object '\(objectName)' (created at \(createdAt)): \(underlying)"
    case .modelFile: "error while \(phase.rawValue) object '\(objectName)': \(underlying.addressed(to: .modelFile))"
    }
  }
}

/// Brian 2's name.
public typealias BrianObjectException = BrianObjectError

extension BrianObjectError {
  /// The same error if it already tells its object, else wrapped.
  package static func wrap(_ error: any Error, object: BrianObject, phase: Phase) -> BrianObjectError {
    if let known = error as? BrianObjectError { return known }
    return BrianObjectError(objectName: object.name, createdAt: object.createdAt, phase: phase, underlying: error)
  }
}
