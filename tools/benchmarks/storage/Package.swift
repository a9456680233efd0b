// swift-tools-version: 6.1
import PackageDescription

// Only what storage needs, in release mode: swift run -c release --package-path tools/benchmarks/storage
let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "StorageBenchmark",
  targets: [
    .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash"),
    .target(name: "CEngramSystem", exclude: ["README.md"]),
    .target(name: "EngramScalars", exclude: ["README.md"], swiftSettings: settings),
    .target(
      name: "EngramStorage", dependencies: ["EngramScalars", "CXXHash", "CEngramSystem"], exclude: ["README.md", "FORMAT.md"],
      swiftSettings: settings),
    .executableTarget(name: "StorageBenchmark", dependencies: ["EngramScalars", "EngramStorage"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
