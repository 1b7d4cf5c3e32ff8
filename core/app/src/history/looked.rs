//! What the page of a session shows beside its sets: form with its parts, the zone that was aimed at, where the signal was
//! away.

use super::trace::SILENCE_US;
use crate::error::AppError;
use crate::household::Talus;
use talus_coach::TARGET_ZONE;
use talus_coach::form::Form;
use talus_motion::{Micros, Side};
use talus_store::{SessionDetail, Trace};

/// What there is to see of a set beside its numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct SetLook {
    /// Index of the set in the session.
    pub set_index: u32,
    /// Which leg.
    pub side: Side,
    /// How it was done; `None` where it was not measured, was corrected by hand, or the own range is not known.
    pub form: Option<Form>,
    /// The own range the set was planned with, degrees.
    pub own_range_deg: Option<f64>,
    /// The zone that was aimed at, degrees.
    pub zone_deg: Option<(f64, f64)>,
    /// Where the angle was not measured, from and to, session time: the cuff was away, the signal poor, the set paused.
    pub gaps: Vec<(Micros, Micros)>,
}

impl Talus {
    /// The sets of a session (`last`, or the beginning of its id) as its page shows them, in their order.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn looks(&self, asked: &str) -> Result<Vec<SetLook>, AppError> {
        let (detail, traces) = (self.session(asked)?, self.traces(asked)?);
        Ok(self.looks_of(&detail, &traces))
    }

    fn looks_of(&self, detail: &SessionDetail, traces: &[Trace]) -> Vec<SetLook> {
        let look = |set: &talus_store::SetDetail| {
            let result = &set.result;
            let mut blocks = detail.plan.blocks.iter();
            let own_range_deg = blocks
                .find(|block| block.exercise == result.exercise && block.side == result.side)
                .and_then(|block| block.own_range_deg)
                .filter(|range| range.is_finite() && *range > 0.0);
            let known = self.catalogue().exercise(&result.exercise).ok();
            let form = known.filter(|_| !set.open).and_then(|known| Form::of(result, known, own_range_deg));
            let trace = traces.iter().find(|one| (one.set_index, one.side) == (set.set_index, result.side));
            SetLook {
                set_index: set.set_index,
                side: result.side,
                form,
                own_range_deg,
                zone_deg: own_range_deg.map(|own| (own * TARGET_ZONE.0, own * TARGET_ZONE.1)),
                gaps: trace.map_or_else(Vec::new, |trace| gaps(&trace.points)),
            }
        };
        detail.sets.iter().map(look).collect()
    }
}

/// From the last moment with an angle to the next; a trace that ends without one has none to end at.
fn gaps(points: &[(Micros, Option<f64>)]) -> Vec<(Micros, Micros)> {
    let (mut gaps, mut last, mut away) = (Vec::new(), None::<Micros>, false);
    for (at, angle) in points {
        away |= angle.is_none();
        if angle.is_none() {
            continue;
        }
        gaps.extend(last.filter(|last| away || at.since(*last) > SILENCE_US).map(|last| (last, *at)));
        (last, away) = (Some(*at), false);
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_from_the_last_angle_to_the_next() {
        let trace = |angles: &[Option<f64>]| -> Vec<(Micros, Option<f64>)> {
            (0..).zip(angles).map(|(at, angle)| (Micros(at), *angle)).collect()
        };
        let one = Some(1.0);
        assert_eq!(gaps(&trace(&[one, None, None, one, one, None])), [(Micros(0), Micros(3))]);
        assert_eq!(gaps(&trace(&[None, one, None, one, None, one])), [(Micros(1), Micros(3)), (Micros(3), Micros(5))]);
        assert!(gaps(&trace(&[None, None])).is_empty() && gaps(&[]).is_empty());
        // A cuff that is away sends nothing, not even that.
        let lost = [(Micros(0), one), (Micros(400_000), one), (Micros(5_000_000), one)];
        assert_eq!(gaps(&lost), [(Micros(400_000), Micros(5_000_000))]);
    }
}
