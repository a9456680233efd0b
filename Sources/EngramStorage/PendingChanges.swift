/// Changes of columns that are known but not carried out yet, because they are cheaper together.
///
/// A column that knows of them has them carried out before anybody looks at its elements, so that nobody can tell.
package protocol PendingChanges: AnyObject {
  /// Whether there are any.
  var areWaiting: Bool { get }
  /// Carries them out. Asks the columns for no address, which would ask for this again.
  func carryOut()
}
