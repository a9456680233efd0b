import Engram
import EngramCheckpoints
import EngramExport
import EngramScalars
import EngramStorage
import EngramTestSupport
import EngramUnits
import Foundation
import Testing

/// Reads with h5py, xarray and pandas and prints what it finds; asserts what Python alone can see.
private let script = """
  import json, sys
  import h5py, numpy, pandas, xarray

  path = sys.argv[1]
  with h5py.File(path) as file:
      v = file["objects/P/v"]
      assert v.dtype == "<f8" and v.attrs["units"] == b"V", (v.dtype, v.attrs["units"])
      assert list(v.attrs["dimension"]) == [2, 1, -3, -1, 0, 0, 0]
      assert v.dims[0][0].name.endswith("/neuron")
      flag = file["objects/P/not_refractory"]
      assert flag.dtype == "uint8" and list(flag.attrs["flag_values"]) == [0, 1]
      S = file["objects/S"]
      assert (S.attrs["source"], S.attrs["source_offset"], S.attrs["target"], S.attrs["target_offset"]) == (b"P", 5, b"P", 0)
      assert S["pre/delay"].shape == () and S["delay"][()] == S["pre/delay"][()] == 0.002
      assert (S["i"][:] != S["j"][:]).all() and len(S["i"]) == len(S["j"]) == len(S["w"])
      matrix = numpy.zeros((10, 20))
      matrix[S["i"][:], S["j"][:]] = S["w"][:]
      assert (matrix[3][matrix[3] != 0] == S["w"][:][S["i"][:] == 3]).all()
      spikes = pandas.DataFrame({"t": file["recordings/spikes/t"][:], "i": file["recordings/spikes/i"][:]})
      counts = spikes.groupby("i").size().reindex(range(20), fill_value=0)
      assert (counts.values == file["recordings/spikes/count"][:]).all()
      assert file["model/objects/P/model"].asstr()[()].startswith("dv/dt")
      assert file.attrs["format"] == b"engram" and file.attrs["t"] == 0.02 and file.attrs["seed"] == b"7"
      values = [value.hex() for value in v[:].tolist()]
      virtual = bool(file["recordings/trace/v"].is_virtual)
  trace = xarray.open_dataset(path, engine="h5netcdf", group="recordings/trace", decode_times=False)
  assert trace["v"].dims == ("t", "neuron") and trace["v"].shape == (200, 2) and trace["v"].attrs["units"] == "V"
  assert list(trace["neuron"].values) == [0, 3] and numpy.allclose(trace["t"].values, numpy.arange(200) * 1e-4)
  assert float(trace["v"].sel(neuron=3).isel(t=0)) == 0
  rate = xarray.open_dataset(path, engine="h5netcdf", group="recordings/rate", decode_times=False)
  assert rate["rate"].dims == ("t",) and rate["rate"].attrs["units"] == "Hz"
  spike = xarray.open_dataset(path, engine="h5netcdf", group="recordings/spikes", decode_times=False)
  assert spike["i"].dims == spike["t"].dims == ("spike",)
  print(json.dumps({"v": values, "spikes": len(spikes), "virtual": virtual}))

  """

/// Prints every array below /objects, /recordings and /clocks.
private let listing = """
  import json, sys
  import h5py

  found = {}
  def walk(group, path):
      for name, item in group.items():
          if isinstance(item, h5py.Group):
              walk(item, path + name + "/")
          else:
              units = item.attrs.get("units")
              found[path + name] = {"type": item.dtype.str, "shape": list(item.shape), "units": None if units is None else units.decode(),
                                    "bytes": item[()].tobytes().hex()}
  with h5py.File(sys.argv[1]) as file:
      for name in ["objects", "recordings", "clocks"]:
          walk(file[name], name + "/")
  print(json.dumps(found))

  """

/// The rule of netCDF-4: the scales of an array lie in its own group or above, at every path that leads to it. Opens the file with the
/// library itself where that is installed.
private let scales = """
  import sys
  import h5py

  def walk(group, above):
      groups = above + [group]
      for name, item in group.items():
          if isinstance(item, h5py.Group):
              walk(item, groups)
          elif isinstance(item, h5py.Dataset):
              for dimension in item.dims:
                  for scale in dimension.values():
                      last = scale.name.split("/")[-1]
                      assert any(g.get(last) == scale for g in groups), (group.name, name, scale.name)
                      checked.append(group.name + "/" + name)

  checked = []
  with h5py.File(sys.argv[1]) as file:
      walk(file, [])
      assert file["objects/S/delay"] == file["objects/S_pre/delay"]
      assert len(file["objects/S/delay"].dims[0]) == 1
  assert "/objects/S/delay" in checked and "/objects/S_pre/delay" in checked and "/objects/S/pre/delay" in checked, checked
  try:
      import netCDF4
  except ImportError:
      sys.exit(0)
  with netCDF4.Dataset(sys.argv[1]) as data:
      assert data["objects/S/delay"].dimensions == ("synapse",) and data["recordings/m/delay"].shape == (4, 9)

  """

@Suite("What other programs read") struct ReadingTests {
  @Test(
    "HDF-4: netCDF finds the dimensions of every array of an export, also of delays, which belong to pathways", .enabled(if: python != nil),
    arguments: [[], ["--chunked"]])
  func netCDF(options: [String]) throws {
    let folder = try TemporaryFolder()
    let model = """
      name: x
      objects:
        - {kind: NeuronGroup, name: G, N: 3, model: "v : 1", threshold: "t < 0.05*ms", reset: ""}
        - {kind: Synapses, name: S, source: G, model: "w : 1", on_pre: v_post += 1, on_post: w += 1, connect: true, initial: {delay: i*ms}}
        - {kind: StateMonitor, name: m, source: S, variables: [w, delay], record: true, dt: 1 ms}
      run:
        - run: 2 ms
        - set: {S.delay: 2 ms}
        - run: 2 ms
      """
    let (file, script, target) = (folder.path("x.yaml"), folder.path("scales.py"), folder.path("x.h5"))
    try model.write(toFile: file, atomically: true, encoding: .utf8)
    try scales.write(toFile: script, atomically: true, encoding: .utf8)
    let ran = try Program.engram.run("run", file, "--in", folder.path("x.engram"))
    try #require(ran.status == 0, "\(ran.errors)")
    #expect(try Program.engram.run(["export", folder.path("x.engram"), "-o", target] + options).status == 0)
    let outcome = try Program(path: try #require(Self.python)).run([script, target])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  private static let python = ProcessInfo.processInfo.environment["ENGRAM_PYTHON"]

  private struct Found: Decodable {
    let v: [String]
    let spikes: Int
    let virtual: Bool
  }

  private func read(_ path: String, in folder: TemporaryFolder) throws -> Found {
    let file = folder.path("read.py")
    try script.write(toFile: file, atomically: true, encoding: .utf8)
    let outcome = try Program(path: try #require(Self.python)).run([file, path])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try JSONDecoder().decode(Found.self, from: Data(outcome.output.utf8))
  }

  @Test(
    "HDF-2…7, HDF-10: h5py, xarray and pandas read an export, contiguous or chunked, bit for bit", .enabled(if: python != nil),
    arguments: [[], ["--chunked"]])
  func export(options: [String]) throws {
    let small = try SmallRun()
    let path = small.folder.path("small.h5")
    #expect(try Program.engram.run(["export", small.directory, "-o", path] + options).status == 0)
    let found = try read(path, in: small.folder)
    #expect(try found.v.map { try #require(Double($0)) } == small.potentials)
    #expect(found.spikes == small.spikeCount && !found.virtual && found.spikes > 20)
  }

  @Test("HDF-8, CKP-30: the view beside a checkpoint reads the same, its recordings from where they lie", .enabled(if: python != nil))
  func view() throws {
    let small = try SmallRun()
    let path = "\(small.directory)/checkpoints/late.h5"
    let found = try read(path, in: small.folder)
    #expect(try found.v.map { try #require(Double($0)) } == small.potentials)
    #expect(found.spikes == small.spikeCount && found.virtual)
    // The newest one is also what is live.
    #expect(try read("\(small.directory)/live.h5", in: small.folder).v == found.v)
    try FileManager.default.removeItem(atPath: path)
    #expect(try Program.engram.run("export", small.directory, "--rebuild-views").status == 0)
    #expect(try read(path, in: small.folder).virtual)
  }

  private struct Dataset: Decodable {
    let type: String
    let shape: [Int]
    let units: String?
    let bytes: String
  }

  @Test(
    "ACC-7, HDF-10: h5py finds every stored array in an export, with its bits, shape, type and unit, and nothing that is not one",
    .enabled(if: python != nil), arguments: [[], ["--chunked"], ["--internal"]])
  func everything(options: [String]) throws {
    let small = try SmallRun()
    let path = small.folder.path("small.h5")
    #expect(try Program.engram.run(["export", small.directory, "-o", path] + options).status == 0)
    let lister = small.folder.path("list.py")
    try listing.write(toFile: lister, atomically: true, encoding: .utf8)
    let outcome = try Program(path: try #require(Self.python)).run([lister, path])
    try #require(outcome.status == 0, "\(outcome.errors)")
    var found = try JSONDecoder().decode([String: Dataset].self, from: Data(outcome.output.utf8))
    let arrays = CheckpointArrays(try CheckpointStore(at: URL(fileURLWithPath: small.directory), mode: .read).directory.look(at: "latest"))
    var compared = 0
    for key in arrays.keys {
      let metadata = try #require(arrays.metadata(key)), shape = try #require(arrays.shape(key))
      if metadata.flags.contains(.scratch) || !options.contains("--internal") && key.variable.hasPrefix("_") { continue }
      let places = [
        "objects/\(key.owner)/\(key.variable)", "recordings/\(key.owner)/\(key.variable)", "clocks/\(key.owner)/\(key.variable)",
        "objects/S/\(key.owner.replacing("S_", with: ""))/\(key.variable)",
      ]
      let place = try #require(places.first { found[$0] != nil }, "\(key) is not in the export")
      let dataset = try #require(found[place])
      found[place] = nil
      compared += 1
      var bytes: [UInt8] = []
      try arrays.forEachPiece(key, rows: 0..<shape.rows) { bytes += $0 }
      #expect(dataset.bytes == bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(), "\(key)")
      let types: [ScalarType: String] = [.float64: "<f8", .float32: "<f4", .int32: "<i4", .int64: "<i8", .bool: "|u1"]
      #expect(dataset.type == types[shape.scalarType], "\(key): \(dataset.type)")
      let isScalar = metadata.flags.contains(.scalar)
      let isMatrix = shape.rowLength > 1 || key == StoredKey("trace", "v")
      #expect(dataset.shape == (isScalar ? [] : isMatrix ? [shape.rows, shape.rowLength] : [shape.rows]), "\(key): \(dataset.shape)")
      let dimension = try #require(Dimension(exponents: metadata.dimension))
      #expect(dataset.units == (dimension.isDimensionless ? "1" : dimension.unitSymbol), "\(key): \(dataset.units ?? "none")")
    }
    #expect(compared >= 20)
    // What is left is derived: numberings of dimensions and what follows from other arrays.
    let derived: Set<String> = ["neuron", "synapse", "spike", "count", "delay", "t", "i", "j", "N_incoming", "N_outgoing"]
    for name in found.keys { #expect(derived.contains(String(name.split(separator: "/").last ?? "")), "\(name)") }
  }

  @Test("HDF-1: h5dump reads exports and views without plug-ins", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/h5dump")))
  func dump() throws {
    let small = try SmallRun()
    let path = small.folder.path("small.h5")
    #expect(try Program.engram.run("export", small.directory, "-o", path).status == 0)
    for file in [path, "\(small.directory)/checkpoints/late.h5"] {
      let outcome = try Program(path: "/usr/bin/h5dump").run(["-d", "/recordings/spikes/i", file])
      #expect(outcome.status == 0 && outcome.output.contains("H5T_STD_I32LE") && outcome.output.contains("( \(small.spikeCount) )"))
    }
  }

  @Test("HDF-1, 11: several checkpoints lie below /checkpoints; only earlier exports are replaced without --force")
  func replacing() throws {
    let small = try SmallRun()
    let path = small.folder.path("all.h5")
    #expect(try Program.engram.run("export", "--all", small.directory, "-o", path).status == 0)
    #expect(try Program.engram.run("export", "\(small.directory)@early", "-o", path).status == 0)
    try "precious".write(toFile: path, atomically: true, encoding: .utf8)
    let refused = try Program.engram.run("export", small.directory, "-o", path)
    #expect(refused.status == 1 && refused.errors.contains("--force"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    #expect(try Program.engram.run("export", small.directory, "-o", path, "--force").status == 0)
    #expect(try Program.engram.run("export", small.directory, "-o", small.folder.path("no/such/folder.h5")).status == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: small.folder.path("")).sorted() == ["all.h5", "small.engram"])
  }
}
