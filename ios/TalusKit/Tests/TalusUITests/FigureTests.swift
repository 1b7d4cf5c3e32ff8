#if os(Linux)
    import Foundation
    import SwiftUI
    import Testing

    @testable import TalusKit
    @testable import TalusUI

    /// The figures: one for every exercise that has a picture, from the poses that Android draws from too.
    @MainActor @Suite struct FigureTests {
        private let all = Figures.all

        @Test func bothAppsDrawFromTheSamePoses() throws {
            let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            let ours = here.appendingPathComponent("../../Sources/TalusUI/Resources/poses.json").standardized
            let android = here.appendingPathComponent("../../../../android/app/src/main/res/raw/poses.json")
                .standardized
            #expect(try Data(contentsOf: ours) == Data(contentsOf: android))
        }

        @Test func everyExerciseWithAPictureHasItsFigureAndNoFigureIsLeftOver() async throws {
            let app = AppModel(folder: FileManager.default.temporaryDirectory, language: "en")
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
            defer { try? FileManager.default.removeItem(at: folder) }
            let model = AppModel(folder: folder, language: "en")
            await model.open(demo: true)
            #expect(app.moves.isEmpty && all.count == 38)
            #expect(Set(model.moves.values.compactMap(\.figure)) == Set(all.keys))
        }

        @Test func everyPoseHasEveryJointWithinTheDrawingAndEveryPartIsDrawn() {
            for (id, figure) in all {
                let bounds = figure.bounds
                for step in 0...20 {
                    let joints = figure.joints(Double(step) / 20)
                    #expect(joints.count == 20, "\(id)")
                    for (joint, at) in joints {
                        #expect(
                            (bounds.minX...bounds.maxX).contains(at.x) && (bounds.minY...bounds.maxY).contains(at.y),
                            "\(id) \(joint)")
                    }
                }
                let limbs = figure.limbs(figure.joints(figure.end))
                #expect(Set(figure.order) == Set(limbs.keys) && figure.order.count == 6, "\(id)")
                #expect(figure.cuff(figure.joints(0)).count > 8 && figure.arrowHead.count == 3, "\(id)")
            }
        }

        @Test func aLimbKeepsItsLengthAndItsOutlineLiesOnItsTwoCircles() throws {
            let seated = try #require(all["knee_ext_seated"])
            func shank(_ t: Double) throws -> CGFloat {
                let at = seated.joints(t)
                let (knee, ankle) = (try #require(at["kneeR"]), try #require(at["ankleR"]))
                return hypot(knee.x - ankle.x, knee.y - ankle.y)
            }
            for step in 0...40 { #expect(try abs(shank(Double(step) / 40) / shank(0) - 1) < 0.1) }
            let (a, b) = (CGPoint(x: 0, y: 0), CGPoint(x: 100, y: 40))
            let outline = capsule(a, 30, b, 20)
            for point in outline {
                let far = (hypot(point.x - a.x, point.y - a.y), hypot(point.x - b.x, point.y - b.y))
                #expect(abs(far.0 - 30) < 1e-9 || abs(far.1 - 20) < 1e-9)
            }
            // Counter-clockwise, as all of a part must be: a hole would show where two of them meet.
            let area = zip(outline, outline.dropFirst() + outline.prefix(1)).map { $0.x * $1.y - $1.x * $0.y }
            #expect(area.reduce(0, +) > 0)
            // A limb that points at whoever looks is its larger circle.
            let seen = capsule(a, 30, CGPoint(x: 5, y: 0), 20)
            #expect(seen.allSatisfy { abs(hypot($0.x, $0.y) - 30) < 1e-9 })
        }

        @Test func aDemonstrationFollowsTheTempoThreeTimesAndRests() throws {
            // Lift 2 s, hold 1 s, lower 3 s, no rest.
            let seated = try #require(all["knee_ext_seated"])
            #expect(seated.tempoS == [2, 1, 3, 0] && seated.demonstrationS == 18)
            for cycle in 0..<3 {
                let from = Double(cycle) * 6
                #expect(abs(seated.moment(after: from + 0.001)) < 0.01)
                #expect(abs(seated.moment(after: from + 1) - 0.5) < 1e-9)
                #expect(seated.moment(after: from + 2.5) == 1)
                #expect(abs(seated.moment(after: from + 4.5) - 0.5) < 1e-9)
            }
            #expect(seated.moment(after: 18) == seated.end && seated.moment(after: .infinity) == seated.end)
            // One that goes round never turns back.
            let round = try #require(all["hip_circle"])
            #expect(round.loops)
            let turn = round.demonstrationS / 3
            let moments = (0..<20).map { round.moment(after: turn * Double($0) / 20) }
            #expect(moments == moments.sorted() && moments[19] > 0.9)
        }

        @Test func lyingExercisesAreKnownAsSuch() throws {
            for id in ["quad_set_slr", "side_abd", "donkey_kick", "prone_hip_ext"] {
                #expect(try #require(all[id]).onTheFloor, "\(id)")
            }
            for id in ["knee_ext_seated", "stand_abd", "lateral_step", "step_tap"] {
                #expect(try !#require(all[id]).onTheFloor, "\(id)")
            }
        }

        @Test func aFigureIsMirroredForTheLeftLegAndStandsStillWhereMotionIsReduced() throws {
            let figure = try #require(all["knee_ext_seated"])
            func drawn(_ view: some View, still: Bool = false) -> Node {
                var around = EnvironmentValues()
                around.accessibilityReduceMotion = still
                return Screen.tree(view, in: around)
            }
            let right = drawn(FigureView(figure: figure)).all { $0.kind == "Shape" }
            let left = drawn(FigureView(figure: figure, mirrored: true)).all { $0.kind == "Shape" }
            try #require(right.count == 1 && left.count == 1)
            #expect(right[0].look["--svg"] != left[0].look["--svg"])
            let played = drawn(FigurePlayed(figure: figure, name: "Seated knee extension"))
            #expect(played.spoken == ["Picture: Seated knee extension (button)"])
            let reduced = drawn(FigurePlayed(figure: figure, name: "Seated knee extension"), still: true)
            #expect(reduced.spoken == ["Picture: Seated knee extension"])
            #expect(reduced.all { $0.kind == "Shape" }.count == 2, "start and end side by side")
        }
    }
#endif
