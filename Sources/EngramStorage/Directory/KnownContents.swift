/// Which contents lie in a file already, so that equal ones are not written again (CKP-14).
///
/// Large ones are remembered as long as their file is there; small ones, which share a file, of the newest and of the restored checkpoint:
/// what is remembered does not grow with the number of checkpoints.
struct KnownContents: Sendable {
  private var recent: [RunDirectory.ContentKey: RunDirectory.Place] = [:]
  private var restored: [RunDirectory.ContentKey: RunDirectory.Place] = [:]
  private var large: [RunDirectory.ContentKey: RunDirectory.Place] = [:]
  private var keys: [String: RunDirectory.ContentKey] = [:]

  subscript(key: RunDirectory.ContentKey) -> RunDirectory.Place? { recent[key] ?? restored[key] ?? large[key] }

  /// A checkpoint was committed with these.
  mutating func renew(_ places: [RunDirectory.Place], largeFrom limit: Int) {
    recent = [:]
    for place in places {
      let key = RunDirectory.ContentKey(hash: place.hash, byteCount: place.byteCount)
      recent[key] = place
      guard place.byteCount >= limit else { continue }
      large[key] = place
      keys[place.file.name] = key
    }
  }

  /// One was restored.
  mutating func restore(_ places: [RunDirectory.Place]) {
    restored = Dictionary(places.map { (RunDirectory.ContentKey(hash: $0.hash, byteCount: $0.byteCount), $0) }) { first, _ in first }
  }

  /// The file is gone.
  mutating func forget(_ fileName: String) {
    if let key = keys.removeValue(forKey: fileName) { large[key] = nil }
    recent = recent.filter { $0.value.file.name != fileName }
    restored = restored.filter { $0.value.file.name != fileName }
  }
}
