import SwiftUI

/// Colours of the design, light and dark: one accent, much stone.
struct Look {
    let accent: Color
    let onAccent: Color
    let zone: Color
    let ground: Color
    let track: Color
    let ink: Color
    let muted: Color
    let amber: Color

    init(_ scheme: ColorScheme) { self = scheme == .dark ? Self.dark : Self.light }

    private init(
        accent: UInt32, onAccent: UInt32, zone: UInt32, ground: UInt32, track: UInt32, ink: UInt32, muted: UInt32,
        amber: UInt32
    ) {
        (self.accent, self.onAccent) = (Color(hex: accent), Color(hex: onAccent))
        (self.zone, self.ground, self.track) = (Color(hex: zone), Color(hex: ground), Color(hex: track))
        (self.ink, self.muted, self.amber) = (Color(hex: ink), Color(hex: muted), Color(hex: amber))
    }

    private static let light = Look(
        accent: 0x00616C, onAccent: 0xFFFFFF, zone: 0xD5ECEC, ground: 0xF4F5F3, track: 0xE9ECE9, ink: 0x141A19,
        muted: 0x4B5654, amber: 0x7A4A00)
    private static let dark = Look(
        accent: 0x74D2D8, onAccent: 0x00363C, zone: 0x0D4249, ground: 0x0E1312, track: 0x222A29, ink: 0xEFF3F1,
        muted: 0xAFB9B6, amber: 0xF3C26B)
}

extension Color {
    fileprivate init(hex: UInt32) {
        self.init(
            red: Double(hex >> 16 & 0xFF) / 255, green: Double(hex >> 8 & 0xFF) / 255, blue: Double(hex & 0xFF) / 255)
    }
}
