extension PortableFile {
  /// Copies checkpoints of a run directory into a portable file, beside what it holds already. Every byte is compared as it is
  /// copied; the file appears complete or not at all.
  ///
  /// A checkpoint that the file holds already is not added again: packing the same ones twice gives the same file.
  ///
  /// - Parameter needed: names that the checkpoints' later steps go back to; they come along, before the others.
  package static func pack(_ directory: RunDirectory, _ names: [String], needed: [String] = [], to path: String) throws(StorageError) {
    let old = try existing(path, directory.system)
    var entries = try old.map { (old) throws(StorageError) in try old.entries() } ?? []
    let wanted = try wanted(directory, names, needed)
    let before = entries.suffix(wanted.count).map(\.manifest.identity)
    let isThere = entries.count >= wanted.count && before == wanted.map(\.entry.manifest.identity)
    let first = entries.count - wanted.count
    for (place, entry) in wanted.map(\.entry).enumerated() {
      var entry = entry
      let identity = entry.manifest.identity
      (entry.manifest.parent, entry.manifest.anchor) = (nil, nil)
      if isThere {
        // Taken anew all the same: what the file has of it may have been damaged since.
        entry.manifest.sequence = entries[first + place].manifest.sequence
        entries[first + place] = entry
      } else {
        entries.removeAll { $0.manifest.identity == identity || $0.manifest.hasName(of: entry.manifest) }
        entry.manifest.sequence = (entries.map(\.manifest.sequence).max() ?? 0) + 1
        entries.append(entry)
      }
    }
    try directory.refusingDamage(of: wanted.last?.sequence ?? 0) { () throws(StorageError) in try write(entries, to: path, directory.headers, directory.system)
    }
  }

  /// Each checkpoint once, in order, under the name it was asked for by, else by the one it has now.
  private static func wanted(
    _ directory: RunDirectory, _ names: [String], _ needed: [String]
  ) throws(StorageError) -> [(sequence: UInt64, entry: PortableEntry)] {
    var chosen: [(sequence: UInt64, name: String)] = []
    for name in names { chosen.append((try directory.resolve(name), name)) }
    var ancestors: [(sequence: UInt64, name: String)] = []
    for name in needed {
      let sequence = try directory.resolve(name)
      if !(chosen + ancestors).contains(where: { $0.sequence == sequence }) { ancestors.append((sequence, name)) }
    }
    var result: [(sequence: UInt64, entry: PortableEntry)] = []
    for (sequence, name) in ancestors.sorted(by: { $0.sequence < $1.sequence }) + chosen {
      guard !result.contains(where: { $0.sequence == sequence }) else { continue }
      let manifest = try directory.readManifest(sequence)
      let files = try directory.openFiles(of: manifest)
      try manifest.checkSizes(of: files)
      let info = directory.info(sequence)
      var target = manifest
      target.tags = info.tags
      let isName = CheckpointName.sequence(ofID: name) == nil && !CheckpointName.reserved.contains(name)
      target.name = isName ? name : info.names.first
      result.append((sequence, PortableEntry(target, of: manifest, in: files)))
    }
    return result
  }
}

extension Manifest {
  /// Equal for one checkpoint, wherever its bytes lie and whatever it is called.
  var identity: ContentHash {
    var plain = self
    (plain.sequence, plain.parent, plain.anchor, plain.name, plain.tags, plain.files) = (0, nil, nil, nil, [], [])
    for place in plain.columns.indices {
      let (count, hash) = (plain.columns[place].byteCount, plain.columns[place].hash)
      plain.columns[place].extent = hash.map { Extent(file: 0, offset: 0, byteCount: count, hash: $0) }
      plain.columns[place].repeated = nil
    }
    for place in plain.recordings.indices { plain.recordings[place].pieces = [] }
    return ContentHash(of: plain.encoded())
  }

  func hasName(of other: Manifest) -> Bool { name != nil && name.map(ExactName.init) == other.name.map(ExactName.init) }
}
