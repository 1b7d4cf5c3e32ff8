//! Bundles that somebody broke: a typed error that says what to do, and nothing changed on disk.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod common;
mod household;

use common::*;
use household::*;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use talus_store::{BundleError, ExportWish, Job, Passphrase, Store, StoreError};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const EVERYTHING: ExportWish = ExportWish { profile: None, recordings: true, written_utc_ms: 1_790_000_000_000 };

/// A file of a bundle.
type Part = (String, Vec<u8>);

/// A household that is there already, and the parts of a bundle of another.
struct Scene {
    around: tempfile::TempDir,
    here: Store,
    folder: PathBuf,
    file: PathBuf,
    parts: Vec<Part>,
    bytes: Vec<u8>,
}

fn scene() -> Scene {
    let folder = folder_in_memory();
    let there = folder.path().join("there");
    fs::create_dir(&there).unwrap();
    let store = draw(&there, 23);
    let file = folder.path().join("bundle.zip");
    store.export(&EVERYTHING, &file, &Job::new()).unwrap();
    let bytes = fs::read(&file).unwrap();
    let here = folder.path().join("here");
    fs::create_dir(&here).unwrap();
    Scene { here: draw_from(&here, 7, 3), folder: here, parts: unzip(&bytes), around: folder, file, bytes }
}

fn unzip(bytes: &[u8]) -> Vec<Part> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let count = zip.len();
    let mut one = |at| {
        let mut entry = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (entry.name().unwrap().into_owned(), bytes)
    };
    (0..count).map(&mut one).collect()
}

fn rezip(parts: &[Part]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        let stored = name.starts_with("recordings/");
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(name, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

impl Scene {
    fn take(&self, bytes: &[u8]) -> Result<(), StoreError> {
        fs::write(&self.file, bytes).unwrap();
        let looked = Store::look_into(&self.file, None).map(|_| ());
        let taken = self.here.import(&self.file, None, &Job::new()).map(|_| ());
        // Whatever a look finds wrong, taking in finds too.
        assert!(looked.is_ok() || taken.is_err());
        taken
    }

    /// It is refused, and everything here is as it was, to the byte.
    fn refuses(&self, what: &str, bytes: &[u8]) -> BundleError {
        let before = (files(&self.folder), picture(self.here.path()));
        match self.take(bytes) {
            Err(StoreError::Bundle(error)) => {
                assert!((files(&self.folder), picture(self.here.path())) == before, "{what} changed something");
                assert!(!error.advice().is_empty() && error.to_string().len() < 400, "{what}: {error}");
                error
            }
            other => panic!("{what}: {other:?}"),
        }
    }

    /// The bundle with one part made into something else.
    fn with(&self, part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
        let mut parts = self.parts.clone();
        let (_, bytes) = parts.iter_mut().find(|(name, _)| name.starts_with(part)).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        let changed = change(&text);
        assert_ne!(text, changed, "the change of {part} does something");
        *bytes = changed.into_bytes();
        rezip(&parts)
    }

    fn and(&self, name: &str, bytes: &[u8]) -> Vec<u8> {
        let mut parts = self.parts.clone();
        parts.push((name.to_owned(), bytes.to_vec()));
        rezip(&parts)
    }

    fn without(&self, part: &str) -> Vec<u8> {
        let mut parts = self.parts.clone();
        let at = parts.iter().position(|(name, _)| name.starts_with(part)).unwrap();
        parts.remove(at);
        rezip(&parts)
    }
}

#[test]
fn a_bundle_that_somebody_packed_again_is_still_one() {
    let scene = scene();
    scene.take(&rezip(&scene.parts)).unwrap();
}

#[test]
fn what_is_no_bundle_is_told_so() {
    let scene = scene();
    let recording = scene.parts.iter().find(|(name, _)| name.starts_with("recordings/")).unwrap();
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("a text", b"sets,reps\n1,2\n".to_vec()),
        ("a recording", recording.1.clone()),
        (
            "a zip of something else",
            rezip(&[("a.txt".to_owned(), b"hello, this is long enough for a zip file to be one".to_vec())]),
        ),
        ("a zip without a manifest", scene.without("manifest")),
        ("a database", fs::read(scene.here.path()).unwrap()),
    ] {
        let error = scene.refuses(what, &bytes);
        assert!(matches!(error, BundleError::Foreign | BundleError::Damaged { .. }), "{what}: {error:?}");
    }
}

#[test]
fn a_bundle_that_was_cut_anywhere_is_refused() {
    let scene = scene();
    let length = scene.bytes.len();
    for cut in [1, 21, 22, 23, 97, 98, 99, length / 2, length / 4, length - 10, length - 200]
        .map(|from_end| from_end.min(length - 5))
    {
        let error = scene.refuses("cut", &scene.bytes[..length - cut]);
        assert!(matches!(error, BundleError::Damaged { .. }), "{cut}: {error:?}");
    }
    scene.refuses("something behind it", &[scene.bytes.as_slice(), b"more"].concat());
}

#[test]
fn another_version_of_bundle_or_schema_is_refused_by_its_name() {
    let scene = scene();
    let newer = [("bundle/1", "bundle/2"), ("\"schema\": ", "\"schema\": 9")];
    for (from, to) in newer {
        let error = scene.refuses(to, &scene.with("manifest", |text| text.replacen(from, to, 1)));
        assert!(matches!(error, BundleError::Newer { .. }), "{error:?}");
    }
    for (from, to) in [("bundle/1", "bundle/0"), ("bundle/1", "holdall/1")] {
        assert_eq!(scene.refuses(to, &scene.with("manifest", |text| text.replacen(from, to, 1))), BundleError::Foreign);
    }
    scene.refuses("no schema", &scene.with("manifest", |text| text.replacen("\"schema\": ", "\"schema\": -", 1)));
    scene.refuses(
        "more sessions",
        &scene.with("manifest", |text| text.replacen("\"sessions\": ", "\"sessions\": 1", 1)),
    );
    scene.refuses("an unknown word", &scene.with("manifest", |text| text.replacen('{', "{\"extra\": 1,", 1)));
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let scene = scene();
    for name in [
        "../evil.json",
        "/etc/cron.d/evil",
        "sessions/../../evil.json",
        "recordings/../talus.db",
        "C:\\evil.json",
        "sessions/evil.json",
        "recordings/019abc01-0001-7000-8000-000000000001.talus/x",
        "csv/../../evil.csv",
        "people/",
        "unknown.bin",
    ] {
        scene.refuses(name, &scene.and(name, b"{}"));
    }
    assert!(!Path::new("/etc/cron.d/evil").exists());
}

#[test]
fn a_file_that_unpacks_without_end_is_not_unpacked() {
    let scene = scene();
    let (name, _) = scene.parts.iter().find(|(name, _)| name.starts_with("sessions/")).unwrap();
    let zeros = vec![b' '; 32 << 20];
    let mut parts: Vec<Part> = scene.parts.iter().filter(|(one, _)| one != name).cloned().collect();
    for length in [32 << 20, 12 << 20] {
        parts.push((name.clone(), zeros[..length].to_vec()));
        let error = scene.refuses("bomb", &rezip(&parts));
        assert!(matches!(error, BundleError::TooLarge { .. }), "{error:?}");
        parts.pop();
    }
    // It says it is small and is not: the length in the list and in front of the file are made to lie.
    parts.push((name.clone(), zeros[..4 << 20].to_vec()));
    let mut bytes = rezip(&parts);
    let length = (4u32 << 20).to_le_bytes();
    let lie = 1000u32.to_le_bytes();
    let places: Vec<usize> =
        bytes.windows(4).enumerate().filter(|(_, window)| *window == length).map(|(at, _)| at).collect();
    assert!(places.len() >= 2);
    for at in places {
        bytes[at..at + 4].copy_from_slice(&lie);
    }
    let error = scene.refuses("liar", &bytes);
    assert!(matches!(error, BundleError::Damaged { .. }), "{error:?}");
    let crowd: Vec<Part> = (0..100_001).map(|n| (format!("fit/{n}.fit"), Vec::new())).collect();
    assert!(matches!(scene.refuses("crowd", &rezip(&crowd)), BundleError::TooLarge { .. }));
}

#[test]
fn deep_and_wrong_json_is_refused_before_anything_is_kept() {
    let scene = scene();
    let deep = |text: &str| text.replacen("\"plan\":{", &format!("\"plan\":{}{{", "[".repeat(100_000)), 1);
    scene.refuses("deep", &scene.with("sessions/", deep));
    let closed = |text: &str| {
        let nest = format!("{}{}", "[".repeat(4000), "]".repeat(4000));
        text.replacen("\"plan\":{", &format!("\"extra\":{nest},\"plan\":{{"), 1)
    };
    scene.refuses("deep and closed", &scene.with("sessions/", closed));
    // Deep, and yet JSON that SQLite takes: whoever reads it later would follow it down.
    let value = |levels: usize| {
        let edit = format!(
            "\"edits\":[{{\"at_utc_ms\":1,\"field\":\"note\",\"value\":{}\"]\"{}}}]}}",
            "[".repeat(levels),
            "]".repeat(levels)
        );
        move |text: &str| {
            let before = text.find(",\"edits\"").unwrap_or(text.trim_end().len() - 1);
            format!("{},{edit}", &text[..before])
        }
    };
    let error = scene.refuses("a deep change", &scene.with("sessions/", value(129)));
    assert!(matches!(&error, BundleError::Damaged { reason, .. } if reason.contains("128 levels")), "{error:?}");
    scene.take(&scene.with("sessions/", value(128))).unwrap();
    for (what, from, to) in [
        ("a plan that is none", "\"plan\":{\"blocks\"", "\"plan\":{\"blacks\""),
        ("an unknown column", "{\"uid\"", "{\"soul\":1,\"uid\""),
        ("a column twice", "\"kind\":", "\"kind\":\"demo\",\"kind\":"),
        ("a kind there is none of", "\"kind\":\"demo\"", "\"kind\":\"dream\""),
        ("a number as text", "\"offset_min\":120", "\"offset_min\":\"120\""),
        ("a day that is none", "\"local_day\":\"2026", "\"local_day\":\"26"),
        ("a number too large", "\"offset_min\":120", "\"offset_min\":1e400"),
        ("a whole number too large", "\"offset_min\":120", "\"offset_min\":99999999999999999999"),
        ("another person", "\"profile\":\"0", "\"profile\":\"9"),
        ("no id", "\"uid\":\"019b", "\"uid\":\"x19b"),
        ("half of it", "\"results\":[", "\"results\":[,"),
        ("something behind it", "{\"uid\"", "{} {\"uid\""),
        ("no results", "\"results\":[", "\"bookmarks\":["),
        ("results no one reads", "\"current\":1", "\"current\":0"),
        ("a place that is none", "\"changed\":[[\"side_abd\"]", "\"changed\":[{\"a\":1}"),
        ("a version that is none", "\"engine_version\":1,", "\"engine_version\":-1,"),
    ] {
        let error = scene.refuses(what, &scene.with("sessions/", |text| text.replacen(from, to, 1)));
        assert!(matches!(error, BundleError::Damaged { .. }), "{what}: {error:?}");
    }
    // As text inside JSON, as a number that is none.
    for bytes in [b"\xff\xfe{}".as_slice(), b"null", b"[]", b"NaN", b"{\"uid\":null}"] {
        let mut parts = scene.parts.clone();
        parts.iter_mut().find(|(name, _)| name.starts_with("people/")).unwrap().1 = bytes.to_vec();
        scene.refuses("a person that is none", &rezip(&parts));
    }
}

#[test]
fn parts_that_do_not_belong_together_are_refused() {
    let scene = scene();
    let of = |start: &str| scene.parts.iter().filter(|(name, _)| name.starts_with(start)).cloned().collect::<Vec<_>>();
    let (sessions, recordings) = (of("sessions/"), of("recordings/"));
    assert!(sessions.len() > 1 && recordings.len() > 1);
    let swapped = |a: &Part, b: &Part| {
        let mut parts = scene.parts.clone();
        for (name, bytes) in &mut parts {
            if *name == a.0 {
                bytes.clone_from(&b.1);
            } else if *name == b.0 {
                bytes.clone_from(&a.1);
            }
        }
        rezip(&parts)
    };
    scene.refuses("sessions swapped", &swapped(&sessions[0], &sessions[1]));
    scene.refuses("recordings swapped", &swapped(&recordings[0], &recordings[1]));
    scene.refuses("a session short", &scene.without("sessions/"));
    scene.refuses("a person short", &scene.without("people/"));
    scene.refuses("no household", &scene.without("household"));
    let mut parts = scene.parts.clone();
    parts.iter_mut().find(|(name, _)| *name == recordings[0].0).unwrap().1 = b"not a recording at all".to_vec();
    scene.refuses("a recording that is none", &rezip(&parts));
    // Its head is changed: nothing says any more whose it is.
    let headless = parts.iter_mut().find(|(name, _)| *name == recordings[0].0).unwrap();
    headless.1.clone_from(&recordings[0].1);
    headless.1[30] ^= 1;
    scene.refuses("a recording without a head", &rezip(&parts));
    let stray = scene.and("recordings/019abc01-0001-7000-8000-0000000000ff.talus", &recordings[0].1);
    scene.refuses("a recording of nobody", &stray);
}

#[test]
fn packed_in_other_ways_a_bundle_is_none() {
    let scene = scene();
    let (name, bytes) = scene.parts.iter().find(|(name, _)| name.starts_with("recordings/")).unwrap();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (one, content) in &scene.parts {
        let method = CompressionMethod::Deflated;
        zip.start_file(one, SimpleFileOptions::default().compression_method(method)).unwrap();
        zip.write_all(content).unwrap();
    }
    scene.refuses("a packed recording", &zip.finish().unwrap().into_inner());
    let mut parts: Vec<Part> = scene.parts.iter().filter(|(one, _)| one != name).cloned().collect();
    parts.push((name.clone(), bytes.clone()));
    let mut zip = ZipWriter::new(Cursor::new(rezip(&parts)));
    assert!(
        zip.add_symlink(
            "sessions/019abc01-0001-7000-8000-0000000000fe.json",
            "/etc/passwd",
            SimpleFileOptions::default()
        )
        .is_ok()
    );
    let mut links = zip.finish().unwrap().into_inner();
    let rest = rezip(&scene.parts);
    scene.refuses("a link", &links);
    links.extend_from_slice(&rest);
    scene.refuses("two zips", &links);
}

/// One thing wrong at a place the seed chooses.
fn mutated(bytes: &[u8], seed: &mut Seed) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=seed.below(3) {
        let length = bytes.len() as u64;
        let at = seed.below(length) as usize;
        match seed.below(6) {
            0 => bytes[at] ^= 1 << seed.below(8),
            1 => bytes[at] = seed.next() as u8,
            2 => bytes.truncate(at.max(1)),
            3 => {
                let end = (at + seed.below(64) as usize).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let from = seed.below(length) as usize;
                let piece: Vec<u8> = bytes[from..(from + seed.below(200) as usize).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let end = (at + seed.below(16) as usize).min(bytes.len());
                bytes[at..end].fill(0xff);
            }
        }
        if bytes.is_empty() {
            bytes.push(0);
        }
    }
    bytes
}

/// One thing wrong inside a document, packed as if it belonged there.
fn mutated_inside(parts: &[Part], seed: &mut Seed) -> Vec<u8> {
    let mut parts = parts.to_vec();
    let at = seed.below(parts.len() as u64) as usize;
    let bytes = parts[at].1.clone();
    parts[at].1 = mutated(&bytes, seed);
    rezip(&parts)
}

#[test]
fn bundles_that_were_changed_anywhere_never_panic_and_leave_everything_or_nothing() {
    let mut scene = scene();
    // Some of the bundle is here already.
    scene.folder = scene.around.path().join("both");
    fs::create_dir(&scene.folder).unwrap();
    scene.here = draw_from(&scene.folder, 7, 1);
    let passphrase = Passphrase::new("seven small stones".to_owned()).unwrap();
    let backup = scene.file.with_extension("backup");
    scene.here.backup(&backup, &passphrase, 5, &Job::new()).unwrap();
    let backup_bytes = fs::read(&backup).unwrap();
    let mut seed = Seed(0x0DD_BA11);
    let (mut refused, mut taken) = (0, 0);
    let mut before = (files(&scene.folder), picture(scene.here.path()));
    for round in 0..heavy(10_000, 80) {
        let bytes = match round % 8 {
            0..4 => mutated(&scene.bytes, &mut seed),
            4..7 => mutated_inside(&scene.parts, &mut seed),
            _ if round % 64 == 7 => mutated(&backup_bytes, &mut seed),
            _ => mutated(&scene.bytes[..scene.bytes.len() / 2], &mut seed),
        };
        fs::write(&scene.file, &bytes).unwrap();
        match scene.here.import(&scene.file, Some(&passphrase), &Job::new()) {
            Err(StoreError::Bundle(_)) => {
                refused += 1;
                if round % 20 == 0 || picture(scene.here.path()) != before.1 {
                    assert!(
                        (files(&scene.folder), picture(scene.here.path())) == before,
                        "round {round} changed something"
                    );
                }
            }
            Err(other) => panic!("round {round}: {other}"),
            Ok(_) => {
                // What was changed was not read (a table), or is as right as what was there: all of it came.
                taken += 1;
                let after = picture(scene.here.path());
                let fresh = |name: &str| {
                    let folder = scene.around.path().join(format!("{name}-{round}"));
                    fs::create_dir(&folder).unwrap();
                    (draw_from(&folder, 7, 1), folder)
                };
                let (again, twice) = fresh("again");
                again.import(&scene.file, Some(&passphrase), &Job::new()).unwrap();
                assert!(picture(again.path()) == after, "round {round}: not the same twice");
                // The next one finds the household as it was, not as this one left it; and thousands of them fit into memory.
                let (here, folder) = fresh("here");
                for done in [twice, std::mem::replace(&mut scene.folder, folder)] {
                    fs::remove_dir_all(done).unwrap();
                }
                scene.here = here;
                before = (files(&scene.folder), picture(scene.here.path()));
            }
        }
    }
    assert!(refused > taken && taken > 0, "{refused} refused, {taken} taken");
}
