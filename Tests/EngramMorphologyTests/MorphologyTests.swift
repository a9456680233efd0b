@testable import EngramMorphology
import EngramUnits
import Foundation
import Testing

@Suite("Shapes of neurons") struct MorphologyTests {
  @Test("MOR-1: Branches are put in and got out by name, by number and by way, and a shape is a value") func branches() throws {
    var cell = try NeuronMorphology.soma(diameter: 20 * um)
    cell.axon = try .cylinder(diameter: 1 * um, length: 100 * um, n: 4)
    cell.dendrite = try .cylinder(diameter: 2 * um, length: 50 * um, n: 2)
    cell.axon?.L = try .cylinder(diameter: 0.5 * um, length: 10 * um, n: 3)
    cell["axon"]?["R"] = try .cylinder(diameter: 0.5 * um, length: 20 * um, n: 5)
    #expect(cell.sectionCount == 5 && cell.compartmentCount == 15)
    #expect(cell.nodes.map(\.parent) == [-1, 0, 1, 1, 0])
    #expect(cell.childNames == ["axon", "dendrite"])
    let copy = cell
    cell.axon?.L?.L = try .soma(diameter: 1 * um)
    #expect(copy.sectionCount == 5 && cell.nodes.map(\.parent) == [-1, 0, 1, 2, 1, 0])
    #expect(cell["1"] == cell.axon && cell.axon?["LL"]?.root.isSoma == true && cell.axon?["2"] == copy.axon?.R)
    #expect(cell.nothing == nil)
    cell.axon?["LR"] = try .cylinder(diameter: 1 * um, length: 1 * um)
    #expect(cell.nodes.map(\.parent) == [-1, 0, 1, 2, 2, 1, 0])
    // In the place of another, and out again.
    cell.axon?.L = try .cylinder(diameter: 3 * um, length: 1 * um)
    #expect(cell.nodes.map(\.parent) == [-1, 0, 1, 1, 0] && cell.nodes[2].number == 1)
    cell.axon = nil
    #expect(cell.sectionCount == 2 && cell.childNames == ["dendrite"])
  }

  /// Angles between directions [degrees].
  private func angle(_ one: SIMD3<Double>, _ other: SIMD3<Double>) -> Double {
    let product = (one * other).sum() / ((one * one).sum() * (other * other).sum()).squareRoot()
    return acos(min(1, max(-1, product))) * 180 / .pi
  }

  @Test("MOR-8: compartments leave the direction of their section at exponentially distributed angles, to all sides, and keep their lengths")
  func randomCompartments() throws {
    let count = 20_000
    let shape = try NeuronMorphology.cylinder(diameter: 1 * um, length: Double(count) * um, n: count)
    let drawn = try shape.withCoordinates(compartmentRandomness: 5, seed: 7)
    let points = try #require(drawn.nodes[0].section.relativePoints)
    let ways = zip(points.dropFirst(), points).map { $0 - $1 }
    // Without a parent a section lies along y.
    let straight = try #require(shape.withCoordinates().nodes[0].section.relativePoints)
    let angles = ways.map { angle($0, straight[1] - straight[0]) }
    let mean = angles.reduce(0, +) / Double(count)
    #expect(abs(mean - 5) < 5 * 5 / Double(count).squareRoot(), "\(mean)")
    let beyond = angles.filter { $0 > 10 }.count
    #expect(abs(Double(beyond) / Double(count) - exp(-2)) < 5 * (exp(-2) / Double(count)).squareRoot(), "\(beyond)")
    #expect(ways.allSatisfy { abs(($0 * $0).sum().squareRoot() - 1e-6) < 1e-15 })
    for sides in [ways.map(\.x), ways.map(\.z)] {
      #expect(abs(Double(sides.filter { $0 > 0 }.count) / Double(count) - 0.5) < 5 * 0.5 / Double(count).squareRoot())
    }
    let (one, other) = (shape.compartments, drawn.compartments)
    #expect(zip(one.areas, other.areas).allSatisfy { abs($0 - $1) < 1e-9 * $0 } && zip(one.lengths, other.lengths).allSatisfy { abs($0 - $1) < 1e-9 * $0 })
  }

  @Test("MOR-8: sections leave the direction of their parent at random, the same with the same seed, and whatever is added behind them")
  func randomSections() throws {
    var shape = try NeuronMorphology.cylinder(diameter: 1 * um, length: 10 * um, n: 2)
    for number in 0..<2000 { shape["d\(number)"] = try .cylinder(diameter: 1 * um, length: 10 * um, n: 1) }
    func ways(_ shape: NeuronMorphology) throws -> [SIMD3<Double>] {
      try shape.nodes.map { node in
        let points = try #require(node.section.relativePoints)
        return points[points.count - 1] - points[0]
      }
    }
    let drawn = try ways(shape.withCoordinates(sectionRandomness: 20, seed: 3))
    // The angles that exceed 180 degrees come back from the other side: the mean of |angle| below that is 20 but for 20·exp(−9).
    let mean = drawn.dropFirst().map { angle($0, drawn[0]) }.reduce(0, +) / 2000
    #expect(abs(mean - 20) < 5 * 20 / 2000.0.squareRoot(), "\(mean)")
    #expect(try ways(shape.withCoordinates(sectionRandomness: 20, seed: 3)) == drawn)
    #expect(try ways(shape.withCoordinates(sectionRandomness: 20, seed: 4))[1] != drawn[1])
    shape.more = try .cylinder(diameter: 1 * um, length: 10 * um, n: 5)
    #expect(try Array(ways(shape.withCoordinates(sectionRandomness: 20, seed: 3)).prefix(2001)) == drawn)
    // What has a place keeps it, unless it is to be overwritten.
    let placed = try shape.withCoordinates()
    #expect(try placed.withCoordinates(sectionRandomness: 20) == placed)
    #expect(try placed.withCoordinates(sectionRandomness: 20, overwriting: true) != placed)
    for wrong in [-1, Double.nan, .infinity] {
      #expect(throws: MorphologyError.self) { try shape.withCoordinates(sectionRandomness: wrong) }
      #expect(throws: MorphologyError.self) { try shape.withCoordinates(compartmentRandomness: wrong) }
    }
  }

  @Test("MOR-2: Sizes that no section can have are errors with what is expected") func sizes() {
    func check(_ text: String, _ make: () throws(MorphologyError) -> NeuronMorphology) {
      do throws(MorphologyError) {
        _ = try make()
        Issue.record("nothing was thrown: \(text)")
      } catch { #expect(error.description.contains(text), "\(error)") }
    }
    check("positive length, found 0.0 m") { () throws(MorphologyError) in try .soma(diameter: 0 * um) }
    check("positive length, found nan") { () throws(MorphologyError) in try .cylinder(diameter: 1 * um, length: Length(si: .nan)) }
    check("at least 1 compartment, found 0") { () throws(MorphologyError) in try .cylinder(diameter: 1 * um, length: 1 * um, n: 0) }
    check("'length' has 2 values here, found 1") { () throws(MorphologyError) in try .section(diameter: [1, 2, 3] * um, length: [1] * um) }
    check("'y' has 2 values here, found 3") { () throws(MorphologyError) in try .cylinder(diameter: 1 * um, y: [1, 2, 3] * um) }
    check("a length, or at least one") { () throws(MorphologyError) in try .section(diameter: [1, 2] * um) }
    check("'diameter' is in metre") { () throws(MorphologyError) in try .section(diameter: [1, 2] * ms, length: [1] * um) }
    check("positive length, found 0.0") { () throws(MorphologyError) in try .cylinder(diameter: 1 * um, x: [1, 1] * um) }
    check("more than can be numbered") { () throws(MorphologyError) in try .cylinder(diameter: 1 * um, length: 1 * um, n: 1 << 40) }
  }

  @Test("MOR-6: A path that means nothing is an error that says what there is")
  func wrongPaths() throws {
    var cell = try NeuronMorphology.soma(diameter: 20 * um)
    cell.axon = try .cylinder(diameter: 1 * um, length: 100 * um, n: 4)
    let index = CompartmentIndex(cell)
    for (path, text) in [
      ("axom", "did you mean 'axon'"), ("axon.L", "it has none"), ("axon[200 um]", "goes from 0 to 100"), ("axon[4]", "from 0 to 3"),
      ("axon[3:3]", "empty range"), ("axon[60 um:60 um]", "[60 um:60 um]"), ("axon[1", "']' is expected"), ("axon[1:2:3]", "one or two"),
      ("axon[1.5]", "whole number"), ("axon[1 mV]", "whole number or a length"), ("axon[1:10 um]", "one or two"), ("a b", "no name"),
      ("axon.", "a name is missing"),
      ("axon[-5 um:10 um]", "from 0 to 100"),
      ("axon[10 um:150 um]", "150. um lies outside of the section, which goes from 0 to 100"),
      ("axon[150 um:]", "from 0 to 100"), ("axon[x]", "no part"),
    ] {
      do throws(MorphologyError) {
        let found = try index.range(of: path)
        // A stretch within one compartment is that compartment.
        #expect(path == "axon[60 um:60 um]" && found == 3..<4, "\(path) \(found)")
      } catch { #expect(error.description.contains(text), "\(path): \(error)") }
    }
    #expect(try index.range(of: "axon[100 um]") == 4..<5)
    #expect(try index.range(of: "axon[-1]") == 4..<5)
    #expect(try index.range(of: "axon[25*um:50*um]") == 2..<3)
  }

  @Test(
    "MOR-5: A file that is no neuron is an error with the line that is wrong",
    arguments: [
      ("1 1 0 0 0 5 -1\n2 3 9 0 0 1 3\n3 3 19 0 0 1 2\n", "line 2: the parent 3 of point 2 comes later"),
      ("1 1 0 0 0 5 -1\n2 3 9 0 0 1 2\n", "line 2: point 2 is its own parent"),
      ("1 1 0 0 0 5 2\n2 3 9 0 0 1 1\n", "line 1: the parent 2 of point 1 comes later"),
      ("1 1 0 0 0 5 -1\n2 3 9 0 0 1 17\n", "line 2: the parent 17 of point 2 does not exist"),
      ("1 1 0 0 0 5 -1\n1 3 9 0 0 1 1\n", "line 2: there is a point 1 already, in line 1"),
      ("1 1 0 0 0 5 -1\n2 3 9 0 0 1 -1\n", "line 2: point 2 has no parent (-1)"),
      ("# text\n\n1 1 0 nan 0 5 -1\n", "line 3: the y is a number, found 'nan'"),
      ("1 1 0 0 0 inf -1\n", "line 1: the radius is a number"),
      ("1 1 0 0 0 0 -1\n", "line 1: the radius is a positive number, found 0.0"),
      ("1 1 0 0 0 -3 -1\n", "line 1: the radius is a positive number, found -3.0"),
      ("1 1 0 0 0 5\n", "line 1: a line of an SWC file has 7 numbers"),
      ("1 1 0 0 zero 5 -1\n", "line 1: the z is a number, found 'zero'"),
      ("1.5 1 0 0 0 5 -1\n", "line 1: the index is a whole number"),
      ("1 1 0 0 0 5 99999999999\n", "line 1: the parent is a whole number"),
      ("1 3 0 0 0 5 -1\n", "line 1: a section has two points"),
      ("1 1 0 0 0 5 -1\n2 3 9 0 0 1 1\r\n3 3 9 0 0 1 2\n", "line 3: point 3 lies at the place of its parent"),
      ("1 1 0 0 0 5 -1\n2 1 0 9 0 5 1\n3 1 0 -5 0 5 1\n", "line 2: the second and third points of a soma"),
      ("1 1 0 0 0 5 -1\n2 1 0 5 0 4 1\n3 1 0 -5 0 5 1\n", "line 2: the three points of the soma have the same radius"),
      ("", "the file has no point"), ("# only a comment\n", "the file has no point"),
      ("\u{1}\u{2}ELF\u{7f}", "line 1: this is no text of numbers"), ("1 1 0 0 0 5 -1\n2 3 9 0 0 ä 1", "line 2: this is no text"),
    ])
  func hostileFiles(text: String, message: String) {
    do throws(MorphologyError) {
      _ = try NeuronMorphology(swc: text)
      Issue.record("nothing was thrown: \(text)")
    } catch { #expect(error.description.contains(message), "\(error)") }
  }

  @Test("MOR-5: A tree of ten thousand sections in a row needs no deep stack, and is read in time proportional to it") func depth() throws {
    var text = "1 1 0 0 0 5 -1\n"
    for point in 2...10_000 { text += "\(point) \(2 + point % 2) \(point * 3) 0 0 1 \(point - 1)\n" }
    let cell = try NeuronMorphology(swc: text)
    #expect(cell.sectionCount == 10_000)
    #expect(cell.compartments.sections[9_999].depth == 9_999)
    #expect(try CompartmentIndex(cell).range(of: "axon") == 1..<10_000)
  }
}
