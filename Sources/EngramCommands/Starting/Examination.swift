internal import EngramHDF5
internal import EngramKernels
internal import EngramNative
internal import EngramScalars
internal import EngramStorage
internal import EngramSystem

/// What `engram doctor` looks at: limits of the process, and what it works with.
enum Examination {
  static func limits() -> [Diagnosis] {
    let files = ResourceLimit.openFiles.value
    var findings = [
      bounded(
        "open files", files, text: { "\($0)" }, least: 1024, verdict: .slow,
        remedy: "raise it with 'ulimit -n 65536': files of a run are opened and closed again and again below 1024"),
      bounded(
        "size of files", ResourceLimit.fileBytes.value, text: bytes, least: 1 << 36, verdict: .unsafe,
        remedy: "raise it with 'ulimit -f unlimited': a recording that grows beyond it ends the run"),
      bounded(
        "address space", ResourceLimit.addressBytes.value, text: bytes, least: .max, verdict: .slow,
        remedy:
          "raise it with 'ulimit -v unlimited', or ask for more h_vmem or vmem: addresses that are reserved count as memory, and threads and caches get less"),
      bounded(
        "processor time", ResourceLimit.seconds.value, text: { "\(wallTimeText(Double($0)))" }, least: .max, verdict: .slow,
        remedy: "a run stops with a checkpoint when it is used up; the same command goes on"),
      bounded("locked memory", ResourceLimit.lockedBytes.value, text: bytes, least: 0, verdict: .fine, remedy: nil),
    ]
    let memory = availableMemory()
    findings.append(
      memory < 1 << 30
        ? Diagnosis(
          subject: "memory", verdict: .unsafe, text: "\(byteText(memory)) are left for this process",
          remedy: "end other programs, or ask for more: a run that finds no memory ends, and goes on from its newest checkpoint")
        : Diagnosis(
          subject: "memory", verdict: .fine,
          text: "\(byteText(memory)) of \(byteText(MachineMemory.byteCount)) are left for this process; engram explain says what a model takes"))
    return findings
  }

  private static func bytes(_ count: UInt64) -> String { byteText(Int(clamping: count)) }

  private static func bounded(
    _ subject: String, _ limit: UInt64?, text: (UInt64) -> String, least: UInt64, verdict: Diagnosis.Verdict, remedy: String?
  ) -> Diagnosis {
    guard let limit else { return Diagnosis(subject: subject, verdict: .fine, text: "no limit") }
    if limit >= least { return Diagnosis(subject: subject, verdict: .fine, text: "limited to \(text(limit))") }
    return Diagnosis(subject: subject, verdict: verdict, text: "limited to \(text(limit))", remedy: remedy)
  }

  static func programs() -> [Diagnosis] { [processor(), libraries(), compiler(), python()] }

  private static func processor() -> Diagnosis {
    let set = KernelInstructionSet.current
    let count = "\(ProcessFacts.processorCount) processors, kernels use \(set)"
    return set == "baseline"
      ? Diagnosis(subject: "processor", verdict: .slow, text: count, remedy: "one with AVX2 computes two to four times as fast; results do not depend on it")
      : Diagnosis(subject: "processor", verdict: .fine, text: count)
  }

  private static func libraries() -> Diagnosis {
    Diagnosis(subject: "libraries", verdict: .fine, text: "HDF5 \(HDF5Release.text), xxHash \(ContentHash.libraryVersion)")
  }

  /// Whether there is a C compiler that makes a library which can be loaded.
  private static func compiler() -> Diagnosis {
    let subject = "C compiler"
    let remedy = "install one, such as the package gcc or clang, or name it in CC: without it kernels are interpreted, with the same results"
    guard let compiler = try? CCompiler(forKernels: "") else {
      return Diagnosis(subject: subject, verdict: .slow, text: "there is none", remedy: remedy)
    }
    let name = compiler.command.joined(separator: " ")
    guard compiler.makesLibraries() else {
      return Diagnosis(subject: subject, verdict: .slow, text: "'\(name)' is there and makes no library", remedy: remedy)
    }
    return Diagnosis(subject: subject, verdict: .fine, text: name)
  }

  private static func python() -> Diagnosis {
    let subject = "Python package"
    if let program = ProgramsBeside.found.program("plot") { return Diagnosis(subject: subject, verdict: .fine, text: program) }
    return Diagnosis(
      subject: subject, verdict: .fine, text: "not beside this program; simulations do not need it",
      remedy: "for engram plot, report and convert: pip install engram-snn")
  }
}
