import EngramExport
import EngramImport
public import EngramModelFiles
import EngramSimulation
import EngramStorage
public import FoundationEssentials

// Model files in Swift programs: what `engram run`, `resume` and `explain` do, as calls.

extension Experiment {
  /// Starts a model file in a run directory, or continues what is there: `run()` does the rest.
  ///
  /// ```swift
  /// let experiment = try Experiment(modelFile: URL(filePath: "cuba.yaml"), options: .init(until: 1 * second))
  /// try experiment.run()
  /// let spikes = experiment.network["spikes"] as? SpikeMonitor
  /// ```
  ///
  /// The network is made in an environment of its own, so that its names do not meet those of the program; it stays until `close()`.
  ///
  /// - Parameters:
  ///   - modelFile: the YAML file; files that it names are found beside it.
  ///   - directory: the run directory; nil: `NAME.engram` in the current directory, as `engram run` has it.
  ///   - options: where to stop, the seed, constants, checkpoints and the place of arrays.
  /// - Throws: `ModelFileAccessError` where there is no such file; `ModelFileError` with all problems of the file;
  ///   `ExperimentError` where the directory holds a run of another model. A directory that the call made is removed then.
  public convenience init(modelFile: URL, in directory: URL? = nil, options: Options = Options()) throws {
    try options.check()
    let text = try ModelFileOnDisk(path: modelFile.path)
    let file = try text.read()
    try self.init(at: RunPlace(directory?.path ?? "\(file.name).engram", format: .hdf5)) { place in
      try Start(file, in: place.open(), files: text.files, options: options.exporting)
    }
  }

  /// Continues a run of a model file from its directory alone, as `engram resume` does.
  ///
  /// - Parameters:
  ///   - directory: the run directory.
  ///   - checkpoint: where to go on; nil: the newest. From a checkpoint that others follow a new line of checkpoints begins.
  ///   - options: where to stop, checkpoints and the place of arrays.
  /// - Throws: `ExperimentError` where the directory was made by a program, or has nothing to continue.
  public convenience init(resuming directory: URL, at checkpoint: String? = nil, options: Options = Options()) throws {
    try options.check()
    try self.init(at: RunPlace(directory.path, creating: false, format: .hdf5)) { place in
      let opened = try place.open()
      return try Start(
        resuming: opened, at: Continuation(checkpoint, in: opened, changing: options.changes), files: ImportedFiles(relativeTo: nil), options: options.exporting
      )
    }
  }

  /// Begins a branch of a run of a model file, with changes, as `engram branch` does: a line inside the run directory, or a directory of
  /// its own. It is there with its changes or not at all.
  ///
  /// ```swift
  /// let changes = BranchChanges(constants: ["w_exc": "2*mV"], seed: .number(7))
  /// try Experiment.branch(URL(filePath: "week1.engram"), from: "trained", as: "strong", changing: changes)
  /// try Experiment(resuming: URL(filePath: "week1.engram"), at: "strong").run()
  /// ```
  ///
  /// - Parameters:
  ///   - directory: the run directory.
  ///   - checkpoint: where the branch begins.
  ///   - name: of the line, and of its first checkpoint.
  ///   - target: the run directory to make; nil: the line begins inside `directory`.
  ///   - changes: what is other than in the parent.
  /// - Throws: `ModelFileError` for changes that do not fit the model; `StorageError` where there is no such checkpoint, or the name or the
  ///   directory exists.
  public static func branch(
    _ directory: URL, from checkpoint: String = "latest", as name: String, to target: URL? = nil, changing changes: BranchChanges = BranchChanges()
  ) throws {
    let source = try RunDirectory(at: directory.path, access: target == nil ? .write : .read, creating: false, format: .hdf5)
    defer { source.close() }
    let files = ImportedFiles(relativeTo: nil)
    if let target {
      let needed = try LaterRestores(behind: source.look(at: checkpoint)).names
      if changes.isEmpty {
        try source.branch(toDirectory: target.path, name: name, from: checkpoint, needed: needed)
      } else {
        _ = try branch(source, from: checkpoint, as: name, to: target.path, changing: changes, needed: needed, files: files)
      }
    } else if changes.isEmpty {
      try source.branch(name, from: checkpoint)
    } else {
      _ = try branch(source, from: checkpoint, as: name, changing: changes, files: files)
    }
  }

  private convenience init(at place: RunPlace, _ start: (RunPlace) throws -> Start) throws {
    let environment = Environment.kept()
    do {
      self.init(try environment.entered { try start(place) }, keeping: place)
    } catch {
      environment.end()
      place.close()
      throw error
    }
  }

  /// What is wrong with a model file, objects and steps together, in the order of the text; nothing is executed and nothing is written.
  ///
  /// - Returns: all problems with their places; none: it runs.
  public static func problems(ofModelFile file: URL, constants: [String: String] = [:]) throws -> [ModelFileProblem] {
    let environment = Environment.kept()
    defer { environment.end() }
    do {
      let text = try ModelFileOnDisk(path: file.path)
      _ = try environment.entered { try PreparedModel(text.read(), files: text.files, options: Options(constants: constants).exporting) }
      return []
    } catch let error as ModelFileError { return error.problems }
  }
}

extension Explanation {
  /// Shows how a model file is understood, as `engram explain` does: defaults filled in, equations with units, integrators, kernels.
  ///
  /// - Throws: `ModelFileError` with all problems of the file.
  public init(modelFile: URL, constants: [String: String] = [:]) throws {
    let environment = Environment.kept()
    defer { environment.end() }
    let text = try ModelFileOnDisk(path: modelFile.path)
    self = try environment.entered {
      try Explanation(text.read(), constants: constants.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value) }, files: text.files)
    }
  }
}

extension Experiment.Options {
  /// With what carries out steps that export.
  fileprivate var exporting: Experiment.Options {
    var options = self
    options.exports = ExportedNetworks()
    return options
  }
}
