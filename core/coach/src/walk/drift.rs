//! [`Signs`]: what has changed against the own walk, and when it is enough to ease off or to take the cuffs off.

use super::baseline::{Baseline, Seen, Window};
use crate::catalogue::WalkRules;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use talus_motion::walks::{Drift, Drifted, Usual};
use talus_motion::{Side, Stride};

/// Something that has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// The sides are further apart.
    Asymmetry,
    /// Stride times scatter more.
    Variation,
    /// Fewer steps a minute.
    Cadence,
    /// Slower.
    Speed,
    /// A leg takes longer or shorter to swing: by more than its own scatter explains, summed up over strides, and by
    /// enough to matter, because everybody's strides wander a little over minutes.
    Swing,
}

impl Sign {
    /// The slug it goes by in text keys.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Asymmetry => "asymmetry",
            Self::Variation => "variation",
            Self::Cadence => "cadence",
            Self::Speed => "speed",
            Self::Swing => "swing",
        }
    }
}

/// What follows from the signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Fine,
    Ease,
    Stop,
}

/// The watch over one walk.
#[derive(Debug, Clone)]
pub(super) struct Signs {
    baseline: Baseline,
    window: Window,
    swing: [Option<Drift>; 2],
    swung: [Option<Drifted>; 2],
    /// The side whose strides are counted: one of two, so that a second cuff does not halve the time.
    counted: Option<Side>,
    /// For how many of its strides it has been enough to ease off, and to stop.
    eased: u32,
    stopped: u32,
    hold: u32,
}

impl Signs {
    pub(super) fn new(baseline: Baseline, rules: &WalkRules) -> Self {
        Self {
            baseline,
            window: Window::new(rules),
            swing: drifts(&baseline),
            swung: [None; 2],
            counted: None,
            eased: 0,
            stopped: 0,
            hold: rules.hold_strides.whole().max(1),
        }
    }

    /// Another part of the walk begins: what was before does not count for it.
    pub(super) fn clear(&mut self) {
        self.window.clear();
        self.swing = drifts(&self.baseline);
        self.swung = [None; 2];
        (self.counted, self.eased, self.stopped) = (None, 0, 0);
    }

    /// Takes a good stride.
    pub(super) fn push(&mut self, side: Side, stride: &Stride, rules: &WalkRules) -> Level {
        self.window.push(side, stride);
        let at = usize::from(side == Side::Right);
        self.swung[at] = self.swing[at].as_mut().and_then(|drift| drift.push(stride.stride_s() - stride.stance_s()));
        let signs = self.now(rules).len() as u32;
        let apart = self.apart(rules);
        let one = u32::from(*self.counted.get_or_insert(side) == side);
        let row = |so_far: u32, now: bool| if now { so_far + one } else { 0 };
        self.eased = row(self.eased, signs >= rules.signs_ease.whole());
        self.stopped = row(self.stopped, signs >= rules.signs_stop.whole() || apart);
        if self.stopped >= self.hold {
            Level::Stop
        } else if self.eased >= self.hold {
            Level::Ease
        } else {
            Level::Fine
        }
    }

    pub(super) fn seen(&self) -> Option<Seen> {
        self.window.seen(&self.baseline)
    }

    /// What has changed now.
    pub(super) fn now(&self, rules: &WalkRules) -> BTreeSet<Sign> {
        let mut signs = BTreeSet::new();
        let (own, Some(seen)) = (&self.baseline, self.window.seen(&self.baseline)) else { return signs };
        let mut add = |sign, there: bool| there.then(|| signs.insert(sign));
        let wider = seen.symmetry.zip(own.symmetry).is_some_and(|(now, own)| now >= own + rules.asymmetry_rise.value);
        add(Sign::Asymmetry, wider);
        let scatter = (rules.variation_times.value * own.variation()).max(rules.variation_least.value);
        add(Sign::Variation, seen.variation > scatter);
        let slower = 120.0 / seen.stride_s <= own.cadence_per_min() * (1.0 - rules.cadence_drop_percent.value / 100.0);
        add(Sign::Cadence, slower);
        let speeds = seen.speed_m_per_s.zip(own.speed_m_per_s);
        add(Sign::Speed, speeds.is_some_and(|(now, own)| now <= own.middle - rules.speed_drop.value));
        let share = rules.swing_percent.value / 100.0;
        let swings = own.swing_s.iter().zip(seen.swing_s).zip(self.swung);
        let mut far = swings.filter_map(|((own, now), swung)| Some(((*own)?, now?, swung?)));
        add(Sign::Swing, far.any(|(own, now, _)| (now - own.middle).abs() >= share * own.middle));
        signs
    }

    /// Whether the sides are so far apart that this alone is enough.
    fn apart(&self, rules: &WalkRules) -> bool {
        let now = self.window.seen(&self.baseline).and_then(|seen| seen.symmetry);
        now.zip(self.baseline.symmetry)
            .is_some_and(|(now, own)| now > rules.asymmetry_stop.value && now > own + rules.asymmetry_stop_rise.value)
    }
}

fn drifts(baseline: &Baseline) -> [Option<Drift>; 2] {
    baseline.swing_s.map(|own| Drift::new(Usual::from(own?)))
}
