// swift-tools-version: 6.0
import Foundation
import PackageDescription

// On a Mac the core comes as an xcframework that scripts/build-core.sh writes. Elsewhere the same Swift sources are
// linked with the library that `cargo build` wrote for this machine; ./test swift says where that is.
#if os(macOS)
    let core: [Target] = [.binaryTarget(name: "TalusCoreFFI", path: "build/TalusCoreFFI.xcframework")]
    let link: [LinkerSetting] = [.linkedLibrary("sqlite3")]
#else
    let library =
        ProcessInfo.processInfo.environment["TALUS_CORE_LIB_DIR"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../target/debug")
        .standardized.path
    let core: [Target] = [.systemLibrary(name: "TalusCoreFFI", path: "Sources/TalusCoreFFI")]
    // lld, because the Observation library of Swift 6.0 has a symbol that other linkers refuse.
    let link: [LinkerSetting] = [.unsafeFlags(["-L", library, "-Xlinker", "-l:libtalus_core.a", "-lm", "-use-ld=lld"])]
#endif

let package = Package(
    name: "TalusKit",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "TalusKit", targets: ["TalusKit"])],
    targets: core + [
        // Generated: what the generator writes is not ours to make strict.
        .target(
            name: "TalusCore", dependencies: ["TalusCoreFFI"], swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: link),
        .target(name: "TalusKit", dependencies: ["TalusCore"]),
        .testTarget(name: "TalusKitTests", dependencies: ["TalusKit"]),
    ],
    swiftLanguageModes: [.v6]
)
