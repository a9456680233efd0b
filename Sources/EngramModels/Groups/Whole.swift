internal import EngramSimulation

/// The object that a part belongs to. Wholes own their parts, never the other way round: a part that somebody kept longer can say
/// so, but cannot work.
struct Whole<Object: Nameable> {
  private weak var reference: Object?
  let name: String

  init(_ object: Object) { (reference, name) = (object, object.name) }

  /// For descriptions, which only wholes ask for.
  var ifThere: Object? { reference }

  /// - Throws: ``GroupError/wholeGone(part:whole:)``.
  func required(by part: Nameable) throws(GroupError) -> Object {
    guard let reference else { throw .wholeGone(part: part.name, whole: name) }
    return reference
  }
}
