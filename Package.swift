// swift-tools-version: 6.1
import PackageDescription

// The map of the house. One line per room: its name and the rooms below it. Nothing points up.
// README.md says what each room is about; a room's own README.md says what it must never know.

let collections: Target.Dependency = .product(name: "Collections", package: "swift-collections")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let language: [Target.Dependency] = ["EngramScalars", "EngramUnits", "EngramExpressions"]
let simulation: [Target.Dependency] = language + ["EngramEquations", "EngramStorage", "EngramKernels", "EngramSimulation"]

let rooms: [(name: String, uses: [Target.Dependency])] = [
  ("EngramScalars", []),
  ("EngramUnits", ["EngramScalars"]),
  ("EngramStorage", ["EngramScalars", "CXXHash", "CEngramSystem", system]),
  ("EngramHDF5", ["EngramScalars", "EngramStorage", "CHDF5", "CEngramSystem"]),
  ("EngramExpressions", ["EngramScalars", "EngramUnits"]),
  ("EngramKernels", language + ["CEngramMath"]),
  ("EngramNative", ["EngramStorage", "CEngramSystem"]),
  ("EngramEquations", language),
  ("EngramSimulation", language + ["EngramEquations", "EngramStorage", "EngramKernels", "EngramNative", "CEngramSystem", collections, logging]),
  ("EngramModels", simulation + [collections]),
  ("EngramExport", ["EngramScalars", "EngramUnits", "EngramStorage", "EngramHDF5", "EngramSimulation", "CEngramSystem"]),
  ("EngramModelFiles", simulation + ["EngramModels", collections, yams]),
  ("EngramImport", ["EngramUnits", "EngramHDF5", "EngramSimulation", "EngramModels", "EngramModelFiles", "CEngramSystem"]),
  ("Engram", simulation + ["EngramNative", "EngramModels", "EngramExport", "EngramHDF5", "EngramModelFiles", "EngramImport"]),
  ("EngramCommands", simulation + ["EngramModels", "EngramExport", "EngramHDF5", "EngramModelFiles", "EngramImport", "Engram", logging, argumentParser]),
]

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Further pages beside a room's README.
let pages: [String: [String]] = ["EngramStorage": ["FORMAT.md"]]

/// Rooms whose tests also need to see rooms beside their own.
let testNeeds: [String: [Target.Dependency]] = [
  "EngramHDF5": ["EngramStorage"],
  "EngramImport": ["EngramMain", "EngramEquations"],
  "EngramCommands": ["BalancedNetwork", "Engram", "EngramModels", "EngramModelFiles", "EngramExport", "EngramSimulation", "EngramMain"],
  "Engram": ["BalancedNetwork"],
]

/// The same dependencies in the same order, each once.
func distinct(_ dependencies: [Target.Dependency]) -> [Target.Dependency] {
  var seen: Set<String> = []
  return dependencies.filter { seen.insert("\($0)").inserted }
}

let package = Package(
  name: "Engram",
  products: [
    .library(name: "Engram", targets: ["Engram"]),
    .executable(name: "engram", targets: ["EngramMain"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
    .target(name: "CEngramMath", exclude: ["README.md"]),
    .target(name: "CEngramSystem", exclude: ["README.md"]),
    .executableTarget(name: "EngramMain", dependencies: ["EngramCommands"], swiftSettings: settings),
    .executableTarget(name: "BalancedNetwork", dependencies: ["Engram"], path: "Sources/Examples/BalancedNetwork", swiftSettings: settings),
    .target(name: "EngramTestSupport", dependencies: simulation + ["EngramModels"], path: "Tests/EngramTestSupport", swiftSettings: settings),
    .testTarget(name: "CEngramMathTests", dependencies: ["CEngramMath"], swiftSettings: settings),
  ]
    + rooms.map { .target(name: $0.name, dependencies: $0.uses, exclude: ["README.md"] + (pages[$0.name] ?? []), swiftSettings: settings) }
    + rooms.map { room in
      .testTarget(
        name: room.name + "Tests",
        dependencies: distinct([.byName(name: room.name), "EngramTestSupport"] + room.uses + (testNeeds[room.name] ?? [])),
        swiftSettings: settings)
    },
  swiftLanguageModes: [.v6]
)
