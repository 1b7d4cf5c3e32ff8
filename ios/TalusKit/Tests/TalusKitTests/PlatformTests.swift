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
        func put(_ id: String, words: String, weekday: Int, minute: Int) { shown[id] = "\(words) \(weekday) \(minute)" }
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

    @Test func remindersTakeThePlaceOfThoseBeforeAndAskFirst() async {
        let board = Board()
        let reminders = Reminders(board)
        #expect(await reminders.set(days: [1, 4], minute: 540, words: "Train"))
        #expect(board.shown == ["train-1": "Train 1 540", "train-4": "Train 4 540"])
        #expect(await reminders.set(days: [2, 9], minute: 2000, words: "Train"))
        #expect(board.shown == ["train-2": "Train 2 1439"])
        board.welcome = false
        #expect(await !reminders.set(days: [3], minute: 0, words: "Train"))
        #expect(board.shown.isEmpty, "those before are gone all the same")
        #expect(await reminders.set(days: [], minute: 0, words: "") && board.shown.isEmpty)
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
