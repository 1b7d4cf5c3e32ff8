//! Which column is which: [`Columns`] reads a line of names, with the units written in them.

use super::units::{AccUnit, GyrUnit, TimeUnit};

/// A sensor's three columns, x, y, z.
pub(super) type Axes = [usize; 3];

/// What stands where in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) time: Option<usize>,
    pub(super) acc: Axes,
    pub(super) gyr: Axes,
    /// Units as written in the names; `Err` with the text where one was written that is not known.
    pub(super) time_unit: Stated<TimeUnit>,
    pub(super) acc_unit: Stated<AccUnit>,
    pub(super) gyr_unit: Stated<GyrUnit>,
    /// Columns of an optical orientation (w, x, y, z) and of the mask of samples that count.
    pub(super) reference: Option<([usize; 4], Option<usize>)>,
}

/// A unit as the names state it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stated<U> {
    /// Not at all.
    No,
    /// This one.
    Unit(U),
    /// One that is not known, or three that differ.
    Unknown(String),
}

/// What was looked for and not found once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unfound(pub(super) String);

/// A column's meaning by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Time,
    Acc(usize),
    Gyr(usize),
}

/// Words for the two sensors, all small letters without separators. Acceleration "without gravity" is none of them:
/// it cannot tell which way is up.
const ACC_WORDS: [&str; 5] = ["acceleration", "accelerometer", "accel", "acc", "a"];
const GYR_WORDS: [&str; 8] = ["angularvelocity", "angularrate", "gyroscope", "gyro", "gyr", "omega", "w", "g"];
const TIME_WORDS: [&str; 7] = ["t", "time", "timestamp", "ts", "elapsed", "seconds", "sampletimefine"];

/// Units as they are written, small letters, without spaces, `^` and `·`.
const TIME_UNITS: [(&str, TimeUnit); 11] = [
    ("s", TimeUnit::S),
    ("sec", TimeUnit::S),
    ("seconds", TimeUnit::S),
    ("ms", TimeUnit::Ms),
    ("msec", TimeUnit::Ms),
    ("milliseconds", TimeUnit::Ms),
    ("us", TimeUnit::Us),
    ("µs", TimeUnit::Us),
    ("microseconds", TimeUnit::Us),
    ("ns", TimeUnit::Ns),
    ("nanoseconds", TimeUnit::Ns),
];
const ACC_UNITS: [(&str, AccUnit); 7] = [
    ("g", AccUnit::G),
    ("m/s2", AccUnit::Mps2),
    ("m/s/s", AccUnit::Mps2),
    ("ms-2", AccUnit::Mps2),
    ("mps2", AccUnit::Mps2),
    ("m_s2", AccUnit::Mps2),
    ("ms2", AccUnit::Mps2),
];
const GYR_UNITS: [(&str, GyrUnit); 12] = [
    ("deg/s", GyrUnit::DegPerS),
    ("deg/sec", GyrUnit::DegPerS),
    ("degs-1", GyrUnit::DegPerS),
    ("degrees/s", GyrUnit::DegPerS),
    ("dps", GyrUnit::DegPerS),
    ("degps", GyrUnit::DegPerS),
    ("deg_s", GyrUnit::DegPerS),
    ("rad/s", GyrUnit::RadPerS),
    ("rad/sec", GyrUnit::RadPerS),
    ("rads-1", GyrUnit::RadPerS),
    ("radps", GyrUnit::RadPerS),
    ("rad_s", GyrUnit::RadPerS),
];

impl Columns {
    /// Reads a line of names. Every axis must be there exactly once; a time column may be missing.
    pub(super) fn of(names: &[String]) -> Result<Self, Unfound> {
        let read: Vec<(Option<Meaning>, Option<String>)> = names.iter().map(|name| meaning(name)).collect();
        let places =
            |wanted: Meaning| -> Vec<usize> { (0..read.len()).filter(|i| read[*i].0 == Some(wanted)).collect() };
        let one = |wanted: Meaning, what: &str| match places(wanted)[..] {
            [place] => Ok(place),
            [] => Err(Unfound(format!("a column for {what}"))),
            _ => Err(Unfound(format!("one column for {what}, not several"))),
        };
        let axes = |of: fn(usize) -> Meaning, what: &str| -> Result<Axes, Unfound> {
            Ok([
                one(of(0), &format!("{what}_x"))?,
                one(of(1), &format!("{what}_y"))?,
                one(of(2), &format!("{what}_z"))?,
            ])
        };
        let (acc, gyr) = (axes(Meaning::Acc, "acc")?, axes(Meaning::Gyr, "gyr")?);
        let time = match places(Meaning::Time)[..] {
            [] => None,
            [place] => Some(place),
            // Several clocks: nothing tells which one counts.
            _ => return Err(Unfound("one column for time, not several".to_owned())),
        };
        let unit = |place: usize| read[place].1.as_deref();
        Ok(Self {
            time,
            acc,
            gyr,
            time_unit: time.map_or(Stated::No, |place| stated(&[unit(place)], &TIME_UNITS)),
            acc_unit: stated(&acc.map(unit), &ACC_UNITS),
            gyr_unit: stated(&gyr.map(unit), &GYR_UNITS),
            reference: reference(names),
        })
    }
}

/// The columns `ref_qw, ref_qx, ref_qy, ref_qz` and `movement` of a benchmark file.
fn reference(names: &[String]) -> Option<([usize; 4], Option<usize>)> {
    let place = |wanted: &str| names.iter().position(|name| name.trim() == wanted);
    let q = [place("ref_qw")?, place("ref_qx")?, place("ref_qy")?, place("ref_qz")?];
    Some((q, place("movement")))
}

fn stated<U: Copy + PartialEq>(written: &[Option<&str>], known: &[(&str, U)]) -> Stated<U> {
    let mut found = None;
    for text in written {
        let Some(text) = text else {
            match found {
                // One axis with a unit and one without.
                Some(_) => return Stated::Unknown("a unit on some axes only".to_owned()),
                None => continue,
            }
        };
        let Some((_, unit)) = known.iter().find(|(name, _)| name == text) else {
            return Stated::Unknown((*text).to_owned());
        };
        match found {
            None if written[0].is_none() => return Stated::Unknown("a unit on some axes only".to_owned()),
            Some(before) if before != *unit => return Stated::Unknown("different units".to_owned()),
            _ => found = Some(*unit),
        }
    }
    found.map_or(Stated::No, Stated::Unit)
}

/// A name's meaning, and the text of its unit if it has one.
fn meaning(name: &str) -> (Option<Meaning>, Option<String>) {
    let lower = name.trim().to_lowercase();
    let (rest, bracketed) = in_brackets(&lower);
    let plain: String = rest.chars().filter(|c| c.is_alphanumeric()).collect();
    if let Some(unit) = bracketed {
        return (word(&plain), Some(unit));
    }
    // `acc_x_mps2`, `t_s`: a unit after the name. The longest first, because `deg_s` ends like `s`.
    let tied = rest.trim().replace([' ', '-', '.'], "_");
    let mut endings: Vec<&str> = TIME_UNITS.iter().map(|u| u.0).collect();
    endings.extend(ACC_UNITS.iter().map(|u| u.0).chain(GYR_UNITS.iter().map(|u| u.0)));
    endings.sort_by_key(|unit| std::cmp::Reverse(unit.len()));
    for unit in endings {
        let Some(before) = tied.strip_suffix(unit).and_then(|before| before.strip_suffix('_')) else { continue };
        let plain: String = before.chars().filter(|c| c.is_alphanumeric()).collect();
        if let Some(found) = word(&plain) {
            return (Some(found), Some(unit.to_owned()));
        }
    }
    (word(&plain), None)
}

/// Splits `acc_x [m/s^2]` into the name and the unit, the latter as in the tables above.
fn in_brackets(name: &str) -> (&str, Option<String>) {
    let Some(start) = name.find(['[', '(']) else { return (name, None) };
    let inside = name[start + 1..].trim_end().trim_end_matches([']', ')']);
    let unit = inside.replace('²', "2").replace('°', "deg").replace('μ', "µ");
    let unit: String = unit.chars().filter(|c| !c.is_whitespace() && !"^·*".contains(*c)).collect();
    (&name[..start], (!unit.is_empty()).then_some(unit))
}

/// The meaning of a name in small letters without separators and unit.
fn word(plain: &str) -> Option<Meaning> {
    if TIME_WORDS.contains(&plain) {
        return Some(Meaning::Time);
    }
    for (axis, letter) in ['x', 'y', 'z'].into_iter().enumerate() {
        let sensor = plain.strip_suffix(letter).or_else(|| plain.strip_prefix(letter));
        match sensor {
            Some(sensor) if ACC_WORDS.contains(&sensor) => return Some(Meaning::Acc(axis)),
            Some(sensor) if GYR_WORDS.contains(&sensor) => return Some(Meaning::Gyr(axis)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Result<Columns, Unfound> {
        Columns::of(&line.split(',').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn names_are_known_in_many_spellings_and_any_order() {
        for line in [
            "t_s,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z",
            "Time (s),Acceleration X,Acceleration Y,Acceleration Z,Gyroscope X,Gyroscope Y,Gyroscope Z",
            "timestamp,ax,ay,az,gx,gy,gz",
            "t,accX,accY,accZ,wx,wy,wz",
        ] {
            let columns = of(line).unwrap();
            assert_eq!((columns.time, columns.acc, columns.gyr), (Some(0), [1, 2, 3], [4, 5, 6]), "{line}");
        }
        let turned = of("gyr_z,gyr_y,gyr_x,sample,acc_z,acc_y,acc_x").unwrap();
        assert_eq!((turned.time, turned.acc, turned.gyr), (None, [6, 5, 4], [2, 1, 0]));
    }

    #[test]
    fn units_in_names_are_read() {
        let columns = of("time_ms,acc_x[g],acc_y[g],acc_z[g],gyr_x (deg/s),gyr_y (°/s),gyr_z (deg / s)").unwrap();
        assert_eq!(columns.time_unit, Stated::Unit(TimeUnit::Ms));
        assert_eq!(columns.acc_unit, Stated::Unit(AccUnit::G));
        assert_eq!(columns.gyr_unit, Stated::Unit(GyrUnit::DegPerS));
        let tied = of("t_us,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,gz_rad_s").unwrap();
        assert_eq!(tied.time_unit, Stated::Unit(TimeUnit::Us));
        assert_eq!((tied.acc_unit, tied.gyr_unit), (Stated::Unit(AccUnit::Mps2), Stated::Unit(GyrUnit::RadPerS)));
        let squared = of("t,ax [m/s²],ay [m/s^2],az [m/s2],gx_dps,gy_dps,gz_dps").unwrap();
        assert_eq!((squared.acc_unit, squared.gyr_unit), (Stated::Unit(AccUnit::Mps2), Stated::Unit(GyrUnit::DegPerS)));
    }

    #[test]
    fn a_unit_that_is_not_known_or_not_the_same_on_all_axes_is_not_guessed() {
        let unknown = of("t,ax [mg],ay [mg],az [mg],gx,gy,gz").unwrap();
        assert_eq!(unknown.acc_unit, Stated::Unknown("mg".to_owned()));
        for line in ["t,ax [g],ay [m/s2],az [g],gx,gy,gz", "t,ax,ay [g],az [g],gx,gy,gz", "t,ax [g],ay,az,gx,gy,gz"] {
            assert!(matches!(of(line).unwrap().acc_unit, Stated::Unknown(_)), "{line}");
        }
    }

    #[test]
    fn a_missing_or_doubled_column_is_named() {
        assert_eq!(of("t,acc_x,acc_y,gyr_x,gyr_y,gyr_z").unwrap_err(), Unfound("a column for acc_z".to_owned()));
        let doubled = of("t,ax,acc_x,ay,az,gx,gy,gz").unwrap_err();
        assert_eq!(doubled, Unfound("one column for acc_x, not several".to_owned()));
        // Without gravity it is another quantity.
        assert!(of("t,linear_acceleration_x,linear_acceleration_y,linear_acceleration_z,gx,gy,gz").is_err());
    }
}
