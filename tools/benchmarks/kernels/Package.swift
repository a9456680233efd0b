// swift-tools-version: 6.1
import PackageDescription

// Only the rooms that kernels and model texts need, in release mode:
//   swift run -c release --package-path tools/benchmarks/kernels KernelBenchmark
//   swift run -c release --package-path tools/benchmarks/kernels LanguageBenchmark
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
let rooms: [(name: String, uses: [Target.Dependency])] = [
  ("EngramScalars", []), ("EngramUnits", ["EngramScalars"]), ("EngramExpressions", ["EngramScalars", "EngramUnits"]),
  ("EngramEquations", ["EngramScalars", "EngramUnits", "EngramExpressions"]),
  ("EngramKernels", ["EngramScalars", "EngramUnits", "EngramExpressions", "CEngramMath"]),
]

let package = Package(
  name: "KernelBenchmark",
  targets: [
    .target(name: "CEngramMath", exclude: ["README.md"]),
    .executableTarget(
      name: "KernelBenchmark", dependencies: ["EngramScalars", "EngramExpressions", "EngramKernels"], swiftSettings: settings),
    .executableTarget(
      name: "LanguageBenchmark", dependencies: ["EngramUnits", "EngramExpressions", "EngramEquations"], swiftSettings: settings),
  ] + rooms.map { .target(name: $0.name, dependencies: $0.uses, exclude: ["README.md"], swiftSettings: settings) },
  swiftLanguageModes: [.v6]
)
