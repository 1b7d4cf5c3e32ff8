import SwiftUI
import TalusKit

/// One programme: whom it is for and what is in it, or why it is closed.
public struct ProgrammeView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable { case follow(Bool), share, putAway }

    @Environment(\.colorScheme) private var scheme
    @State private var asks = false
    private let state: ProgrammeState
    private let advice: String?
    private let shares: Bool
    private let demo: Bool
    private let act: @MainActor (Action) -> Void

    public init(
        _ state: ProgrammeState, advice: String? = nil, shares: Bool = true, demo: Bool = false,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.advice, self.shares, self.demo, self.act) = (state, advice, shares, demo, act)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text(state.name), look)
            if demo { DemoPill(look: look) }
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            if !state.whom.isEmpty { Text(state.whom).foregroundStyle(look.ink) }
            Text("\(state.perWeek) × a week").foregroundStyle(look.muted)
            if state.weeks > 0 { Text("\(state.weeks) weeks").foregroundStyle(look.muted) }
            if state.shared { Text("Somebody shared it. Talus has not checked it.").foregroundStyle(look.muted) }
            if let grade = state.grade { GradeBadge(grade: grade, means: gradeWords(grade), look: look) }
            if !state.needs.isEmpty {
                Card(look) {
                    Heading(Text("Not now"), look)
                    ForEach(state.needs.indices, id: \.self) { index in
                        Text(state.needs[index]).foregroundStyle(look.ink)
                    }
                }
            }
            if !state.exercises.isEmpty { Heading(Text("Exercises"), look) }
            ForEach(state.exercises.indices, id: \.self) { index in
                Text(state.exercises[index]).foregroundStyle(look.ink)
            }
            ways
        }
    }

    @ViewBuilder private var ways: some View {
        if state.followed {
            Secondary("Follow it no more", id: "unfollow") { act(.follow(false)) }
        } else if state.needs.isEmpty {
            Primary("Follow this plan", id: "follow") { act(.follow(true)) }
        }
        if shares { Secondary("Share this programme", id: "share") { act(.share) } }
        if state.own {
            if asks {
                Text("Sessions done with it stay.")
                Secondary("Put it away", id: "put away now") {
                    asks = false
                    act(.putAway)
                }
                Secondary("Keep it", id: "keep") { asks = false }
            } else {
                Secondary("Put this programme away", id: "put away") { asks = true }
            }
        }
    }
}
