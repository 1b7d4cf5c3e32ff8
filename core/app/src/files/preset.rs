//! [`Preset`]: whose format a file is in, known by its folder, the pattern of its name and its columns.

use super::columns::{Columns, Stated};
use super::units::{AccUnit, GyrUnit};
use std::path::Path;
use talus_motion::Side;

/// Where the columns, units and rate of a file were known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// UCI physical therapy exercises: m/s², rad/s, right leg (data set 730).
    Uci,
    /// qmt full-body example: m/s², rad/s.
    Qmt,
    /// gaitmap example data (`*_imu.csv` with `*_mocap.csv` beside): m/s², deg/s.
    Gaitmap,
    /// BROAD, an orientation benchmark with optical reference: m/s², rad/s.
    Broad,
    /// x-io gait tracking: g, deg/s.
    Xio,
    /// imucal calibration session (NilsPod): m/s², deg/s, no time column, 102.4 Hz.
    Imucal,
    /// Export of the Movella DOT app (User Manual XD0502P, data fields): m/s², deg/s, clock in microseconds.
    Dot,
    /// The two files of the MetaBase app, joined: g, deg/s, milliseconds since 1970.
    MetaBase,
    /// No format of its own: units from the names of the columns or from the numbers themselves.
    Plain,
    /// An input map was given.
    Mapped,
}

impl Preset {
    /// A short stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uci => "uci",
            Self::Qmt => "qmt",
            Self::Gaitmap => "gaitmap",
            Self::Broad => "broad",
            Self::Xio => "xio",
            Self::Imucal => "imucal",
            Self::Dot => "dot",
            Self::MetaBase => "metabase",
            Self::Plain => "plain",
            Self::Mapped => "mapped",
        }
    }

    /// The format of the file `path` with these columns. What lies beside it may be looked at.
    pub(super) fn of(path: &Path, columns: &Columns, names: &[String]) -> Self {
        let folder = path.parent().and_then(Path::file_name).map(|f| f.to_string_lossy().to_lowercase());
        let within = |word: &str| {
            folder.as_deref().is_some_and(|f| f.split(|c: char| !c.is_alphanumeric()).any(|token| token == word))
        };
        let stem = path.file_stem().map(|s| s.to_string_lossy().to_lowercase()).unwrap_or_default();
        let beside = |name: &str| path.with_file_name(name).is_file();
        let named = |name: &str| names.iter().any(|n| n.trim() == name);
        if !matches!((&columns.acc_unit, &columns.gyr_unit), (Stated::No, Stated::No)) {
            return Self::Plain;
        }
        if named("SampleTimeFine") && named("PacketCounter") {
            return Self::Dot;
        }
        if columns.time.is_none() {
            let imucal = within("imucal") || within("ferraris") || beside("sections.json");
            return if imucal && named("sample") { Self::Imucal } else { Self::Plain };
        }
        let unit = ["shank", "thigh"];
        let uci = ["session", "template"]
            .iter()
            .any(|kind| unit.iter().any(|unit| stem.ends_with(&format!("_{unit}_{kind}"))));
        if columns.reference.is_some() && named("movement") || within("broad") {
            Self::Broad
        } else if uci || within("uci") {
            Self::Uci
        } else if within("qmt") || named("xsens_qw") {
            Self::Qmt
        } else if let Some(trial) = stem.strip_suffix("_imu")
            && (within("gaitmap") || beside(&format!("{trial}_mocap.csv")))
        {
            Self::Gaitmap
        } else if within("xio") {
            Self::Xio
        } else {
            Self::Plain
        }
    }

    /// Units of the accelerometer and gyroscope, where the format fixes them.
    pub(super) fn units(self) -> Option<(AccUnit, GyrUnit)> {
        match self {
            Self::Uci | Self::Qmt | Self::Broad => Some((AccUnit::Mps2, GyrUnit::RadPerS)),
            Self::Gaitmap | Self::Imucal | Self::Dot => Some((AccUnit::Mps2, GyrUnit::DegPerS)),
            Self::Xio | Self::MetaBase => Some((AccUnit::G, GyrUnit::DegPerS)),
            Self::Plain | Self::Mapped => None,
        }
    }

    /// The rate of a format without a time column, Hz.
    pub(super) fn rate_hz(self) -> Option<f64> {
        // The published calibration result of that session was computed with this rate.
        (self == Self::Imucal).then_some(102.4)
    }

    /// The leg the sensor sat on, where the whole data set has one.
    pub(super) fn side(self) -> Option<Side> {
        (self == Self::Uci).then_some(Side::Right)
    }
}

/// The leg in a file's name: the word `left` or `right`, if there is only one of them.
pub(super) fn side_of_name(stem: &str) -> Option<Side> {
    let lower = stem.to_lowercase();
    let has = |word: &str| lower.split(|c: char| !c.is_alphanumeric()).any(|token| token == word);
    match (has("left"), has("right")) {
        (true, false) => Some(Side::Left),
        (false, true) => Some(Side::Right),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn preset(path: &Path, names: &str) -> Preset {
        let names: Vec<String> = names.split(',').map(str::to_owned).collect();
        Preset::of(path, &Columns::of(&names).unwrap(), &names)
    }

    #[test]
    fn a_format_is_known_by_folder_ending_or_neighbour_and_never_by_one_name() {
        let plain = "t_s,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z";
        for (path, expected) in [
            ("copied/s9_standing_kick_shank_session.csv", Preset::Uci),
            ("copied/s4_supine_leg_raise_thigh_template.csv", Preset::Uci),
            ("uci-physio-leg/anything.csv", Preset::Uci),
            ("gaitmap-foot/healthy_right_imu.csv", Preset::Gaitmap),
            ("qmt-legs/lower_leg_right.csv", Preset::Qmt),
            ("BROAD/39_disturbed.csv", Preset::Broad),
            ("xio-gait/long_walk.csv", Preset::Xio),
            // A name alone says nothing: the numbers have to.
            ("copied/long_walk.csv", Preset::Plain),
            ("copied/healthy_right_imu.csv", Preset::Plain),
            ("my_broadcast/run.csv", Preset::Plain),
        ] {
            assert_eq!(preset(Path::new(path), plain), expected, "{path}");
        }
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("trial_mocap.csv"), "").unwrap();
        assert_eq!(preset(&folder.path().join("trial_imu.csv"), plain), Preset::Gaitmap);
        assert_eq!(preset(&folder.path().join("other_imu.csv"), plain), Preset::Plain);
        let sample = "sample,gyr_x,gyr_y,gyr_z,acc_x,acc_y,acc_z";
        assert_eq!(preset(Path::new("imucal-ferraris/session2.csv"), sample), Preset::Imucal);
        assert_eq!(preset(&folder.path().join("session.csv"), sample), Preset::Plain);
        fs::write(folder.path().join("sections.json"), "").unwrap();
        assert_eq!(preset(&folder.path().join("session.csv"), sample), Preset::Imucal);
        // Units in the names stand over any format.
        let own = "t_s,acc_x[g],acc_y[g],acc_z[g],gyr_x,gyr_y,gyr_z";
        assert_eq!(preset(Path::new("uci/x_shank_session.csv"), own), Preset::Plain);
    }

    #[test]
    fn a_side_is_a_whole_word_and_only_one() {
        assert_eq!(side_of_name("lower_leg_left"), Some(Side::Left));
        assert_eq!(side_of_name("Right-shank 2"), Some(Side::Right));
        assert_eq!(side_of_name("upright_walk"), None);
        assert_eq!(side_of_name("left_vs_right"), None);
    }
}
