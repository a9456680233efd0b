import Synchronization

extension RunDirectory {
  /// Places of all columns of the job; changed ones are written, unless equal bytes lie somewhere already (CKP-14).
  func writeObjects(_ job: CommitJob, sequence: UInt64, created: inout [String]) throws(StorageError) -> [Place?] {
    var places: [Place?] = job.columns.map(\.place)
    var small: [Int] = []
    var waiting: [ContentKey: Int] = [:]
    var doubles: [(index: Int, of: Int)] = []
    var hashes: [Int: ContentHash] = [:]
    var sources: [Int: PayloadSource] = [:]
    for (index, column) in job.columns.enumerated() where column.isToBeWritten && column.bytes.count > 0 {
      let bytes = column.bytes
      let source = try column.source()
      let hash = try source.hash()
      hashes[index] = hash
      sources[index] = source
      let key = ContentKey(hash: hash, byteCount: bytes.count)
      if let known = state.withLock({ state in state.contents[key].flatMap { state.objects.contains($0.file.name) ? $0 : nil } }),
        isProven(known, column)
      {
        places[index] = known
      } else if let first = waiting[key] {
        doubles.append((index, first))
      } else {
        waiting[key] = index
        if bytes.count < options.largeColumnByteCount {
          small.append(index)
        } else {
          let written = try writeObject(job, [index], sources, hashes, sequence: sequence, created: &created)
          places[index] = place(in: written.0, offset: written.1[0], byteCount: bytes.count, hash)
        }
      }
    }
    if !small.isEmpty {
      let written = try writeObject(job, small, sources, hashes, sequence: sequence, created: &created)
      for (index, offset) in zip(small, written.1) {
        places[index] = place(in: written.0, offset: offset, byteCount: job.columns[index].bytes.count, hashes[index]!)
      }
    }
    for (index, first) in doubles { places[index] = places[first] }
    return places
  }

  private func place(in file: Manifest.FileEntry, offset: Int, byteCount: Int, _ hash: ContentHash) -> Place {
    Place(version: 0, file: file, offset: offset, byteCount: byteCount, hash: hash)
  }

  private func writeObject(
    _ job: CommitJob, _ indices: [Int], _ sources: [Int: PayloadSource], _ hashes: [Int: ContentHash], sequence: UInt64, created: inout [String]
  ) throws(StorageError) -> (Manifest.FileEntry, [Int]) {
    let single = indices.count == 1 && job.columns[indices[0]].bytes.count >= options.largeColumnByteCount
    let datasets = indices.map { index in
      let column = job.columns[index]
      return PayloadDataset(
        path: single ? ["data"] : ["objects", column.key.owner, column.key.variable], scalarType: column.scalarType,
        shape: column.metadata.shape(rows: column.rows, rowLength: column.rowLength),
        attributes: column.metadata.attributes(column.key))
    }
    let layout = try headers.layout(datasets, PayloadFileOptions())
    let name = PayloadFileName.object(sequence, created.count, token: token)
    let file = try system.open(name, in: temporary, .createNew)
    var isOpen = true
    do throws(StorageError) {
      let written = try writePayloadFile(
        system, file, layout, indices.map { sources[$0] ?? .memory(job.columns[$0].bytes) }, padding: options.filePadding, pace: job.pace)
      // The manifest is to speak of what was written, not of what was there a moment before.
      for (index, hash) in zip(indices, written.hashes) where hash != hashes[index] {
        throw .mismatch(
          what: "bytes of \(job.columns[index].key) while a checkpoint was written", expected: "\(hashes[index]?.description ?? "")", found: "\(hash)")
      }
      isOpen = false
      try system.close(file)
      try system.rename(name, in: temporary, to: name, in: objects, replacing: false)
      created.append(name)
      return (
        Manifest.FileEntry(
          kind: .object, name: name, byteCount: written.byteCount, hashedByteCount: written.byteCount, hash: written.hash),
        written.offsets
      )
    } catch {
      if isOpen { try? system.close(file) }
      try? system.remove(name, in: temporary)
      throw error
    }
  }
}
