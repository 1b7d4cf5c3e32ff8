#![forbid(unsafe_code)]
//! `talus-licences PACKAGE`: the licence texts of what is built into a package, for the page of a phone that shows them.
//! Reads `cargo metadata --format-version 1` (of the platform and features of the build) from standard input and writes
//! JSON: `{"licences": [{"of": ["NAME VERSION"], "under": "LICENCE", "text": "…"}]}`, packages of one text together.
//!
//! Where a package offers several licences, the text is that of the one it can be used under with the least words: MIT,
//! else Apache-2.0, else all there are. A package without a file has the licence's own text; one whose licence has none
//! here fails, and nothing is written.

use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const APACHE: &str = include_str!("../../../LICENSE-APACHE");
const MPL: &str = include_str!("../licences/MPL-2.0.txt");

fn main() -> ExitCode {
    let Some(root) = std::env::args().nth(1) else { return fails("tell which package it is") };
    let mut input = String::new();
    if io::stdin().read_to_string(&mut input).is_err() {
        return fails("read the metadata");
    }
    match page(&input, &root) {
        Ok(page) if io::stdout().write_all(page.as_bytes()).is_ok() => ExitCode::SUCCESS,
        Ok(_) => fails("write"),
        Err(why) => fails(&why),
    }
}

fn fails(why: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "talus-licences: failed to {why}");
    ExitCode::FAILURE
}

fn page(metadata: &str, root: &str) -> Result<String, String> {
    let all: Value = serde_json::from_str(metadata).map_err(|error| format!("understand the metadata: {error}"))?;
    let packages: BTreeMap<&str, &Map<String, Value>> =
        list(&all["packages"]).filter_map(|package| Some((package["id"].as_str()?, package.as_object()?))).collect();
    let mut texts: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for id in built_in(&all, &packages, root)? {
        let package = packages[id];
        // What is ours is under the licences of the page itself.
        if package["source"].is_null() {
            continue;
        }
        let [name, version] = ["name", "version"].map(|key| package[key].as_str().unwrap_or_default());
        let under = package["license"].as_str().unwrap_or_default().to_owned();
        let text = text_of(package, name, &under).ok_or_else(|| format!("find the licence of {name} ({under})"))?;
        texts.entry((text, under)).or_default().push(format!("{name} {version}"));
    }
    let mut licences: Vec<_> = texts
        .into_iter()
        .map(|((text, under), mut of)| {
            of.sort();
            (of, under, text)
        })
        .collect();
    licences.sort();
    if licences.is_empty() {
        return Err(format!("find anything that is built into {root}"));
    }
    let lines = licences.iter().map(|(of, under, text)| json!({ "of": of, "under": under, "text": text }));
    Ok(json!({ "licences": lines.collect::<Vec<_>>() }).to_string())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Everything `root` is built of; of what only helps to build, what carries a source of others (`*-src`).
fn built_in<'a>(
    all: &'a Value,
    packages: &BTreeMap<&'a str, &'a Map<String, Value>>,
    root: &str,
) -> Result<BTreeSet<&'a str>, String> {
    let nodes: BTreeMap<&str, &Value> =
        list(&all["resolve"]["nodes"]).filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let name = |id: &str| packages.get(id).and_then(|package| package["name"].as_str()).unwrap_or_default();
    let first = nodes.keys().find(|id| name(id) == root).ok_or_else(|| format!("find the package {root}"))?;
    let (mut seen, mut open) = (BTreeSet::new(), vec![*first]);
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        for dependency in list(&nodes[id]["deps"]) {
            let Some(other) = dependency["pkg"].as_str() else { continue };
            let kinds = || list(&dependency["dep_kinds"]).map(|kind| kind["kind"].as_str());
            let carried = kinds().any(|kind| kind == Some("build")) && name(other).ends_with("-src");
            if carried || kinds().any(|kind| kind.is_none()) {
                open.push(other);
            }
        }
    }
    Ok(seen)
}

/// The text a package is given away under.
fn text_of(package: &Map<String, Value>, name: &str, under: &str) -> Option<String> {
    let folder = Path::new(package["manifest_path"].as_str()?).parent()?;
    let mut files = licence_files(folder);
    if name.ends_with("-src") {
        let inside = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
        let mut inside: Vec<PathBuf> = inside.collect();
        inside.sort();
        files.extend(inside.iter().flat_map(|folder| licence_files(folder)));
    } else {
        for chosen in ["MIT", "APACHE"] {
            let says = |path: &PathBuf| {
                path.to_string_lossy().to_uppercase().rsplit('/').next().is_some_and(|name| name.contains(chosen))
            };
            if let Some(one) = files.iter().find(|path| says(path)).cloned() {
                files = vec![one];
                break;
            }
        }
    }
    if files.is_empty() {
        return standard(package, name, under);
    }
    let texts: Option<Vec<String>> =
        files.iter().map(|path| Some(String::from_utf8_lossy(&fs::read(path).ok()?).trim().to_owned())).collect();
    texts.map(|texts| texts.join("\n\n"))
}

fn licence_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let named = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        path.is_file() && ["licen", "copying", "unlicen"].iter().any(|begin| name.starts_with(begin))
    };
    let mut files: Vec<PathBuf> = entries.filter(named).collect();
    files.sort();
    files
}

/// The licence's own text, for a package that brings none.
fn standard(package: &Map<String, Value>, name: &str, under: &str) -> Option<String> {
    let offers =
        |licence: &str| under.split(|c: char| !(c.is_alphanumeric() || "-.".contains(c))).any(|one| one == licence);
    if offers("MIT") {
        let authors: Vec<&str> = list(&package["authors"]).filter_map(Value::as_str).collect();
        let whose = if authors.is_empty() { format!("The authors of {name}") } else { authors.join(", ") };
        return Some(format!("MIT License\n\nCopyright (c) {whose}\n\n{}", MIT.trim()));
    }
    if offers("Apache-2.0") {
        return Some(APACHE.trim().to_owned());
    }
    offers("MPL-2.0").then(|| MPL.trim().to_owned())
}

const MIT: &str = "\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the \"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
";

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(license: &str, folder: &Path) -> String {
        let package = |name: &str, source: Value, license: &str| {
            json!({ "id": name, "name": name, "version": "1.0.0", "source": source, "license": license,
                "authors": ["Ada"], "manifest_path": folder.join(name).join("Cargo.toml") })
        };
        let dep = |name: &str, kind: Value| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] });
        json!({
            "packages": [package("ours", Value::Null, "MIT"), package("used", json!("registry"), license),
                package("c-src", json!("registry"), "MIT"), package("tried", json!("registry"), "none of ours")],
            "resolve": { "nodes": [
                { "id": "ours", "deps": [dep("used", Value::Null), dep("c-src", json!("build")), dep("tried", json!("dev"))] },
                { "id": "used", "deps": [] }, { "id": "c-src", "deps": [] }, { "id": "tried", "deps": [] },
            ] },
        })
        .to_string()
    }

    #[test]
    fn each_package_that_is_built_in_has_its_text_and_what_only_tests_need_has_none() {
        let folder = std::env::temp_dir().join(format!("talus-licences-{}", std::process::id()));
        for (path, text) in [
            ("used/LICENSE-APACHE", "apache"),
            ("used/LICENSE-MIT", "mit of used"),
            ("c-src/LICENSE", "of the crate"),
            ("c-src/inner/LICENSE.txt", "of what it carries"),
        ] {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&folder)).unwrap_or_default();
            fs::write(path, text).unwrap_or_default();
        }
        let page = page(&metadata("MIT OR Apache-2.0", &folder), "ours");
        let _ = fs::remove_dir_all(&folder);
        let page: Value = page.map(|page| serde_json::from_str(&page).unwrap_or_default()).unwrap_or_default();
        let told: Vec<_> = list(&page["licences"]).map(|one| (one["of"].clone(), one["text"].clone())).collect();
        assert_eq!(
            told,
            [
                (json!(["c-src 1.0.0"]), json!("of the crate\n\nof what it carries")),
                (json!(["used 1.0.0"]), json!("mit of used")),
            ]
        );
    }

    #[test]
    fn a_package_without_a_file_has_the_text_of_its_licence_and_one_without_either_fails() {
        let nowhere = Path::new("/nowhere");
        let told = page(&metadata("MIT", nowhere).replace("\"c-src\"", "\"c\""), "ours").unwrap_or_default();
        assert!(told.contains("Copyright (c) Ada") && told.contains("free of charge"), "{told}");
        let told = page(&metadata("MPL-2.0", nowhere).replace("\"c-src\"", "\"c\""), "ours").unwrap_or_default();
        assert!(told.contains("Mozilla Public License"), "{told}");
        let why = page(&metadata("Beer-1.0", nowhere).replace("\"c-src\"", "\"c\""), "ours")
            .expect_err("nobody knows that licence");
        assert!(why.contains("used (Beer-1.0)"), "{why}");
        assert!(page(&metadata("MIT", nowhere), "another").is_err());
    }
}
