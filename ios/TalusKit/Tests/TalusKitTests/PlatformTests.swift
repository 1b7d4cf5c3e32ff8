import Foundation
import Testing

@testable import TalusKit

/// What decides about voice, pulses and notices, with a phone that is made up.
@MainActor @Suite struct PlatformTests {
    private final class Mouth: Voice {
        var speaking = false
        var said: [String] = []
        var hushed = 0
        func say(_ text: String) { (speaking, said) = (true, said + [text]) }
        func hush() { (speaking, hushed) = (false, hushed + 1) }
    }

    private final class Motor: Haptics {
        var felt: [Pulse] = []
        func play(_ pulse: Pulse) { felt.append(pulse) }
    }

    private final class Board: Notices {
        var welcome = true
        var shown: [String: String] = [:]
        func ask() async -> Bool { welcome }
        func put(_ id: String, words: String, localDay: String, minute: Int) {
            shown[id] = "\(words) \(localDay) \(minute)"
        }
        func remove(_ id: String) { shown[id] = nil }
    }

    private func said(
        _ voice: String?, sound: Pulse = .cue, cuts: Bool = false, number: Bool = false
    ) -> Event {
        let cue = Cue(
            voice: voice, speakAtUs: 0, short: "", untilUs: 0, sound: sound.rawValue, rank: 1, cuts: cuts,
            number: number,
            stands: false)
        return .said(atUs: 0, key: "cue.x", text: voice ?? "", cue: cue)
    }

    @Test func aSentenceIsNeverCutAndOnlyTheNewestWaits() {
        let (mouth, motor) = (Mouth(), Motor())
        let telling = Telling(voice: mouth, haptics: motor)
        for text in ["one", "two", "three"] { telling.hear(said(text)) }
        #expect(mouth.said == ["one"] && mouth.hushed == 0)
        mouth.speaking = false
        telling.spoken()
        #expect(mouth.said == ["one", "three"])
        mouth.speaking = false
        telling.spoken()
        #expect(mouth.said.count == 2, "nothing waits any more")
    }

    @Test func whatIsUrgentCutsAndNothingWaitsBehindIt() {
        let (mouth, motor) = (Mouth(), Motor())
        let telling = Telling(voice: mouth, haptics: motor)
        telling.hear(said("one"))
        telling.hear(said("two"))
        telling.hear(said("Stop.", sound: .stop, cuts: true))
        #expect(mouth.said == ["one", "Stop."] && mouth.hushed == 1)
        mouth.speaking = false
        telling.spoken()
        #expect(mouth.said.last == "Stop.")
    }

    @Test func aSilentPhoneIsStillFeltAndAStillOneStillHeard() {
        let (mouth, motor) = (Mouth(), Motor())
        let telling = Telling(voice: mouth, haptics: motor)
        telling.speaks = false
        telling.hear(said("one"))
        telling.hear(said("Cuff lost.", sound: .cuffLost))
        telling.hear(said(nil, sound: .cuffBack))
        #expect(mouth.said.isEmpty && motor.felt == [.cue, .cuffLost, .cuffBack])
        (telling.speaks, telling.pulses) = (true, false)
        telling.hear(said("two", sound: .repCounted))
        #expect(motor.felt.count == 3 && mouth.said == ["two"])
        mouth.speaking = false
        telling.hear(said("7", sound: .repCounted, number: true))
        #expect(mouth.said == ["two"], "numbers are for whoever wants them")
        telling.numbers = true
        telling.hear(said("8", sound: .repCounted, number: true))
        #expect(mouth.said == ["two", "8"])
    }

    @Test func remindersTakeThePlaceOfThoseBeforeAndAreNoMoreThanASystemKeeps() {
        let board = Board()
        let reminders = Reminders(notices: board)
        let day = { (number: Int) in Reminder(localDay: "2026-11-\(number)", minute: 540, says: "Steady") }
        reminders.set([day(10), day(12)])
        #expect(board.shown == ["train-0": "Steady 2026-11-10 540", "train-1": "Steady 2026-11-12 540"])
        reminders.set([day(14)])
        #expect(board.shown == ["train-0": "Steady 2026-11-14 540"])
        reminders.set((0..<100).map(day))
        #expect(board.shown.count == Reminders.most)
        reminders.set([])
        #expect(board.shown.isEmpty)
    }

    private final class Sign: Banner {
        var shown: [BannerState] = []
        var ended = 0
        func show(_ state: BannerState) { shown.append(state) }
        func end() { ended += 1 }
    }

    @Test(.timeLimit(.minutes(10))) func aSessionIsShownOutsideTheAppAsLongAsItLastsAndOnlyWhatChanges() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let board = Sign()
        let started = LiveModel.Started(try await home.talus.demo(seed: 1), of: home.talus)
        let model = LiveModel(speed: 400, banner: board) { started }
        await model.run()
        #expect(board.shown.contains { $0.count > 0 && $0.target != nil && !$0.leg.isEmpty && !$0.set.isEmpty })
        #expect(zip(board.shown, board.shown.dropFirst()).allSatisfy { $0 != $1 } && board.ended == 1)
    }

    private final class Health: Workouts {
        var available = true
        var allowed: Bool?
        var lets = true
        var written: [Workout] = []
        var removed: [String] = []
        var full = false
        func ask() async -> Bool {
            allowed = lets
            return lets
        }
        func write(_ workout: Workout) async throws {
            if full { throw CocoaError(.fileWriteOutOfSpace) }
            written.append(workout)
        }
        func remove(_ id: String) async throws { removed.append(id) }
    }

    @Test func workoutsAreWrittenOnlyWhereSomebodyAskedForItAndMayBe() async {
        let health = Health()
        var phone = Phone()
        phone.workouts = health
        let model = SettingsModel(phone)
        #expect(model.hasHealth && !model.settings.health && !model.healthDenied, "off until somebody wants it")
        health.lets = false
        await model.health(true)
        #expect(!model.settings.health && model.healthDenied, "who says no is not asked to undo it here")
        health.lets = true
        await model.health(true)
        #expect(model.settings.health && !model.healthDenied)
        health.allowed = false
        #expect(model.healthDenied, "it was taken back in the system's settings")
        await model.health(false)
        #expect(!model.settings.health && !model.healthDenied)
        #expect(!SettingsModel(Phone()).hasHealth)
    }

    @Test(.timeLimit(.minutes(10))) func aSessionIsGivenWithItsSetsAndTakenBackAndMadeUpOnesAreNot() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let health = Health()
        var wanted = false
        let giving = Giving(health) { wanted }
        let workout = Workout(
            HealthKitWorkout(
                activityType: 20, startUtcMs: 1_000, endUtcMs: 61_000, externalUuid: "018f", timeZone: "Europe/Berlin",
                activities: [
                    HealthKitActivity(
                        activityType: 20, startUtcMs: 2_000, endUtcMs: 42_000,
                        metadata: [
                            HealthKitEntry(name: "app.talus.exercise", value: .text(text: "knee_ext_seated")),
                            HealthKitEntry(name: "app.talus.repetitions", value: .number(number: 12)),
                        ])
                ], effort: 8))
        #expect(
            workout.id == "018f" && workout.kind == 20 && workout.effort == 8 && workout.timeZone == "Europe/Berlin")
        #expect(workout.start == Date(timeIntervalSince1970: 1) && workout.end == Date(timeIntervalSince1970: 61))
        #expect(
            workout.activities[0].metadata == [
                "app.talus.exercise": .text("knee_ext_seated"), "app.talus.repetitions": .number(12),
            ])
        // What a virtual person did is nobody's workout.
        let session = try await home.talus.demo(seed: 1)
        try await session.advance(us: 3_600_000_000)
        let id = try #require(try await session.finish())
        (wanted, health.allowed) = (true, true)
        await giving.give(id, of: home.talus)
        #expect(health.written.isEmpty)
        await giving.takeBack(id)
        #expect(health.removed == [id])
        health.allowed = false
        await giving.takeBack(id)
        #expect(health.removed.count == 1)
    }

    @Test func numbersReadAsTheLanguageWritesThemAndNeverAsAFalseZero() {
        let (en, de) = (Measures(language: "en"), Measures(language: "de"))
        #expect(en.mass(1500) == "1.5\u{202F}kg" && de.mass(750) == "0,75\u{202F}kg" && en.mass(2000) == "2\u{202F}kg")
        let lb = Measures(language: "de", pounds: true)
        #expect(lb.mass(1000) == "2\u{202F}lb" && lb.mass(1134) == "2,5\u{202F}lb" && lb.mass(5000) == "11\u{202F}lb")
        #expect(lb.mass(100) == "0,1\u{202F}kg")
        #expect(en.stepped(1250, by: 1, most: 5000) == 1500 && en.stepped(1130, by: -1, most: 5000) == 1000)
        #expect(lb.stepped(0, by: 3, most: 5000) == 680 && lb.stepped(680, by: 1, most: 5000) == 907)
        #expect(lb.stepped(4990, by: 1, most: 5000) == 5000 && lb.stepped(0, by: -1, most: 5000) == 0)
        #expect(en.degrees(84.4) == "84°" && en.degrees(nil) == "–" && en.degrees(-0.2) == "0°")
        #expect(en.torque(9.94) == "9.9\u{202F}N·m" && en.torque(16.4) == "16\u{202F}N·m" && en.torque(nil) == "–")
        #expect(de.seconds(2.04) == "2,0\u{202F}s" && en.seconds(nil) == "–" && en.percent(nil) == "–")
        #expect(en.clock(125) == "2:05" && en.clock(-3) == "0:00" && en.minutes(20) == "1\u{202F}min")
        #expect(de.weekday("2026-11-05") == "Donnerstag" && de.day("2026-11-05") == "5. November")
        #expect(en.weekdayLetters == ["M", "T", "W", "T", "F", "S", "S"] && de.weekdays.first == "Montag")
        #expect(en.day("nonsense") == "nonsense")
    }
}
