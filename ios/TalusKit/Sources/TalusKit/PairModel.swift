import Foundation
import Observation

/// What pairing shows, step by step, in plain values.
public enum PairState: Sendable, Equatable {
    /// What Talus wants Bluetooth for, before the system asks.
    case why
    /// Bluetooth may not be used.
    case denied
    /// Bluetooth is off.
    case off
    /// What is near; `patient` while nothing was found for less than twelve seconds.
    case nearby([Near], patient: Bool)
    /// Is this the one? `felt` once it was shaken, nil while nobody could have.
    case wiggle(name: String, felt: Bool)
    /// Which leg; `replaces` are legs that wear one already.
    case leg(name: String, replaces: [Leg])
    /// What weight.
    case weight(leg: Leg, massG: Int)
    /// It is kept.
    case done(Kept)
    /// It did not work: the core's advice.
    case failed(advice: String)

    /// A cuff nearby.
    public struct Near: Sendable, Equatable {
        public var name: String
        public var strength: Strength
        public var batteryPercent: Int?
    }

    /// How well a cuff is heard.
    public enum Strength: Sendable, Equatable {
        case strong, fair, weak

        /// dBm at an arm's length and across a room.
        init(_ rssi: Int16?) {
            self =
                switch rssi ?? -100 {
                case (-65)...: .strong
                case (-80)...: .fair
                default: .weak
                }
        }
    }

    /// A cuff that is the household's now.
    public struct Kept: Sendable, Equatable {
        public var name: String
        public var leg: Leg
        public var massG: Int
        public var batteryPercent: Int?
    }
}

/// Pairing: found, told apart by a shake, put on a leg, weighed, kept.
@MainActor @Observable
public final class PairModel {
    /// What to draw.
    public private(set) var state = PairState.why

    /// Most on one ankle, grams.
    public static let mostG = 5000
    /// Looks until "nothing nearby yet": twelve seconds of ten a second.
    private static let patience = 120

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored private let seed: UInt64?
    @ObservationIgnored private var nearby: CuffsNearby?
    @ObservationIgnored private var cuff: String?
    @ObservationIgnored private var name = ""
    @ObservationIgnored private var looks = 0
    /// It has said who it is, and its samples arrive.
    @ObservationIgnored private var streams = false
    /// Looks until a chosen cuff that does not stream has failed: ten seconds.
    private static let connecting = 100

    /// With this phone's Bluetooth, or with two simulated cuffs where there is a seed.
    public init(_ talus: TalusApp, seed: UInt64? = nil) { (self.talus, self.seed) = (talus, seed) }

    /// Looks for cuffs until it is cancelled or `stop()`: the system asks for permission now.
    public func look() async {
        do {
            let nearby = try await talus.nearby(seed: seed)
            self.nearby = nearby
            looks = 0
            // Looked at in turns, and not only when something changes: nothing at all is a state too.
            while !Task.isCancelled, self.nearby != nil {
                draw(try nearby.now())
                try await Task.sleep(for: .milliseconds(100))
            }
        } catch is CancellationError {
        } catch  where error.isClosed {
        } catch {
            state = .failed(advice: error.advice)
        }
    }

    /// This one: its light blinks, and a shake tells.
    public func choose(_ name: String) async {
        await trying { nearby in
            guard let cuff = try await nearby.choose(name) else { return }
            (self.cuff, self.name) = (cuff, name)
            state = .wiggle(name: name, felt: false)
            try await nearby.identify(cuff)
        }
    }

    /// It is the one, or not.
    public func isIt(_ yes: Bool) async {
        guard yes else {
            cuff = nil
            return state = .nearby([], patient: true)
        }
        do {
            let taken = try await talus.cuffs().compactMap { $0.side.map(Leg.init) }
            state = .leg(name: name, replaces: taken)
        } catch { state = .failed(advice: error.advice) }
    }

    /// It sits on this leg.
    public func wear(_ leg: Leg) { state = .weight(leg: leg, massG: 0) }

    /// So much hangs on it.
    public func weigh(_ massG: Int) {
        guard case .weight(let leg, _) = state else { return }
        state = .weight(leg: leg, massG: min(max(massG, 0), Self.mostG))
    }

    /// It is right so: the household keeps it.
    public func keep() async {
        guard case .weight(let leg, let massG) = state else { return }
        await trying { nearby in
            // It may still be saying who it is.
            for _ in 0..<Self.connecting where !streams { try await Task.sleep(for: .milliseconds(100)) }
            guard let cuff else { return }
            let kept = try await nearby.keep(cuff, side: leg.side, massG: UInt32(massG))
            state = .done(
                PairState.Kept(
                    name: kept.name, leg: leg, massG: Int(kept.massG), batteryPercent: kept.batteryPercent.map(Int.init)
                ))
        }
    }

    /// What was counted between radio and samples so far, for whoever helps: no names, no addresses. Nil before the first look.
    public func diagnostics() async -> String? { try? await nearby?.diagnostics() }

    /// Another one, or again from the beginning.
    public func again() async {
        await stop()
        state = .why
    }

    /// Ends looking.
    public func stop() async {
        let ended = nearby
        (nearby, cuff, streams) = (nil, nil, false)
        await ended?.stop()
    }

    private func trying(_ what: (CuffsNearby) async throws -> Void) async {
        guard let nearby else { return }
        do { try await what(nearby) } catch { state = .failed(advice: error.advice) }
    }

    private func draw(_ around: Around) {
        // Its id changes once, where the household knows it.
        if let chosen = around.chosen.last { (cuff, streams) = (chosen.cuff, chosen.link == .streaming) }
        switch state {
        case .why, .nearby, .denied, .off:
            if let hindered = around.hindered {
                state = hindered == .notAllowed ? .denied : .off
                return
            }
            looks += 1
            let found = around.found.map {
                PairState.Near(
                    name: $0.name, strength: PairState.Strength($0.rssiDbm),
                    batteryPercent: $0.batteryPercent.map(Int.init))
            }
            state = .nearby(found, patient: !found.isEmpty || looks < Self.patience)
        case .wiggle(let name, _):
            state = .wiggle(name: name, felt: around.shaken != nil && around.shaken == cuff)
        case .leg, .weight, .done, .failed: break
        }
    }
}

/// The household's cuffs.
@MainActor @Observable
public final class CuffsModel {
    /// A cuff.
    public struct Line: Sendable, Equatable, Identifiable {
        public var id: String
        public var name: String
        public var leg: Leg?
        public var massG: Int?
    }

    /// What to draw; nil until it is known.
    public private(set) var cuffs: [Line]?
    /// What a person can do where something did not work.
    public private(set) var advice: String?

    @ObservationIgnored private let talus: TalusApp

    public init(_ talus: TalusApp) { self.talus = talus }

    /// Looks again.
    public func load() async {
        do {
            cuffs = try await talus.cuffs().map {
                Line(id: $0.id, name: $0.name, leg: $0.side.map(Leg.init), massG: $0.massG.map(Int.init))
            }
        } catch { advice = error.advice }
    }

    /// Gives one another name.
    public func rename(_ cuff: String, to name: String) async {
        advice = nil
        do { try await talus.renameCuff(cuff, to: name) } catch { advice = error.advice }
        await load()
    }

    /// It sits on this leg from now on, with this weight on it.
    public func wear(_ cuff: String, on leg: Leg, massG: Int) async {
        advice = nil
        do { try await talus.wearCuff(cuff, on: leg.side, massG: UInt32(massG)) } catch { advice = error.advice }
        await load()
    }

    /// The cuffs of both legs change places.
    public func swap() async {
        guard let one = cuffs?.first(where: { $0.leg != nil }) else { return }
        advice = nil
        do { try await talus.swapCuffs(one.id) } catch { advice = error.advice }
        await load()
    }

    /// Forgets one; sessions that were done with it stay.
    public func forget(_ cuff: String) async {
        advice = nil
        do { try await talus.forgetCuff(cuff) } catch { advice = error.advice }
        await load()
    }
}
