#!/usr/bin/env python3
"""Writes the licences of everything in the command line, with their texts: release/licences.py SBOM >FILE

Texts are those that lie in the packages as they were fetched; equal ones are written once, with all who have them. A package
that brings no text is named with its licence alone.
"""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
TEXTS = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense)", re.I)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        components = json.load(file)["components"]
    shipped = [
        one for one in components
        if one.get("purl", "").startswith("pkg:cargo/") and {"name": "talus:in", "value": "cli"} in one["properties"] and "hashes" in one
    ]
    said = subprocess.run(
        ["cargo", "metadata", "--locked", "--format-version", "1"], cwd=TOP, check=True, capture_output=True, text=True
    ).stdout
    folders = {(one["name"], one["version"]): Path(one["manifest_path"]).parent for one in json.loads(said)["packages"]}
    texts, bare = defaultdict(set), []
    print("Talus is under MIT OR Apache-2.0 (LICENSE-MIT, LICENSE-APACHE). It holds these packages:\n")
    for one in shipped:
        name, version = one["name"], one["version"]
        print(f"  {name} {version}: {one['licenses'][0]['expression']}")
        found = sorted(path for path in folders[name, version].iterdir() if path.is_file() and TEXTS.match(path.name))
        for path in found:
            text = path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n").strip()
            texts[text].add(f"{name} {version}")
        if not found:
            bare.append(f"{name} {version}")
    c_code = [one for one in components if one["bom-ref"].startswith("c:") and {"name": "talus:in", "value": "cli"} in one["properties"]]
    for one in c_code:
        print(f"  {one['name']} ({one['description']}): {one['licenses'][0]['expression']}")
    print(f"\nWithout a text of their own: {', '.join(bare) or 'none'}.")
    for text, packages in sorted(texts.items(), key=lambda entry: sorted(entry[1])):
        print(f"\n{'-' * 80}\n{', '.join(sorted(packages))}\n\n{text}")


if __name__ == "__main__":
    main()
