#if os(Linux)
    import Foundation
    import Testing

    private let ios = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized

    /// The project that Xcode opens, read without Xcode: a broken reference is found here and not by whoever has a Mac.
    @Suite struct ProjectTests {
        private let text: String
        private let root: [String: Any]
        private let objects: [String: [String: Any]]

        init() throws {
            let file = ios.appendingPathComponent("Talus.xcodeproj/project.pbxproj")
            text = try String(contentsOf: file, encoding: .utf8)
            let read = try PropertyListSerialization.propertyList(from: Data(text.utf8), format: nil)
            root = try #require(read as? [String: Any])
            objects = try #require(root["objects"] as? [String: [String: Any]])
        }

        private func all(_ isa: String) -> [[String: Any]] { objects.values.filter { $0["isa"] as? String == isa } }

        @Test func everyReferenceLeadsToAnObjectAndEveryObjectIsReferredTo() throws {
            var named: Set<String> = [try #require(root["rootObject"] as? String)]
            func look(_ value: Any) {
                switch value {
                case let text as String where text.count == 24 && text.allSatisfy(\.isHexDigit): named.insert(text)
                case let list as [Any]: list.forEach(look)
                case let table as [String: Any]: table.values.forEach(look)
                default: break
                }
            }
            objects.values.forEach { look($0) }
            #expect(named.subtracting(objects.keys).isEmpty, "they lead nowhere")
            #expect(Set(objects.keys).subtracting(named).isEmpty, "nobody refers to them")
            #expect(objects.count >= 19)
        }

        @Test func everyFolderPackageAndFileIsThere() throws {
            let groups = all("PBXFileSystemSynchronizedRootGroup").compactMap { $0["path"] as? String }
            let packages = all("XCLocalSwiftPackageReference").compactMap { $0["relativePath"] as? String }
            let settings = all("XCBuildConfiguration").compactMap { $0["buildSettings"] as? [String: Any] }
            let files = settings.compactMap { $0["INFOPLIST_FILE"] as? String }
            #expect(groups.sorted() == ["Talus", "TalusShared", "TalusWidgets"] && packages == ["TalusKit"])
            #expect(
                files.sorted() == [
                    "Talus/Info.plist", "Talus/Info.plist", "TalusWidgets/Info.plist", "TalusWidgets/Info.plist",
                ])
            for path in groups + packages.map({ $0 + "/Package.swift" }) + files {
                #expect(FileManager.default.fileExists(atPath: ios.appendingPathComponent(path).path), "\(path)")
            }
        }

        @Test func theAppIsTheOneOfTheDesign() throws {
            let settings = all("XCBuildConfiguration").compactMap { $0["buildSettings"] as? [String: Any] }
            let values = { (key: String) in Set(settings.compactMap { $0[key] as? String }) }
            #expect(values("PRODUCT_BUNDLE_IDENTIFIER") == ["app.talus", "app.talus.widgets"])
            #expect(values("MARKETING_VERSION").count == 1 && values("CURRENT_PROJECT_VERSION").count == 1)
            #expect(
                all("PBXNativeTarget").compactMap { $0["productType"] as? String }.sorted() == [
                    "com.apple.product-type.app-extension", "com.apple.product-type.application",
                ])
            #expect(values("IPHONEOS_DEPLOYMENT_TARGET") == ["17.0"])
            #expect(values("SWIFT_VERSION") == ["6.0"])
            #expect(values("INFOPLIST_KEY_NSBluetoothAlwaysUsageDescription").count == 1)
            let manifest = try String(contentsOf: ios.appendingPathComponent("TalusKit/Package.swift"), encoding: .utf8)
            let products = all("XCSwiftPackageProductDependency").compactMap { $0["productName"] as? String }
            #expect(products == ["TalusUI"] && manifest.contains(".library(name: \"TalusUI\""))
            // The languages of the app are those of its catalogue.
            let regions = try #require(all("PBXProject").first?["knownRegions"] as? [String])
            #expect(regions == ["en", "de", "Base"])
        }

        @Test func thePrivacyManifestCollectsNothingAndGivesAReasonForWhatTheCoreCalls() throws {
            let file = try Data(contentsOf: ios.appendingPathComponent("Talus/PrivacyInfo.xcprivacy"))
            let read = try PropertyListSerialization.propertyList(from: file, format: nil)
            let manifest = try #require(read as? [String: Any])
            #expect(manifest["NSPrivacyTracking"] as? Bool == false)
            for list in ["NSPrivacyTrackingDomains", "NSPrivacyCollectedDataTypes"] {
                #expect((manifest[list] as? [Any])?.isEmpty == true, "\(list)")
            }
            let types = try #require(manifest["NSPrivacyAccessedAPITypes"] as? [[String: Any]])
            let named = Set(types.compactMap { $0["NSPrivacyAccessedAPIType"] as? String })
            #expect(types.allSatisfy { ($0["NSPrivacyAccessedAPITypeReasons"] as? [String])?.count == 1 })
            // What the core may call on a phone stands in a list of its own.
            let calls = Set(
                try String(contentsOf: ios.appendingPathComponent("allowed-symbols.txt"), encoding: .utf8)
                    .split(separator: "\n").map(String.init))
            let kinds: [String: Set<String>] = [
                "FileTimestamp": ["stat", "fstat", "lstat", "fstatat", "getattrlist"],
                "SystemBootTime": ["clock_gettime", "mach_absolute_time"],
                "DiskSpace": ["statfs", "fstatfs", "statvfs", "fstatvfs"],
            ]
            for (kind, names) in kinds where !names.isDisjoint(with: calls) {
                #expect(named.contains("NSPrivacyAccessedAPICategory\(kind)"))
            }
            #expect(named.contains("NSPrivacyAccessedAPICategoryUserDefaults") && named.count == 4)
        }

        @Test func theAppMayWriteWorkoutsAndHasNoOtherRight() throws {
            let settings = all("XCBuildConfiguration").compactMap { $0["buildSettings"] as? [String: Any] }
            #expect(
                Set(settings.compactMap { $0["CODE_SIGN_ENTITLEMENTS"] as? String }) == ["Talus/Talus.entitlements"])
            let file = try Data(contentsOf: ios.appendingPathComponent("Talus/Talus.entitlements"))
            let rights = try PropertyListSerialization.propertyList(from: file, format: nil) as? [String: Any]
            #expect(rights?.keys.sorted() == ["com.apple.developer.healthkit"])
            // It writes and never reads: nothing is asked for that.
            #expect(settings.allSatisfy { $0["INFOPLIST_KEY_NSHealthShareUsageDescription"] == nil })
        }

        @Test func theAppMayUseBluetoothAndItsVoiceInTheBackgroundAndNothingElse() throws {
            let file = try Data(contentsOf: ios.appendingPathComponent("Talus/Info.plist"))
            let info = try PropertyListSerialization.propertyList(from: file, format: nil) as? [String: Any]
            #expect(info?["UIBackgroundModes"] as? [String] == ["audio", "bluetooth-central"])
            #expect(info?["CFBundleLocalizations"] as? [String] == ["en", "de"])
            #expect(info?["NSSupportsLiveActivities"] as? Bool == true && info?.count == 3)
            let widgets = try Data(contentsOf: ios.appendingPathComponent("TalusWidgets/Info.plist"))
            let extended = try PropertyListSerialization.propertyList(from: widgets, format: nil) as? [String: Any]
            let point = (extended?["NSExtension"] as? [String: Any])?["NSExtensionPointIdentifier"] as? String
            #expect(point == "com.apple.widgetkit-extension")
        }
    }
#endif
