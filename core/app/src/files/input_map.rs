//! [`InputMap`]: a person says which column is what, where a file's own names do not.
//!
//! A small TOML file; every field that is not known is an error.
//!
//! ```toml
//! rate_hz = 100.0                    # only where the file has no time column, 12.5 to 1000
//!
//! [columns]
//! t = "time"                         # left out where rate_hz is given
//! acc = ["ax", "ay", "az"]           # names as in the file's first line
//! gyr = ["gx", "gy", "gz"]
//!
//! [units]
//! t = "s"                            # s, ms, us or ns; left out where rate_hz is given
//! acc = "m/s2"                       # g or m/s2
//! gyr = "deg/s"                      # deg/s or rad/s
//! ```

use super::error::FileError;
use super::units::{AccUnit, GyrUnit, TimeUnit};
use serde::Deserialize;
use std::fs;
use std::path::Path;
use talus_motion::{RATE_MAX_HZ, RATE_MIN_HZ};
use talus_store::system_words;

/// Largest map that is read, bytes.
const MAP_MAX: u64 = 64 * 1024;

/// Which column of a file is what, and in which unit.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputMap {
    /// Samples per second, for files without a time column (12.5 to 1,000).
    pub rate_hz: Option<f64>,
    /// Names of the columns.
    pub columns: MappedColumns,
    /// Their units.
    pub units: MappedUnits,
}

/// Names of the columns, as in the file's first line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedColumns {
    /// Time; `None` with a given rate.
    pub t: Option<String>,
    /// Accelerometer x, y, z.
    pub acc: [String; 3],
    /// Gyroscope x, y, z.
    pub gyr: [String; 3],
}

/// Units of the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedUnits {
    /// Unit of time; `None` with a given rate.
    pub t: Option<TimeUnit>,
    /// Unit of the accelerometer.
    pub acc: AccUnit,
    /// Unit of the gyroscope.
    pub gyr: GyrUnit,
}

impl InputMap {
    /// Reads the map in the file at `path`.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let file = || path.to_owned();
        let length = fs::metadata(path)
            .map_err(|source| FileError::Map { file: file(), line: None, reason: system_words(&source) })?
            .len();
        if length > MAP_MAX {
            let reason = format!("it has {length} bytes, a map has a few hundred");
            return Err(FileError::Map { file: file(), line: None, reason });
        }
        let text = fs::read_to_string(path).map_err(|source| FileError::Map {
            file: file(),
            line: None,
            reason: system_words(&source),
        })?;
        Self::parse(&text, path)
    }

    /// Reads a map from its text; `path` is what errors call it.
    pub fn parse(text: &str, path: &Path) -> Result<Self, FileError> {
        let wrong = |line: Option<u64>, reason: String| FileError::Map { file: path.to_owned(), line, reason };
        let map: Self = toml::from_str(text).map_err(|error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map(|before| before.matches('\n').count() as u64 + 1);
            wrong(line, error.message().replace('\n', " "))
        })?;
        let say = |reason: &str| Err(wrong(None, reason.to_owned()));
        match (&map.columns.t, map.units.t, map.rate_hz) {
            (Some(_), Some(_), None) | (None, None, Some(_)) => {}
            (Some(_), _, Some(_)) => return say("rate_hz: give either it or columns.t, not both"),
            (Some(_), None, None) => return say("units.t: expected s, ms, us or ns"),
            (None, Some(_), _) => return say("units.t: there is no columns.t it could be the unit of"),
            (None, None, None) => return say("columns.t: expected it or rate_hz"),
        }
        if let Some(rate_hz) = map.rate_hz.filter(|rate| !(RATE_MIN_HZ..=RATE_MAX_HZ).contains(rate)) {
            return say(&format!("rate_hz: expected 12.5 to 1000, found {rate_hz}"));
        }
        let mut names: Vec<&str> = map.columns.acc.iter().chain(&map.columns.gyr).map(String::as_str).collect();
        names.extend(map.columns.t.as_deref());
        names.sort_unstable();
        if let Some([twice, _]) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return say(&format!("columns: {twice:?} is named twice"));
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
[columns]
t = "time"
acc = ["ax", "ay", "az"]
gyr = ["gx", "gy", "gz"]
[units]
t = "ms"
acc = "g"
gyr = "deg/s"
"#;

    fn refused(text: &str) -> String {
        InputMap::parse(text, Path::new("map.toml")).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_map_is_read() {
        let map = InputMap::parse(WHOLE, Path::new("map.toml")).unwrap();
        assert_eq!(map.columns.acc[2], "az");
        assert_eq!((map.units.t, map.units.acc, map.units.gyr), (Some(TimeUnit::Ms), AccUnit::G, GyrUnit::DegPerS));
    }

    #[test]
    fn errors_name_the_line_and_the_field() {
        let unknown = refused(&WHOLE.replace("t = \"time\"", "t = \"time\"\nspeed = 3"));
        assert!(unknown.contains("line 4") && unknown.contains("speed"), "{unknown}");
        let unit = refused(&WHOLE.replace("\"g\"", "\"furlong\""));
        assert!(unit.contains("line 8") && unit.contains("furlong") && unit.contains("m/s2"), "{unit}");
        let two = refused(&WHOLE.replace(", \"az\"", ""));
        assert!(two.contains("line 4"), "{two}");
        assert!(refused("").contains("columns"), "{}", refused(""));
    }

    #[test]
    fn time_and_rate_exclude_each_other() {
        assert!(refused(&format!("rate_hz = 50\n{WHOLE}")).contains("not both"));
        let without = WHOLE.replace("t = \"time\"", "").replace("t = \"ms\"", "");
        assert!(refused(&without).contains("rate_hz"));
        assert!(refused(&format!("rate_hz = 5\n{without}")).contains("12.5 to 1000"));
        assert!(refused(&format!("rate_hz = nan\n{without}")).contains("12.5 to 1000"));
        assert!(InputMap::parse(&format!("rate_hz = 50\n{without}"), Path::new("map.toml")).is_ok());
        assert!(refused(&WHOLE.replace("\"ay\"", "\"ax\"")).contains("twice"));
    }
}
