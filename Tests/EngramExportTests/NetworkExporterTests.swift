import EngramCheckpoints
import EngramExport
import EngramHDF5
import EngramScalars
import EngramSimulation
import EngramStorage
import EngramTestSupport
import Foundation
import Testing

/// Arrays of a test, in memory.
private final class TestArrays: ExportArrays {
  struct Entry {
    var shape: ArrayShape
    var bytes: [UInt8]
    var metadata: StoredMetadata
  }
  var entries: [StoredKey: Entry] = [:]

  func add<Element: ScalarElement>(
    _ owner: String, _ variable: String, _ values: [Element], rowLength: Int = 1, recording: Bool = false, unit: String = "1",
    flags: StoredMetadata.Flags = []
  ) {
    let bytes = values.withUnsafeBytes { Array($0) }
    entries[StoredKey(owner, variable)] = Entry(
      shape: ArrayShape(scalarType: Element.scalarType, rows: values.count / rowLength, rowLength: rowLength, isRecording: recording),
      bytes: bytes, metadata: StoredMetadata(kind: recording ? .append : .hot, flags: flags, unit: unit))
  }

  var keys: [StoredKey] { entries.keys.sorted() }
  func metadata(_ key: StoredKey) -> StoredMetadata? { entries[key]?.metadata }
  func shape(_ key: StoredKey) -> ArrayShape? { entries[key]?.shape }
  func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard let entry = entries[key] else { return }
    let rowBytes = entry.shape.rowLength * entry.shape.scalarType.byteCount
    // In two pieces, as recordings come.
    let middle = (rows.lowerBound + rows.upperBound) / 2
    for part in [rows.lowerBound..<middle, middle..<rows.upperBound] where !part.isEmpty {
      try Array(entry.bytes[part.lowerBound * rowBytes..<part.upperBound * rowBytes]).withUnsafeBytes(body)
    }
  }
}

private func sample() -> (ExportedNetwork, TestArrays) {
  let arrays = TestArrays()
  arrays.add("P", "v", [-0.06, .nan, -0.0], unit: "V")
  arrays.add("P", "not_refractory", [UInt8(1), 0, 1])
  arrays.add("P", "gain", [2.5], flags: [.scalar, .constant])
  arrays.add("P", "_hidden", [1.0, 2, 3])
  arrays.add("S", "i", [Int32(0), 0, 2])
  arrays.add("S", "j", [Int32(1), 2, 0])
  arrays.add("S", "w", [0.5, 0.25, 0.125])
  arrays.add("S_pre", "delay", [0.001, 0.002, 0.003], unit: "s")
  arrays.add("trace", "t", [0.0, 0.1, 0.2, 0.3], recording: true, unit: "s")
  arrays.add("trace", "v", (0..<8).map { Double($0) }, rowLength: 2, recording: true, unit: "V")
  arrays.add("spikes", "t", [0.1, 0.2, 0.2], recording: true, unit: "s")
  arrays.add("spikes", "i", [Int32(2), 0, 1], recording: true)
  arrays.add("spikes", "count", [Int32(1), 1, 1])
  arrays.add("silent", "t", [Double](), recording: true, unit: "s")
  arrays.add("silent", "i", [Int32](), recording: true)
  arrays.add("rate", "t", [0.0, 0.1], recording: true, unit: "s")
  arrays.add("rate", "rate", [0.0, 30.0], recording: true, unit: "Hz")
  arrays.add("defaultclock", "t", [0.4], unit: "s", flags: [.scalar])
  func object(_ name: String, _ kind: String, _ role: ExportedNetwork.Object.Role) -> ExportedNetwork.Object {
    .init(name: name, kind: kind, role: role, clock: "defaultclock", when: "start", order: 0, isActive: true)
  }
  var network = ExportedNetwork(name: "net", timeSeconds: 0.4)
  network.clocks = [.init(name: "defaultclock", stepSeconds: 0.1)]
  network.objects = [
    object("P", "NeuronGroup", .group), object("S", "Synapses", .synapses(source: "P", sourceOffset: 0, target: "P", targetOffset: 0)),
    object("S_pre", "SynapticPathway", .pathway(of: "S", name: "pre")),
    object("trace", "StateMonitor", .stateMonitor(elements: [0, 2], perSynapse: false)), object("spikes", "SpikeMonitor", .eventMonitor),
    object("silent", "SpikeMonitor", .eventMonitor), object("rate", "PopulationRateMonitor", .rateMonitor),
  ]
  network.objects[0].texts = [("model", "dv/dt = -v/τ : volt")]
  network.constants = [
    ("tau", "10 ms", .init(values: [0.01], isSingle: true, exponents: [0, 0, 1, 0, 0, 0, 0])),
    ("list", "[1, 2]", .init(values: [1, 2], isSingle: false, exponents: [0, 0, 0, 0, 0, 0, 0])), ("text", "'a'", nil),
  ]
  network.objects[3].source = ("P", 1)
  network.objects[4].source = ("P", 1)
  network.modelText = "name: net\n"
  return (network, arrays)
}

@Suite("Export of a network to HDF5") struct NetworkExporterTests {
  @Test("HDF-2: the file has the layout of the specification") func layout() throws {
    let (network, arrays) = sample()
    let folder = try TemporaryFolder()
    let path = folder.path("export.h5")
    try ExportFile.write(to: path, [(nil, network, arrays)])
    let file = try HDF5File.open(at: path)
    #expect(try file.root.memberNames() == ["clocks", "model", "objects", "recordings"])
    #expect(try file.root.text("format") == "engram")
    #expect(try file.root.group("objects").memberNames() == ["P", "S", "S_pre"])
    #expect(try file.root.group("recordings").memberNames() == ["rate", "silent", "spikes", "trace"])
    #expect(try file.root.group("clocks").group("defaultclock").numbers("dt") == [0.1])
    #expect(try file.root.group("objects").group("P").contains("_hidden") == false)
    #expect(try file.root.group("objects").group("P").text("class") == "NeuronGroup")
  }

  @Test("HDF-7: constants are numbers with units beside their texts") func constants() throws {
    let (network, arrays) = sample()
    let folder = try TemporaryFolder()
    let path = folder.path("export.h5")
    try ExportFile.write(to: path, [(nil, network, arrays)])
    let group = try HDF5File.open(at: path).root.group("model").group("constants")
    #expect(try group.text("tau") == "10 ms" && group.text("text") == "'a'")
    let tau = try #require(try group.dataset("tau"))
    #expect(try tau.shape == [] && tau.text("units") == "s" && tau.numbers("dimension") == [0, 0, 1, 0, 0, 0, 0])
    #expect(try tau.readAll(as: Double.self, atMost: 1) == [0.01])
    #expect(try #require(try group.dataset("list")).readAll(as: Double.self, atMost: 2) == [1, 2])
    #expect(try group.memberNames() == ["list", "list_element", "tau"])
  }

  @Test("HDF-5: recordings name their source, and count elements of a part in the part and in the whole group") func sources() throws {
    let (network, arrays) = sample()
    let folder = try TemporaryFolder()
    let path = folder.path("export.h5")
    try ExportFile.write(to: path, [(nil, network, arrays)])
    let recordings = try HDF5File.open(at: path).root.group("recordings")
    let (trace, spikes) = (try recordings.group("trace"), try recordings.group("spikes"))
    #expect(try trace.text("source") == "P" && trace.numbers("source_offset") == [1] && spikes.text("source") == "P")
    #expect(try recordings.group("silent").text("source") == nil)
    #expect(try #require(try trace.dataset("neuron_whole")).readAll(as: Int64.self, atMost: 9) == [1, 3])
    let part = try #require(try spikes.dataset("i")).readAll(as: Int32.self, atMost: 99)
    #expect(try #require(try spikes.dataset("i_whole")).readAll(as: Int32.self, atMost: 99) == part.map { $0 + 1 } && !part.isEmpty)
  }

  @Test("HDF-3, HDF-10: values come back bit for bit, not-a-number and negative zero included") func values() throws {
    let (network, arrays) = sample()
    let folder = try TemporaryFolder()
    let path = folder.path("export.h5")
    try ExportFile.write(to: path, [(nil, network, arrays)])
    let file = try HDF5File.open(at: path)
    let v = try #require(try file.root.dataset("objects/P/v")).readAll(as: Double.self, atMost: 10)
    #expect(v.map(\.bitPattern) == [-0.06, Double.nan, -0.0].map(\.bitPattern))
    let gain = try #require(try file.root.dataset("objects/P/gain"))
    #expect(gain.shape == [])
    let flags = try #require(try file.root.dataset("objects/P/not_refractory"))
    #expect(try flags.text("flag_meanings") == "false true")
    #expect(try flags.readAll(as: UInt8.self, atMost: 10) == [1, 0, 1])
  }

  @Test("HDF-4: every array says its unit, dimension and owner") func attributes() throws {
    let (network, arrays) = sample()
    let folder = try TemporaryFolder()
    let path = folder.path("export.h5")
    try ExportFile.write(to: path, [(nil, network, arrays)])
    let v = try #require(try HDF5File.open(at: path).root.dataset("objects/P/v"))
    #expect(try v.text("units") == "V")
    #expect(try v.text("owner") == "P")
    #expect(try v.numbers("dimension")?.count == 7)
  }

  @Test("HDF-5: traces are time by neuron, spikes are columns of equal length") func monitors() throws {
    let (network, arrays) = sample()
    let folder = try TemporaryFolder()
    let path = folder.path("export.h5")
    try ExportFile.write(to: path, [(nil, network, arrays)])
    let file = try HDF5File.open(at: path)
    let trace = try #require(try file.root.dataset("recordings/trace/v"))
    #expect(trace.shape == [4, 2])
    #expect(try trace.readAll(as: Double.self, atMost: 8) == (0..<8).map { Double($0) })
    #expect(try #require(try file.root.dataset("recordings/trace/neuron")).readAll(as: Int64.self, atMost: 8) == [0, 2])
    #expect(try #require(try file.root.dataset("recordings/spikes/i")).readAll(as: Int32.self, atMost: 8) == [2, 0, 1])
    #expect(try #require(try file.root.dataset("recordings/rate/rate")).shape == [2])
  }

  @Test("HDF-6: a pathway's delay lies with its synapses, the one of 'pre' twice") func delays() throws {
    let (network, arrays) = sample()
    let folder = try TemporaryFolder()
    let path = folder.path("export.h5")
    try ExportFile.write(to: path, [(nil, network, arrays)])
    let synapses = try HDF5File.open(at: path).root.group("objects").group("S")
    let expected = [0.001, 0.002, 0.003]
    #expect(try #require(try synapses.dataset("pre/delay")).readAll(as: Double.self, atMost: 3) == expected)
    #expect(try #require(try synapses.dataset("delay")).readAll(as: Double.self, atMost: 3) == expected)
    #expect(try synapses.text("source") == "P")
  }

  @Test("HDF-7: the model and its constants are texts in the file") func model() throws {
    let (network, arrays) = sample()
    let folder = try TemporaryFolder()
    let path = folder.path("export.h5")
    try ExportFile.write(to: path, [(nil, network, arrays)])
    let model = try HDF5File.open(at: path).root.group("model")
    #expect(try model.group("constants").text("tau") == "10 ms")
    #expect(try model.group("objects").group("P").contains("model"))
  }

  @Test("HDF-8: a chunked export has the same values, and selections leave the rest out") func options() throws {
    let (network, arrays) = sample()
    let folder = try TemporaryFolder()
    let path = folder.path("export.h5")
    let options = ExportOptions(only: ["trace", "S"], timeRange: 0.1...0.2, isChunked: true)
    try ExportFile.write(to: path, [(nil, network, arrays)], options: options)
    let file = try HDF5File.open(at: path)
    #expect(try file.root.group("objects").memberNames() == ["S", "S_pre"])
    #expect(try file.root.group("recordings").memberNames() == ["trace"])
    #expect(try #require(try file.root.dataset("recordings/trace/v")).readAll(as: Double.self, atMost: 8) == [2, 3, 4, 5])
  }

  @Test("HDF-9: an array is exported piece by piece: at no time is all of it in memory", arguments: [false, true]) func streaming(isChunked: Bool) throws {
    /// A recording of 64 MB that never exists but for 32 kB of it.
    final class Stream: ExportArrays {
      let rows = 8_000_000
      let keys = [StoredKey("M", "t")]
      func metadata(_ key: StoredKey) -> StoredMetadata? { StoredMetadata(kind: .append, unit: "s") }
      func shape(_ key: StoredKey) -> ArrayShape? { ArrayShape(scalarType: .float64, rows: rows, rowLength: 1, isRecording: true) }
      func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var buffer = [Double](repeating: 0, count: 4096)
        var next = rows.lowerBound
        while next < rows.upperBound {
          let count = min(4096, rows.upperBound - next)
          for place in 0..<count { buffer[place] = 0.5 * Double(next + place) }
          try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<(8 * count)])) }
          next += count
        }
      }
    }
    let folder = try TemporaryFolder()
    var network = ExportedNetwork(name: "net", timeSeconds: 0)
    network.objects = [.init(name: "M", kind: "SpikeMonitor", role: .eventMonitor, clock: "defaultclock", when: "start", order: 0, isActive: true)]
    try ExportFile.write(to: folder.path("x.h5"), [(nil, network, Stream())], options: ExportOptions(isChunked: isChunked))
    let times = try #require(try HDF5File.open(at: folder.path("x.h5")).root.dataset("recordings/M/t"))
    #expect(times.shape == [8_000_000])
    for row in [0, 4095, 4096, 65_535, 65_536, 7_999_999] {
      var value = [0.0]
      try value.withUnsafeMutableBytes { try times.read(rows: row..<row + 1, as: .float64, into: $0) }
      #expect(value == [0.5 * Double(row)])
    }
  }

  @Test("HDF-11: a failed export leaves the older file and nothing else") func failure() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("x.h5")
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    let (network, arrays) = sample()
    final class Failing: ExportArrays {
      let inner: TestArrays
      init(_ inner: TestArrays) { self.inner = inner }
      var keys: [StoredKey] { inner.keys }
      func metadata(_ key: StoredKey) -> StoredMetadata? { inner.metadata(key) }
      func shape(_ key: StoredKey) -> ArrayShape? { inner.shape(key) }
      func forEachPiece(_ key: StoredKey, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        if key.owner == "trace" { throw StorageError.outOfMemory(bytes: 1) }
        try inner.forEachPiece(key, rows: rows, body)
      }
    }
    #expect(throws: StorageError.self) { try ExportFile.write(to: path, [(nil, network, Failing(arrays))]) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["x.h5"])
  }

  @Test("HDF-11: an export follows no link that lies where it writes, and takes the place of one that has its name") func plantedLinks() throws {
    let folder = try TemporaryFolder()
    let (victim, path) = (folder.path("thesis.tex"), folder.path("x.h5"))
    try "chapter 1".write(toFile: victim, atomically: true, encoding: .utf8)
    for name in ["x.h5", "x.h5.writing-\(getpid())", ".x.h5.partial-0123456789abcdef"] {
      try FileManager.default.createSymbolicLink(atPath: folder.path(name), withDestinationPath: victim)
    }
    let (network, arrays) = sample()
    try ExportFile.write(to: path, [(nil, network, arrays)])
    #expect(try String(contentsOfFile: victim, encoding: .utf8) == "chapter 1")
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeRegular)
    #expect(try HDF5File.open(at: path).root.text("network") != nil)
  }

  @Test("HDF-12: monitors without events give arrays of length 0") func empty() throws {
    let (network, arrays) = sample()
    let folder = try TemporaryFolder()
    let path = folder.path("export.h5")
    try ExportFile.write(to: path, [(nil, network, arrays)])
    let file = try HDF5File.open(at: path)
    #expect(try #require(try file.root.dataset("recordings/silent/t")).shape == [0])
  }
}
