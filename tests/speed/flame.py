#!/usr/bin/env python3
"""The flame graph of the live path: where the time of a session goes, by samples of its stacks.

    perf record -e cpu-clock -F 997 --call-graph dwarf,65528 -o FILE -- PROGRAM
    perf script --no-inline -i FILE | tests/speed/flame.py docs/pictures/live-path.svg

PROGRAM is `target/release/talus demo --plain --seed N --speed 1000` for some seeds, or `target/release/deps/day-* fast 1200` of `cargo
bench -p talus-app --bench day --no-run`, in a folder in memory so that no disk is waited for. The software clock needs no counters
of the processor. Drawn is what is below a session going on and below its writer; simulated legs, radio and calibration are left
out: a phone has real ones. It prints the functions with the most time of their own, which is where to look first.
"""

import re
import sys
from collections import Counter
from html import escape

WIDTH, ROW, LEAST = 1200, 17, 0.002  # pixels, pixels, share of all below which nothing is drawn
LEFT_OUT = ("talus_sim", "day::Practised", "SimTransport", "talus_app::calibrate")
# Where a session begins to be one: what called it is not drawn.
ROOTS = ("talus_app::run::Run::advance", "day::main", "talus_store::writer::Writer::attempt")
# Frames that say nothing: the way into a thread, iterators and calls through a table.
SILENT = re.compile(r"^(core::|alloc::|std::|<core::|<alloc::|<std::|__libc|_start|clone|start_thread|main$|__rust)")


def stacks(lines):
    """(outermost, ..., innermost) of each sample, as `perf script` writes them: innermost first, an empty line between."""
    stack, inside = [], False
    for line in lines:
        if not line.strip():
            if inside:
                yield tuple(reversed(stack))
            stack, inside = [], False
        elif not line[0].isspace():
            inside = True
        else:
            match = re.match(r"\s*[0-9a-f]+ (.*?)(\+0x[0-9a-f]+)? \(([^()]*)\)\s*$", line)
            if match:
                stack.append(name_of(match.group(1), match.group(3)))
    if inside:
        yield tuple(reversed(stack))


def name_of(symbol, library):
    """A short name: no hash, no type parameters, no crate's inner path beyond what tells it apart."""
    if symbol == "[unknown]":
        return "in " + library.rsplit("/", 1)[-1]
    symbol = re.sub(r"::h[0-9a-f]{16}$", "", symbol)
    while re.search(r"<[^<>]*>", symbol) and not symbol.startswith("<"):
        symbol = re.sub(r"<[^<>]*>", "", symbol)
    if symbol.startswith("<"):
        as_trait = re.match(r"<(?:impl )?([\w:]+)[^>]*?(?: (?:as|for) ([\w:]+)[^>]*)?>(.*)", symbol)
        if as_trait:
            symbol = as_trait.group(1) + as_trait.group(3)
    return symbol.replace("::{{closure}}", "").replace("{closure#0}", "").rstrip(":")


def kept(stack):
    """A stack as it is drawn, from its root on; None where it has none."""
    root = next((at for at, name in enumerate(stack) if name.startswith(ROOTS)), None)
    if root is None:
        return None
    drawn = []
    for name in stack[root:]:
        if SILENT.match(name) and "memcpy" not in name:
            continue
        if not drawn or drawn[-1] != name:
            drawn.append(name)
    return tuple(drawn)


def tree_of(counts):
    root = {"name": "", "count": 0, "own": 0, "below": {}}
    for stack, count in counts.items():
        at = root
        at["count"] += count
        for name in stack:
            at = at["below"].setdefault(name, {"name": name, "count": 0, "own": 0, "below": {}})
            at["count"] += count
        at["own"] += count
    return root


def colour(name):
    for crate, fill in (
        ("talus_motion", "#f2b58a"), ("talus_coach", "#e8d27a"), ("talus_cuff", "#a8c7e8"), ("talus_store", "#b9dba2"),
        ("talus_app", "#d9c2e9"), ("day", "#d9c2e9"), ("sqlite3", "#cfe3c6"), ("in libsqlite", "#cfe3c6"),
    ):
        if name.startswith(crate):
            return fill
    return "#d8d8d8"


def drawing(root):
    total, boxes, deepest = root["count"], [], 0

    def draw(node, x, depth):
        nonlocal deepest
        for below in sorted(node["below"].values(), key=lambda one: one["name"]):
            width = WIDTH * below["count"] / total
            if below["count"] >= LEAST * total:
                deepest = max(deepest, depth)
                boxes.append((x, depth, width, below))
                draw(below, x, depth + 1)
            x += width

    draw(root, 0.0, 0)
    height = (deepest + 1) * ROW + 22
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="4" y="14">{total} samples of the live path; a box is as wide as the time spent in it and below</text>',
    ]
    for x, depth, width, node in boxes:
        y = height - (depth + 1) * ROW
        name, share = node["name"], 100 * node["count"] / total
        room = int(width / 6.7)
        short = name if len(name) <= room else (name.rsplit("::", 1)[-1] if len(name.rsplit("::", 1)[-1]) <= room else name[-room:])
        label = f'<text x="{x + 2:.1f}" y="{y + 12}">{escape(short)}</text>' if room >= 4 else ""
        out.append(
            f'<g><title>{escape(name)}: {share:.1f} %</title><rect x="{x:.1f}" y="{y}" width="{max(width - 0.5, 0.3):.1f}" '
            f'height="{ROW - 1}" fill="{colour(name)}"/>{label}</g>'
        )
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    counts, left_out = Counter(), 0
    for stack in stacks(sys.stdin):
        drawn = None if any(part in name for name in stack for part in LEFT_OUT) else kept(stack)
        if drawn is None:
            left_out += 1
        else:
            counts[drawn] += 1
    total = sum(counts.values())
    if total == 0:
        sys.exit("no stack was read")
    own = Counter()
    for stack, count in counts.items():
        own[stack[-1] if stack else "?"] += count
    print(f"{total} samples; {left_out} of something else left out")
    for name, count in own.most_common(40):
        print(f"{100 * count / total:6.2f} %  {name}")
    if len(sys.argv) > 1:
        with open(sys.argv[1], "w", encoding="utf-8") as file:
            file.write(drawing(tree_of(counts)))


if __name__ == "__main__":
    main()
