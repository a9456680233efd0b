package import EngramScalars

/// One array inside a payload file, as a stranger's tool will see it.
package struct PayloadDataset: Sendable {
  /// Groups and name, e.g. `["data"]` or `["checkpoints", "day5", "objects", "G", "v"]`. Already unique and escaped.
  package var path: [String]
  package var scalarType: ScalarType
  /// Rows first. `[]` is a scalar.
  package var shape: [Int]
  package var attributes: [PayloadAttribute]
  /// Further places where the same array is to be found (hard links).
  package var aliases: [[String]] = []

  package init(path: [String], scalarType: ScalarType, shape: [Int], attributes: [PayloadAttribute] = []) {
    self.path = path
    self.scalarType = scalarType
    self.shape = shape
    self.attributes = attributes
  }

  /// Bytes of the array; shapes come from live arrays or checked manifests, so the product cannot wrap.
  package var byteCount: Int { shape.reduce(scalarType.byteCount, *) }
}

package struct PayloadAttribute: Sendable, Equatable {
  package enum Value: Sendable, Equatable {
    case text(String)
    case numbers([Double])
    case integer(Int64)
  }
  package var name: String
  package var value: Value
  package init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

/// Where everything of a payload file goes.
package struct PayloadLayout: Sendable {
  /// Bytes other than payload and their places. What neither this nor a dataset covers is 0.
  package var metadata: [(offset: Int, bytes: [UInt8])]
  /// First byte of each dataset, in the order asked for.
  package var offsets: [Int]
  /// Least size of the file. The room may append zeros.
  package var byteCount: Int

  package init(metadata: [(offset: Int, bytes: [UInt8])], offsets: [Int], byteCount: Int) {
    self.metadata = metadata
    self.offsets = offsets
    self.byteCount = byteCount
  }
}

/// What the whole file should be like.
package struct PayloadFileOptions: Sendable {
  /// Where the first dataset begins at the earliest, if it is the only one: exactly there.
  package var firstOffset: Int = 4096
  /// Every dataset begins at a multiple of this.
  package var alignment: Int = 64
  /// Bytes left free at the very front for somebody else (0, 512, 1024, … as HDF5 allows for user blocks).
  package var userBlockByteCount: Int = 0
  /// Attributes of the root group.
  package var attributes: [PayloadAttribute] = []
  package init() {}
}

/// Makes the bytes around raw arrays that turn a file into one that other tools open (HDF5).
///
/// The room itself never reads these bytes back. Conformer with libhdf5: in EngramHDF5. Equal input gives equal bytes.
/// One dataset without a user block must start at `firstOffset` exactly; if its header does not fit before, throw.
package protocol PayloadHeaderWriter: Sendable {
  func layout(_ datasets: [PayloadDataset], _ options: PayloadFileOptions) throws(StorageError) -> PayloadLayout
}

/// A header that names the arrays in plain text, for tests and for builds without HDF5.
package struct PlainHeaderWriter: PayloadHeaderWriter {
  package init() {}

  package func layout(_ datasets: [PayloadDataset], _ options: PayloadFileOptions) throws(StorageError) -> PayloadLayout {
    var text = "Engram payload, raw little-endian arrays\n"
    for dataset in datasets {
      text += "\(dataset.path.joined(separator: "/")) \(dataset.scalarType) \(dataset.shape)\n"
    }
    let header = Array(text.utf8)
    func aligned(_ offset: Int) -> Int { (offset + options.alignment - 1) / options.alignment * options.alignment }
    var next = aligned(max(options.firstOffset, datasets.count == 1 ? 0 : options.userBlockByteCount + header.count))
    var offsets: [Int] = []
    for dataset in datasets {
      offsets.append(next)
      next = aligned(next + dataset.byteCount)
    }
    let room = max(0, (offsets.first ?? next) - options.userBlockByteCount)
    return PayloadLayout(
      metadata: [(options.userBlockByteCount, Array(header.prefix(room)))], offsets: offsets, byteCount: max(next, options.firstOffset))
  }
}
