#![forbid(unsafe_code)]
//! Journeys: whole walks through Talus in virtual time, as data. Every language reads the same files under
//! `journeys/`, does the same steps through its own bindings, and must find the same numbers.
//!
//! [`Journey`] is the form of such a file; strict, so that a misspelt expectation cannot pass unread.

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// One journey.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Journey {
    /// What it shows, in a few words.
    pub name: String,
    /// Language of everything the core renders.
    pub language: String,
    /// What is done, in order.
    pub step: Vec<Step>,
    /// What must have come of it.
    pub expect: Expect,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Begin a demo: two virtual cuffs, to be found, paired and calibrated.
    Demo {
        /// Decides everything about legs and cuffs.
        seed: u64,
    },
    /// Somebody without a worry says who they are.
    Person {
        /// Year of birth.
        birth_year: i16,
        /// Centimetres.
        height_cm: f64,
        /// Kilograms.
        mass_kg: f64,
    },
    /// From now on it is this person of the household; who is not there yet is added.
    Become {
        /// Name.
        name: String,
    },
    /// A plan from somebody whose six words were compared, for one exercise on both legs, from yesterday on.
    Plan {
        /// Exercise id.
        exercise: String,
        /// Most weight, grams.
        mass_most_g: u32,
        /// Range to keep to, degrees.
        range_deg: (f64, f64),
    },
    /// Begin a session of the person's own with two virtual cuffs.
    Practice {
        /// Decides everything about legs and cuffs.
        seed: u64,
        /// Exercise ids.
        exercises: Vec<String>,
    },
    /// Begin a session of tests with two virtual cuffs, on the legs of a virtual person who is tested in the person's place.
    Examine {
        /// Decides everything about legs and cuffs.
        seed: u64,
        /// Ids of protocols.
        tests: Vec<String>,
    },
    /// Somebody says how much it hurts, in the session.
    Pain {
        /// 0 to 10.
        level: u8,
    },
    /// Somebody checks in, not in a session.
    CheckIn {
        /// Pain, 0 to 10.
        pain: u8,
    },
    /// What is prescribed now.
    Prescribed {
        /// Exercise id.
        exercise: String,
        /// `left` or `right`.
        side: String,
        /// Weight, grams.
        mass_g: u32,
        /// The most it may be, grams.
        ceiling_g: u32,
        /// Why, in the journey's language.
        why: String,
    },
    /// What is not open now.
    NotOpen {
        /// Exercise id.
        exercise: String,
        /// Why, in the journey's language.
        why: String,
    },
    /// Follow recorded files of the shared folder `../shared/data`.
    Replay {
        /// Paths below that folder.
        files: Vec<PathBuf>,
        /// Exercise ids, one for each file.
        exercises: Vec<String>,
    },
    /// Let virtual time go on.
    Go {
        /// Seconds.
        seconds: f64,
    },
    /// Let virtual time go on until a set has so many repetitions.
    Until {
        /// Set of the session, from 1, in the order begun.
        set: u32,
        /// Counted repetitions.
        count: u32,
    },
    /// Let virtual time go on until the session is over.
    Finish,
    /// Make everything so far safe, as an app does that is sent to the background.
    Save,
    /// End the process without a word: nothing is written any more.
    Kill,
    /// Take the session up again.
    Resume,
    /// Write everything of everybody, recordings too, into one file: a bundle, or with a passphrase a backup.
    Export {
        /// What opens it.
        passphrase: Option<String>,
    },
    /// Delete database and recordings, and open a new database in their place.
    Wipe,
    /// Take the last file that was written back in.
    Import {
        /// What opens it.
        passphrase: Option<String>,
    },
}

/// What must have come of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Sessions in the history.
    pub sessions: u32,
    /// The newest one is finished.
    pub finished: bool,
    /// Cuffs found and paired in the last run; calibrated too, where it was no session of tests.
    #[serde(default)]
    pub paired: u32,
    /// Times a cuff was lost and came back.
    #[serde(default)]
    pub lost: u32,
    /// Words of cues that were said in the last run.
    #[serde(default)]
    pub said: Vec<String>,
    /// The session's sets, in order.
    #[serde(default)]
    pub set: Vec<ExpectSet>,
    /// The session's tests, in order.
    #[serde(default)]
    pub tested: Vec<ExpectTested>,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectTested {
    /// Its name, in the journey's language.
    pub name: String,
    /// Least and most of its result, in its unit.
    pub value: [f64; 2],
    /// A sentence it says, in the journey's language.
    pub says: String,
}

/// One set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectSet {
    /// Exercise id.
    pub exercise: String,
    /// `left` or `right`.
    pub side: String,
    /// Least and most repetitions (strides for a walk) counted.
    pub count: [u32; 2],
    /// Repetitions that stayed short; not looked at where absent.
    pub short: Option<u32>,
    /// Least and most median range, degrees; not looked at where absent.
    pub range_deg: Option<[f64; 2]>,
    /// How it ended (`target`, `pain`, `rule`, …); not looked at where absent.
    pub ended_by: Option<String>,
    /// Least and most strides a minute times two; not looked at where absent.
    pub cadence_per_min: Option<[f64; 2]>,
}

/// Why a journey cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JourneyError {
    /// The file or folder cannot be read.
    #[error("read {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not in the form of a journey.
    #[error("read {}: {source}", path.display())]
    Form {
        /// Which.
        path: PathBuf,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
}

/// Every journey of a folder, by file name.
///
/// # Errors
/// The first file that cannot be read or is no journey.
pub fn journeys(folder: &Path) -> Result<Vec<(PathBuf, Journey)>, JourneyError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| JourneyError::Io { path, source }
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io(folder))? {
        let path = entry.map_err(io(folder))?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).map_err(io(&path))?;
        let journey = toml::from_str(&text)
            .map_err(|source| JourneyError::Form { path: path.clone(), source: Box::new(source) })?;
        Ok((path, journey))
    };
    paths.into_iter().map(read).collect()
}
