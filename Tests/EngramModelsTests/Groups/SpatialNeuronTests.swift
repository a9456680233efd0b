import EngramEquations
import EngramExpressions
import EngramMagic
import EngramModels
import EngramMorphology
import EngramScalars
import EngramSimulation
import EngramUnits
import Foundation
import Testing

@Suite("Neurons with a shape") struct SpatialNeuronTests {
  private static let leak: Equations = "Im = gL*(EL - v) : amp/metre**2\nI : amp (point current)"
  private static let membrane: Namespace = ["gL": 1e-4 * siemens / cm2, "EL": -70 * mV]

  // ------------------------------------------------------------------------------------------------------------- theory

  @Test("SPA-3: A current into the end of a closed cable charges it to the hyperbolic cosine of the distance from the other end")
  func steadyState() throws {
    try withScope {
      let (diameter, length, count) = (1 * um, 500 * um, 1000)
      let neuron = try SpatialNeuron(
        .cylinder(diameter: diameter, length: length, n: count), Self.leak, Cm: 1 * uF / cm2, Ri: 100 * ohm * cm, namespace: Self.membrane, dt: 1 * ms)
      try neuron.v <- -70 * mV
      try neuron[0].I <- 0.02 * nA
      try run(0.5 * second)
      // λ = √(d/(4 Ri gL)), input resistance of the closed cable.
      let (d, l, resistivity, leak) = (diameter.si, length.si, 1.0, 1.0)
      let lambda = (d / (4 * resistivity * leak)).squareRoot()
      let input = 4 * resistivity * lambda / (.pi * d * d) / tanh(l / lambda)
      let v = try neuron.v.values
      for place in stride(from: 5, to: count, by: 97) {
        let x = (Double(place) + 0.5) * l / Double(count)
        let expected = -0.07 + 0.02e-9 * input * cosh((l - x) / lambda) / cosh(l / lambda)
        #expect(abs(v[place] - expected) < 1e-5 * abs(expected + 0.07), "\(place): \(v[place]) \(expected)")
      }
    }
  }

  /// Bhalla, Bilitch & Bower (1992), "Rallpacks: a set of benchmarks for neuronal simulators", Trends Neurosci. 15: a passive cable of 1 mm and 1 µm in
  /// 1000 compartments, with 0.1 nA into one end.
  ///
  /// - Returns: the potential at both ends at the given times, by the Fourier series of the closed cable.
  private func rallpack1(at seconds: [Double]) -> [(near: Double, far: Double)] {
    let (d, l, resistivity, leak, capacitance) = (1e-6, 1e-3, 1.0, 1 / 4.0, 0.01)
    let lambda = (d / (4 * resistivity * leak)).squareRoot()
    let (tau, length) = (capacitance / leak, l / lambda)
    let scale = 0.1e-9 * 4 * resistivity * lambda / (.pi * d * d)
    return seconds.map { time in
      // v(X, T)·(1/scale) = coth(L)-like steady state minus the modes that have not yet come up.
      var (near, far) = (cosh(length) / sinh(length) - exp(-time / tau) / length, 1 / sinh(length) - exp(-time / tau) / length)
      for mode in 1...4000 {
        let rate = 1 + pow(Double(mode) * .pi / length, 2)
        let part = 2 / length * exp(-rate * time / tau) / rate
        near -= part
        far -= mode % 2 == 0 ? part : -part
      }
      return (-0.065 + scale * near, -0.065 + scale * far)
    }
  }

  @Test("SPA-3: Rallpack 1, a passive cable, is met within a tenth of a percent of its rise at both ends")
  func rallpackOne() throws {
    try withScope {
      let neuron = try SpatialNeuron(
        .cylinder(diameter: 1 * um, length: 1 * mm, n: 1000), "Im = gL*(EL - v) : amp/metre**2\nI : amp (point current)", Cm: 1 * uF / cm2,
        Ri: 1 * ohm * metre, namespace: ["gL": 1 / (4 * ohm * metre2), "EL": -65 * mV], dt: 0.05 * ms)
      try neuron.v <- -65 * mV
      try neuron[0].I <- 0.1 * nA
      let trace = try StateMonitor(neuron, "v", record: [0, 999], dt: 10 * ms)
      try run(0.25 * second)
      let times = try trace.t.si
      let (near, far) = (try trace["v"].row(0), try trace["v"].row(1))
      let expected = rallpack1(at: times)
      let rise = expected.map(\.near).max()! + 0.065
      for (place, wanted) in expected.enumerated().dropFirst() {
        #expect(abs(near[place] - wanted.near) < 1e-3 * rise && abs(far[place] - wanted.far) < 1e-3 * rise, "\(times[place]) \(near[place]) \(wanted)")
      }
    }
  }

  @Test("SPA-4: Rallpack 2, a tree of ten levels that is equivalent to a cable, has the potential of the cable at equal electrical distance")
  func rallpackTwo() throws {
    try withScope {
      // Rall's 3/2 power law: daughters of 2^(-2/3) of the diameter and 2^(-1/3) of the length, so that each level has the same electrical length.
      func section(_ level: Int) throws -> MorphologySection {
        try NeuronMorphology.cylinder(
          diameter: Length(si: 16e-6 * pow(2, -2.0 / 3 * Double(level))), length: Length(si: 32e-6 * pow(2, -1.0 / 3 * Double(level))), n: 8
        ).root
      }
      func grow(_ level: Int) throws -> NeuronMorphology {
        var branch = NeuronMorphology(try section(level))
        if level < 6 {
          let child = try grow(level + 1)
          branch["L"] = child
          branch["R"] = child
        }
        return branch
      }
      let tree = try grow(0)
      let namespace: Namespace = ["gL": 1 / (4 * ohm * metre2), "EL": -65 * mV]
      func neuron(_ shape: NeuronMorphology) throws -> SpatialNeuron {
        let neuron = try SpatialNeuron(
          shape, "Im = gL*(EL - v) : amp/metre**2\nI : amp (point current)", Cm: 1 * uF / cm2, Ri: 1 * ohm * metre, namespace: namespace, dt: 0.1 * ms)
        try neuron.v <- -65 * mV
        try neuron[0].I <- 0.1 * nA
        return neuron
      }
      let branched = try neuron(tree)
      let cable = try neuron(.cylinder(diameter: 16 * um, length: 32 * 7 * um, n: 56))
      try run(60 * ms)
      let (a, b) = (try branched.v.values, try cable.v.values)
      // The first section, then always the first branch: preorder.
      for place in 0..<56 { #expect(abs(a[place] - b[place]) < 1e-9 * abs(b[place] + 0.065), "\(place): \(a[place]) \(b[place])") }
      // Branches of one level are alike.
      let index = branched.index
      let (left, right) = (try index.range(of: "LLRL.main"), try index.range(of: "RRLR.main"))
      for (one, other) in zip(left, right) { #expect(abs(a[one] - a[other]) < 1e-13) }
    }
  }

  @Test("SPA-3: Halving the step halves the error of the implicit update")
  func order() throws {
    func end(_ step: Time) throws -> Double {
      try withScope {
        let neuron = try SpatialNeuron(
          .cylinder(diameter: 1 * um, length: 200 * um, n: 20), Self.leak, Cm: 1 * uF / cm2, namespace: Self.membrane, dt: step)
        try neuron.v <- -70 * mV
        try neuron[0].I <- 0.02 * nA
        try run(4 * ms)
        return try neuron.v.values[3]
      }
    }
    let exact = try end(0.001 * ms)
    let errors = try [0.2 * ms, 0.1 * ms, 0.05 * ms].map { try end($0) - exact }
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(abs(coarse / fine - 2) < 0.15, "\(errors)") }
  }

  @Test("SPA-4: A tree is solved as Gauss's elimination of the whole matrix solves it, wherever the elimination begins")
  func elimination() throws {
    try withScope {
      var shape = try NeuronMorphology.soma(diameter: 20 * um)
      shape.a = try .cylinder(diameter: 2 * um, length: 80 * um, n: 9)
      shape.a?.L = try .section(diameter: [2, 1, 0.5] * um, length: [30, 12] * um)
      shape.a?.R = try .cylinder(diameter: 1 * um, length: 50 * um, n: 3)
      shape.a?.M = try .cylinder(diameter: 1 * um, length: 20 * um)
      shape.b = try .cylinder(diameter: 1 * um, length: 400 * um, n: 30)
      shape.b?.L = try .soma(diameter: 5 * um)
      let model: Equations = "Im = g*(E - v) : amp/metre**2\ng : siemens/metre**2 (constant)\nE : volt\nRi : ohm*metre (constant)"
      let neuron = try SpatialNeuron(shape, model, dt: 0.1 * ms)
      try neuron.g <- "(1 + i)*0.3*siemens/metre**2"
      try neuron.E <- "-70*mV + i*mV"
      try neuron.v <- "-60*mV + sin(i)*10*mV"
      try neuron.Ri <- "(1 + 0.01*i)*ohm*metre"
      let before = try neuron.v.values
      try run(0.1 * ms)
      let found = try neuron.v.values
      // The same equations, written down for the whole tree with points where several sections begin.
      let compartments = shape.compartments
      let count = compartments.count
      var rows = [[Double]](repeating: [Double](repeating: 0, count: count + 2), count: count + 2)
      var right = [Double](repeating: 0, count: count + 2)
      let ri = (0..<count).map { 1 + 0.01 * Double($0) }
      func join(_ a: Int, _ b: Int, _ conductance: Double) {
        rows[a][a] += conductance
        rows[b][b] += conductance
        rows[a][b] -= conductance
        rows[b][a] -= conductance
      }
      for place in 0..<count {
        let (g, area) = (Double(1 + place) * 0.3, compartments.areas[place])
        let ground = 0.009 / 1e-4 + g
        rows[place][place] += ground * area
        right[place] = (0.009 / 1e-4 * before[place] + g * (-0.07 + Double(place) * 1e-3)) * area
      }
      // Points behind the soma (a, b) and behind a (L, R, M).
      var points: [Int: Int] = [0: count, 1: count + 1]
      for (parent, point) in points {
        let last = compartments.sections[parent].range.upperBound - 1
        join(last, point, compartments.endConductances[last] / ri[last])
      }
      for section in compartments.sections {
        for place in section.range.dropFirst() {
          join(place - 1, place, 1 / (ri[place - 1] / compartments.endConductances[place - 1] + ri[place] / compartments.startConductances[place]))
        }
        guard section.parent >= 0 else { continue }
        let first = section.range.lowerBound
        if let point = points[section.parent] {
          join(point, first, compartments.startConductances[first] / ri[first])
        } else {
          let last = compartments.sections[section.parent].range.upperBound - 1
          join(last, first, 1 / (ri[last] / compartments.endConductances[last] + ri[first] / compartments.startConductances[first]))
        }
      }
      points = [:]
      for pivot in 0..<count + 2 {
        let best = (pivot..<count + 2).max { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) } ?? pivot
        rows.swapAt(pivot, best)
        right.swapAt(pivot, best)
        for row in pivot + 1..<count + 2 where rows[row][pivot] != 0 {
          let factor = rows[row][pivot] / rows[pivot][pivot]
          for column in pivot..<count + 2 { rows[row][column] -= factor * rows[pivot][column] }
          right[row] -= factor * right[pivot]
        }
      }
      var solution = [Double](repeating: 0, count: count + 2)
      for row in (0..<count + 2).reversed() {
        let rest = (row + 1..<count + 2).reduce(right[row]) { $0 - rows[row][$1] * solution[$1] }
        solution[row] = rest / rows[row][row]
      }
      // The soma's conductance towards its branches is 1e9 times that of others, which costs the judge digits.
      for place in 0..<count { #expect(abs(found[place] - solution[place]) < 1e-8 * 0.07, "\(place): \(found[place]) \(solution[place])") }
    }
  }

  @Test("SPA-4: A soma with an axon and a spike that begins sharply is what numbers of 80 bits give, though one conductance is a million times another")
  func soma() throws {
    struct Precise: Decodable { let v: [[Double]] }
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../fixtures/reference/spatial_soma.json")
    let expected = try JSONDecoder().decode(Precise.self, from: Data(contentsOf: file)).v
    try withScope {
      var shape = try NeuronMorphology.soma(diameter: 50 * um)
      shape.axon = try .cylinder(diameter: 1 * um, length: 300 * um, n: 300)
      let neuron = try SpatialNeuron(
        shape,
        """
        Im = gL*(EL - v) + gNa*m*(60*mV - v) : amp/metre**2
        dm/dt = (1/(1 + exp((-40*mV - v)/(6*mV))) - m)/(0.1*ms) : 1
        gNa : siemens/metre**2
        Iin : amp (point current)
        """, Cm: 0.75 * uF / cm2, Ri: 150 * ohm * cm, method: .exponentialEuler, namespace: ["gL": 1 / (3 * ohm * metre2), "EL": -75 * mV], dt: 0.025 * ms)
      try neuron.v <- -75 * mV
      try neuron[41].gNa <- "2*7.85e-9*metre**2*gL/area"
      let trace = try StateMonitor(neuron, "v", record: [0, 41], dt: 1 * ms)
      try run(10 * ms)
      try neuron[0].Iin <- "gL*20*mV*area"
      try run(50 * ms)
      let found = [try trace["v"].row(0), try trace["v"].row(1)]
      #expect(found[0].count == expected.count && found[1].max()! > 0)
      for (step, wanted) in expected.enumerated() {
        for place in 0..<2 { #expect(abs(found[place][step] - wanted[place]) < 1e-11, "\(step) \(place): \(found[place][step]) \(wanted[place])") }
      }
    }
  }

  // ---------------------------------------------------------------------------------------------------------- the object

  @Test("SPA-2: What is wrong with the equations of compartments is told, all of it, with its place")
  func wrongEquations() throws {
    func check(_ model: Equations, _ texts: String...) throws {
      do {
        _ = try withScope { try SpatialNeuron(.cylinder(diameter: 1 * um, length: 10 * um), model) }
        Issue.record("nothing was thrown")
      } catch { for text in texts { #expect("\(error)".contains(text), "\(error)") } }
    }
    try check("v : volt\nIm = 0*amp/metre**2 : amp/metre**2", "'v' cannot be the name of a variable: every compartment has a variable of that name")
    try check("g : siemens", "'Im', is not defined")
    try check("Im = 0*amp : amp", "'Im' is the current through the membrane per area")
    try check("Im : amp/metre**2", "'Im' is the current through the membrane per area")
    try check("Im = 0*amp/metre**2 : amp/metre**2\nI : volt (point current)\narea : metre**2", "a point current is in amp", "'area' cannot be the name")
    try check("Im = 0*amp/metre**2 : amp/metre**2\nI = Im*area : amp (point current)", "in a circle")
    try check("Im = f(v)*amp/metre**2 : amp/metre**2", "the derivative of 'Im' with respect to v is not known")
  }

  @Test("SPA-1: Sizes and places that a neuron cannot have are errors")
  func wrongArguments() throws {
    func check(_ text: String, _ body: () throws -> Void) {
      do {
        try withScope { try body() }
        Issue.record("nothing was thrown: \(text)")
      } catch { #expect("\(error)".contains(text), "\(error)") }
    }
    let shape = try NeuronMorphology.cylinder(diameter: 1 * um, length: 10 * um, n: 3)
    check("'Cm' of") { _ = try SpatialNeuron(shape, Self.leak, Cm: 1 * ms) }
    check("'Ri' of 'spatialneuron' is a positive number, found 0.0") { _ = try SpatialNeuron(shape, Self.leak, Ri: 0 * ohm * metre) }
    check("at one compartment, and '[0:2]' are 2") { _ = try SpatialNeuron(shape, Self.leak, threshold: "v > 0*mV", thresholdLocation: "[0:2]") }
    check("no branch 'axon'") { _ = try SpatialNeuron(shape, Self.leak, threshold: "v > 0*mV", thresholdLocation: "axon") }
    check("has a place for its threshold but no threshold") { _ = try SpatialNeuron(shape, Self.leak, thresholdLocation: "[0]") }
    check("'Cm' of 'cell' is a positive number, found 0.0 for compartment 1") {
      let cell = try SpatialNeuron(shape, Self.leak, namespace: Self.membrane, name: "cell")
      try cell.Cm[1] <- 0 * farad / metre2
      try run(1 * ms)
    }
    check("'v' of 'spatialneuron' is a float64") { _ = try SpatialNeuron(shape, Self.leak, scalarTypes: ["v": .float32]) }
  }

  @Test("SPA-6: Parts of the shape are parts of the group, with the variables of their compartments")
  func parts() throws {
    try withScope {
      var shape = try NeuronMorphology.soma(diameter: 20 * um)
      shape.axon = try .cylinder(diameter: 1 * um, length: 100 * um, n: 10)
      shape.axon?.L = try .cylinder(diameter: 0.5 * um, length: 10 * um, n: 2)
      let neuron = try SpatialNeuron(shape, Self.leak, namespace: Self.membrane)
      #expect(try (neuron["axon"].start, neuron["axon"].count) == (1, 12))
      #expect(try (neuron["axon.main"].count, neuron["main"].count, neuron["axon[35 um:55 um]"].start) == (10, 1, 4))
      try neuron["axon.L"].v <- -50 * mV
      #expect(try neuron.v.values == [Double](repeating: 0, count: 11) + [-0.05, -0.05])
      #expect(try neuron.parent.values == [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
      #expect(try abs(neuron.distance.values[12] - 107.5e-6) < 1e-18)
      #expect(throws: MorphologyError.self) { try neuron["dendrite"] }
    }
  }

  @Test("SPA-5: A threshold at a place makes no other compartment spike, and refractoriness is that of the compartment")
  func thresholdLocation() throws {
    try withScope {
      let neuron = try SpatialNeuron(
        .cylinder(diameter: 1 * um, length: 100 * um, n: 10), "Im = 0*amp/metre**2 : amp/metre**2\nx : 1", threshold: "v > -1*mV",
        thresholdLocation: "[75 um]", reset: "x += 1", refractory: 1 * ms)
      let spikes = try SpikeMonitor(neuron)
      try run(3.05 * ms)
      #expect(try neuron.x.values == [0, 0, 0, 0, 0, 0, 0, 4, 0, 0])
      #expect(try Set(spikes.i) == [7])
    }
  }
}
