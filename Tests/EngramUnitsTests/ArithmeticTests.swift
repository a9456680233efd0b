@testable import EngramUnits
import Foundation
import Synchronization
import Testing

@Suite("Arithmetic with units") struct ArithmeticTests {
  @Test("UNI-1: A dimension is seven exponents, compared exactly, and may be fractional") func dimensions() {
    #expect(EngramUnits.Dimension.voltage.exponents == [2, 1, -3, -1, 0, 0, 0])
    #expect(EngramUnits.Dimension.voltage.raised(to: 0.5).exponents == [1, 0.5, -1.5, -0.5, 0, 0, 0])
    #expect(EngramUnits.Dimension.voltage.raised(to: 0.5).raised(to: 2) == .voltage)
    #expect(EngramUnits.Dimension.voltage / .resistance == .current)
    #expect(EngramUnits.Dimension.time.raised(to: -0.5) != EngramUnits.Dimension.time.raised(to: -0.5000000000000001))
    #expect(EngramUnits.Dimension(exponents: [1, 2]) == nil)
    #expect(EngramUnits.Dimension.voltage.description == "volt")
    #expect(EngramUnits.Dimension.time.raised(to: 0) == .dimensionless)
  }

  @Test("UNI-2: A quantity is a number in SI units and a dimension; an array has one dimension for all") func values() throws {
    let voltage = 10 * mV
    #expect(voltage.quantity == Quantity(si: 0.01, dimension: .voltage))
    let array = [1, 2, 3] * mV
    #expect(array.si == [0.001, 0.002, 0.003] && array.dimension == .voltage)
    #expect(try QuantityArray([1 * mV, 2 * volt, 0]).si == [0.001, 2, 0])
    #expect(throws: DimensionMismatchError.self) { try QuantityArray([1 * mV, 2 * nA]) }
    #expect(throws: DimensionMismatchError.self) { try QuantityArray([1 * mV, 2]) }
  }

  @Test("UNI-5: Kinds are kept where they can be, and combined where they must be") func kinds() {
    let sum: Voltage = 10 * mV + 1 * volt - 5 * mV
    #expect(sum.si == 0.01 + 1.0 - 0.005)
    let tripled: Voltage = 3 * (sum * 2) / 2
    #expect(tripled.si == 3 * (sum.si * 2) / 2)
    let conductance: Quantity = (1 * nA) / (1 * mV)
    #expect(conductance.dimension == .conductance)
    let mixed: Quantity = (10 * mV).quantity + 1 * volt
    #expect(mixed.si == 1.01)
    #expect((-(60 * mV)).si == -0.06)
    #expect((1 / (2 * second)) == (0.5 * hertz).quantity)
    var total = 1 * mV
    total += 2 * mV
    #expect(total.si == 0.001 + 0.002)
  }

  @Test("UNI-5: Remainder and floor division follow the sign of the divisor and combine units as the reference does")
  func division() throws {
    #expect((5 * volt).floorDivided(by: 2 * volt) == Quantity(2))
    #expect((5 * volt).floorDivided(by: 2 * amp) == (2 * ohm).quantity)
    #expect((-5 * volt) % (3 * volt) == 1 * volt)
    #expect(try (5 * volt).remainder(dividingBy: -3 * volt) == (-1 * volt).quantity)
    #expect(throws: DimensionMismatchError.self) { try (5 * volt).remainder(dividingBy: 1 * amp) }
  }

  @Test("UNI-5: A power multiplies the exponents and takes a plain number only") func powers() throws {
    #expect((3 * volt).raised(to: 2) == Quantity(9, EngramUnits.Dimension.voltage.raised(to: 2)))
    #expect((4 * volt).squareRoot == Quantity(2, EngramUnits.Dimension.voltage.raised(to: 0.5)))
    #expect(try (2 * volt).raised(to: Quantity(3)).si == 8)
    #expect(throws: DimensionMismatchError.self) { try (2 * volt).raised(to: (1 * mV).quantity) }
  }

  @Test("UNI-5: A mismatch names both operands, their values and their units") func mismatch() {
    let error = #expect(throws: DimensionMismatchError.self) { try (1 * mV).adding(2 * nA) }
    #expect(error?.description == "Cannot calculate 1. mV + 2. nA: the units do not match ('volt' and 'amp')")
    #expect(error?.dimensions == [.voltage, .current])
    let many = (0..<20).map(Double.init) * mV
    let arrayError = #expect(throws: DimensionMismatchError.self) { try many.adding(1 * nA) }
    #expect(arrayError?.description.contains("[ 0.  1. ... 18. 19.] mV + 1. nA") == true)
  }

  @Test("UNI-5: Transcendental functions take plain numbers only") func functions() throws {
    #expect(exp((1 * mV) / mV * Quantity(2)) == exp(2.0))
    #expect(sin(Angle(si: 0.5)) == sin(0.5))
    #expect(sqrt(4 * volt) == (4 * volt).squareRoot)
    #expect(abs(-3 * mV) == 3 * mV)
    let error = #expect(throws: DimensionMismatchError.self) { try (1 * mV).plainNumber(for: "exp") }
    #expect(error?.description == "The argument of 'exp' should have the unit '1' but is 1. mV (unit 'volt')")
  }

  @Test("UNI-5: Operators stop the program with the full message") func trap() async {
    await #expect(processExitsWith: .failure) { _ = (1 * mV).quantity + (1 * nA).quantity }
    await #expect(processExitsWith: .failure) { _ = (1 * mV).quantity < (1 * nA).quantity }
  }

  @Test("UNI-6: A bare 0 matches every unit, infinity only in comparisons") func zero() throws {
    #expect(1 * mV + 0 == 1 * mV)
    #expect(try Quantity(0).adding(1 * mV) == (1 * mV).quantity)
    #expect(1 * mV > 0 && -1 * mV < 0)
    #expect(1 * mV < Double.infinity)
    #expect(try (1 * mV).compare(to: Double.infinity) == -1)
    #expect(throws: DimensionMismatchError.self) { try (1 * mV).adding(Double.infinity) }
    #expect(throws: DimensionMismatchError.self) { try (1 * mV).adding(1) }
    #expect(throws: DimensionMismatchError.self) { try (0 * volt).adding(0 * amp) }
  }

  @Test("UNI-7: == is total, isEqual and compare refuse other dimensions") func equality() throws {
    let voltage = (1 * mV).quantity
    let current = (1 * mA).quantity
    #expect(voltage != current)
    #expect(throws: DimensionMismatchError.self) { try voltage.isEqual(to: current) }
    #expect(throws: DimensionMismatchError.self) { try voltage.compare(to: current) }
    #expect(try voltage.isEqual(to: 0.001 * volt))
    #expect(try voltage.isEqual(to: 0) == false)
    #expect(try voltage.compare(to: 2 * mV) == -1)
    #expect(try Quantity(.nan).compare(to: 1) == nil)
    #expect(Set([voltage, current, (0.001 * volt).quantity]).count == 2)
  }

  #if DEBUG
    @Test("UNI-7: Debug builds report the first == between two dimensions") func audit() {
      let reports = Mutex<[String]>([])
      EqualityAudit.$handler.withValue({ text in reports.withLock { $0.append(text) } }) {
        // Dimensions no other test compares.
        let (one, other) = (Quantity(2, EngramUnits.Dimension(luminosity: 7)), Quantity(3, EngramUnits.Dimension(luminosity: 8)))
        #expect(one != other)
        #expect(one != other)
        #expect(one != Quantity(0))
      }
      let texts = reports.withLock { $0 }
      #expect(texts.count == 1)
      #expect(texts.first?.contains("2. cd^7 == 3. cd^8") == true)
    }
  #endif

  @Test("UNI-14: A plain number comes out only where the unit is named") func plainNumbers() throws {
    let ratio: Double = (10 * mV) / mV
    #expect(ratio == 10)
    #expect(try (10 * mV).quantity.value(in: uV) == 0.01 / 1e-6)
    #expect(throws: DimensionMismatchError.self) { try (10 * mV).quantity.value(in: ms) }
    #expect((10 * mV).si == 0.01)
    #expect(try ([1, 2] * mV).values(in: mV) == [1, 2])
    #expect((([1, 2] * mV) / mV).si == [1, 2])
  }

  @Test("Quantities form ranges and strides") func ranges() throws {
    #expect((1 * ms...3 * ms).contains(2 * ms))
    #expect(stride(from: 0 * ms, to: 1 * ms, by: 0.25 * ms).count == 4)
    #expect(stride(from: 0 * ms, through: 1 * ms, by: 0.25 * ms).last == 1 * ms)
    #expect(try QuantityArray(from: 0, through: 1 * mV, count: 5).si.last == 0.001)
    #expect(try QuantityArray(from: 0, to: 3 * volt, by: 1 * volt).si == [0, 1, 2])
    #expect(throws: DimensionMismatchError.self) { try QuantityArray(from: 0 * ms, to: 3 * volt, by: 1 * volt) }
    #expect(try ((1 * ms).quantity...(3 * ms).quantity).contains(checking: 2 * ms))
    #expect(throws: DimensionMismatchError.self) { try (1 * ms...3 * ms).contains(checking: 2 * mV) }
    #expect([3 * mV, 1 * mV, 2 * mV].min() == 1 * mV)
  }
}

@Suite("Functions of arrays") struct ArrayFunctionTests {
  private let array = [3, -1, 2] * volt

  @Test("UNI-8: Some functions preserve the unit") func preserving() throws {
    #expect(array.sum == (4 * volt).quantity)
    #expect(array.mean.si == 4.0 / 3.0 && array.mean.dimension == .voltage)
    #expect(array.maximum == (3 * volt).quantity && array.minimum == (-1 * volt).quantity)
    #expect(array.magnitudes == [3, 1, 2] * volt)
    #expect(array.cumulativeSum == [3, 2, 4] * volt)
    #expect(([0.5, 1.5, -0.2] * volt).rounded == [0, 2, -0] * volt)
    #expect(([0.5, -0.5] * volt).roundedDown == [0, -1] * volt)
    #expect(([0.5, -0.5] * volt).roundedUp == [1, 0] * volt)
    #expect(try array.clipped(from: 0 * volt, to: 2500 * mV) == [2.5, 0, 2] * volt)
    #expect(throws: DimensionMismatchError.self) { try array.clipped(from: 1 * mA, to: 2 * mA) }
    #expect(([1, 3] * volt).standardDeviation == (1 * volt).quantity)
  }

  @Test("UNI-8: Some functions change the unit") func changing() {
    #expect(([1, 2] * mV).variance == Quantity(2.5e-7, EngramUnits.Dimension.voltage.raised(to: 2)))
    #expect(([2, 3, 4] * volt).product == Quantity(24, EngramUnits.Dimension.voltage.raised(to: 3)))
    #expect(([4, 9] * volt).squareRoots == QuantityArray(si: [2, 3], dimension: EngramUnits.Dimension.voltage.raised(to: 0.5)))
    #expect(([4, 9] * volt).squares == QuantityArray(si: [16, 81], dimension: EngramUnits.Dimension.voltage.raised(to: 2)))
    #expect(([4, 2] * second).reciprocals == [0.25, 0.5] * hertz)
    #expect(([1, 2] * volt).dot([3, 4] * amp) == (11 * watt).quantity)
    #expect(([1, 2] * volt).dot([3] * amp) == nil)
  }

  @Test("UNI-8: Some functions discard the unit") func discarding() {
    #expect(array.signs == [1, -1, 1])
    #expect(([.nan, 1] * volt).areNotNumbers == [true, false])
    #expect(array.indexOfMaximum == 0 && array.indexOfMinimum == 1)
    #expect(QuantityArray(si: [], dimension: .time).indexOfMaximum == nil)
    #expect(([2, 7, 7] * volt).indexOfMaximum == 1)
  }
}
