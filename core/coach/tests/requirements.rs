//! The requirements page points to tests and claim cards that exist, and leaves no statement of the two articles out.

#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use talus_coach::Catalogue;

fn page() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/requirements.md")).unwrap()
}

/// What stands in backticks after a word.
fn named<'a>(page: &'a str, after: &str) -> BTreeSet<&'a str> {
    page.split(&format!("{after} `")).skip(1).filter_map(|rest| rest.split('`').next()).collect()
}

fn code(folder: &Path, into: &mut String) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            code(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_test_and_card_it_names_exists() {
    let page = page();
    let mut all = String::new();
    // The tests of the coach and of what leads people through it.
    for folder in
        ["src", "tests", "../app/src", "../app/tests", "../cli/src", "../cli/tests", "../motion/src", "../../tests"]
    {
        code(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut all);
    }
    let tests = named(&page, "test");
    assert!(tests.len() >= 9, "{tests:?}");
    for test in tests {
        assert!(all.contains(&format!("fn {test}(")), "there is no test {test}");
    }
    let catalogue = Catalogue::embedded().unwrap();
    let cards: BTreeSet<&str> = catalogue.claims().map(|claim| claim.id.as_str()).collect();
    let only = page.split("## Claim cards only").nth(1).unwrap();
    let listed = only.split("| `").skip(1).filter_map(|rest| rest.split('`').next());
    for card in named(&page, "card").into_iter().chain(named(&page, "cards")).chain(listed) {
        assert!(cards.contains(card), "there is no card {card}");
    }
}

#[test]
fn every_row_names_a_test_a_card_or_what_it_waits_for_and_files_that_are_there() {
    let page = page();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let rows: Vec<&str> =
        page.split("## Claim cards only").next().unwrap().lines().filter(|l| l.starts_with("| ")).collect();
    assert!(rows.len() > 70, "{}", rows.len());
    for row in rows.iter().skip(1) {
        let shown = ["test `", "card `", "cards `", "waits: "].iter().any(|word| row.contains(word));
        assert!(shown, "nothing shows it, and it waits for nothing: {row}");
        let named = row.split('`').skip(1).step_by(2);
        for file in named.filter(|name| name.contains('/') && !name.contains(' ')) {
            let there = [root.join("core").join(file), root.join(file), root.join("core/coach").join(file)];
            assert!(there.iter().any(|path| path.exists()), "there is no {file}");
        }
    }
}

#[test]
fn every_statement_of_the_two_articles_has_a_row() {
    let page = page();
    for (article, last) in [("A", 57), ("B", 35)] {
        for number in 1..=last {
            let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next());
            let covers = |row: &str| {
                let numbers: Vec<u32> =
                    row.split('-').filter_map(|part| part.strip_prefix(article)?.parse().ok()).collect();
                matches!(numbers[..], [only] if only == number)
                    || matches!(numbers[..], [from, to] if (from..=to).contains(&number))
            };
            assert_eq!(rows.filter(|row| covers(row)).count(), 1, "{article}{number}");
        }
    }
}
