//! Sentences about benefit stand on claim cards and nowhere else: every string file of the core and of the apps is read.

#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::fs;
use std::path::{Path, PathBuf};

/// Beginnings of words that promise something, in small letters.
const PROMISES: [&str; 40] = [
    "improv",
    "boost",
    "strengthen",
    "stronger",
    "faster",
    "burn",
    "heal ",
    "heals",
    "healing",
    "healthier",
    "cure",
    "prevent",
    "benefit",
    "proven",
    "clinically",
    "tone ",
    "toning",
    "slim",
    "fat ",
    "weight loss",
    "lose weight",
    "rehabilitat",
    "relieve",
    "guarantee",
    "verbesser",
    "stärk",
    "kräftig",
    "schneller wer",
    "heilt",
    "heilung",
    "gesünder",
    "beugt vor",
    "vorbeugen",
    "verhinder",
    "lindert",
    "bewiesen",
    "nachweislich",
    "abnehm",
    "verbrenn",
    "garantiert",
];

/// What of them is meant otherwise: the cue of pace in a set, taking a cuff off, the strongest pain there is, the
/// session that asked for most, and the contrast of a screen.
const MEANT_OTHERWISE: [&str; 8] = [
    "abnehmen, wenn",
    "manschette abnehmen",
    "manschetten abnehmen",
    "stärkere schmerzen",
    "10 ist der stärkste",
    "am stärksten",
    "stronger contrast",
    "stärkerer kontrast",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Files below a folder with one of these endings, in folders whose path holds `within`.
fn files(folder: &Path, endings: &[&str], within: &str, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            if !matches!(name.as_str(), "target" | "build" | ".git" | ".gradle" | ".build") {
                files(&path, endings, within, into);
            }
        } else if path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known))
            && folder.to_string_lossy().contains(within)
        {
            into.push(path);
        }
    }
}

/// Text between double quotes of a line (TOML, Rust, XML and string catalogues alike), and between tags.
fn shown(line: &str) -> String {
    let line = line.trim();
    if line.starts_with("//") || line.starts_with('#') || line.starts_with("<!--") {
        return String::new();
    }
    let quoted = line.split('"').skip(1).step_by(2);
    let tagged = line.split('>').skip(1).filter_map(|rest| rest.split('<').next());
    quoted.chain(tagged).collect::<Vec<_>>().join(" ").to_lowercase()
}

#[test]
fn benefit_is_promised_nowhere_but_on_claim_cards() {
    let root = root();
    let mut all = Vec::new();
    files(&root.join("core/coach/text"), &["toml"], "", &mut all);
    files(&root.join("core/cli/src/words"), &["rs"], "", &mut all);
    files(&root.join("android"), &["xml"], "/res/values", &mut all);
    files(&root.join("ios"), &["xcstrings", "strings"], "", &mut all);
    let core = all.iter().filter(|path| path.to_string_lossy().contains("/coach/text/")).count();
    let shell = all.iter().filter(|path| path.to_string_lossy().contains("/cli/src/words/")).count();
    assert!(core >= 20 && shell >= 2, "the string files are where they were not looked for: {core} and {shell}");
    let mut wrong = Vec::new();
    for path in all.iter().filter(|path| path.file_name().is_some_and(|name| name != "claim.toml")) {
        for (number, line) in fs::read_to_string(path).unwrap().lines().enumerate() {
            let mut text = shown(line);
            for phrase in MEANT_OTHERWISE {
                text = text.replace(phrase, "");
            }
            for promise in PROMISES.iter().filter(|promise| text.contains(*promise)) {
                wrong.push(format!("{}:{}: \"{promise}\" in {text}", path.display(), number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn per_cent_stands_in_no_text_of_the_core() {
    let mut all = Vec::new();
    files(&root().join("core/coach/text"), &["toml"], "", &mut all);
    for path in &all {
        let text = fs::read_to_string(path).unwrap();
        let line = text.lines().find(|line| shown(line).contains('%'));
        assert_eq!(line, None, "{}", path.display());
    }
}

#[test]
fn the_lint_sees_what_it_is_there_for() {
    for line in
        ["go = \"This improves balance.\"", "<string name=\"a\">Burns more</string>", "a: \"Macht schneller werden\","]
    {
        assert!(PROMISES.iter().any(|promise| shown(line).contains(promise)), "{line}");
    }
    assert_eq!(shown("// it \"improves\""), "");
}
