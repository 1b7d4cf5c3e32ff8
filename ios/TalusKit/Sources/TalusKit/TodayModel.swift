import Observation

/// What Today shows, in plain values.
public struct TodayState: Sendable, Equatable {
    /// What comes next.
    public enum Next: Sendable, Equatable {
        /// Nobody has said who it is for, or answered: what to do, in the core's words.
        case aboutYou(advice: String)
        /// Nothing is followed yet.
        case choose([Programme])
        /// A session; the figure is that of its first exercise.
        case train(title: String, because: [String], exercises: [String], figure: String? = nil)
        /// Rest, which counts as done.
        case rest(why: String)
        /// Not now, and not by waiting.
        case shut(whys: [String])
        /// Every week is done.
        case finished(says: String)
        /// A red flag was said today.
        case locked(HelpSheet)
    }

    /// A programme to choose.
    public struct Programme: Sendable, Equatable {
        public var id: String
        public var name: String
        public var perWeek: Int
        public var followed = false
        /// What it needs first; empty where it may begin.
        public var needs: [String]
    }

    /// A day of the week.
    public enum Day: Sendable, Equatable { case done, rest, today, toCome }

    /// A cuff in its row.
    public struct Cuff: Sendable, Equatable {
        public var name: String
        public var leg: Leg?
        public var massG: Int?
    }

    public var localDay: String
    public var next: Next
    /// Monday to Sunday.
    public var week: [Day]
    /// Whether the morning after a session is to be asked.
    public var asksMorning: Bool
    /// A session that was left or killed.
    public var unfinished: Bool
    public var cuffs: [Cuff]
    /// Whether somebody is described and has answered.
    public var answered = false
    /// Whether the ten minutes that measure where somebody begins may come before it all.
    public var measuresFirst = false
    /// Tests this week asks for, and what was lifted elsewhere lately, in the core's words.
    public var testsDue: [String] = []
    public var lifts: [String] = []

    /// Days trained on this week.
    public var daysDone: Int { week.count { $0 == .done } }
}

/// Today: what is next, and starting it.
@MainActor @Observable
public final class TodayModel {
    /// What to draw; nil until it is known.
    public private(set) var state: TodayState?
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?
    /// What a check-in changed, in the core's words.
    public private(set) var said: String?

    @ObservationIgnored private let talus: TalusApp

    public init(_ talus: TalusApp) { self.talus = talus }

    /// Looks again.
    public func load() async {
        do {
            state = try await seen()
            advice = nil
        } catch {
            advice = error.advice
        }
    }

    /// From now on this programme is followed.
    public func follow(_ programme: String) async {
        do { try await talus.follow(programme) } catch { return advice = error.advice }
        await load()
    }

    /// The morning after: soreness 0 to 10, and whether something is swollen.
    public func morning(soreness: Int, swollen: Bool) async {
        let how = CheckIn(
            pain: UInt8(clamping: soreness), sleptBadly: false, sore: soreness > 0, swollen: swollen, signs: [])
        do { said = try await talus.checkIn(.morning, how).says } catch { return advice = error.advice }
        await load()
    }

    private func seen() async throws -> TodayState {
        let today = try await talus.today()
        let next: TodayState.Next =
            if today.locked {
                .locked(HelpSheet(today.redFlag))
            } else {
                switch today.sheet {
                case .notYet(let advice): .aboutYou(advice: advice)
                case .free: .choose(try await talus.programmes().map(TodayState.Programme.init))
                case .train(let title, let notes, let exercises): train(title, notes, exercises)
                case .rest(let why, _): .rest(why: why)
                case .shut(let whys): .shut(whys: whys)
                case .finished(let says): .finished(says: says)
                }
            }
        let days = try await talus.calendar(weeks: 1).first?.days ?? []
        let now = days.lastIndex { !$0.toCome }
        let week = days.enumerated().map { index, day -> TodayState.Day in
            if day.totals.sessions > 0 { return .done }
            if day.toCome { return .toCome }
            return index == now ? .today : .rest
        }
        let cuffs = try await talus.cuffs().map { cuff in
            TodayState.Cuff(name: cuff.name, leg: cuff.side.map(Leg.init), massG: cuff.massG.map(Int.init))
        }
        return TodayState(
            localDay: today.localDay, next: next, week: week, asksMorning: today.morningDue,
            unfinished: try await !talus.unfinished().isEmpty, cuffs: cuffs,
            answered: try await talus.about()?.answers != nil, measuresFirst: today.measureFirst,
            testsDue: today.testsDue.map(\.name),
            lifts: today.lifts)
    }

    private func train(_ title: String, _ notes: [String], _ exercises: [String]) -> TodayState.Next {
        let all = talus.exercises()
        let known = exercises.map { id in all.first { $0.id == id } }
        let names = zip(exercises, known).map { id, one in one?.name ?? id }
        return .train(title: title, because: notes, exercises: names, figure: known.first??.figure)
    }
}

extension TodayState.Programme {
    init(_ one: Programme) {
        self.init(
            id: one.id, name: one.name, perWeek: Int(one.perWeek), followed: one.followed, needs: one.needs)
    }
}
