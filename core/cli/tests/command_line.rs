//! The program as it is started: exit codes, what goes where, and that nothing is lost.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

#[path = "../../../tests/shared_data.rs"]
#[allow(unreachable_pub)] // it is public where it is a library
mod shared_data;

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// `talus` in a home of its own, in English and UTC.
fn talus(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_talus"));
    command
        .args(arguments)
        .current_dir(home)
        .env_clear()
        .envs([("HOME", home), ("XDG_DATA_HOME", home)])
        .envs([("TZ", "UTC"), ("LANG", "C.UTF-8"), ("COLUMNS", "100")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(home: &TempDir, arguments: &[&str]) -> Output {
    talus(home.path(), arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_session_at_the_desk_says_what_today_asks_for_and_goes_on_from_what_was_done() {
    let home = TempDir::new().unwrap();
    // What is said besides goes to the other stream.
    let told = |arguments: &[&str]| text(&run(&home, arguments).stdout);
    let line = ["session", "knee_ext_seated", "--demo", "--speed", "max", "--language", "en"];
    let first = told(&line);
    assert!(first.contains("no weight, 2 sets of 10. First 2 sessions without weight."), "{first}");
    assert!(first.contains("left: 1 more good session without weight comes first."), "{first}");
    let second = told(&line);
    assert!(second.contains("no weight, 2 sets of 10. 1 more good session without weight comes first."), "{second}");
    // A day that hurts is no day to train, and a warning locks nothing but that day.
    let hurt = told(&["session", "--demo", "--pain", "6", "--language", "en"]);
    assert!(hurt.is_empty(), "{hurt}");
    assert!(told(&["history", "--demo"]).starts_with("2 sessions, "));
}

#[test]
fn tests_are_listed_led_on_simulated_cuffs_and_say_what_came_out() {
    let home = TempDir::new().unwrap();
    let told = |arguments: &[&str]| text(&run(&home, arguments).stdout);
    let list = told(&["session", "test", "--demo", "--language", "en"]);
    assert!(list.contains("chair_stand_30") && list.contains("balance_progress"), "{list}");
    let line = ["session", "test", "chair_stand", "four_stage", "--demo", "--speed", "max", "--language", "en"];
    let done = told(&line);
    assert!(done.contains("2 tests done.") && done.contains(" times.") && done.contains("3 stages."), "{done}");
    let again = told(&line);
    assert!(again.contains("no clear change yet."), "{again}");
    let json: Value = serde_json::from_str(&told(&["session", "test", "--demo", "--json"])).unwrap();
    assert_eq!(json["tests"][0]["due"], false);
    let nobody = run(&home, &["session", "test", "handstand", "--demo", "--language", "en"]);
    assert!(text(&nobody.stderr).contains("There is no such test."), "{nobody:?}");
}

#[test]
fn a_main_lift_is_logged_and_told_with_the_week() {
    let home = TempDir::new().unwrap();
    let line = ["log", "lift", "leg-press", "--reps", "10", "--weight", "120", "--demo", "--language", "en"];
    let told = text(&run(&home, &line).stdout);
    assert!(told.starts_with("Leg press: 3 × 10, 120\u{202f}kg.\n") && told.contains("1 main lift."), "{told}");
    let listed = text(&run(&home, &["log", "--demo", "--language", "en"]).stdout);
    assert_eq!(listed, told);
    assert!(text(&run(&home, &["history", "--demo"]).stdout).starts_with("1 session"));
    let none = run(&home, &["log", "lift", "squat", "--sets", "0", "--demo", "--language", "en"]);
    assert!(text(&none.stderr).contains("log a lift: 0 sets of 8"), "{none:?}");
}

#[test]
fn weights_are_told_in_the_unit_that_was_asked_for() {
    let home = TempDir::new().unwrap();
    let line = ["log", "lift", "squat", "--weight", "100", "--demo", "--language", "de", "--unit", "lb"];
    let told = text(&run(&home, &line).stdout);
    assert!(told.starts_with("Kniebeuge: 3 × 8, 220,5\u{202f}lb.\n"), "{told}");
    let demo = text(&run(&home, &["demo", "--speed", "max", "--language", "en", "--unit", "lb"]).stdout);
    assert!(demo.contains("3.5 lb") && !demo.contains(" kg") && !demo.contains("\u{202f}kg"), "{demo}");
}

#[test]
fn a_programme_is_shared_as_a_file_followed_and_reminded_of() {
    let home = TempDir::new().unwrap();
    let told = |arguments: &[&str]| text(&run(&home, &[arguments, &["--demo", "--language", "en"]].concat()).stdout);
    let shared = told(&["programme", "share", "first_steps"]);
    let own = shared.replacen("id = \"first_steps\"", "id = \"mine\"\nname = \"My own steps\"", 1);
    let own = own.lines().map(|line| match line {
        line if line.starts_with("grade = ") => "grade = \"d\"",
        line if line.starts_with("sources = ") => "sources = []",
        line => line,
    });
    let file = home.path().join("mine.toml");
    std::fs::write(&file, own.collect::<Vec<_>>().join("\n")).unwrap();
    let listed = told(&["programme", "add", file.to_str().unwrap()]);
    assert!(listed.contains("mine") && listed.contains("My own steps."), "{listed}");
    assert!(told(&["programme", "follow", "mine"]).contains("* mine"));
    let reminders = told(&["programme", "remind", "--at", "23:59"]);
    assert!(reminders.lines().count() >= 3 && reminders.contains(" 23:59  My own steps: about "), "{reminders}");
    assert!(!told(&["programme", "leave"]).contains("* "));
}

#[test]
fn rescoring_what_todays_engine_made_finds_the_same_and_changes_nothing() {
    let home = TempDir::new().unwrap();
    assert!(told(&home, &["rescore"]).to_lowercase().contains("no sessions"));
    told(&home, &["demo", "--plain", "--speed", "max"]);
    assert!(told(&home, &["rescore", "--demo"]).contains("No recorded session is from an older engine."));
    assert!(told(&home, &["rescore", "last", "--demo", "--yes"]).contains("the same results"));
    let json = told(&home, &["rescore", "last", "--demo", "--yes", "--json"]);
    assert!(json.contains("\"talus\": \"rescore/1\"") && json.contains("\"accepted\": false"), "{json}");
}

#[test]
fn a_damaged_history_names_the_way_out_and_the_way_leads_there() {
    let home = TempDir::new().unwrap();
    told(&home, &["demo", "--plain", "--speed", "max", "--database", "talus.db"]);
    let database = home.path().join("talus.db");
    let sound = run(&home, &["salvage", "--yes", "--database", "talus.db"]);
    assert!(text(&sound.stderr).contains("nothing in it is damaged"), "{sound:?}");
    let mut bytes = std::fs::read(&database).unwrap();
    bytes[100..].fill(0);
    std::fs::write(&database, &bytes).unwrap();
    let broken = run(&home, &["history", "--database", "talus.db"]);
    assert!(!broken.status.success() && text(&broken.stderr).ends_with("\ntalus salvage\n"), "{broken:?}");
    // Nobody is there to be asked: it says what it would do, and does nothing.
    let asked = told(&home, &["salvage", "--database", "talus.db"]);
    assert!(asked.ends_with("talus salvage --database talus.db --yes\n"), "{asked}");
    let json: Value = serde_json::from_str(&told(&home, &["salvage", "--database", "talus.db", "--json"])).unwrap();
    assert_eq!(
        (&json["accepted"], &json["command"]),
        (&false.into(), &"talus salvage --database talus.db --yes".into())
    );
    assert!(std::fs::read(&database).unwrap() == bytes);
    let said = told(&home, &["salvage", "--yes", "--database", "talus.db"]);
    assert!(said.contains("1 session came back from recordings: "), "{said}");
    assert!(said.contains("The damaged files are in talus.db.aside-1."), "{said}");
    assert!(std::fs::read(home.path().join("talus.db.aside-1/talus.db")).unwrap() == bytes);
    assert!(told(&home, &["history", "--database", "talus.db"]).starts_with("1 session, "));
}

#[test]
fn a_history_whose_key_is_lost_makes_way_for_a_new_one_and_a_backup_brings_back_what_is_in_it() {
    let home = TempDir::new().unwrap();
    told(&home, &["demo", "--plain", "--speed", "max", "--database", "talus.db"]);
    std::fs::write(home.path().join("words"), "seven small stones\n").unwrap();
    told(&home, &["backup", "all.talusbackup", "--passphrase-file", "words", "--database", "talus.db"]);
    let needless = run(&home, &["salvage", "--begin-anew", "--yes", "--database", "talus.db"]);
    assert!(!needless.status.success() && text(&needless.stderr).contains("it opens"), "{needless:?}");
    // What SQLCipher leaves of the first page: eighty bytes of each page are its own.
    let database = home.path().join("talus.db");
    let mut bytes = std::fs::read(&database).unwrap();
    bytes[20] = 80;
    std::fs::write(&database, &bytes).unwrap();
    for (language, words) in [("en", "no key was given"), ("de", "kein Schlüssel genannt")] {
        let locked = run(&home, &["history", "--database", "talus.db", "--language", language]);
        let said = text(&locked.stderr);
        assert!(said.contains(words) && said.ends_with("\ntalus salvage --begin-anew\n"), "{said}");
    }
    let begin = ["salvage", "--begin-anew", "--database", "talus.db"];
    assert!(told(&home, &begin).ends_with("talus salvage --begin-anew --database talus.db --yes\n"));
    let json = |more: &[&str]| -> Value { serde_json::from_str(&told(&home, &[&begin[..], more].concat())).unwrap() };
    assert_eq!(json(&["--json"])["accepted"], false);
    assert!(std::fs::read(&database).unwrap() == bytes);
    let done = json(&["--json", "--yes"]);
    assert_eq!((&done["accepted"], &done["kept"]), (&true.into(), &"talus.db.aside-1".into()));
    assert!(std::fs::read(home.path().join("talus.db.aside-1/talus.db")).unwrap() == bytes);
    assert_eq!(home.path().join("talus.db.aside-1/recordings").read_dir().unwrap().count(), 1);
    let kept = ["salvage", "--kept", "--database", "talus.db"];
    assert!(told(&home, &kept).contains("encrypted. It comes back where its key is."));
    let bring = ["salvage", "--bring-back", "talus.db.aside-1", "--database", "talus.db"];
    let refused = run(&home, &bring);
    assert!(text(&refused.stderr).contains("the key does not open it"), "{refused:?}");
    told(&home, &["restore", "all.talusbackup", "--passphrase-file", "words", "--database", "talus.db"]);
    assert!(told(&home, &["history", "--database", "talus.db"]).starts_with("1 session, "));
    // It opens after all: it comes back, and nothing is doubled.
    bytes[20] = 0;
    std::fs::write(home.path().join("talus.db.aside-1/talus.db"), &bytes).unwrap();
    let said = told(&home, &kept);
    assert!(said.contains("1 session, 1 recording, "), "{said}");
    assert!(said.ends_with("talus salvage --bring-back talus.db.aside-1 --database talus.db\n"), "{said}");
    // Nothing is taken out of it by a deletion, which says so, and what no session has keeps it.
    let refused = run(&home, &["delete", "last", "--database", "talus.db"]);
    assert!(text(&refused.stdout).contains("It may still be in 1 folder that was set aside."), "{refused:?}");
    let damaged = home.path().join("talus.db.aside-1/recordings/one.talus.damaged");
    std::fs::write(&damaged, "what is left of it").unwrap();
    let said = told(&home, &bring);
    assert!(said.starts_with("All of it was here already.\ntalus.db.aside-1 stays: "), "{said}");
    std::fs::remove_file(damaged).unwrap();
    assert_eq!(told(&home, &bring), "All of it was here already.\n");
    assert_eq!(told(&home, &kept), "Nothing is set aside here.\n");
    assert!(told(&home, &["history", "--database", "talus.db"]).starts_with("1 session, "));
}

#[test]
fn everything_goes_out_and_comes_back_in_a_bundle_and_in_a_backup() {
    let (home, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    told(&home, &["demo", "--plain", "--speed", "max"]);
    let said = told(&home, &["export", "all.zip", "--demo", "--recordings"]);
    assert!(said.contains("Everything is in all.zip: 1 person, 1 session, 1 recording, "), "{said}");
    let again = run(&home, &["export", "all.zip", "--demo"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("--replace"));
    std::fs::write(home.path().join("words"), "seven small stones\n").unwrap();
    let said = told(&home, &["backup", "all.talusbackup", "--demo", "--passphrase-file", "words"]);
    assert!(said.contains("The backup is all.talusbackup: 1 person"), "{said}");
    for file in ["all.zip", "all.talusbackup", "words"] {
        std::fs::copy(home.path().join(file), other.path().join(file)).unwrap();
    }
    let said = told(&other, &["import", "all.zip"]);
    assert!(said.contains("Taken in: 1 new person, 1 session, 1 recording."), "{said}");
    // Another database each time: the first person nobody has described makes way.
    let said = told(&other, &["restore", "all.talusbackup", "--passphrase-file", "words", "--database", "b/talus.db"]);
    assert!(said.contains("An encrypted backup from") && said.contains("Taken in: 1 new person"), "{said}");
    assert!(told(&other, &["import", "all.zip"]).contains("All of it was here already."));
    let said = told(&home, &["export", "page.html", "--demo", "--report", "--language", "de"]);
    assert!(said.contains("Der Bericht ist page.html."), "{said}");
    let page = std::fs::read_to_string(home.path().join("page.html")).unwrap();
    assert!(page.contains("Von niemandem aus Medizin oder Therapie geprüft.") && page.matches("<svg").count() == 6);
    assert_eq!(run(&home, &["export", "--demo", "--report", "--from", "2026-02-30"]).status.code(), Some(2));
    let original = told(&home, &["show", "last", "--demo", "--json"]);
    assert_eq!(told(&other, &["show", "last", "--json"]), original);
    assert_eq!(told(&other, &["show", "last", "--json", "--database", "b/talus.db"]), original);
    let asked = run(&other, &["import", "all.talusbackup"]);
    assert_eq!(asked.status.code(), Some(2), "{}", text(&asked.stderr));
    std::fs::write(other.path().join("words"), "seven small stonez\n").unwrap();
    let wrong = run(&other, &["restore", "all.talusbackup", "--passphrase-file", "words"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stderr).contains("the passphrase does not open it"));
}

#[test]
fn what_a_person_changes_keeps_and_deletes_is_done_at_the_terminal() {
    let home = TempDir::new().unwrap();
    let demo = |arguments: &[&str]| told(&home, &[arguments, &["--demo"]].concat());
    told(&home, &["demo", "--plain", "--speed", "max"]);
    let json =
        |arguments: &[&str]| -> Value { serde_json::from_str(&demo(&[arguments, &["--json"]].concat())).unwrap() };
    let shown = json(&["show"]);
    let (set, side) = (&shown["sets"][0], shown["sets"][0]["side"].as_str().unwrap());
    let number = (set["set_index"].as_u64().unwrap() + 1).to_string();

    assert!(demo(&["edit"]).contains("Nothing was changed by hand."));
    let said = demo(&["edit", "--set", &number, "--side", side, "--count", "3", "--weight", "0,75", "--star"]);
    assert!(
        said.contains("1 · recording kept for good") && said.contains("count 3") && said.contains("0.75 kg"),
        "{said}"
    );
    demo(&["edit", "--note", "a good day", "--tags", "knee, slow"]);
    // All of it or nothing.
    let refused =
        run(&home, &["edit", "--demo", "--note", "lost", "--set", &number, "--side", side, "--exercise", "juggling"]);
    assert_eq!((refused.status.code(), text(&refused.stdout).as_str()), (Some(2), ""));
    let now = json(&["show"]);
    let of =
        |shown: &Value| (shown["sets"][0]["count"].as_u64().unwrap(), shown["sets"][0]["mass_g"].as_u64().unwrap());
    assert_eq!(of(&now), (3, 750));
    assert_eq!((&now["session"]["note"], &now["session"]["tags"][1]), (&"a good day".into(), &"slow".into()));
    let list = json(&["edit"]);
    assert_eq!(list["changes"].as_array().unwrap().len(), 5);
    assert_eq!((&list["changes"][1]["field"], &list["changes"][1]["value"]), (&"count".into(), &3.into()));
    assert!(demo(&["undo", "--change", "2"]).contains("Taken back: change 2, count 3."));
    demo(&["undo", "--change", "3"]);
    assert_eq!(of(&json(&["show"])), of(&shown));
    assert!(demo(&["undo"]).contains("change 5, #knee #slow"));
    let other = if side == "left" { "right" } else { "left" };
    assert!(demo(&["edit", "--set", &number, "--side", side, "--other-leg"]).contains("it was leg"));
    let swapped = json(&["show"]);
    let range = |shown: &Value, of: &str| {
        let sets = shown["sets"].as_array().unwrap();
        sets.iter().find(|one| one["side"] == of && one["set_index"] == set["set_index"]).unwrap()["range_deg"].clone()
    };
    assert_eq!((range(&swapped, side), range(&swapped, other)), (range(&shown, other), range(&shown, side)));
    demo(&["undo"]);
    for wrong in [
        vec!["edit", "--demo", "--count", "3"],
        vec!["edit", "--demo", "--set", "1"],
        vec!["edit", "--demo", "--set", "99", "--count", "3"],
        vec!["edit", "--demo", "--star", "--unstar"],
        vec!["undo", "--demo", "--change", "77"],
        vec!["delete", "--demo"],
    ] {
        assert_eq!(run(&home, &wrong).status.code(), Some(2), "{wrong:?}");
    }

    let kept = || json(&["people"])["people"][0]["recordings"].as_u64().unwrap();
    assert_eq!(kept(), 1);
    let nothing = ["retention", "--megabytes", "0", "--days", "always"];
    assert!(demo(&nothing).contains("All recordings fit.") && demo(&nothing).contains("of starred sessions stay"));
    demo(&["edit", "--unstar"]);
    let said = demo(&nothing);
    assert!(said.contains("newer ones fill the room") && said.contains("1 recording would go, "), "{said}");
    assert!(said.contains("talus retention --days always --megabytes 0 --yes --demo") && kept() == 1, "{said}");
    assert!(demo(&[&nothing[..], &["--yes"]].concat()).contains("Deleted: 1 recording, "));
    assert_eq!(kept(), 0);
    assert_eq!(of(&json(&["show"])), of(&shown), "results stay");

    let refused = run(&home, &["delete", "last", "--demo"]);
    assert!(text(&refused.stdout).contains("This goes: ") && text(&refused.stderr).contains("--yes"));
    assert_eq!(refused.status.code(), Some(2));
    assert!(demo(&["history"]).starts_with("1 session, "), "nothing was deleted");
    assert!(demo(&["delete", "last", "--yes"]).contains("Nobody can read it here afterwards."));
    assert!(demo(&["history"]).starts_with("No sessions yet"));

    told(&home, &["demo", "--plain", "--speed", "max"]);
    let people = json(&["people"]);
    let id = people["people"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(people["people"][0]["recordings"], 1);
    let said = demo(&["people", "delete", &id, "--yes", "--language", "de"]);
    assert!(said.contains("1 Einheit, 1 Aufnahme (") && said.contains("Gelöscht: jemand ohne Namen."), "{said}");
    assert_eq!((kept(), json(&["people"])["people"][0]["sessions"].as_u64()), (0, Some(0)));
}

#[test]
fn a_program_reads_json_where_there_is_nothing_yet() {
    let home = TempDir::new().unwrap();
    for (arguments, talus) in [
        (&["edit"][..], "edits/1"),
        (&["undo"], "undo/1"),
        (&["delete", "last", "--yes"], "delete/1"),
        (&["people"], "people/1"),
        (&["retention"], "retention/1"),
        (&["rescore"], "rescore/1"),
        (&["show"], "session/1"),
        (&["history"], "history/1"),
        (&["export"], "export/1"),
        (&["backup", "all.talusbackup"], "backup/1"),
    ] {
        let said = told(&home, &[arguments, &["--json"]].concat());
        let read: Result<Value, _> = serde_json::from_str(&said);
        assert_eq!(read.unwrap_or_else(|error| panic!("{arguments:?}: {error}: {said}"))["talus"], talus, "{said}");
    }
    assert_eq!(home.path().read_dir().unwrap().count(), 0, "a look makes no database");
}

#[test]
fn the_two_files_of_a_metabase_recording_are_one_whether_one_or_both_are_named() {
    let home = TempDir::new().unwrap();
    let test = "the_two_files_of_a_metabase_recording_are_one_whether_one_or_both_are_named";
    let Some(folder) = shared_data::shared_data(test, "uci-physio-leg") else { return };
    let whole = folder.join("s1_seated_knee_extension_shank_session.csv");
    // The same numbers, parted as the app does.
    let (mut acc, mut gyr) = (
        "epoch (ms),time (00:00),elapsed (s),x-axis (g),y-axis (g),z-axis (g)\n".to_owned(),
        "epoch (ms),time (00:00),elapsed (s),x-axis (deg/s),y-axis (deg/s),z-axis (deg/s)\n".to_owned(),
    );
    let original = std::fs::read_to_string(&whole).unwrap();
    let names: Vec<&str> = original.lines().next().unwrap().split(',').collect();
    let place = |name: &str| names.iter().position(|one| one.starts_with(name)).unwrap();
    for (row, line) in original.lines().skip(1).enumerate() {
        let values: Vec<f64> = line.split(',').map(|value| value.parse().unwrap_or(f64::NAN)).collect();
        let three = |name: &str, unit: f64| {
            ["x", "y", "z"].map(|axis| format!("{:.6}", values[place(&format!("{name}_{axis}"))] / unit)).join(",")
        };
        let stamp = format!("{},t,0", 1_700_000_000_000 + 40 * row);
        acc.extend([&stamp, ",", &three("acc", 9.80665), "\n"]);
        gyr.extend([&stamp, ",", &three("gyr", 1f64.to_radians()), "\n"]);
    }
    let files =
        ["Accelerometer", "Gyroscope"].map(|sensor| format!("right_MetaWear_2023_CCA0_{sensor}_25.000Hz_1.7.3.csv"));
    std::fs::write(home.path().join(&files[0]), acc).unwrap();
    std::fs::write(home.path().join(&files[1]), gyr).unwrap();
    let sets = |named: &[&str]| {
        let exercise = ["--exercise", "knee_ext_seated", "--json"];
        let arguments = [&["import"], named, &exercise[..]].concat();
        let said = run(&home, &arguments);
        assert_eq!(said.status.code(), Some(0), "{}", text(&said.stderr));
        let shown: Value = serde_json::from_str(&told(&home, &["show", "--json"])).unwrap();
        let of =
            |set: &Value| (set["count"].as_u64().unwrap(), set["side"].clone(), set["reps"].as_array().unwrap().len());
        shown["sets"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let parted = sets(&[&files[0]]);
    assert_eq!(parted, sets(&[&files[1], &files[0]]));
    assert_eq!(parted, sets(&[&whole.to_string_lossy()]));
    assert!(parted.len() == 3 && parted.iter().all(|set| set.0 == 10 && set.1 == "right"), "{parted:?}");
    let help = told(&home, &["import", "--help"]);
    assert!(help.contains("MetaMotion") && help.contains("Movella DOT"), "{help}");
    std::fs::remove_file(home.path().join(&files[1])).unwrap();
    let half = run(&home, &["import", &files[0], "--exercise", "knee_ext_seated", "--language", "de"]);
    assert_eq!(half.status.code(), Some(1));
    let said = text(&half.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("darin ist nur die Beschleunigung, und die andere Datei"), "{said}");
}

/// Runs and expects success without a word on standard error.
fn told(home: &TempDir, arguments: &[&str]) -> String {
    let output = run(home, arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "{arguments:?}");
    text(&output.stdout)
}

/// Session lines: up to the first that has a wall-clock date.
fn of_the_session(text: &str) -> String {
    text.split("\n1 session, ").next().unwrap().to_owned()
}

#[test]
fn a_demo_without_a_terminal_is_lines_of_text_the_same_for_equal_seeds() {
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let first = told(&one, &["demo", "--speed", "max", "--seed", "7"]);
    let second = told(&two, &["demo", "--speed", "max", "--seed", "7", "--plain"]);
    assert_eq!(of_the_session(&first), of_the_session(&second));
    assert!(first.contains(" set       ") && first.contains("range of each set"), "{first}");
    let other = told(&two, &["demo", "--speed", "max", "--seed", "8"]);
    assert_ne!(of_the_session(&first), of_the_session(&other));
}

#[test]
fn the_demo_is_kept_apart_and_can_be_looked_at() {
    let home = TempDir::new().unwrap();
    assert_eq!(told(&home, &["history"]), "No sessions yet. Start with: talus demo\n");
    assert!(!home.path().join("talus").exists(), "looking makes nothing");
    told(&home, &["demo", "--speed", "max"]);
    let own = told(&home, &["history"]);
    assert!(own.contains("No sessions yet") && own.contains("talus history --demo"), "{own}");
    assert!(told(&home, &["history", "--demo"]).starts_with("1 session, "));
    let shown: Value = serde_json::from_str(&told(&home, &["show", "--demo", "--json"])).unwrap();
    assert_eq!((&shown["talus"], &shown["session"]["kind"]), (&"session/1".into(), &"demo".into()));
    assert!(shown["sets"].as_array().unwrap().iter().all(|set| set["count"].as_u64().unwrap() > 0));
    let history: Value = serde_json::from_str(&told(&home, &["history", "--demo", "--json"])).unwrap();
    assert_eq!(history["sessions"][0]["id"], shown["session"]["id"]);
    assert_eq!(history["exercises"].as_array().unwrap().len(), 3);
}

#[test]
fn names_and_cues_come_in_german_where_that_is_asked() {
    let home = TempDir::new().unwrap();
    // A zone nobody knows must not keep anyone out either.
    let arguments = ["demo", "--speed", "max", "--language", "de"];
    let output = talus(home.path(), &arguments).env("TZ", "Nowhere/City").output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    let said = text(&output.stdout);
    assert!(said.contains("Kniestrecken") && said.contains("1,5 kg") && !said.contains("1.5 kg"), "{said}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let home = TempDir::new().unwrap();
    let mut child = talus(home.path(), &["demo", "--plain", "--speed", "100"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn what_makes_no_sense_ends_with_2_and_what_fails_with_1_and_says_what_to_do() {
    const WORDS: &str = "not a database, but more than nothing";
    let home = TempDir::new().unwrap();
    let foreign = home.path().join("foreign.db");
    std::fs::write(&foreign, WORDS).unwrap();
    for (arguments, code, expected) in [
        (&["replay", "nope.csv", "--exercise", "walk"][..], 1, "nope.csv"),
        (&["history", "--database", "missing.db"], 2, "missing.db"),
        (&["history", "--database", "foreign.db"], 1, "not a Talus database"),
        (&["demo", "--database", "foreign.db"], 1, "not a Talus database"),
        (&["session", "--resume"], 2, "finished"),
        (&["demo", "--speed", "fast"], 2, "0.1 to 1000"),
        (&["histroy"], 2, "history"),
    ] {
        let output = run(&home, arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
        if code == 1 {
            assert!(said.starts_with("talus: failed to ") && said.trim_end().lines().count() == 2, "{said}");
        }
    }
    assert_eq!(std::fs::read_to_string(&foreign).unwrap(), WORDS);
}

#[test]
fn an_exercise_nobody_knows_is_answered_with_the_nearest_names() {
    let home = TempDir::new().unwrap();
    told(&home, &["demo", "--speed", "max"]);
    let output = run(&home, &["history", "--demo", "--exercise", "knee_ext"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("knee_ext_seated"), "{}", text(&output.stderr));
    let none = told(&home, &["history", "--demo", "--exercise", "walk"]);
    assert!(none.starts_with("No sets of this exercise yet: "), "{none}");
    let far = text(&run(&home, &["history", "--demo", "--exercise", "foo"]).stderr);
    assert!(far.contains("walk") && far.contains("stand_abd") && !far.contains("nearest"), "{far}");
}

#[test]
fn errors_name_what_was_typed_and_speak_the_language_asked_for() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("rnd.talus"), "not a recording").unwrap();
    std::fs::write(home.path().join("b.csv"), "x").unwrap();
    let still: Vec<_> = (0..400).map(|i| format!("{:.2},0,0,1,0,0,{}", f64::from(i) * 0.01, i % 3)).collect();
    let names = "t_s,acc_x[g],acc_y[g],acc_z[g],gyr_x[deg/s],gyr_y[deg/s],gyr_z[deg/s]\n";
    std::fs::write(home.path().join("monday.csv"), format!("{names}{}\n", still.join("\n"))).unwrap();
    std::fs::create_dir(home.path().join("folder.talus")).unwrap();
    for (arguments, code, english, german) in [
        (&["replay", "monday.csv"][..], 2, "monday.csv: its name names no exercise", "der Name von monday.csv"),
        (&["replay", "monday.csv"], 2, "knee_ext_seated", "knee_ext_seated"),
        (&["replay", "monday.csv", "--exercise", "walk,walk"], 2, "1 file with 2 exercises", "1 Datei und 2 Übungen"),
        (&["replay", "rnd.talus", "b.csv"], 2, "together with files of samples", "zusammen mit Messdateien"),
        (&["replay", "rnd.talus"], 1, "failed to read rnd.talus: it does not begin", "rnd.talus lässt sich nicht"),
        (&["replay", "folder.talus"], 1, "read folder.talus: it is a folder", "das ist ein Ordner"),
        (&["demo", "--database", "b.csv/x.db"], 1, "a part of its path is a file", "ein Teil des Pfads"),
        (&["demo", "--database", "."], 1, "use .: it is a folder", "das ist ein Ordner"),
    ] {
        for (language, expected) in [("en", english), ("de", german)] {
            let output = run(&home, &[arguments, &["--language", language]].concat());
            let said = text(&output.stderr);
            let joined = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
            assert!(joined.contains(expected), "{arguments:?} {language}: {said}");
            assert!(!said.contains("os error") && !said.contains(".new-"), "{said}");
            assert!(said.lines().all(|line| line.chars().count() <= 100), "{said}");
            assert_eq!(language == "de", !said.contains("failed to"), "{said}");
        }
    }
}

#[test]
fn what_was_found_in_a_file_is_told_beside_what_comes_of_it() {
    let home = TempDir::new().unwrap();
    let mut rows: Vec<String> = (0..600).map(|i| format!("{:.2},0,0,1,0,0,{}", f64::from(i) * 0.01, i % 3)).collect();
    rows.drain(300..340);
    rows[100] = "1.00,0,0,1,1e308,0,0".to_owned();
    let names = "t_s,acc_x[g],acc_y[g],acc_z[g],gyr_x[deg/s],gyr_y[deg/s],gyr_z[deg/s]";
    std::fs::write(home.path().join("monday.csv"), format!("{names}\n{}\n", rows.join("\n"))).unwrap();
    let both = |said: &str, words: [&str; 2]| words.iter().all(|words| said.contains(words));
    let output = run(&home, &["analyse", "reps", "monday.csv", "--json"]);
    let said = text(&output.stderr);
    assert!(both(&said, ["note: monday.csv: 1 gap of 40 samples", "1 row with more than any sensor"]), "{said}");
    assert!(text(&output.stdout).starts_with("{\n  \"talus\": \"analyse/1\""), "the format stays as it is");
    let output = run(&home, &["replay", "monday.csv", "--exercise", "side_abd", "--language", "de"]);
    let said = text(&output.stderr);
    assert!(both(&said, ["Hinweis: monday.csv: 1 Lücke", "mehr, als ein Sensor misst"]), "{said}");
    assert!(text(&output.stdout).contains("Von keiner klinischen Fachperson geprüft."));
    let output = run(&home, &["replay", "monday.csv", "--exercise", "side_abd", "--json"]);
    assert_eq!(text(&output.stderr), "", "a program reads them in the JSON");
    let shown: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    let notes = shown["notes"].as_array().unwrap();
    assert!(notes.len() == 2 && notes.iter().all(|note| note["file"] == "monday.csv"), "{notes:?}");
}

#[test]
fn a_recording_that_was_cut_says_that_it_tells_only_a_part() {
    let home = TempDir::new().unwrap();
    told(&home, &["demo", "--speed", "max"]);
    let recordings = home.path().join("talus/demo/recordings");
    let recording = std::fs::read_dir(recordings).unwrap().next().unwrap().unwrap().path();
    let bytes = std::fs::read(&recording).unwrap();
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 0xFF;
    std::fs::write(&recording, damaged).unwrap();
    let said = text(&run(&home, &["replay", &recording.to_string_lossy()]).stdout);
    assert!(said.contains("What is told here is incomplete."), "{said}");
    std::fs::write(&recording, &bytes[..bytes.len() / 2]).unwrap();
    let output = run(&home, &["replay", &recording.to_string_lossy()]);
    let said = text(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("What is told here is incomplete.") && !said.contains("The results are not."), "{said}");
    assert!(said.contains("· not finished ·") && !said.contains("· 0:00 ·"), "{said}");
}

#[test]
fn the_help_says_that_no_clinician_looked_at_it() {
    let home = TempDir::new().unwrap();
    assert!(told(&home, &["--help"]).trim_end().ends_with("Not reviewed by a clinician."));
}

/// Starts a demo, waits for its first set and sends `signal`.
#[cfg(unix)]
fn interrupted(home: &TempDir, signal: &str) -> Output {
    interrupted_after(home, signal, 0)
}

/// Starts a demo, waits for its first set and so many lines more, and sends `signal`.
#[cfg(unix)]
fn interrupted_after(home: &TempDir, signal: &str, lines: u32) -> Output {
    use std::io::{BufRead, BufReader, Read};

    let mut child = talus(home.path(), &["demo", "--plain", "--speed", "20"]).spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains(" set  ") {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0, "the demo ended before its first set");
    }
    for _ in 0..lines {
        assert!(reader.read_line(&mut line).unwrap() > 0, "the demo ended too early");
    }
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
#[cfg(unix)]
fn ctrl_c_leaves_a_session_that_can_be_taken_up_again_to_its_end() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let home = TempDir::new().unwrap();
        let output = interrupted(&home, signal);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert!(said.contains(" is safe up to 0:") && said.contains("talus session --demo --resume "), "{said}");
        assert!(told(&home, &["history", "--demo"]).contains("(not finished)"));
        // What was said can be typed as it stands.
        let typed: Vec<_> = said.split("talus ").nth(1).unwrap().split_whitespace().collect();
        let resumed = told(&home, &[&typed[..], &["--speed", "max"]].concat());
        assert!(resumed.contains("range of each set"), "{resumed}");
        let history = told(&home, &["history", "--demo"]);
        assert!(history.starts_with("1 session, 6 sets") && !history.contains("not finished"), "{history}");
    }
}

#[test]
#[cfg(unix)]
fn a_killed_session_is_taken_up_again_to_its_end_and_its_recording_says_the_same() {
    for lines in [2, 9, 21, 34] {
        let home = TempDir::new().unwrap();
        assert_eq!(interrupted_after(&home, "-KILL", lines).status.code(), None);
        told(&home, &["session", "--resume", "--speed", "max"]);
        let history = told(&home, &["history", "--demo"]);
        assert!(history.starts_with("1 session, 6 sets, 36 reps"), "{history}");
        let recordings = home.path().join("talus/demo/recordings");
        let recording = std::fs::read_dir(recordings).unwrap().next().unwrap().unwrap().path();
        let replayed = told(&home, &["replay", &recording.to_string_lossy()]);
        assert!(replayed.contains("the same results as stored, bit for bit"), "{replayed}");
    }
}

#[test]
#[cfg(unix)]
fn a_demo_that_was_left_is_found_without_saying_where() {
    let home = TempDir::new().unwrap();
    interrupted(&home, "-INT");
    let resumed = told(&home, &["session", "--resume", "--speed", "max"]);
    assert!(resumed.contains("6 sets"), "{resumed}");
}

#[test]
fn four_recorded_exercises_become_a_session_with_a_history() {
    let Some(folder) = shared_data::shared_data("four_recorded_exercises", "uci-physio-leg") else { return };
    let home = TempDir::new().unwrap();
    let file = |name: &str| folder.join(format!("s1_{name}_shank_session.csv")).to_str().unwrap().to_owned();
    let files =
        ["seated_knee_extension", "supine_leg_raise", "side_lying_hip_abduction", "prone_hip_extension"].map(file);
    let mut arguments = vec!["replay"];
    arguments.extend(files.iter().map(String::as_str));
    arguments.extend(["--exercise", "knee_ext_seated,quad_set_slr,side_abd,prone_hip_ext", "--json"]);
    let shown: Value = serde_json::from_str(&told(&home, &arguments)).unwrap();
    let sets = shown["sets"].as_array().unwrap();
    let exercises: std::collections::BTreeSet<_> = sets.iter().filter_map(|set| set["exercise"].as_str()).collect();
    assert_eq!(exercises.len(), 4);
    assert!(sets.iter().all(|set| set["count"].as_u64().unwrap() >= 2), "{sets:?}");
    let history = told(&home, &["history"]);
    assert!(history.starts_with("1 session, ") && history.matches("range of each set").count() == 4, "{history}");
    let knee = told(&home, &["history", "--exercise", "knee_ext_seated"]);
    assert_eq!(knee.matches("range of each set").count(), 1);
    assert!(told(&home, &["show"]).contains("◆ R"));
}

#[test]
fn analysis_prints_the_judging_format_with_its_name_first_and_rows_for_orientation() {
    let Some(folder) = shared_data::shared_data("analysis_prints", "uci-physio-leg") else { return };
    let home = TempDir::new().unwrap();
    let path = folder.join("s1_seated_knee_extension_shank_session.csv");
    let path = path.to_str().unwrap();
    let json = told(&home, &["analyse", "reps", path, "--json"]);
    assert!(json.starts_with("{\n  \"talus\": \"analyse/1\",\n  \"file\": "), "{}", &json[..80]);
    let rows = told(&home, &["analyse", "orient", path]);
    assert!(rows.starts_with("t_s,qw,qx,qy,qz,rest\n") && rows.lines().count() > 1000);
    assert!(told(&home, &["analyse", "reps", path]).contains("lift · hold · lower"));
    assert!(!home.path().join("talus").exists(), "an analysis keeps nothing");
}

#[test]
fn the_catalogue_says_what_it_holds_and_what_nobody_has_reviewed() {
    let home = TempDir::new().unwrap();
    let lines = told(&home, &["catalogue", "check"]);
    assert!(lines.contains("every file read") && lines.contains("reviewed by no clinician"), "{lines}");
    let value: Value = serde_json::from_str(&told(&home, &["catalogue", "check", "--json"])).unwrap();
    assert_eq!((value["talus"].as_str(), value["exercises"].as_u64()), (Some("catalogue/1"), Some(39)));
    assert_eq!(value["rules"], value["rules_unreviewed"]);
    assert!(value["timers"].as_array().unwrap().iter().any(|id| id == "calf_raise_bent"));
}

#[test]
fn a_plan_is_made_signed_and_checked_and_a_changed_one_is_refused() {
    let home = TempDir::new().unwrap();
    let blank = told(&home, &["plan", "new", "--by", "Physio", "--from", "2026-11-25", "--until", "2027-03-01"]);
    let file = home.path().join("plan.txt");
    std::fs::write(&file, &blank).unwrap();
    let unsigned = run(&home, &["plan", "check", "plan.txt"]);
    assert_eq!(unsigned.status.code(), Some(1));
    assert!(text(&unsigned.stderr).contains("nobody has signed it"));
    let signed = told(&home, &["plan", "sign", "plan.txt", "--key", "author.key"]);
    let words = signed.lines().nth(1).unwrap().to_owned();
    assert_eq!(words.split(' ').count(), 6);
    let checked = told(&home, &["plan", "check", "plan.txt"]);
    assert!(checked.contains(&words) && checked.contains("up to 1000 g"), "{checked}");
    let value: Value = serde_json::from_str(&told(&home, &["plan", "check", "plan.txt", "--json"])).unwrap();
    assert_eq!((value["talus"].as_str(), value["words"].as_str()), (Some("plan/1"), Some(words.as_str())));
    assert_eq!(value["exercises"][0]["mass_most_g"], 1000);
    let changed = std::fs::read_to_string(&file).unwrap().replace("mass_most_g = 1000", "mass_most_g = 4000");
    std::fs::write(&file, changed).unwrap();
    assert!(text(&run(&home, &["plan", "check", "plan.txt"]).stderr).contains("does not fit"));
    assert_eq!(
        run(&home, &["plan", "new", "--by", "P", "--from", "soon", "--until", "2027-03-01"]).status.code(),
        Some(2)
    );
}
