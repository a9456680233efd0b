import Engram
import EngramKernels
import Foundation
import Testing

@testable import EngramEquations
@testable import EngramExport
@testable import EngramScalars
@testable import EngramCheckpoints
@testable import EngramSimulation
@testable import EngramUnits

/// One error of each type that a public call may throw.
private func examples() throws -> [any ExplainedError] {
  let problems = try #require(Equations("dv/dt = -v/ : 1").problem).problems
  let storage = StorageError.notARunDirectory(path: "/x", reason: "it is empty")
  let place = SourceLocation(file: "model.swift", line: 3)
  return [
    FormulaTooLarge(),
    ArgumentCountError(function: "f", expected: ["x"], found: 2),
    BrianObjectError(objectName: "G", createdAt: place, phase: .running, underlying: storage),
    CheckpointError.noRunDirectory,
    ClockError.bothDtAndClock,
    DeviceError.missingDirectory,
    DimensionMismatchError(operation: "+", dimensions: [.time], description: "a time is no mass"),
    EquationError(problems),
    ExperimentError.nothingToRun,
    ExportError(path: "/x.h5", operation: "create", code: 28),
    ExportPlaceError(path: "/x.h5", found: .checkpoints),
    ExportSelectionError.selectedTwice("P.v"),
    FileArrayError.noFiles,
    FileReadingError.notSonata,
    FunctionBodyError(FunctionFault(function: "f", element: 4, cause: storage), code: "v = f(i)"),
    FunctionCallError.notCallable(function: "f"),
    GroupError.notPositive(group: "G", count: 0),
    HDF5Error("open the file '/x.h5'", detail: "it is no HDF5 file"),
    IndexError(variable: "G.v", reason: "there is no element 7"),
    InexactIntegerError(value: 1 << 60 + 1),
    InputError.notPositive(name: "P", what: "rate", found: "-1 Hz"),
    Interruption(),
    EnvironmentError.crossIsolation,
    MagicError.fixedContents(operation: "add"),
    ScheduleError.duplicateSlot("a"),
    ModelFileAccessError.missing(path: "nett.yaml", others: ["net.yaml"]),
    ModelFileError(fileName: "x.yaml", problems: [ModelFileProblem("'runn' is no step", at: FilePlace(line: 1, column: 1))], text: "runn: 1 s"),
    MonitorError.notRecordedIndex(monitor: "M", index: 3),
    MorphologyError.notPositive("diameter", -1e-6),
    NameError(text: "1st"),
    NamespaceError.underscoreKey("_x"),
    NativeCodeError.noCompiler(tried: ["cc"]),
    NetworkError.noRunToResume,
    PreferenceError.isCategory("core"),
    try #require(problems.problems.first),
    problems,
    ReadOnlyVariableError(variable: "G.t"),
    SignatureError.notAName("1st"),
    SizeMismatchError(variable: "G.v", expected: 3, found: 2),
    SourceDamage(storage, doubted: ["ck-3"]),
    SpatialNeuronError.noThreshold(neuron: "cell"),
    SpikeSourceError.noSuchElement(source: "G", event: "spike", element: 9, count: 3),
    storage,
    StateAtError.beyondEnd(seconds: 3, end: 2),
    SynapseError.generatorAsCondition(text: "j for j in range(3)"),
    TypeMismatchError(variable: "G.v", expected: .float64, found: .int32),
    UnitParseError(text: "3 blorb", position: 2, message: "there is no unit 'blorb'"),
    UnrepresentableValueError(variable: "G.n", element: nil, Misfit(type: .int32, value: "2.7", reason: .fraction)),
    UnresolvedIdentifierError(identifier: "tauu", owner: "G", nearest: "tau"),
    UnsupportedEquationsError(method: "exact", .stochastic),
    VariableError.noValue(name: "v"),
    WatchdogError(.value(variable: "G.v", element: 3, value: .nan, lower: nil, upper: nil, unit: "V"), stepSeconds: 0.1),
    WatchdogSetUpError.unknown("Gg", what: "such object", nearest: "G"),
  ]
}

@Suite("Errors") struct ErrorTests {
  @Test("COR-1: what an error says is the same in its description and in localizedDescription") func sentences() throws {
    for error in try examples() {
      let text = "\(error)"
      #expect(error.localizedDescription == text, "\(type(of: error))")
      #expect((error as any Error as? any LocalizedError)?.errorDescription == text)
      #expect(text.count > 10 && !text.hasPrefix("\(type(of: error))"), "\(type(of: error)): \(text)")
    }
  }

  @Test("COR-1: every public error type of the sources is among them, and says what is wrong") func allTypes() throws {
    let sources = GeneratedPagesTests.root.appending(path: "Sources")
    var found: Set<String> = []
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    for case let file as URL in files where file.pathExtension == "swift" {
      // Those of commands are shown by the program that has them, and thrown at nobody.
      if file.path.contains("/EngramCommands/") { continue }
      for match in try String(contentsOf: file, encoding: .utf8).matches(of: /(?m)^public (?:enum|struct|final class) (\w+): ([^{\n]*)\{/) {
        let parents = match.2.split(separator: /[, ]+/)
        #expect(!parents.contains("Error"), "\(match.1) has words in its description only: make it an ExplainedError")
        if parents.contains("ExplainedError") || parents.contains("AddressedError") { found.insert(String(match.1)) }
      }
    }
    let shown = Set(try examples().map { "\(type(of: $0))" })
    #expect(found == shown, "missing: \(found.subtracting(shown).sorted()), gone: \(shown.subtracting(found).sorted())")
  }

  @Test("COR-1: a program that knows only Foundation prints the sentence") func printing() throws {
    do {
      _ = try Network(checkpoint: "latest", in: URL(filePath: "/nonexistent/run.engram"))
      Issue.record("there is no such place")
    } catch {
      #expect(error.localizedDescription.contains("/nonexistent"))
      #expect(error.localizedDescription == "\(error)")
    }
  }
}
