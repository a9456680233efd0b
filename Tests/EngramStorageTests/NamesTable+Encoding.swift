import EngramScalars

@testable import EngramStorage

extension NamesTable {
  /// As the first release wrote it; later ones only read it.
  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(upToSequence)
    writer.append(UInt32(names.count))
    for (name, sequence) in names.sorted(by: { $0.key < $1.key }) {
      writer.append(name.text)
      writer.append(sequence)
    }
    writer.append(UInt32(tags.count))
    for (sequence, tags) in tags.sorted(by: { $0.key < $1.key }) {
      writer.append(sequence)
      writer.append(UInt32(tags.count))
      for tag in tags { writer.append(tag) }
    }
    writer.append(UInt32(removed.count))
    for sequence in removed.sorted() { writer.append(sequence) }
    let section = SectionedFile.Section(kind: NamesTable.kind, isNeeded: true, bytes: writer.bytes)
    return SectionedFile(sections: [section]).encoded(magic: NamesTable.magic)
  }
}
