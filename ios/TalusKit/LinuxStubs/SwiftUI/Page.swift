// A sketch of a screen as a page: which elements, in which order, with what words and colours. Not Apple's rendering.

extension Node {
    public func page() -> String {
        "<!doctype html><meta charset=\"utf-8\"><style>\(Self.css)</style>\(html)"
    }

    private var html: String {
        let own: Set = ["--svg", "--style", "--value"]
        let style = look.filter { !own.contains($0.key) }.map { "\($0.key):\($0.value)" }.sorted().joined(
            separator: ";")
        let inside = children.map(\.html).joined()
        let words = text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        switch kind {
        case "Shape": return look["--svg"] ?? ""
        case "ZStack":
            let size = "viewBox=\"0 0 \(Int(canvas.width)) \(Int(canvas.height))\" width=\"\(Int(canvas.width))\""
            return "<svg \(size)>\(inside)</svg>"
        case "Progress": return "<p class=\"Progress\"><b style=\"width:\(look["--value"] ?? "0")\"></b></p>"
        case "Button": return "<button class=\"\(look["--style"] ?? "")\" style=\"\(style)\">\(words)</button>"
        default: return "<div class=\"\(kind)\" style=\"\(style)\">\(words)\(inside)</div>"
        }
    }

    private static let css = """
        body{margin:0;font:17px/1.35 sans-serif}.Screen{width:393px;height:852px;position:relative}
        .Screen>.VStack{height:852px;box-sizing:border-box}
        .VStack{display:flex;flex-direction:column;gap:12px;align-items:center;text-align:center}
        .HStack{display:flex;gap:12px;width:100%;justify-content:center}.Spacer{flex:1}
        .Progress{width:100%;height:4px;background:#8884;margin:0}.Progress b{display:block;height:4px;background:#00616c}
        button{font:inherit;flex:1;border:0;border-radius:14px;min-height:72px;background:#8883;color:var(--tint)}
        button.prominent{background:var(--tint);color:#fff;width:100%;flex:none}
        .Sheet{position:absolute;inset:300px 0 0;background:#fff;border-radius:14px 14px 0 0}
        """
}
