//! How this person does this exercise in this set: the direction of the movement and its usual range, learned from
//! the repetitions themselves because a cuff may sit any way round the leg.

use super::pose::{Channel, Pose, plus_share, unit};
use crate::orient::dot;
use crate::stats::Recent;
use arrayvec::ArrayVec;

/// Repetitions remembered.
const MEMORY: usize = 7;
/// Directions agree within 37°.
const AGREE_COS: f64 = 0.8;
/// Directions that must agree before one is believed.
const AGREE_LEAST: usize = 2;
/// And this share of them.
const AGREE_SHARE: f64 = 0.6;

/// How alike a repetition is to what is usual, 0 to 1: as much as the smaller is of the larger, but half of it is within
/// what people do. 0.9 where nothing is usual yet.
pub(super) fn alike(value: f64, usual: Option<f64>) -> f64 {
    match usual {
        Some(usual) if usual > 0.0 && value > 0.0 => (2.0 * (value / usual).min(usual / value)).min(1.0),
        _ => 0.9,
    }
}

/// Directions and ranges of the last repetitions.
#[derive(Debug, Clone)]
pub(super) struct Habit {
    channel: Channel,
    directions: ArrayVec<Pose, MEMORY>,
    ranges: Recent<MEMORY>,
    durations: Recent<MEMORY>,
}

impl Habit {
    pub(super) fn new(channel: Channel) -> Self {
        Self { channel, directions: ArrayVec::new(), ranges: Recent::new(), durations: Recent::new() }
    }

    pub(super) fn learn(&mut self, direction: Pose, range_deg: f64, duration_s: f64) {
        if self.directions.is_full() {
            self.directions.remove(0);
        }
        self.directions.push(direction);
        self.ranges.push(range_deg);
        self.durations.push(duration_s);
    }

    /// The direction most repetitions share, as seen from `rest`; the last one's while too few agree.
    pub(super) fn direction(&self, rest: Pose) -> Option<Pose> {
        let newest = self.directions.last()?;
        // The newest of those with most agreement, so that a slow turn of the cuff is followed.
        let best = self.directions.iter().max_by_key(|d| self.friends(d)).unwrap_or(newest);
        let mean = self
            .directions
            .iter()
            .filter(|o| dot(*best, **o) >= AGREE_COS)
            .fold([0.0; 3], |sum, o| plus_share(sum, *o, 1.0));
        self.channel.carried(unit(mean)?, rest)
    }

    /// How many repetitions agree with this direction.
    fn friends(&self, direction: &Pose) -> usize {
        self.directions.iter().filter(|o| dot(*direction, **o) >= AGREE_COS).count()
    }

    /// Whether enough repetitions agree on the direction, and most of them do: a leg that rolls now this way and now that
    /// while it lifts has no one direction.
    pub(super) fn is_sure(&self) -> bool {
        let most = self.directions.iter().map(|d| self.friends(d)).max().unwrap_or(0);
        most >= AGREE_LEAST && most as f64 >= AGREE_SHARE * self.directions.len() as f64
    }

    /// Forgets the direction: the leg or the cuff now lies differently.
    pub(super) fn forget_direction(&mut self) {
        self.directions.clear();
    }

    pub(super) fn range_deg(&self) -> Option<f64> {
        self.ranges.median()
    }

    pub(super) fn duration_s(&self) -> Option<f64> {
        self.durations.median()
    }

    pub(super) fn len(&self) -> usize {
        self.ranges.len()
    }
}
