#!/usr/bin/env python3
"""Writes what each thing that is given away is made of, as CycloneDX 1.6: release/sbom.py >FILE

Crates come from Cargo.lock and `cargo tree`, the libraries of the Android app from its catalogue of versions, the C code that
crates bring along from their versions. `talus:in` says where each is: `cli`, `android`, `ios`, `build` (only while it is built).
What only tests use is not given away and not listed. Equal commits give equal bytes.

The app's own transitive libraries are chosen by Gradle, which was not here: listed is what it is told to take.
"""

import json
import re
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
# Name: arguments of `cargo tree`.
TREES = {
    "cli": ["-p", "talus", "--target", "x86_64-unknown-linux-gnu"],
    "android": ["-p", "talus-ffi", "--target", "aarch64-linux-android", "--no-default-features", "--features", "radio,sqlcipher"],
    "ios": ["-p", "talus-ffi", "--target", "aarch64-apple-ios", "--no-default-features", "--features", "radio,sqlcipher"],
}
# C code inside of a crate: its name and licence. Its version is what the crate's own has after a plus, where it has that.
C_CODE = {
    "openssl-src": ("OpenSSL", "Apache-2.0"),
    "libdbus-sys": ("libdbus", "AFL-2.1 OR GPL-2.0-or-later"),
    "libsqlite3-sys": ("SQLite", "blessing"),
    "sqlcipher-src": ("SQLCipher", "BSD-3-Clause AND blessing"),
}


def run(*command):
    return subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout


def tree(arguments, edges):
    """{(name, version): licence} of what `cargo tree` walks through."""
    said = run("cargo", "tree", "--locked", "-e", edges, "--prefix", "none", "--format", "{p}|{l}", *arguments)
    found = {}
    for line in said.splitlines():
        package, licence = line.removesuffix(" (*)").rsplit("|", 1)
        name, version = package.split()[:2]
        found[name, version.removeprefix("v")] = licence
    return found


def main():
    lock = tomllib.loads((TOP / "Cargo.lock").read_text())
    checksums = {(one["name"], one["version"]): one.get("checksum") for one in lock["package"]}
    commit, date = run("git", "log", "-1", "--format=%H %cI").split()
    workspace = tomllib.loads((TOP / "Cargo.toml").read_text())["workspace"]["package"]

    licences, inside = {}, {}
    for where, arguments in TREES.items():
        # A macro runs in the compiler, and so does what it is made of.
        shipped = tree(arguments, "normal,no-proc-macro")
        for package, licence in tree(arguments, "normal,build").items():
            licences[package] = licence
            # C code that a build script compiles is in what is built, though the script is not.
            kept = package in shipped or package[0] in C_CODE
            inside.setdefault(package, set()).add(where if kept else "build")

    components, ours = [], []
    for (name, version), where in sorted(inside.items()):
        one = {
            "type": "library",
            "bom-ref": f"pkg:cargo/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:cargo/{name}@{version}",
            "licenses": [{"expression": re.sub(r"\s*/\s*", " OR ", licences[name, version])}],
            "properties": [{"name": "talus:in", "value": place} for place in sorted(where)],
        }
        if checksums.get((name, version)):
            one["hashes"] = [{"alg": "SHA-256", "content": checksums[name, version]}]
            components.append(one)
        else:
            ours.append(one)
        if name in C_CODE:
            called, licence = C_CODE[name]
            # SQLCipher is an SQLite of its own, in the place of the other.
            instead = {place for other, places in inside.items() if other[0] == "sqlcipher-src" for place in places}
            places = where - instead if name == "libsqlite3-sys" else where
            brought = {
                "type": "library",
                "bom-ref": f"c:{name}@{version}",
                "name": called,
                "licenses": [{"expression": licence}],
                "description": f"C code inside of {name} {version}",
                "properties": [{"name": "talus:in", "value": place} for place in sorted(places)],
            }
            own = re.search(r"\+(?:[a-z]+-)?([0-9.]+)", version)
            if own:
                brought["version"] = own.group(1)
            components.append(brought)
    components += ours

    versions = tomllib.loads((TOP / "android/gradle/libs.versions.toml").read_text())
    gradle = (TOP / "android/app/build.gradle.kts").read_text()
    for key, library in sorted(versions["libraries"].items()):
        if not re.search(rf"^\s*implementation\(.*\blibs\.{key.replace('-', '[.]')}\b", gradle, re.M):
            continue
        group, name = library["module"].split(":")
        version = versions["versions"][library["version"]["ref"]]
        purl = f"pkg:maven/{group}/{name}@{version}"
        licence = "Apache-2.0 OR LGPL-2.1-or-later" if group == "net.java.dev.jna" else "Apache-2.0"
        components.append({
            "type": "library", "bom-ref": purl, "group": group, "name": name, "version": version, "purl": purl,
            "licenses": [{"expression": licence}], "properties": [{"name": "talus:in", "value": "android"}],
        })

    # The Swift package needs none: `.package(` would be one.
    if ".package(" in (TOP / "ios/TalusKit/Package.swift").read_text():
        sys.exit("ios/TalusKit/Package.swift has dependencies, and this script does not list them yet")

    json.dump({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'talus:' + commit)}",
        "version": 1,
        "metadata": {
            "timestamp": date,
            "component": {
                "type": "application", "bom-ref": "talus", "name": "Talus", "version": workspace["version"],
                "licenses": [{"expression": workspace["license"]}],
                "properties": [{"name": "talus:commit", "value": commit}],
            },
        },
        "components": components,
        "dependencies": [{"ref": "talus", "dependsOn": sorted(one["bom-ref"] for one in components)}],
    }, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
