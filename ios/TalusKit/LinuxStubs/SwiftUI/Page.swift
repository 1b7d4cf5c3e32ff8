// A sketch of a screen as a page: which elements, in which order, with what words and colours. Not Apple's rendering.

extension Node {
    public func page() -> String {
        "<!doctype html><meta charset=\"utf-8\"><style>\(Self.css)</style>\(html)"
    }

    private var html: String {
        let own: Set = ["--svg", "--style", "--value", "--name"]
        let style = look.filter { !own.contains($0.key) }.map { "\($0.key):\($0.value)" }.sorted().joined(
            separator: ";")
        let inside = children.map(\.html).joined()
        let words = text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        switch kind {
        case "ZStack" where look["width"] != nil:
            // A small square: the middle of where shapes are drawn.
            let drawn = children.map { $0.look["--svg"] ?? "" }.joined()
                .replacingOccurrences(of: "<path", with: "<path vector-effect=\"non-scaling-stroke\"")
            return
                "<svg viewBox=\"\(canvas.midX - canvas.midY) 0 \(canvas.height) \(canvas.height)\" style=\"\(style)\">\(drawn)</svg>"
        case "Shape":
            let size = "viewBox=\"0 0 \(Int(canvas.width)) \(Int(canvas.height))\" width=\"\(Int(canvas.width))\""
            return "<svg \(size) height=\"\(Int(canvas.height))\" style=\"\(style)\">\(look["--svg"] ?? "")</svg>"
        case "Chart":
            return "<svg viewBox=\"0 0 353 180\" width=\"100%\" style=\"\(style)\">\(look["--svg"] ?? "")</svg>"
        case "Image": return "<span class=\"Image\" style=\"\(style)\">\(Self.signs[look["--name"] ?? ""] ?? "")</span>"
        case "Field":
            return "<div class=\"Field\" style=\"\(style)\"><i>\(words)</i> \(look["--value"] ?? "")</div>"
        case "Stepper": return "<div class=\"Stepper\" style=\"\(style)\"><span>\(words)</span><b>− +</b></div>"
        case "Toggle":
            let on = value == "1" ? "◉" : "○"
            return "<div class=\"Stepper\" style=\"\(style)\"><span>\(words)</span><b>\(on)</b></div>"
        case "Progress": return "<p class=\"Progress\"><b style=\"width:\(look["--value"] ?? "0")\"></b></p>"
        case "Button": return "<button class=\"\(look["--style"] ?? "")\" style=\"\(style)\">\(inside)</button>"
        default: return "<div class=\"\(kind)\" style=\"\(style)\">\(words)\(inside)</div>"
        }
    }

    /// Letters that stand for Apple's signs in a sketch.
    private static let signs = [
        "checkmark.circle.fill": "●", "circle": "○", "minus": "–", "circle.fill": "●", "diamond.fill": "◆",
        "exclamationmark.triangle": "△", "chevron.right": "›", "battery.25": "▯", "xmark": "×",
    ]

    private static let css = """
        body{margin:0;font:17px/1.35 sans-serif}.Screen{width:393px;height:852px;position:relative}
        .Screen>.VStack,.Screen>.Navigation{min-height:852px;box-sizing:border-box}
        .Navigation,.Scroll{display:flex;flex-direction:column;flex:1;width:100%}.Divider{border-top:1px solid #8884;width:100%}
        .Stepper,.Field{display:flex;justify-content:space-between;width:100%;padding:8px 0}.Field{border-bottom:1px solid #888}
        button.plain{background:none;text-align:left;min-height:44px;padding:0;width:100%}
        .VStack{display:flex;flex-direction:column;gap:12px;align-items:center;text-align:center}
        .ZStack{display:grid;width:100%;min-height:180px}.ZStack>*{grid-area:1/1}.plain .VStack{width:100%;box-sizing:border-box}
        .HStack{display:flex;gap:12px;justify-content:center;align-items:center}
        .HStack>.Text{min-height:0!important}svg{max-width:100%}.VStack[style*="text-align:left"]>.HStack{justify-content:flex-start}
        .HStack:has(>.Spacer),.HStack:has(>button){width:100%}.Spacer{flex:1}
        .Progress{width:100%;height:4px;background:#8884;margin:0}.Progress b{display:block;height:4px;background:#00616c}
        button{font:inherit;flex:1;border:0;border-radius:14px;min-height:72px;background:#8883;color:var(--tint)}
        button{display:flex;align-items:center;justify-content:center;width:100%}
        button.prominent{background:var(--tint);color:#fff;flex:none}.HStack>button.prominent{flex:1;width:auto}
        button>.Text{min-height:0!important}
        .Sheet{position:absolute;inset:300px 0 0;background:#fff;border-radius:14px 14px 0 0}
        """
}
