//! Simulated cuffs paired and looked at as real ones are: no Bluetooth, the same commands.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::process::{Command, Stdio};
use tempfile::TempDir;

fn told(home: &TempDir, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_talus"))
        .args(arguments)
        .env_clear()
        .envs([("HOME", home.path()), ("XDG_DATA_HOME", home.path())])
        .envs([("TZ", "UTC"), ("LANG", "C.UTF-8"), ("COLUMNS", "100")])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(home: &TempDir, arguments: &[&str]) -> Value {
    serde_json::from_str(&told(home, arguments)).unwrap()
}

#[test]
fn a_simulated_cuff_is_paired_into_the_demos_household_and_not_into_yours() {
    let home = tempfile::tempdir().unwrap();
    let near = json(&home, &["pair", "--demo", "--seconds", "2", "--json"]);
    let name = near["cuffs"][0]["name"].as_str().unwrap();
    let paired = json(&home, &["pair", "--demo", "--cuff", name, "--json"]);
    assert_eq!((&paired["name"], &paired["side"]), (&name.into(), &near["cuffs"][0]["side"]));
    assert_eq!(json(&home, &["cuffs", "--demo", "--json"])["cuffs"][0]["name"], name);
    assert_eq!(json(&home, &["cuffs", "--json"])["cuffs"], Value::Array(vec![]));
}

#[test]
fn a_report_on_two_simulated_cuffs_has_its_names_and_no_loss() {
    let home = tempfile::tempdir().unwrap();
    let report = json(&home, &["diagnostics", "--demo", "--seconds", "3"]);
    assert_eq!((&report["talus"], &report["whole"]), (&"diagnostics/1".into(), &true.into()));
    let streams = report["streams"].as_array().unwrap();
    assert_eq!(streams.len(), 2);
    for stream in streams {
        assert_eq!((&stream["family"], &stream["timing"]), (&"cmp".into(), &"device".into()));
        assert!(stream["samples_received"].as_u64().unwrap() > 100);
        for zero in ["samples_missing", "gaps", "frames_malformed", "frames_after_overrun", "reconnects", "stalls"] {
            assert_eq!(stream[zero], 0, "{zero}");
        }
    }
}

#[test]
fn a_simulated_cuff_keeps_every_clause_of_the_profile() {
    let home = tempfile::tempdir().unwrap();
    let report = json(&home, &["conformance", "--demo", "--json"]);
    assert_eq!((&report["talus"], &report["pass"]), (&"conformance/1".into(), &true.into()));
    let clauses = report["clauses"].as_array().unwrap();
    assert_eq!(clauses.len(), 22);
    assert!(clauses.iter().all(|clause| clause["verdict"] == "pass"), "{clauses:?}");
}
