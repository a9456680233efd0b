import EngramScalars
import EngramSystem
import Synchronization

/// A checkpoint about to be put into a portable file: its description and where its bytes come from.
struct PortableEntry {
  var manifest: Manifest
  /// In the order of `manifest.columns` and `manifest.recordings`; nil where there are no bytes.
  var columns: [PayloadSource?]
  var recordings: [PayloadSource?]
}

extension PortableFile {
  /// Equal arrays of one variable are kept once, whatever number of checkpoints has them.
  private struct ArrayIdentity: Hashable {
    let key: StoredKey
    let shape: [Int]
    let type: ScalarType
    let metadata: StoredMetadata
    let hash: ContentHash
  }

  /// Writes a whole new file aside and gives it its name: what is there under that name is complete at any time.
  static func write(
    _ entries: [PortableEntry], to path: String, _ headers: any PayloadHeaderWriter, _ system: any FileSystem
  ) throws(StorageError) {
    var entries = entries
    var datasets: [PayloadDataset] = []
    var sources: [(source: PayloadSource, hash: ContentHash)] = []
    var known: [ArrayIdentity: Int] = [:]
    var places: [(entry: Int, isRecording: Bool, index: Int, dataset: Int)] = []

    func add(_ source: PayloadSource, _ identity: ArrayIdentity, _ group: [String]) -> Int {
      let path = group + [identity.key.owner, identity.key.variable]
      if let dataset = known[identity] {
        datasets[dataset].aliases.append(path)
        return dataset
      }
      known[identity] = datasets.count
      datasets.append(
        PayloadDataset(path: path, scalarType: identity.type, shape: identity.shape, attributes: identity.metadata.attributes(identity.key)))
      sources.append((source, identity.hash))
      return datasets.count - 1
    }

    for (number, entry) in entries.enumerated() {
      let name = entry.manifest.name ?? entry.manifest.id
      let prefix = entries.count == 1 ? [] : ["checkpoints", CheckpointName.fileName(for: name)]
      entries[number].manifest.files = [
        Manifest.FileEntry(kind: .own, name: "", byteCount: Int.max >> 1, hashedByteCount: 0, hash: ContentHash(of: []))
      ]
      for (index, source) in entry.columns.enumerated() {
        let column = entry.manifest.columns[index]
        guard let source else { continue }
        let hash = try source.hash()
        let identity = ArrayIdentity(
          key: column.key, shape: column.metadata.shape(rows: column.rows, rowLength: column.rowLength), type: column.scalarType,
          metadata: column.metadata, hash: hash)
        places.append((number, false, index, add(source, identity, prefix + ["objects"])))
        entries[number].manifest.columns[index].repeated = nil
        entries[number].manifest.columns[index].extent = Manifest.Extent(file: 0, offset: 0, byteCount: source.byteCount, hash: hash)
      }
      for (index, source) in entry.recordings.enumerated() {
        entries[number].manifest.recordings[index].pieces = []
        guard let source else { continue }
        let recording = entry.manifest.recordings[index]
        let hash = try source.hash()
        let identity = ArrayIdentity(
          key: recording.key, shape: recording.rowLength == 1 ? [recording.rows] : [recording.rows, recording.rowLength],
          type: recording.scalarType, metadata: recording.metadata, hash: hash)
        places.append((number, true, index, add(source, identity, prefix + ["recordings"])))
        entries[number].manifest.recordings[index].pieces = [Manifest.Extent(file: 0, offset: 0, byteCount: source.byteCount, hash: hash)]
      }
    }

    // Offsets have a fixed width: the index is as long with the real ones.
    let indexByteCount = PortableIndex.encoded(entries.map(\.manifest)).count
    datasets.append(
      PayloadDataset(
        path: ["engram_manifests"], scalarType: .bool, shape: [indexByteCount],
        attributes: [PayloadAttribute("long_name", .text("manifests; read by Engram instead of this file's structure"))]))
    var options = PayloadFileOptions()
    options.userBlockByteCount = PortableHeader.byteCount
    options.firstOffset = 2 * PortableHeader.byteCount
    if sources.contains(where: { $0.source.byteCount >= 1 << 20 }) { options.alignment = 4096 }
    options.attributes = [PayloadAttribute("format", .text("engram portable checkpoint"))]
    let layout = try headers.layout(datasets, options)
    let byteCount = (layout.byteCount + filePadding - 1) / filePadding * filePadding
    for place in places {
      let offset = layout.offsets[place.dataset]
      if place.isRecording {
        entries[place.entry].manifest.recordings[place.index].pieces[0].offset = offset
      } else {
        entries[place.entry].manifest.columns[place.index].extent?.offset = offset
      }
    }
    for number in entries.indices { entries[number].manifest.files[0].byteCount = byteCount }
    let index = PortableIndex.encoded(entries.map(\.manifest))
    precondition(index.count == indexByteCount, "offsets changed the length of the manifests")
    try publish(layout, byteCount, sources, index, to: path, system)
  }

  private static func publish(
    _ layout: PayloadLayout, _ byteCount: Int, _ sources: [(source: PayloadSource, hash: ContentHash)], _ index: [UInt8], to path: String,
    _ system: any FileSystem
  ) throws(StorageError) {
    let making = try FileInMaking(path, system, byteCount: byteCount)
    let descriptor = making.descriptor
    let file = OpenPayloadFile(system: system, borrowed: descriptor, path: path)
    do throws(StorageError) {
      try system.allocate(descriptor, offset: 0, byteCount: byteCount)
      for (offset, bytes) in layout.metadata { try system.write(descriptor, bytes, at: offset) }
      var covered = [0..<PortableHeader.byteCount]
      for ((source, hash), start) in zip(sources, layout.offsets) {
        var offset = start
        let running = RunningHash()
        try source.forEachSlab { bytes throws(StorageError) in
          try system.write(descriptor, bytes, at: offset)
          running.append(bytes)
          offset += bytes.count
        }
        // The manifest is to speak of what was written, not of what was there a moment before.
        guard running.value == hash else {
          throw .mismatch(what: "bytes of an array while '\(path)' was written", expected: "\(hash)", found: "\(running.value)")
        }
        covered.append(start..<offset)
      }
      let indexOffset = layout.offsets[sources.count]
      try system.write(descriptor, index, at: indexOffset)
      covered.append(indexOffset..<indexOffset + index.count)
      let header = PortableHeader(
        fileByteCount: byteCount, indexOffset: indexOffset, indexByteCount: index.count, indexHash: ContentHash(of: index),
        frameHash: try frameHash(file, covered, byteCount))
      try system.write(descriptor, header.encoded, at: 0)
      try system.syncFile(descriptor)
      try making.publish()
    } catch {
      making.abandon()
      throw error
    }
  }
}
