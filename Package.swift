// swift-tools-version: 6.1
import PackageDescription

// The map of the house. One line per room: its name and the rooms below it. Nothing points up.
// README.md says what each room is about; a room's own README.md says what it must never know.

let orderedCollections: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let language: [Target.Dependency] = ["EngramScalars", "EngramUnits", "EngramExpressions"]
let simulation: [Target.Dependency] = language + ["EngramModel", "EngramStorage", "EngramSimulation", "EngramCheckpoints"]
let models: [Target.Dependency] = simulation + ["EngramEquations", "EngramModels"]
let files: [Target.Dependency] = models + ["EngramExport", "EngramModelFiles", "EngramMagic"]

// What a room imports and what its tests import beside it: neither more nor less, which `tools/imports` checks.
let rooms: [(name: String, uses: [Target.Dependency], tests: [Target.Dependency])] = [
  ("EngramSystem", ["CEngramSystem"], []),
  ("EngramScalars", [], []),
  ("EngramTransport", ["EngramSystem", "EngramScalars", "CEngramMPI"], []),
  ("EngramUnits", ["EngramSystem", "EngramScalars"], ["EngramTestSupport"]),
  ("EngramMorphology", ["EngramScalars", "EngramUnits", "CEngramMath"], ["EngramUnits"]),
  ("EngramStorage", ["EngramSystem", "EngramScalars", "CXXHash"], ["EngramSystem", "EngramScalars", "EngramTestSupport"]),
  ("EngramHDF5", ["EngramSystem", "EngramScalars", "EngramStorage", "CHDF5"], ["EngramSystem", "EngramScalars", "EngramStorage", "EngramTestSupport"]),
  ("EngramExpressions", ["EngramScalars", "EngramUnits"], ["EngramUnits", "EngramTestSupport"]),
  (
    "EngramKernels", ["EngramScalars", "EngramExpressions", "CEngramMath"],
    ["EngramSystem", "EngramScalars", "EngramExpressions", "EngramNative", "CEngramMath", "EngramTestSupport"]
  ),
  ("EngramNative", ["EngramSystem", "EngramScalars", "EngramStorage"], []),
  ("EngramEquations", language, ["EngramSystem", "EngramUnits", "EngramExpressions", "EngramTestSupport"]),
  ("EngramModel", language + ["EngramEquations", "EngramMorphology"], language + ["EngramEquations", "EngramMorphology"]),
  (
    "EngramSimulation",
    language + ["EngramModel", "EngramSystem", "EngramTransport", "EngramStorage", "EngramKernels", "EngramNative", orderedCollections, logging],
    language + ["EngramSystem", "EngramStorage", "EngramNative", "EngramCheckpoints", "EngramMagic"]
      + ["EngramTestSupport", "EngramMessageTestSupport", orderedCollections]
  ),
  (
    "EngramCheckpoints", language + ["EngramModel", "EngramSystem", "EngramStorage", "EngramSimulation", orderedCollections],
    ["EngramUnits", "EngramStorage", "EngramSimulation"]
  ),
  (
    "EngramModels", simulation + ["EngramSystem", "EngramEquations", "EngramKernels", "EngramMorphology", "CEngramMath"],
    simulation + ["EngramSystem", "EngramEquations", "EngramMorphology", "EngramMagic", "EngramMessageTestSupport"]
  ),
  (
    "EngramExport", ["EngramSystem", "EngramScalars", "EngramUnits", "EngramModel", "EngramStorage", "EngramHDF5", "EngramSimulation", "EngramCheckpoints"],
    ["EngramScalars", "EngramStorage", "EngramHDF5", "EngramSimulation", "EngramCheckpoints", "EngramTestSupport"]
  ),
  (
    "EngramModelFiles", models + ["EngramSystem", "EngramKernels", "EngramMorphology", orderedCollections, yams],
    models + ["EngramSystem", "EngramMagic", "EngramTestSupport", "EngramMessageTestSupport"]
  ),
  (
    "EngramMagic", ["EngramScalars", "EngramUnits", "EngramSimulation", "EngramCheckpoints"],
    ["EngramScalars", "EngramUnits", "EngramSimulation", "EngramMessageTestSupport"]
  ),
  (
    "EngramImport", ["EngramSystem", "EngramScalars", "EngramUnits", "EngramHDF5", "EngramMorphology", "EngramSimulation", "EngramModels", "EngramModelFiles"],
    [
      "EngramSystem", "EngramUnits", "EngramEquations", "EngramSimulation", "EngramModels", "EngramModelFiles", "EngramMagic", "EngramTestSupport",
      "EngramMessageTestSupport", "EngramMain",
    ]
  ),
  (
    "Engram", files + ["EngramSystem", "EngramHDF5", "EngramMorphology", "EngramNative", "EngramImport"],
    [
      "EngramScalars", "EngramUnits", "EngramEquations", "EngramStorage", "EngramKernels", "EngramHDF5", "EngramSimulation", "EngramCheckpoints",
      "EngramExport",
    ]
      + ["EngramTestSupport", "EngramMessageTestSupport", "BalancedNetwork"]
  ),
  (
    "EngramCommands", files + ["EngramSystem", "EngramTransport", "EngramKernels", "EngramNative", "EngramHDF5", "EngramImport", argumentParser, logging],
    files + ["EngramSystem", "EngramHDF5", "Engram", "EngramTestSupport", "EngramMessageTestSupport", "BalancedNetwork", "EngramMain", argumentParser]
  ),
]

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Further pages beside a room's README.
let pages: [String: [String]] = ["EngramStorage": ["FORMAT.md"]]
/// Files that become part of the program.
let embedded: [String: [Resource]] = [
  "EngramCommands": ["cuba", "stdp", "hh", "sweep"].map { .embedInCode("Starting/Templates/\($0).yaml") }
]

let package = Package(
  name: "Engram",
  products: [
    .library(name: "Engram", targets: ["Engram"]),
    .executable(name: "engram", targets: ["EngramMain"]),
  ],
  traits: [
    .trait(name: "MPI", description: "One network on several processes that mpirun or srun has started; needs the MPI library of the system")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    // The library and its headers are looked for where the trait asks for them, and nowhere else.
    .systemLibrary(name: "CMPI", pkgConfig: "mpi-c", providers: [.apt(["libopenmpi-dev"])]),
    .target(
      name: "CEngramMPI", dependencies: [.target(name: "CMPI", condition: .when(traits: ["MPI"]))], exclude: ["README.md"],
      cSettings: [.define("ENGRAM_MPI", .when(traits: ["MPI"]))]),
    .target(name: "CEngramMath", exclude: ["README.md"]),
    .target(name: "CEngramSystem", exclude: ["README.md"]),
    .executableTarget(name: "EngramMain", dependencies: ["EngramSystem", "EngramCommands"], swiftSettings: settings),
    .executableTarget(name: "BalancedNetwork", dependencies: ["Engram"], path: "Sources/Examples/BalancedNetwork", swiftSettings: settings),
    .target(
      name: "EngramTestSupport", dependencies: ["EngramSystem", "EngramTransport", "EngramStorage", "EngramExpressions"], path: "Tests/EngramTestSupport",
      swiftSettings: settings),
    .target(
      name: "EngramMessageTestSupport", dependencies: ["EngramSimulation"], path: "Tests/EngramMessageTestSupport", swiftSettings: settings),
    .testTarget(name: "CEngramMathTests", dependencies: ["EngramSystem", "CEngramMath", "EngramTestSupport"], swiftSettings: settings),
  ]
    + rooms.map {
      .target(name: $0.name, dependencies: $0.uses, exclude: ["README.md"] + (pages[$0.name] ?? []), resources: embedded[$0.name], swiftSettings: settings)
    }
    + rooms.map { .testTarget(name: $0.name + "Tests", dependencies: [.byName(name: $0.name)] + $0.tests, swiftSettings: settings) },
  swiftLanguageModes: [.v6]
)
