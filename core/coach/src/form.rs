//! [`Form`]: how a set was done, from what was measured of it.
//!
//! Six things make up form; the tracker measures three of them for a whole set today: range, the way down, the hold.
//! The score is over what was measured, and there is none without range and the way down: not known is not good.

use crate::catalogue::Exercise;
use crate::session::io::SetResult;

/// Points of each part.
const RANGE: f64 = 30.0;
const LOWERING: f64 = 20.0;
const HOLD: f64 = 10.0;

/// How a set was done. Shown with its parts, never alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Form {
    /// 0 to 100, over the parts that are known.
    pub score: u8,
    /// Range reached of the own range, and how many repetitions reached it, 0 to 1.
    pub range: f64,
    /// Time taken on the way down of the time asked for, 0 to 1.
    pub lowering: f64,
    /// Time held of the time asked for, 0 to 1; `None` where no hold is asked for.
    pub hold: Option<f64>,
}

impl Form {
    /// Of one set; `None` where it was not measured, the own range is not known, or a measure it needs is missing.
    pub fn of(set: &SetResult, exercise: &Exercise, own_range_deg: Option<f64>) -> Option<Self> {
        let own = own_range_deg.filter(|own| own.is_finite() && *own > 0.0)?;
        let reached = set.range_deg.filter(|range| range.is_finite() && *range >= 0.0)?;
        let [_, held, lowered] = set.tempo_s?;
        let asked = exercise.model.tempo;
        if !set.counts_for_progress || set.count == 0 || asked.lower_s <= 0.0 {
            return None;
        }
        let full = f64::from(set.count) / (f64::from(set.count) + f64::from(set.short));
        let range = (reached / own).min(1.0) * full;
        let lowering = share(lowered, asked.lower_s)?;
        let hold = if asked.hold_s > 0.0 { Some(share(held, asked.hold_s)?) } else { None };
        let points = RANGE * range + LOWERING * lowering + hold.map_or(0.0, |hold| HOLD * hold);
        let most = RANGE + LOWERING + hold.map_or(0.0, |_| HOLD);
        Some(Self { score: (100.0 * points / most) as u8, range, lowering, hold })
    }
}

fn share(taken_s: f64, asked_s: f64) -> Option<f64> {
    (taken_s.is_finite() && taken_s >= 0.0).then(|| (taken_s / asked_s).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::plan::Laterality;
    use crate::session::io::SetEnd;
    use talus_motion::{Micros, Quality, Side};

    fn set(range_deg: f64, tempo_s: [f64; 3]) -> SetResult {
        SetResult {
            exercise: "knee_ext_seated".to_owned(),
            side: Side::Left,
            laterality: Laterality::Each,
            mass_g: 0,
            began: Micros(0),
            ended: Micros(1),
            end: SetEnd::Target,
            count: 10,
            short: 0,
            target: Some(10),
            range_deg: Some(range_deg),
            tempo_s: Some(tempo_s),
            peak_deg_per_s: None,
            cadence_per_min: None,
            reserve: None,
            pain: None,
            counts_for_progress: true,
            quality: Quality::GOOD,
        }
    }

    fn score(set: &SetResult, own: Option<f64>) -> Option<u8> {
        let catalogue = Catalogue::embedded().unwrap();
        Form::of(set, catalogue.exercise("knee_ext_seated").unwrap(), own).map(|form| form.score)
    }

    #[test]
    fn form_is_range_way_down_and_hold_over_what_was_asked() {
        assert_eq!(score(&set(80.0, [2.0, 1.0, 3.0]), Some(80.0)), Some(100));
        // Slower and further than asked is no better than asked.
        assert_eq!(score(&set(90.0, [4.0, 3.0, 6.0]), Some(80.0)), Some(100));
        // Half the range, half the way down, no hold: 15 and 10 of 60 points.
        assert_eq!(score(&set(40.0, [2.0, 0.0, 1.5]), Some(80.0)), Some(41));
        // Five of ten stayed short: two thirds of the range's points.
        let short = SetResult { short: 5, ..set(80.0, [2.0, 1.0, 3.0]) };
        assert_eq!(score(&short, Some(80.0)), Some(83));
    }

    #[test]
    fn what_was_not_measured_has_no_form() {
        let good = set(80.0, [2.0, 1.0, 3.0]);
        assert_eq!(score(&good, None), None);
        assert_eq!(score(&good, Some(f64::NAN)), None);
        for spoiled in [
            SetResult { range_deg: None, ..good.clone() },
            SetResult { tempo_s: None, ..good.clone() },
            SetResult { counts_for_progress: false, ..good.clone() },
            SetResult { count: 0, ..good.clone() },
            SetResult { tempo_s: Some([2.0, f64::NAN, 3.0]), ..good.clone() },
        ] {
            assert_eq!(score(&spoiled, Some(80.0)), None, "{spoiled:?}");
        }
    }
}
