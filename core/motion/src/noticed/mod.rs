//! [`Finding`]: something that stood out beside the repetitions, and how sure it is.
//!
//! What stands out within a repetition is in [`Rep::detectors`](crate::Rep::detectors). Here is what belongs to a walk, a
//! stance, a cuff or the other leg. Each machine takes what the tracker knows anyway, and tells one finding for each time
//! it happens.

pub(crate) mod fit;
pub(crate) mod pace;
pub mod sides;
pub(crate) mod trip;

use crate::movement::Detector;
use crate::words::{Micros, Quality};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use std::collections::BTreeMap;

/// Something that stood out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// What.
    pub detector: Detector,
    /// When it began.
    pub start: Micros,
    /// When it was certain, or over.
    pub end: Micros,
    /// How sure it is, 0.5 to 1: see [`Confidences`].
    pub confidence: f64,
    /// What speaks against the signal it was seen in.
    pub quality: Quality,
}

/// How sure it is that something passed its limit, which it passed by `beyond`, where what was measured is known to within
/// `scatter` (same unit, positive): a half where it has just passed, 0.8 a whole scatter further, near one at three.
pub(crate) fn certainty(beyond: f64, scatter: f64) -> f64 {
    let share = (beyond / scatter).clamp(0.0, 30.0);
    if share.is_finite() { 1.0 - 0.5 * libm::exp(-share) } else { 0.5 }
}

/// How sure each detector is that spoke up in a repetition, 0.5 to 1: a half where the measure has just passed its limit,
/// nearer one the further it lies beyond, in units of what the measure is known to. Written as a map from the ids.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Confidences([u8; Detector::ALL.len()]);

/// Steps of a confidence: half a per cent says all there is to say.
const STEPS: f64 = 200.0;

impl Confidences {
    /// How sure this one is; `None` where it did not speak up.
    pub fn of(&self, detector: Detector) -> Option<f64> {
        let sure = self.0[detector as usize];
        (sure > 0).then(|| f64::from(sure) / STEPS)
    }

    pub(crate) fn note(&mut self, detector: Detector, confidence: f64) {
        self.0[detector as usize] = (STEPS * confidence).round() as u8;
    }

    pub(crate) fn forget(&mut self, detector: Detector) {
        self.0[detector as usize] = 0;
    }

    fn spoken(&self) -> impl Iterator<Item = (Detector, f64)> + '_ {
        Detector::ALL.into_iter().filter_map(|detector| Some((detector, self.of(detector)?)))
    }
}

impl Serialize for Confidences {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.spoken())
    }
}

impl<'de> Deserialize<'de> for Confidences {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut read = Self::default();
        for (detector, sure) in BTreeMap::<Detector, f64>::deserialize(deserializer)? {
            read.note(detector, sure.clamp(0.0, 1.0));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_just_passed_its_limit_is_half_sure_and_what_lies_far_beyond_nearly_certain() {
        assert_eq!(certainty(0.0, 1.0), 0.5);
        assert!((certainty(1.0, 1.0) - 0.816).abs() < 1e-3 && certainty(3.0, 1.0) > 0.97);
        for bad in [certainty(f64::NAN, 1.0), certainty(1.0, 0.0), certainty(-1.0, 1.0), certainty(f64::INFINITY, 1.0)]
        {
            assert!((0.5..=1.0).contains(&bad), "{bad}");
        }
    }

    #[test]
    fn confidences_are_a_map_from_ids_and_come_back_from_it() {
        let mut sure = Confidences::default();
        sure.note(Detector::ShortRom, 0.75);
        sure.note(Detector::Tremor, 0.98765);
        assert_eq!((sure.of(Detector::ShortRom), sure.of(Detector::Drop)), (Some(0.75), None));
        let text = serde_json::to_string(&sure).unwrap();
        assert_eq!(text, r#"{"short_rom":0.75,"tremor":0.99}"#);
        assert_eq!(serde_json::from_str::<Confidences>(&text).unwrap(), sure);
    }
}
