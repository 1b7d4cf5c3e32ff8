import Foundation

/// The figure of an exercise: a calm person of rounded limbs, from poses. Units are thousandths of standing height with y up;
/// authored for the right leg and mirrored for the left.
struct Figure: Sendable {
    /// A point of a drawing.
    typealias Point = CGPoint

    /// Something that is stood, sat or lain on.
    struct Support: Sendable {
        /// `floor` and `far` are drawn before the person, `mid` after the trunk.
        let layer: String
        let corners: [Point]
    }

    /// Joints by name, evenly spaced in movement from the start to the end.
    let frames: [[String: Point]]
    /// Parts of the body, the farthest first.
    let order: [String]
    let supports: [Support]
    /// The way the foot goes, beside it.
    let arc: [Point]
    let bothMove: Bool
    /// Played round and round; else there and back.
    let loops: Bool
    /// Whether it is done lying or on hands and knees, where a phone lies far away.
    let onTheFloor: Bool
    /// Seconds of lift, hold, lower and rest.
    let tempoS: [Double]
    /// The pose that shows what is meant, 0 to 1.
    let end: Double
    private let site: String
    private let weighs: Bool
    private let radius: [String: Double]

    /// All of it at every moment, with room around.
    var bounds: CGRect {
        let body = frames.flatMap(\.values) + supports.flatMap(\.corners)
        let (x, y) = (body.map(\.x) + [0], body.map(\.y) + [0])
        let (arcX, arcY) = (arc.map(\.x) + [0], arc.map(\.y) + [0])
        let left = min((x.min() ?? 0) - 70, (arcX.min() ?? 0) - 30)
        let right = max((x.max() ?? 0) + 70, (arcX.max() ?? 0) + 30)
        let bottom = min((y.min() ?? 0) - 30, (arcY.min() ?? 0) - 30)
        let top = max((y.max() ?? 0) + 70, (arcY.max() ?? 0) + 30)
        return CGRect(x: left, y: bottom, width: right - left, height: top - bottom)
    }

    /// Joints at `t`, 0 at the start and 1 at the end; linear between two neighbours.
    func joints(_ t: Double) -> [String: Point] {
        let x = min(max(t, 0), 1) * Double(frames.count - 1)
        let from = min(Int(x), frames.count - 2)
        let share = CGFloat(x - Double(from))
        return frames[from].merging(frames[from + 1]) { a, b in
            Point(x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share)
        }
    }

    /// How often a demonstration repeats before it rests on its end pose.
    static let cycles = 3

    /// Where a demonstration is, `seconds` after it began; it follows the tempo, three times, and rests on the end pose.
    func moment(after seconds: Double) -> Double {
        let lengths = tempoS + Array(repeating: 0, count: max(0, 4 - tempoS.count))
        let cycle = max(lengths.reduce(0, +), 0.1)
        guard seconds >= 0, seconds < cycle * Double(Self.cycles) else { return end }
        var left = seconds.truncatingRemainder(dividingBy: cycle)
        if loops { return left / cycle }
        // Soft at both ends, as a leg is.
        func eased(_ share: Double) -> Double { (1 - cos(.pi * share)) / 2 }
        if left < lengths[0] { return eased(left / lengths[0]) }
        left -= lengths[0]
        if left < lengths[1] { return 1 }
        left -= lengths[1]
        return left < lengths[2] ? eased(1 - left / lengths[2]) : 0
    }

    /// Seconds a demonstration takes.
    var demonstrationS: Double { max(tempoS.reduce(0, +), 0.1) * Double(Self.cycles) }

    /// The outlines of each part of the body, all turning the same way: together they are one surface.
    func limbs(_ at: [String: Point]) -> [String: [[Point]]] {
        func limb(_ a: String, _ b: String, _ from: Double? = nil, _ to: Double? = nil) -> [Point] {
            capsule(at[a] ?? .zero, from ?? r(a), at[b] ?? .zero, to ?? r(b))
        }
        var parts: [String: [[Point]]] = [:]
        for side in ["L", "R"] {
            let joint = { (name: String) in name + side }
            parts["leg\(side)"] = [
                limb(joint("hip"), joint("knee")), limb(joint("knee"), joint("ankle")),
                limb(joint("heel"), joint("toe")), limb(joint("ankle"), joint("heel")),
            ]
            parts["arm\(side)"] = [limb(joint("shoulder"), joint("elbow")), limb(joint("elbow"), joint("hand"))]
        }
        let (shoulder, hip) = (radius["trunk_shoulder"] ?? 0, radius["trunk_hip"] ?? 0)
        let corners = [("shoulderL", shoulder), ("shoulderR", shoulder), ("hipL", hip), ("hipR", hip)]
        parts["trunk"] = corners.indices.flatMap { first in
            corners[(first + 1)...].map { limb(corners[first].0, $0.0, corners[first].1, $0.1) }
        }
        // The nose tells lying on the back from lying on the front.
        parts["head"] = [
            limb("neck", "head", nil, r("neck")), limb("head", "head"), limb("head", "face", 40, 11),
        ]
        return parts
    }

    /// The band around the limb that wears it.
    func cuff(_ at: [String: Point]) -> [Point] {
        let (from, to, share, width, full): (String, String, CGFloat, CGFloat, CGFloat) =
            switch site {
            case "above_ankle": ("kneeR", "ankleR", 0.8, 52, 246)
            case "above_knee": ("hipR", "kneeR", 0.8, 52, 245)
            default: ("heelR", "toeR", 0.7, 40, 139)
            }
        guard let a = at[from], let b = at[to] else { return [] }
        let along = CGPoint(x: b.x - a.x, y: b.y - a.y)
        let center = CGPoint(x: a.x + along.x * share, y: a.y + along.y * share)
        // Shorter where the limb points at whoever looks.
        let seen = min(max(hypot(along.x, along.y) / full, 0.45), 1)
        let length = seen * width * (weighs ? 1 : 0.62)
        let around = CGFloat(2 * (r(from) + (r(to) - r(from)) * Double(share)) + (weighs ? 20 : 8))
        return band(center, turned: atan2(along.y, along.x), length, around)
    }

    /// The open head of the arrow: one side, the tip, the other side.
    var arrowHead: [Point] {
        guard arc.count > 2, let tip = arc.last else { return [] }
        let before = arc[arc.count - 3]
        let heading = atan2(tip.y - before.y, tip.x - before.x)
        let barb = { (turn: CGFloat) in
            Point(x: tip.x + 34 * cos(heading + turn), y: tip.y + 34 * sin(heading + turn))
        }
        return [barb(0.8 * .pi), tip, barb(-0.8 * .pi)]
    }

    /// The radius of a joint of either side.
    private func r(_ joint: String) -> Double {
        radius[joint] ?? radius[joint.hasSuffix("L") || joint.hasSuffix("R") ? String(joint.dropLast()) : joint] ?? 0
    }
}

/// Degrees between two points of a drawn circle.
private let step = CGFloat.pi / 30

/// Points of a circle from one angle to a larger one.
private func turn(_ center: CGPoint, _ radius: CGFloat, from: CGFloat, to: CGFloat) -> [CGPoint] {
    let parts = max(1, Int(((to - from) / step).rounded(.up)))
    return (0...parts).map { part in
        let angle = from + (to - from) * CGFloat(part) / CGFloat(parts)
        return CGPoint(x: center.x + radius * cos(angle), y: center.y + radius * sin(angle))
    }
}

/// Two circles and what lies between them: one tapered limb, counter-clockwise. The larger circle, where it holds the other.
func capsule(_ a: CGPoint, _ ra: Double, _ b: CGPoint, _ rb: Double) -> [CGPoint] {
    let apart = hypot(b.x - a.x, b.y - a.y)
    if apart <= CGFloat(abs(ra - rb)) + 0.5 {
        return ra > rb
            ? turn(a, CGFloat(ra), from: 0, to: 2 * .pi) : turn(b, CGFloat(rb), from: 0, to: 2 * .pi)
    }
    let along = atan2(b.y - a.y, b.x - a.x)
    let lean = acos(CGFloat(ra - rb) / apart)
    return turn(b, CGFloat(rb), from: along - lean, to: along + lean)
        + turn(a, CGFloat(ra), from: along + lean, to: along + 2 * .pi - lean)
}

/// A band with round corners, turned by an angle.
private func band(_ center: CGPoint, turned: CGFloat, _ length: CGFloat, _ height: CGFloat) -> [CGPoint] {
    let corner = min(11, length / 2, height / 2)
    let (x, y) = (length / 2 - corner, height / 2 - corner)
    let corners: [(CGFloat, CGFloat)] = [(x, y), (-x, y), (-x, -y), (x, -y)]
    return corners.enumerated().flatMap { index, at in
        let place = CGPoint(
            x: center.x + at.0 * cos(turned) - at.1 * sin(turned), y: center.y + at.0 * sin(turned) + at.1 * cos(turned)
        )
        let from = turned + CGFloat(index) * .pi / 2
        return turn(place, corner, from: from, to: from + .pi / 2)
    }
}

/// Every figure, by its id.
enum Figures {
    /// Read once. The file is the one that both apps draw from; one that cannot be read gives no figures, and every screen is
    /// whole without them.
    static let all: [String: Figure] = {
        guard let file = Bundle.module.url(forResource: "poses", withExtension: "json"),
            let text = try? Data(contentsOf: file), let read = try? JSONDecoder().decode(Poses.self, from: text)
        else { return [:] }
        return read.exercises.compactMapValues { Figure($0, read.body.radius) }
    }()

    /// The figure of this id; nil where none is drawn.
    static func of(_ id: String?) -> Figure? { id.flatMap { all[$0] } }
}

private struct Poses: Decodable {
    let body: Body
    let exercises: [String: Pose]

    struct Body: Decodable { let radius: [String: Double] }
}

private struct Pose: Decodable {
    let place: String
    let movingSide: String
    let cuff: Cuff
    let cycle: String
    let tempo: [Double]
    let endFrame: Int
    let order: [String]
    let supports: [Support]
    let arc: [[Double]]
    let frames: [[String: [Double]]]

    struct Cuff: Decodable { let site: String, mass: Bool }
    struct Support: Decodable { let layer: String, poly: [[Double]] }

    enum CodingKeys: String, CodingKey {
        case place, cuff, cycle, order, supports, arc, frames
        case movingSide = "moving_side"
        case tempo = "tempo_s"
        case endFrame = "end_frame"
    }
}

extension Figure {
    fileprivate init?(_ pose: Pose, _ radius: [String: Double]) {
        func point(_ pair: [Double]) -> Point? { pair.count == 2 ? Point(x: pair[0], y: pair[1]) : nil }
        frames = pose.frames.map { $0.compactMapValues(point) }
        guard frames.count > 1 else { return nil }
        order = pose.order
        supports = pose.supports.map { Support(layer: $0.layer, corners: $0.poly.compactMap(point)) }
        arc = pose.arc.compactMap(point)
        bothMove = pose.movingSide == "both"
        loops = pose.cycle == "loop"
        // An open floor is stood on.
        onTheFloor = pose.place.contains("floor") && pose.place != "open floor" || pose.place.contains("mat")
        tempoS = pose.tempo
        end = min(Double(pose.endFrame) / Double(frames.count - 1), 1)
        (site, weighs, self.radius) = (pose.cuff.site, pose.cuff.mass, radius)
    }
}
