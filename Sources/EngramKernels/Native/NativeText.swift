import CEngramMath
import EngramExpressions
import EngramScalars

/// A program's body as C text: what the machine does to a block of elements, in one loop over them.
///
/// The text calls one function per operation, made of the very lines that the machine's loops are made of (`native.h`), so both give the
/// same bits. Uniform values are read from the slots: text depends on what is computed, never on the value of a constant.
///
/// Not every program can be printed: not those whose elements depend on each other, and not those that call functions or draw from
/// distributions with tables. Those stay on the machine.
struct NativeText {
  /// The name of the function, an `engram_native`.
  static let entry = "engram_kernel"

  /// All that the compiler gets.
  var text: String { support + kernel }
  /// What kernels are written with, the same for all of them.
  let support: String
  /// The kernel itself: functions for a block, and the entry.
  let kernel: String
  /// Whether the machine has nothing that the text lacks: its loops look at a whole block first and then take a short way for angles,
  /// remainders and conversions.
  let isWorthwhile: Bool

  /// - Returns: `nil` where the program cannot be printed, or this program was built without what kernels are compiled with.
  init?(_ program: KernelProgram, layout: SlotLayout) {
    guard let support = Self.support, let kernel = BodyPrinter(program, layout: layout).text else { return nil }
    isWorthwhile = program.body.allSatisfy { !$0.opcode.hasShortWay }
    self.support = support
    self.kernel = kernel
  }

  /// The headers, which know each other by name, one after the other.
  private static let support: String? = engram_native_text().map { headers in
    String(cString: headers).split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("#include \"") }.joined(separator: "\n")
  }
}

extension Opcode {
  /// Whether the machine's loop has a short way for a whole block.
  fileprivate var hasShortWay: Bool {
    switch self {
    case .floorDivide, .floorModulo, .timestep, .stepStart, .floatToInteger: true
    default: false
    }
  }

  /// Whether it takes long enough for its loop to be worth values put aside for the loops behind it.
  var isHeavy: Bool {
    switch self {
    case .exp, .expm1, .exprel, .log, .log10, .log1p, .asin, .acos, .atan, .sinh, .cosh, .tanh, .power, .divide, .sqrt, .randomUniform,
      .randomNormal:
      true
    default: false
    }
  }
}
