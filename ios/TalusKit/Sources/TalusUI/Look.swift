import SwiftUI
import TalusKit

/// Whether weights are read in pounds: what a person has set, for every screen below.
struct PoundsKey: EnvironmentKey {
    static let defaultValue = false
}

extension EnvironmentValues {
    var pounds: Bool {
        get { self[PoundsKey.self] }
        set { self[PoundsKey.self] = newValue }
    }
}

/// Colours of the design, light and dark: one accent, much stone.
struct Look {
    let ground: Color
    let surface: Color
    let track: Color
    let hairline: Color
    let outline: Color
    let ink: Color
    let muted: Color
    let accent: Color
    let onAccent: Color
    let zone: Color
    let onZone: Color
    let amber: Color
    let amberSoft: Color
    let stop: Color
    let onStop: Color
    let stopSoft: Color
    let left: Color
    let right: Color

    init(_ scheme: ColorScheme) { self.init(scheme == .dark ? Self.dark : Self.light) }

    private init(_ hex: [UInt32]) {
        let colors = hex.map { Color(hex: $0) }
        (ground, surface, track) = (colors[0], colors[1], colors[2])
        (hairline, outline, ink) = (colors[3], colors[4], colors[5])
        (muted, accent, onAccent) = (colors[6], colors[7], colors[8])
        (zone, onZone, amber) = (colors[9], colors[10], colors[11])
        (amberSoft, stop, onStop) = (colors[12], colors[13], colors[14])
        (stopSoft, left, right) = (colors[15], colors[16], colors[17])
    }

    // In the order above, from the design's tokens.
    private static let light: [UInt32] = [
        0xF4F5F3, 0xFFFFFF, 0xE9ECE9, 0xD8DDD9, 0x76807B, 0x141A19, 0x4B5654, 0x00616C, 0xFFFFFF,
        0xD5ECEC, 0x00414A, 0x7A4A00, 0xFBEBCB, 0xA61E18, 0xFFFFFF, 0xFAE3E0, 0x3454A8, 0xA65700,
    ]
    private static let dark: [UInt32] = [
        0x0E1312, 0x171D1C, 0x222A29, 0x323B39, 0x899491, 0xEFF3F1, 0xAFB9B6, 0x74D2D8, 0x00363C,
        0x0D4249, 0xC4F1F3, 0xF3C26B, 0x3B2D0D, 0xFFB3A9, 0x5C0C07, 0x48150F, 0xA9BDFF, 0xF3B468,
    ]

    /// The colour of a leg; its shape and letter always come with it.
    func of(_ leg: Leg) -> Color { leg == .left ? left : right }
}

extension Color {
    init(hex: UInt32) {
        self.init(
            red: Double(hex >> 16 & 0xFF) / 255, green: Double(hex >> 8 & 0xFF) / 255, blue: Double(hex & 0xFF) / 255)
    }
}
