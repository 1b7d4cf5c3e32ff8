//! Recorded files in: the formats of the shared recordings, other people's spellings, and everything that is broken.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

#[path = "../../../tests/shared_data.rs"]
#[allow(unreachable_pub)]
mod shared_data;

use proptest::prelude::*;
use shared_data::shared_data;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use talus_app::files::{FileError, FileNote, ImuFile, InputMap, Preset, Quantity, parse, read};
use talus_motion::Side;
use talus_motion::orient::norm;

const NAMES: &str = "t_s,acc_x[g],acc_y[g],acc_z[g],gyr_x[deg/s],gyr_y[deg/s],gyr_z[deg/s]\n";

/// `rows` rows at 100 Hz under `NAMES`: a sensor that lies and turns slowly.
fn good(rows: u32) -> String {
    let mut text = NAMES.to_owned();
    for i in 0..rows {
        writeln!(text, "{:.2},0.01,-0.02,{:.3},{},0.25,-1", f64::from(i) * 0.01, 1.0 + f64::from(i % 7) * 1e-3, i % 5)
            .unwrap();
    }
    text
}

fn parsed(text: &str) -> Result<ImuFile, FileError> {
    parse(text.as_bytes(), Path::new("anything.csv"), None)
}

fn refused(text: &str) -> String {
    let error = parsed(text).unwrap_err();
    assert!(!error.advice().is_empty());
    error.to_string()
}

fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// Files of a shared folder whose names end like this, in order.
fn files_of(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} has no {ending}", folder.display());
    files
}

#[test]
fn every_format_of_the_shared_recordings_comes_in_with_its_units_rate_and_side() {
    let test = "every_format_of_the_shared_recordings_comes_in_with_its_units_rate_and_side";
    let formats = [
        ("uci-physio-leg", "_session.csv", Preset::Uci, 25.0, Some(Side::Right)),
        ("uci-physio-leg", "_template.csv", Preset::Uci, 25.0, Some(Side::Right)),
        ("qmt-legs", "_left.csv", Preset::Qmt, 100.0, Some(Side::Left)),
        ("gaitmap-foot", "healthy_left_imu.csv", Preset::Gaitmap, 204.8, Some(Side::Left)),
        ("gaitmap-foot", "stair_up_left_imu.csv", Preset::Gaitmap, 204.8, Some(Side::Left)),
        ("gaitmap-foot", "icwalk_left_imu.csv", Preset::Gaitmap, 102.4, Some(Side::Left)),
        ("gaitmap-foot", "ms_left_imu.csv", Preset::Gaitmap, 102.4, Some(Side::Left)),
        ("broad", ".csv", Preset::Broad, 1000.0 / 7.0, None),
        ("xio-gait", "short_walk.csv", Preset::Xio, 398.2, None),
        ("imucal-ferraris", "session.csv", Preset::Imucal, 102.4, None),
    ];
    for (folder, ending, preset, rate_hz, side) in formats {
        let Some(folder) = shared_data(test, folder) else { continue };
        for path in files_of(&folder, ending) {
            let file = read(&path, None).unwrap_or_else(|error| panic!("{error}"));
            let about = format!("{}: {:?}", file.name, file.notes);
            assert_eq!((file.preset, file.side), (preset, side), "{about}");
            assert!((file.rate_hz / rate_hz - 1.0).abs() < 1e-3, "{about} {}", file.rate_hz);
            // Slow samples show gravity. The walk of the MS patient has no rest, the session of imucal an
            // uncalibrated sensor: within motion's own limits all of them.
            let slow = file.samples.iter().map(|s| norm(s.gyr)).collect();
            let slow = median(slow);
            let gravity = median(file.samples.iter().filter(|s| norm(s.gyr) <= slow).map(|s| norm(s.acc)).collect());
            let within = if file.name.starts_with("ms_") { 7.35..=12.25 } else { 9.3..=10.6 };
            assert!(within.contains(&gravity), "{about} gravity {gravity}");
            // No leg turns faster than 35 rad/s (2,000 °/s), and every recording here moves faster than 2 °/s.
            let fastest = file.samples.iter().map(|s| norm(s.gyr)).fold(0.0, f64::max);
            assert!((0.04..35.0).contains(&fastest), "{about} fastest {fastest}");
            let guessed = |note: &FileNote| {
                matches!(
                    note,
                    FileNote::UnitContradicted { .. } | FileNote::GravityOdd { .. } | FileNote::ValuesMissing { .. }
                )
            };
            assert!(!file.notes.iter().any(guessed), "{about}");
        }
    }
}

#[test]
fn the_numbers_agree_with_the_formats_wherever_they_are_certain() {
    // The same recordings under names that tell nothing: each comes in with the same units, or asks for them.
    let test = "the_numbers_agree_with_the_formats_wherever_they_are_certain";
    let (mut same, mut asked) = (0, 0);
    for (folder, ending) in [
        ("uci-physio-leg", "_session.csv"),
        ("qmt-legs", "_left.csv"),
        ("gaitmap-foot", "_imu.csv"),
        ("xio-gait", ".csv"),
    ] {
        let Some(folder) = shared_data(test, folder) else { continue };
        for path in files_of(&folder, ending) {
            let known = read(&path, None).unwrap();
            let text = std::fs::read_to_string(&path).unwrap().replace("xsens_q", "other_");
            match parsed(&text) {
                Ok(unknown) => {
                    assert_eq!(unknown.preset, Preset::Plain);
                    assert!(unknown.samples == known.samples, "{} {:?}", known.name, unknown.notes);
                    assert!(unknown.notes.iter().any(|n| matches!(n, FileNote::UnitGuessed { .. })));
                    same += 1;
                }
                Err(FileError::Units { quantity: Quantity::Turning, .. }) => asked += 1,
                Err(error) => panic!("{error}"),
            }
        }
    }
    println!("{same} came in, {asked} asked for a unit");
    assert!(same >= asked, "{same} came in, {asked} asked");
}

#[test]
fn duplicates_and_gaps_of_a_real_recording_are_counted_and_left_out_in_order() {
    let test = "duplicates_and_gaps_of_a_real_recording_are_counted_and_left_out_in_order";
    let Some(folder) = shared_data(test, "xio-gait") else { return };
    let file = read(&folder.join("short_walk.csv"), None).unwrap();
    // "About 1 % of rows are exact duplicates, and there are gaps up to 12.6 ms": the recording's own description.
    let repeated = file.notes.iter().find_map(|note| match note {
        FileNote::TimesRepeated { rows, line } => Some((*rows, *line)),
        _ => None,
    });
    let (rows, line) = repeated.unwrap();
    assert!((0.005..0.02).contains(&(rows as f64 / file.samples.len() as f64)), "{rows}");
    assert!((2..20).contains(&line));
    let longest = file.notes.iter().find_map(|note| match note {
        FileNote::Gaps { longest_s, .. } => Some(*longest_s),
        _ => None,
    });
    assert!((longest.unwrap() - 0.0126).abs() < 1e-4);
    let in_order: Vec<_> = file.in_order().collect();
    assert!(in_order.windows(2).all(|pair| pair[1].at_us > pair[0].at_us));
    assert!(file.samples.len() - in_order.len() >= rows);
}

#[test]
fn the_optical_reference_comes_along() {
    let Some(folder) = shared_data("the_optical_reference_comes_along", "broad") else { return };
    let file = read(&folder.join("02_undisturbed_slow_rotation_B.csv"), None).unwrap();
    let reference = file.reference.unwrap();
    assert_eq!((reference.orientation.len(), reference.counted.len()), (file.samples.len(), file.samples.len()));
    // Not tracked at first, still at first.
    assert_eq!((reference.orientation[0], reference.counted[0]), (None, false));
    let moving = reference.counted.iter().filter(|counted| **counted).count();
    assert!(moving > file.samples.len() / 2, "{moving}");
    for q in reference.orientation.iter().flatten() {
        assert!((q.iter().map(|v| v * v).sum::<f64>() - 1.0).abs() < 1e-3);
    }
}

#[test]
fn one_content_in_many_spellings_gives_the_same_samples() {
    let plain = parsed(&good(200)).unwrap();
    assert!((plain.samples[3].acc[2] - 1.003 * 9.80665).abs() < 1e-12);
    assert!((plain.samples[3].gyr[0] - 3f64.to_radians()).abs() < 1e-15);
    assert!((plain.samples[3].at_us - 30_000.0).abs() < 1e-6 && (plain.rate_hz - 100.0).abs() < 1e-9);
    assert!((plain.length_s() - 1.99).abs() < 1e-9);
    let text = good(200);
    let quoted: String = text
        .lines()
        .map(|line| line.split(',').map(|v| format!("\"{v}\"")).collect::<Vec<_>>().join(",") + "\n")
        .collect();
    let spellings = [
        ("mark", format!("\u{feff}{text}")),
        ("returns", text.replace('\n', "\r\n")),
        ("no last end", text.trim_end().to_owned()),
        ("tabs", text.replace(',', "\t")),
        ("semicolons", text.replace(',', ";")),
        ("decimal commas", text.replace(',', ";").replace('.', ",")),
        ("spaces", text.replace(',', " , ")),
        ("quoted", quoted),
        ("remarks", format!("# a logger\n\nsep=,\n// version 2\n{text}")),
        ("separator at the end of rows", text.replacen('\n', " \n", 1).replace("-1\n", "-1,\n")),
        ("milliseconds", text.replace("t_s", "t [ms]").lines().map(|line| milliseconds(line) + "\n").collect()),
    ];
    for (how, text) in spellings {
        let file = parsed(&text).unwrap_or_else(|error| panic!("{how}: {error}"));
        let close = file
            .samples
            .iter()
            .zip(&plain.samples)
            .all(|(a, b)| (a.at_us - b.at_us).abs() < 1e-3 && a.acc == b.acc && a.gyr == b.gyr);
        assert!(close && file.samples.len() == 200 && file.notes == plain.notes, "{how}: {:?}", file.notes);
    }
}

fn milliseconds(line: &str) -> String {
    match line.split_once(',') {
        Some((time, rest)) if time.parse::<f64>().is_ok() => format!("{},{rest}", time.parse::<f64>().unwrap() * 1e3),
        _ => line.to_owned(),
    }
}

#[test]
fn a_row_without_six_numbers_is_a_missing_tick() {
    let text = good(50).replacen("0.10,0.01,", "0.10,,", 1).replacen("0.11,0.01,", "0.11,NaN,", 1).replacen(
        "0.12,0.01,",
        "0.12,inf,",
        1,
    );
    let file = parsed(&text).unwrap();
    assert_eq!(file.samples.len(), 50);
    for sample in &file.samples[10..13] {
        assert!(sample.acc.iter().chain(&sample.gyr).all(|v| v.is_nan()) && sample.at_us.is_finite());
    }
    assert_eq!(file.notes, [FileNote::ValuesMissing { rows: 3, line: 12 }]);
    assert_eq!(file.in_order().count(), 50);
}

#[test]
fn a_recording_that_stops_within_a_line_loses_that_line_only() {
    for end in ["0.51,0.01,-0.0", "0.51,0.01,-0.02,1,0,0.25,-"] {
        let file = parsed(&format!("{}{end}", good(50))).unwrap();
        assert_eq!((file.samples.len(), file.notes), (50, vec![FileNote::CutShort { line: 52 }]), "{end}");
        // With an end of line it was written on purpose.
        assert!(parsed(&format!("{}{end}\n", good(50))).is_err(), "{end}");
    }
}

#[test]
fn what_is_broken_is_named_with_its_line_and_what_was_expected() {
    let text = good(50);
    let row = |n: usize, with: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[n - 1] = with;
        lines.join("\n") + "\n"
    };
    for (text, words) in [
        (String::new(), &["it is empty"][..]),
        ("\n\n \n".to_owned(), &["no line of names"]),
        (NAMES.to_owned(), &["names but no numbers"]),
        (text.lines().skip(1).collect::<Vec<_>>().join("\n"), &["expected column names in line 1", "0.00,0.01"]),
        (text.replace("gyr_z", "other"), &["expected a column for gyr_z", "other"]),
        (row(7, "0.05,abc,0,1,0,0,0"), &["line 7", "column acc_x[g]", "expected a number", "\"abc\""]),
        (row(7, "later,0,0,1,0,0,0"), &["line 7", "column t_s", "a time", "later"]),
        (row(7, ",0,0,1,0,0,0"), &["line 7", "column t_s", "a time"]),
        (row(9, "0.07,0,0,1,0,0"), &["line 9 has 6 values, expected 7"]),
        (row(9, "0.07,0,0,1,0,0,0,8"), &["line 9 has 8 values, expected 7"]),
        (row(5, "\n\n0.03,x,0,1,0,0,0"), &["line 7", "\"x\""]),
        (row(5, "0.03,\"0,0,1,0,0,0"), &["line 5", "quotation"]),
        (row(5, "0.03,\u{0},0,1,0,0,0"), &["line 5 is not text"]),
        (
            text.replace("acc_x[g],acc_y[g],acc_z[g]", "acc_x[mg],acc_y[mg],acc_z[mg]"),
            &["acceleration", "mg", "g or m/s2"],
        ),
        (text.replace("[deg/s]", ""), &["gyroscope is not certain", "hardly turns"]),
        (text.replace("t_s", "packet"), &["expected a time column"]),
        (text.lines().take(2).collect::<Vec<_>>().join("\n"), &["it has 1 of the 3 rows needed"]),
        (text.replace("0.01,-0.02,", ",-0.02,"), &["none of its 50 rows"]),
        ("9".repeat(70_000), &["line 1 is longer than 64 KiB"]),
    ] {
        let said = refused(&text);
        assert!(said.starts_with("read anything.csv: ") && words.iter().all(|w| said.contains(w)), "{said}");
    }
}

#[test]
fn times_that_do_not_run_or_run_absurdly_are_refused() {
    let with_times = |time: &dyn Fn(u32) -> f64| {
        let rows = (0..60).map(|i| format!("{},0,0,1,{},0,0\n", time(i), i % 3));
        NAMES.to_owned() + &rows.collect::<String>()
    };
    assert!(refused(&with_times(&|_| 5.0)).contains("time does not run forward"));
    assert!(refused(&with_times(&|i| f64::from(i / 2) * 0.01)).contains("in 30 of 60 rows, first in line 3"));
    assert!(refused(&with_times(&|i| -f64::from(i))).contains("time does not run forward"));
    assert!(refused(&with_times(&|i| f64::from(i) * 0.5)).contains("2.000 samples per second, expected 12.5 to 1000"));
    assert!(refused(&with_times(&|i| f64::from(i) * 1e-4)).contains("10000.000 samples per second"));
    // A few steps back are left out and counted.
    let file = parsed(&with_times(&|i| if i == 30 { 0.1 } else { f64::from(i) * 0.02 })).unwrap();
    assert!(file.notes.contains(&FileNote::TimeRanBack { rows: 1, line: 32 }), "{:?}", file.notes);
    assert_eq!(file.in_order().count(), 59);
    // A clock of the wall in microseconds keeps its own time.
    let wall = with_times(&|i| 1.7e15 + f64::from(i) * 1e4).replace("t_s", "timestamp");
    let file = parsed(&wall).unwrap();
    assert_eq!((file.samples[1].at_us, file.rate_hz), (1.7e15 + 1e4, 100.0));
}

#[test]
fn a_file_that_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read(&folder.path().join("none.csv"), None), Err(FileError::Missing { .. })));
    assert!(matches!(read(folder.path(), None), Err(FileError::Folder { .. })));
    let long = folder.path().join("long.csv");
    std::fs::File::create(&long).unwrap().set_len(3 << 30).unwrap();
    assert!(matches!(read(&long, None), Err(FileError::TooLarge { .. })));
    let utf16: Vec<u8> = NAMES.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let sixteen = folder.path().join("sixteen.csv");
    std::fs::write(&sixteen, utf16).unwrap();
    assert!(matches!(read(&sixteen, None), Err(FileError::NotText { line: 1, .. })));
    let latin = folder.path().join("latin.csv");
    std::fs::write(&latin, b"t_s,ax,ay,az,gx [\xb0/s],gy,gz\n0,0,0,1,0,0,0\n").unwrap();
    assert!(read(&latin, None).unwrap_err().to_string().contains("line 1 is not UTF-8"));
}

#[test]
fn an_input_map_says_what_names_and_numbers_do_not() {
    let map = |text: &str| InputMap::parse(text, Path::new("map.toml")).unwrap();
    let columns = "[columns]\nt = \"when\"\nacc = [\"c\", \"b\", \"a\"]\ngyr = [\"p\", \"q\", \"r\"]\n";
    let units = "[units]\nt = \"ms\"\nacc = \"g\"\ngyr = \"deg/s\"\n";
    let text = "when,a,b,c,p,q,r,more\n0,1,0,0,90,0,0,x\n10,1,0,0,90,0,0,y\n20,1,0,0,90,0,0,z\n";
    let file = parse(text.as_bytes(), Path::new("walk_right.csv"), Some(&map(&format!("{columns}{units}")))).unwrap();
    assert_eq!((file.preset, file.side, file.rate_hz), (Preset::Mapped, Some(Side::Right), 100.0));
    assert_eq!(file.samples[1].acc, [0.0, 0.0, 9.80665]);
    assert_eq!((file.samples[1].at_us, file.samples[1].gyr[0]), (10_000.0, 90f64.to_radians()));

    let counted = format!("rate_hz = 50\n{columns}{units}").replace("t = \"when\"\n", "").replace("t = \"ms\"\n", "");
    let file = parse(text.as_bytes(), Path::new("x.csv"), Some(&map(&counted))).unwrap();
    assert_eq!((file.samples[2].at_us, file.rate_hz), (40_000.0, 50.0));

    let other = map(&format!("{columns}{units}").replace("\"q\"", "\"Q\""));
    let said = parse(text.as_bytes(), Path::new("x.csv"), Some(&other)).unwrap_err().to_string();
    assert!(said.contains("the column Q of the input map") && said.contains("when, a, b, c"), "{said}");
    assert!(matches!(InputMap::read(Path::new("no/such/map.toml")), Err(FileError::Map { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_map_is_read_or_refused(text in r#"(rate_hz = [0-9.a-z-]{1,6}\n)?(\[(columns|units)\]\n((t|acc|gyr|x) = (\[("a",? ?){0,4}\]|"[a-z/2]{0,5}"|[0-9]+)\n){0,4}){0,3}.{0,5}"#) {
        if let Err(error) = InputMap::parse(&text, Path::new("map.toml")) {
            prop_assert!(error.to_string().starts_with("read the input map map.toml: "));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Err(error) = parse(&bytes[..], Path::new("any.csv"), None) {
            prop_assert!(error.to_string().starts_with("read any.csv: "));
        }
    }

    #[test]
    fn a_good_file_with_bytes_changed_is_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), prop_oneof![
            any::<u8>(),
            prop::sample::select(b"0123456789,.;\n\r\t\"-+einaN ".to_vec()),
        ]), 1..12),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = good(40).into_bytes();
        for (place, with) in changes {
            let place = place.index(bytes.len());
            bytes[place] = with;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(file) = parse(&bytes[..], Path::new("any.csv"), None) {
            prop_assert!((12.5..=1000.0).contains(&file.rate_hz));
            prop_assert!(file.samples.len() >= 3 && file.samples.iter().all(|s| s.at_us.is_finite()));
            prop_assert!(file.in_order().count() <= file.samples.len());
        }
    }
}

#[test]
fn what_no_sensor_measures_is_no_measurement() {
    let mut lines: Vec<String> = good(300).lines().map(str::to_owned).collect();
    lines[100] = "0.99,0.01,-0.02,1,1e308,0,0".to_owned();
    lines[101] = "1.00,201,-0.02,1,0,0,0".to_owned();
    let file = parsed(&(lines.join("\n") + "\n")).unwrap();
    assert!(file.notes.contains(&FileNote::BeyondSensors { rows: 2, line: 101 }), "{:?}", file.notes);
    for row in [99, 100] {
        assert!(file.samples[row].acc.iter().chain(&file.samples[row].gyr).all(|value| value.is_nan()), "row {row}");
    }
    assert!(file.samples[98].gyr[0].is_finite() && file.samples[101].gyr[0].is_finite());
    let all = good(300).replace(",0.25,-1", ",20001,0");
    assert!(refused(&all).contains("none of its 300 rows"), "{}", refused(&all));
}
