// swift-tools-version: 6.0
import Foundation
import PackageDescription

// On a Mac the core comes as an xcframework that scripts/build-core.sh writes. Elsewhere the same Swift sources are
// linked with the library that `cargo build` wrote for this machine; ./test swift says where that is. Where there is no
// SwiftUI, a stand-in type-checks the screens and tells what they show.
#if os(macOS)
    let core: [Target] = [.binaryTarget(name: "TalusCoreFFI", path: "build/TalusCoreFFI.xcframework")]
    let link: [LinkerSetting] = [.linkedFramework("CoreBluetooth")]
    let standIn: [Target] = []
    let memory: [Target.Dependency] = []
    let screens: [Target.Dependency] = ["TalusKit"]
#else
    let library =
        ProcessInfo.processInfo.environment["TALUS_CORE_LIB_DIR"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../target/debug")
        .standardized.path
    let core: [Target] = [.systemLibrary(name: "TalusCoreFFI", path: "Sources/TalusCoreFFI")]
    // lld, because the Observation library of Swift 6.0 has a symbol that other linkers refuse.
    let link: [LinkerSetting] = [.unsafeFlags(["-L", library, "-Xlinker", "-l:libtalus_core.a", "-lm", "-use-ld=lld"])]
    let screens: [Target.Dependency] = ["TalusKit", "SwiftUI", "Charts"]
    let memory: [Target.Dependency] = ["CMalloc"]
    let standIn: [Target] = [
        .systemLibrary(name: "CMalloc", path: "LinuxStubs/CMalloc"),
        .target(name: "SwiftUI", path: "LinuxStubs/SwiftUI"),
        .target(name: "Charts", dependencies: ["SwiftUI"], path: "LinuxStubs/Charts"),
        // The app's own file, which Xcode builds otherwise.
        .executableTarget(
            name: "AppCheck", dependencies: ["TalusUI"] + screens,
            exclude: [
                "Info.plist", "InfoPlist.xcstrings", "Localizable.xcstrings", "PrivacyInfo.xcprivacy",
                "Talus.entitlements",
            ]),
    ]
#endif

let package = Package(
    name: "TalusKit",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "TalusUI", targets: ["TalusUI", "TalusKit"])],
    targets: core + standIn + [
        // Generated: what the generator writes is not ours to make strict.
        .target(
            name: "TalusCore", dependencies: ["TalusCoreFFI"], swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: link),
        .target(name: "TalusKit", dependencies: ["TalusCore"]),
        .target(name: "TalusUI", dependencies: screens, resources: [.process("Resources")]),
        .testTarget(name: "TalusKitTests", dependencies: ["TalusKit"] + memory),
        .testTarget(name: "TalusUITests", dependencies: ["TalusUI"] + screens, exclude: ["Spoken"]),
    ],
    swiftLanguageModes: [.v6]
)
