//! What somebody did before, for tests of what follows from it.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use talus_app::coach::{Laterality, SetEnd, SetResult};
use talus_app::motion::{Micros, Quality, Side};

pub(crate) const KNEE: &str = "knee_ext_seated";

/// The day `ago` days before today, `YYYY-MM-DD`.
pub(crate) fn day(ago: i64) -> String {
    let now = Timestamp::from_millisecond(talus_app::clock::utc_ms()).unwrap();
    now.to_zoned_datetime(TimeZone::UTC).date().checked_sub(ago.days()).unwrap().to_string()
}

/// A set of [`KNEE`] that was measured and met, with three in reserve and without pain.
pub(crate) fn set(side: Side, mass_g: u32, count: u32) -> SetResult {
    SetResult {
        exercise: KNEE.to_owned(),
        side,
        laterality: Laterality::Each,
        mass_g,
        began: Micros(0),
        ended: Micros(60_000_000),
        end: SetEnd::Target,
        count,
        short: 0,
        target: Some(count),
        range_deg: Some(75.0),
        tempo_s: Some([2.0, 1.0, 3.0]),
        peak_deg_per_s: Some(100.0),
        cadence_per_min: None,
        reserve: Some(3),
        pain: Some(0),
        counts_for_progress: true,
        quality: Quality::GOOD,
    }
}
