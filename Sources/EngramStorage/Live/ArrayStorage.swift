/// Where the arrays of a network with a run directory are while it runs (STO-1). The results are the same bits with each.
///
/// ```swift
/// let network = try Network(at: url, storage: .mapped) { G; S; M }
/// G.storage = .memory                        // every array of one object
/// try G.setStorage(.mapped, of: "v")         // one array
/// ```
public enum ArrayStorage: String, CaseIterable, Codable, Hashable, Sendable {
  /// In files of the folder `live` of the run directory, which other programs can open while the run goes on. Arrays that
  /// nobody writes show the object that a checkpoint has put them into, read-only.
  case mapped
  /// In memory of this process; what a checkpoint has brought shows its object until it is written to, page by page.
  case `private`
  /// In memory of this process, all of it.
  case memory

  /// Where nobody says otherwise.
  public static let standard = ArrayStorage.mapped
}
