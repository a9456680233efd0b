import EngramImport
import EngramModelFiles
import EngramUnits
import Testing

@Suite("Reading files of others") struct ReadingTests {
  @Test("MDL-21: datasets of one and two dimensions are read whatever their type, order of bytes and packing, with their units")
  func datasets() throws {
    #expect(try read("arrays.h5", .dataset("/in/rate")) == [FileArray(values: [0, 10, 25.5, 1000], unit: "Hz")])
    #expect(try read("arrays.h5", .dataset("in/current")) == [FileArray(values: [0, 0.25, 0.5, 0.75, 1, 1.25], columns: 2, unit: "nA")])
    #expect(try read("arrays.h5", .dataset("in/plain"))[0].values == [3, 1, 2])
    #expect(try read("arrays.h5", .dataset("in/ids"))[0].values == [0, 3, 1_099_511_627_776])
    let packed = try read("arrays.h5", .dataset("in/packed"))[0].values
    #expect(packed == (0..<2000).map { Double($0 % 50) })
    #expect(try read("arrays.h5", .dataset("in/empty"))[0].values == [])
  }

  @Test("MDL-2, MDL-21: datasets of true and false are read as 1 and 0, and those without dimensions as one value")
  func booleansAndScalars() throws {
    #expect(try read("booleans.h5", .dataset("mask")) == [FileArray(values: [1, 0, 1])])
    #expect(try read("booleans.h5", .dataset("table")) == [FileArray(values: [1, 0, 0, 0], columns: 2)])
    #expect(try read("booleans.h5", .dataset("flag")) == [FileArray(values: [1])])
    #expect(try read("booleans.h5", .dataset("level")) == [FileArray(values: [7], unit: "mV")])
    #expect(try read("arrays.h5", .dataset("in/scalar")) == [FileArray(values: [1])])
    #expect(refusal("booleans.h5", .dataset("colour")).contains("(enumeration) do not fit into float64"))
  }

  @Test("MDL-24: links that stay in the file are followed")
  func softLinks() throws {
    #expect(try read("arrays.h5", .dataset("here"))[0].unit == "Hz")
    #expect(try read("arrays.h5", .dataset("in/absolute"))[0].columns == 2)
  }

  @Test(
    "MDL-21: a missing file or dataset, and a wrong rank or type, are told with what there is",
    arguments: [
      ("in/nope", "the file has no dataset 'in/nope'; there: absolute, cube, current, empty"), ("nowhere/x", "there: here, in"),
      ("in/cube", "it has 3 dimensions, at most 2 expected"),
      ("in/words", "its elements (text) do not fit into float64"), ("in", "'/in': it is no dataset"), ("", "the file has no dataset ''"),
    ])
  func refused(_ dataset: String, _ reason: String) {
    #expect(refusal("arrays.h5", .dataset(dataset)).contains(reason))
  }

  @Test("MDL-21: the unit is the one asked for, else the dataset's, else none; units of different dimension, and unknown ones, are errors")
  func units() throws {
    let rate = try read("arrays.h5", .dataset("in/rate"))[0]
    #expect(try rate.quantities() == QuantityArray(si: [0, 10, 25.5, 1000], dimension: .frequency))
    #expect(try rate.quantities(in: kHz.quantity).si == [0, 10_000, 25_500, 1_000_000])
    #expect(throws: FileArrayError.otherUnit(stated: .frequency, given: .time)) { try rate.quantities(in: ms.quantity) }
    #expect(try FileArray(values: [2]).quantities().dimension == .dimensionless)
    #expect(try FileArray(values: [2], unit: "1").quantities().dimension == .dimensionless)
    let error = #expect(throws: FileArrayError.self) { try read("arrays.h5", .dataset("in/no_unit"))[0].quantities() }
    #expect(error?.description.contains("its attribute 'units' is 'bogomips'") == true)
    #expect(throws: (any Error).self) { try read("arrays.h5", .dataset("in/gap"))[0].quantities() }
  }

  @Test("MDL-21, INP-10: spikes in the SONATA layout: populations, the unit of time, and the older layout without populations")
  func sonata() throws {
    #expect(
      try read("spikes.h5", .sonataSpikes(population: "thalamus")) == [
        FileArray(values: [2, 0, 1, 0]), FileArray(values: [1, 0.2, 0.7, 3.1], unit: "ms"),
      ])
    #expect(try read("spikes.h5", .sonataSpikes(population: "cortex"))[1] == FileArray(values: [0.001, 0.002, 0.0015], unit: "s"))
    #expect(try read("spikes_single.h5", .sonataSpikes(population: nil))[1] == FileArray(values: [0.5, 2.5], unit: "ms"))
    #expect(try read("spikes_old.h5", .sonataSpikes(population: nil)) == [FileArray(values: [0, 2, 1]), FileArray(values: [0.1, 0.4, 0.9], unit: "ms")])
    #expect(refusal("spikes.h5", .sonataSpikes(population: "cortx")) == "the file has no population 'cortx'; populations: cortex, thalamus")
    #expect(refusal("spikes.h5", .sonataSpikes(population: nil)).contains("'population' says which: cortex, thalamus"))
    #expect(refusal("spikes_broken.h5", .sonataSpikes(population: "uneven")) == "the file has 3 elements and 2 times of spikes")
    #expect(refusal("spikes_broken.h5", .sonataSpikes(population: "empty")).contains("no dataset '/spikes/empty/node_ids'"))
    #expect(refusal("arrays.h5", .sonataSpikes(population: "x")).contains("no group '/spikes'"))
  }
}
