import SwiftUI
import TalusKit

/// Learn: what is said, how good the evidence is, and on the back who was studied and where it ends.
public struct LearnView: View {
    @Environment(\.colorScheme) private var scheme
    private let state: LearnState
    private let turn: @MainActor (String) -> Void

    public init(_ state: LearnState, turn: @escaping @MainActor (String) -> Void) {
        (self.state, self.turn) = (state, turn)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Learn"), look)
            Text("What is said about ankle weights, and how sure anybody can be.").foregroundStyle(look.muted)
            if state.cards.isEmpty { Text("There are no cards.").foregroundStyle(look.muted) }
            ForEach(state.cards.indices, id: \.self) { index in card(state.cards[index], look) }
        }
    }

    @ViewBuilder private func card(_ card: LearnState.Card, _ look: Look) -> some View {
        LinkCard("card \(card.id)", look) {
            Text(card.says).font(.headline).foregroundStyle(look.ink)
            GradeBadge(grade: card.grade, means: Text(card.means), look: look)
        } act: {
            turn(card.id)
        }
        if state.turned == card.id { back(card, look) }
    }

    private func back(_ card: LearnState.Card, _ look: Look) -> some View {
        Card(look) {
            if !card.studied.isEmpty {
                Heading(Text("Who was studied"), look)
                Text(card.studied).foregroundStyle(look.ink)
            }
            if !card.limits.isEmpty {
                Heading(Text("Where it ends"), look)
                Text(card.limits).foregroundStyle(look.ink)
            }
            Heading(Text("Sources"), look)
            if card.cited.isEmpty { Text("No source was found.").foregroundStyle(look.muted) }
            ForEach(card.cited.indices, id: \.self) { index in
                Text(card.cited[index]).font(.footnote).foregroundStyle(look.muted)
            }
        }
        .accessibilityIdentifier("back")
    }
}

/// A grade: its shape, its letter and its words, never a colour alone.
struct GradeBadge: View {
    let grade: EvidenceGrade
    let means: Text
    let look: Look

    @Environment(\.dynamicTypeSize) private var size

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            HStack(spacing: 8) {
                sign
                Text(verbatim: grade.rawValue).font(.headline).foregroundStyle(look.ink)
                if !size.isAccessibilitySize { words }
            }
            if size.isAccessibilitySize { words }
        }
        .accessibilityElement(children: .combine)
    }

    private var words: some View { means.font(.footnote).foregroundStyle(look.muted) }

    private var sign: some View {
        ZStack {
            GradeShape(share: 1).stroke(look.accent, style: StrokeStyle(lineWidth: 2))
            GradeShape(share: share).fill(look.accent)
            if grade == .x { GradeCross().stroke(look.accent, style: StrokeStyle(lineWidth: 2)) }
        }
        .frame(width: 20, height: 20)
        .accessibilityHidden(true)
    }

    /// How much of the disc is filled.
    private var share: Double {
        switch grade {
        case .a: 1
        case .b: 0.75
        case .c: 0.5
        case .d: 0.25
        case .e, .x: 0
        }
    }
}

/// A part of a disc, from the top on.
private struct GradeShape: Shape {
    let share: Double

    func path(in rect: CGRect) -> Path {
        var path = Path()
        guard share > 0 else { return path }
        let (center, radius) = (CGPoint(x: rect.midX, y: rect.midY), min(rect.width, rect.height) / 2 - 1)
        if share >= 1 {
            path.addEllipse(
                in: CGRect(x: center.x - radius, y: center.y - radius, width: 2 * radius, height: 2 * radius))
            return path
        }
        path.move(to: center)
        path.addLine(to: CGPoint(x: center.x, y: center.y - radius))
        path.addArc(
            center: center, radius: radius, startAngle: .degrees(-90), endAngle: .degrees(360 * share - 90),
            clockwise: false)
        path.closeSubpath()
        return path
    }
}

/// A cross over a ring.
private struct GradeCross: Shape {
    func path(in rect: CGRect) -> Path {
        let (x, y, reach) = (rect.midX, rect.midY, min(rect.width, rect.height) / 3)
        var path = Path()
        path.move(to: CGPoint(x: x - reach, y: y - reach))
        path.addLine(to: CGPoint(x: x + reach, y: y + reach))
        path.move(to: CGPoint(x: x + reach, y: y - reach))
        path.addLine(to: CGPoint(x: x - reach, y: y + reach))
        return path
    }
}

/// What a grade means, where the core says no words of its own for it.
@MainActor func gradeWords(_ grade: EvidenceGrade) -> Text {
    switch grade {
    case .a: Text("guidelines or reviews that fit")
    case .b: Text("a fair trial that fits")
    case .c: Text("small or short studies")
    case .d: Text("mechanics or expert view")
    case .e: Text("popular, no source found")
    case .x: Text("contradicted or unsafe")
    }
}
