import CEngramMath
import Synchronization

/// Compiled code for a text, or why there is none.
package enum NativeAnswer: Sendable {
  /// The address of the function that the text defines. It stays valid while the process lives.
  case code(UInt)
  /// Nobody has compiled the text yet.
  case missing
  /// It cannot be compiled or loaded here; the reason is for people.
  case failed(reason: String)
}

/// Where compiled code comes from: a compiler and a place for what it makes.
package protocol NativeLibraries: Sendable {
  /// - Parameters:
  ///   - text: C text that defines `entry`.
  ///   - compiles: whether to compile it where nobody has.
  func code(for text: String, entry: String, compiles: Bool) -> NativeAnswer
  /// Runs `body` later, on another thread.
  func inBackground(_ body: @escaping @Sendable () -> Void)
}

/// Why a kernel goes on without compiled code.
package enum NativeProblem: Sendable {
  /// There is none; the reason is for people.
  case unavailable(reason: String)
  /// Compiled code gave other results than the machine.
  case differs(purpose: String)
}

/// When kernels turn to compiled code.
///
/// Steps never wait for a compiler: the machine goes on until the code is there, and then the kernel takes it between two calls. No
/// bit depends on when that is.
package struct NativeKernels: Sendable {
  package let libraries: any NativeLibraries
  /// Whether a kernel waits for its code before its first step. Otherwise code comes when the work of a kernel is worth it.
  package let isEager: Bool
  /// The work of a kernel, as estimated, after which it is worth compiling; a hundredth is worth a look at what was compiled before,
  /// which takes about a millisecond. Compiling takes a tenth of a second of a processor that nobody else wants, and what it makes is there
  /// for later runs as well.
  package let worthCompilingNanoseconds: Double
  /// From so many numbers on, indices are read from a copy of two bytes each; fewer are in the processor's caches as they are.
  package let leastBriefCount: Int
  /// Gets told why compiled code was not taken, on the thread that runs the kernel.
  package let report: @Sendable (NativeProblem) -> Void

  package init(
    libraries: any NativeLibraries, isEager: Bool, worthCompilingNanoseconds: Double = 5e7, leastBriefCount: Int = 1 << 17,
    report: @escaping @Sendable (NativeProblem) -> Void
  ) {
    self.leastBriefCount = leastBriefCount
    self.libraries = libraries
    self.isEager = isEager
    self.worthCompilingNanoseconds = worthCompilingNanoseconds
    self.report = report
  }

  /// The same, of which nothing is told.
  var silent: NativeKernels {
    NativeKernels(
      libraries: libraries, isEager: isEager, worthCompilingNanoseconds: worthCompilingNanoseconds, leastBriefCount: leastBriefCount, report: { _ in })
  }
}

/// A kernel's way to compiled code.
///
/// Work is estimated from the number of elements, not measured: a clock in every call would cost more than a short call.
final class NativeCandidate {
  enum State {
    case waits
    case hasFailed
    case isThere(engram_native)
  }

  private let program: KernelProgram
  private let layout: SlotLayout
  private let kernels: NativeKernels
  private let nanosecondsPerElement: Double
  private var workNanoseconds = 0.0
  private var hasLooked = false
  private var inbox: Inbox?
  /// Kept while there is no element to try it with.
  private var code: engram_native?

  /// One answer, from another thread.
  private final class Inbox: Sendable {
    /// Inside: `nil` where the program has no text.
    let answer = Mutex<NativeAnswer??>(nil)
  }

  /// Whether compiled code was asked for, be it faster or not.
  var isEager: Bool { kernels.isEager }

  /// - Returns: `nil` for an empty body.
  init?(_ program: KernelProgram, layout: SlotLayout, kernels: NativeKernels, nanosecondsPerElement: Double) {
    guard !program.body.isEmpty, !program.isSequential else { return nil }
    self.program = program
    self.layout = layout
    self.kernels = kernels
    self.nanosecondsPerElement = nanosecondsPerElement
  }

  /// Where things stand, now that a call for so many elements begins.
  func state(after elements: Int) -> State {
    if let code { return .isThere(code) }
    if kernels.isEager { return state(of: Self.answer(program, layout, kernels, compiles: true)) }
    if let inbox {
      guard let answer = inbox.answer.withLock({ $0 }) else { return .waits }
      self.inbox = nil
      return state(of: answer)
    }
    workNanoseconds += Double(elements) * nanosecondsPerElement
    let compiles = workNanoseconds >= kernels.worthCompilingNanoseconds
    if compiles || !hasLooked && workNanoseconds >= kernels.worthCompilingNanoseconds / 100 { ask(compiles: compiles) }
    return .waits
  }

  private func ask(compiles: Bool) {
    hasLooked = true
    let inbox = Inbox()
    self.inbox = inbox
    kernels.libraries.inBackground { [program, layout, kernels] in
      let answer = Self.answer(program, layout, kernels, compiles: compiles)
      inbox.answer.withLock { $0 = .some(answer) }
    }
  }

  private static func answer(_ program: KernelProgram, _ layout: SlotLayout, _ kernels: NativeKernels, compiles: Bool) -> NativeAnswer? {
    guard let text = NativeText(program, layout: layout), text.isWorthwhile || kernels.isEager else { return nil }
    return kernels.libraries.code(for: text.text, entry: NativeText.entry, compiles: compiles)
  }

  private func state(of answer: NativeAnswer?) -> State {
    switch answer {
    case nil: return .hasFailed
    case .missing: return .waits
    case .failed(let reason):
      kernels.report(.unavailable(reason: reason))
      return .hasFailed
    case .code(let address):
      guard let pointer = UnsafeRawPointer(bitPattern: address) else { return .hasFailed }
      let code = unsafeBitCast(pointer, to: engram_native.self)
      self.code = code
      return .isThere(code)
    }
  }

  func tellDifference() { kernels.report(.differs(purpose: program.purpose)) }
}
