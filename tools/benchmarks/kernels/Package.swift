// swift-tools-version: 6.1
import PackageDescription

// Only the rooms that kernels need, in release mode: swift run -c release --package-path tools/benchmarks/kernels
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
let rooms: [(name: String, uses: [Target.Dependency])] = [
  ("EngramScalars", []), ("EngramUnits", ["EngramScalars"]), ("EngramExpressions", ["EngramScalars", "EngramUnits"]),
  ("EngramKernels", ["EngramScalars", "EngramUnits", "EngramExpressions", "CEngramMath"]),
]

let package = Package(
  name: "KernelBenchmark",
  targets: [
    .target(name: "CEngramMath", exclude: ["README.md"]),
    .executableTarget(
      name: "KernelBenchmark", dependencies: ["EngramScalars", "EngramExpressions", "EngramKernels"], swiftSettings: settings),
  ] + rooms.map { .target(name: $0.name, dependencies: $0.uses, exclude: ["README.md"], swiftSettings: settings) },
  swiftLanguageModes: [.v6]
)
