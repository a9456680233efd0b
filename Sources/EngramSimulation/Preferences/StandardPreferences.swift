public import EngramScalars

// The keys cannot be static members of the generic type itself, so they are reached through constrained extensions:
// preferences[.defaultSchedule].

extension PreferenceKey where Value == ScalarType {
  /// The type of float variables that name none, 64 bits by default (CPR-1).
  public static var defaultFloatType: Self {
    Self(
      "core.default_float_dtype", default: .float64, docs: "Type of float variables that name none; float64 or float32.",
      rule: "float64 or float32",
      validate: ScalarType.isValidFloatDefault)
  }
  /// The type of integer variables that name none: 32 bits by default.
  public static var defaultIntegerType: Self {
    Self(
      "core.default_integer_dtype", default: .int32, docs: "Type of integer variables that name none.", rule: "int32 or int64",
      validate: { $0.isInteger })
  }
}

extension PreferenceKey where Value == Bool {
  /// Without effect; scripts for Brian 2 may set it.
  public static var outdatedDependencyError: Self {
    Self("core.outdated_dependency_error", default: true, docs: "Accepted for compatibility; has no effect.")
  }
  /// Whether the first interrupt signal ends a run after its step. True by default.
  public static var stopOnKeyboardInterrupt: Self {
    Self(
      "core.stop_on_keyboard_interrupt", default: true,
      docs: "Whether the first interrupt signal ends a run after the current step; the second one terminates as usual.")
  }
  /// Whether refractory durations are compared as floating-point times instead of in steps (CPR-3). False by default.
  public static var refractoryTiming: Self {
    Self("legacy.refractory_timing", default: false, docs: "Compare refractory durations as floating-point times, not in timesteps.")
  }
  /// Whether code for events of targets waits until something looks at the synapses, where that is faster. Results do not depend on it.
  public static var deferredEvents: Self {
    Self(
      "codegen.deferred_events", default: true,
      docs: "Whether code for spikes of targets waits until something looks at the synapses, where that is faster. Never changes results.")
  }
  /// Whether objects that no network ever took are reported. True by default.
  public static var warnForUnusedObjects: Self {
    Self("logging.warn_for_unused_objects", default: true, docs: "Whether objects that no network ever took are reported.")
  }
}

extension PreferenceKey where Value == [String] {
  /// The order of the slots of a step in networks that set none (CPR-2).
  public static var defaultSchedule: Self {
    Self(
      "core.network.default_schedule", default: ["start", "groups", "thresholds", "synapses", "resets", "end"],
      docs: "Order of the slots of a step in networks that set none.",
      rule: "a list of names of slots, each once, without the before_… and after_… that exist around every slot",
      validate: { slots in (try? Schedule(slots.map { Slot($0) })) != nil })
  }
}

extension PreferenceKey where Value == [String] {
  /// Flags of the C compiler for functions with C text.
  public static var cFlags: Self {
    Self("codegen.c.flags", default: [], docs: "Flags of the C compiler, behind the usual ones and before those of a function.")
  }
}

extension PreferenceKey where Value == String {
  /// Which implementations of a user's functions are called: `auto`, `interpreted` or `compiled` (DEV-4).
  public static var codegenTarget: Self {
    Self(
      "codegen.target", default: "auto",
      docs: "Which implementations of a user's functions are called: interpreted takes bodies in Swift, compiled takes C text where there "
        + "is some, auto takes C text only where there is no body in Swift. Also how model code runs, where codegen.kernels is automatic.",
      rule: "auto, interpreted or compiled",
      validate: { ["auto", "interpreted", "compiled"].contains($0) })
  }
  public static var kernels: Self {
    Self(
      "codegen.kernels", default: "automatic",
      docs: "How model code runs, with the same results: interpreted takes the interpreter, native has a C compiler make code of it before "
        + "the first step, automatic does so in the background where the work is worth it, or as codegen.target says.",
      rule: "automatic, interpreted or native",
      validate: { KernelMode(rawValue: $0) != nil })
  }
  /// The C compiler; empty: `CC` of the environment, then `cc`, `gcc`, `clang`.
  public static var cCompiler: Self {
    Self("codegen.c.compiler", default: "", docs: "The C compiler for functions with C text; empty: CC of the environment, then cc, gcc, clang.")
  }
  /// Where compiled functions are kept; empty: in the user's cache.
  public static var cCache: Self {
    Self(
      "codegen.c.cache", default: "",
      docs: "Folder of compiled functions, to which nobody else may write; empty: engram/functions in XDG_CACHE_HOME or ~/.cache.")
  }
  /// The lowest level of messages that are shown: `INFO` by default.
  public static var consoleLogLevel: Self {
    Self(
      "logging.console_log_level", default: "INFO", docs: "Lowest level of messages that are shown.",
      rule: MessageLevel.names,
      validate: { MessageLevel(named: $0) != nil })
  }
  /// The log file; empty: none.
  public static var fileLog: Self {
    Self("logging.file_log", default: "", docs: "Path of the log file; empty: none.")
  }
  /// The lowest level of messages in the log file: `DEBUG` by default.
  public static var fileLogLevel: Self {
    Self(
      "logging.file_log_level", default: "DEBUG", docs: "Lowest level of messages in the log file.",
      rule: MessageLevel.names,
      validate: { MessageLevel(named: $0) != nil })
  }
}

extension PreferenceKey where Value == Int {
  /// The size of the log file after which it starts over, in bytes.
  public static var fileLogMaxSize: Self {
    Self(
      "logging.file_log_max_size", default: 10_000_000, docs: "Bytes after which the log file starts over.", rule: "an integer above 0",
      validate: { $0 > 0 })
  }
  /// How many threads model code may use; 0: as many as there are processors for this process. Used where they are faster. Results do not
  /// depend on it.
  public static var threads: Self {
    Self(
      "engram.threads", default: 1,
      docs: "How many threads model code may use where they are faster; 0: as many as there are processors. Never changes results.",
      rule: "an integer from 0 to 4096", validate: { (0...4096).contains($0) })
  }
}

extension Preferences {
  func registerStandard() {
    let categories: [(String, String, [AnyPreference])] = [
      (
        "core", "Core preferences",
        [
          AnyPreference(PreferenceKey.defaultFloatType), AnyPreference(PreferenceKey.defaultIntegerType),
          AnyPreference(PreferenceKey.outdatedDependencyError), AnyPreference(PreferenceKey.stopOnKeyboardInterrupt),
        ]
      ),
      ("core.network", "Network preferences", [AnyPreference(PreferenceKey.defaultSchedule)]),
      ("legacy", "Behaviour of earlier releases of the reference", [AnyPreference(PreferenceKey.refractoryTiming)]),
      (
        "codegen", "Execution of model code",
        [
          AnyPreference(PreferenceKey.codegenTarget), AnyPreference(PreferenceKey.kernels), AnyPreference(PreferenceKey.deferredEvents),
        ]
      ),
      (
        "codegen.c", "C text of functions",
        [AnyPreference(PreferenceKey.cCompiler), AnyPreference(PreferenceKey.cFlags), AnyPreference(PreferenceKey.cCache)]
      ),
      ("engram", "Preferences without counterpart in the reference", [AnyPreference(PreferenceKey.threads)]),
      (
        "logging", "Messages",
        [
          AnyPreference(PreferenceKey.consoleLogLevel), AnyPreference(PreferenceKey.fileLog), AnyPreference(PreferenceKey.fileLogLevel),
          AnyPreference(PreferenceKey.fileLogMaxSize), AnyPreference(PreferenceKey.warnForUnusedObjects),
        ]
      ),
    ]
    for (category, docs, preferences) in categories {
      do { try register(category, docs: docs, preferences) } catch { preconditionFailure("standard preferences: \(error)") }
    }
  }
}
