//! [`Ailment`]: a leg whose cuff's sensor fails for a while: an axis that stands still, blows beyond its range, a strap that
//! slips, values that are none.

use talus_motion::{Sample, Side};
use talus_sim::leg::Truth;
use talus_sim::{Act, Chance, Leg, Motion, RepShape};

/// What ails a sensor.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// One axis of one half says what it said last.
    Stuck(usize),
    /// Everything is that many times as large.
    Blow(f64),
    /// The cuff sits turned about the leg's length by so many radians, and stays so.
    Slipped(f64),
    /// A value that is no number.
    NotANumber,
}

/// What ails a sensor, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trouble {
    kind: Kind,
    from_s: f64,
    until_s: f64,
}

impl Trouble {
    /// Troubles of one cuff; most have none.
    pub(super) fn drawn(chance: &mut Chance) -> Vec<Self> {
        if chance.happens(0.6) {
            return Vec::new();
        }
        // Pairing and calibration take the first half minute.
        let from_s = chance.between(30.0, 120.0);
        let (kind, for_s) = match chance.bits() % 4 {
            0 => (Kind::Stuck(chance.bits() as usize % 6), chance.between(1.0, 8.0)),
            1 => (Kind::Blow(chance.between(20.0, 200.0)), 0.05),
            2 => (Kind::Slipped(chance.between(0.35, 1.0)), 1e9),
            _ => (Kind::NotANumber, chance.between(0.1, 1.0)),
        };
        vec![Self { kind, from_s, until_s: from_s + for_s }]
    }

    /// Name in the tally.
    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            Kind::Stuck(_) => "drawn_stuck_axis",
            Kind::Blow(_) => "drawn_saturation",
            Kind::Slipped(_) => "drawn_slip",
            Kind::NotANumber => "drawn_not_a_number",
        }
    }

    fn befalls(&self, sample: &mut Sample, last: Option<&Sample>) {
        match self.kind {
            Kind::Stuck(axis) => {
                let Some(last) = last else { return };
                if axis < 3 { sample.acc[axis] = last.acc[axis] } else { sample.gyr[axis - 3] = last.gyr[axis - 3] }
            }
            Kind::Blow(times) => {
                sample.acc = sample.acc.map(|part| part * times);
                sample.gyr = sample.gyr.map(|part| part * times);
            }
            Kind::Slipped(rad) => {
                let (sin, cos) = (libm::sin(rad), libm::cos(rad));
                // The cuff's own third axis: however it was put on, it turns about something.
                let turned = |[x, y, z]: [f64; 3]| [cos * x - sin * y, sin * x + cos * y, z];
                (sample.acc, sample.gyr) = (turned(sample.acc), turned(sample.gyr));
            }
            Kind::NotANumber => sample.gyr = [f64::NAN; 3],
        }
    }
}

/// A leg and what ails its cuff.
pub(super) struct Ailment {
    leg: Leg,
    troubles: Vec<Trouble>,
    last: Option<Sample>,
}

impl Ailment {
    pub(super) fn of(side: Side, seed: u64, troubles: Vec<Trouble>) -> Self {
        let mut leg = Leg::new(side, seed);
        leg.act(0.0, Act::Reposition { shape: RepShape::SeatedKneeExtension });
        Self { leg, troubles, last: None }
    }
}

impl Motion for Ailment {
    fn sample(&mut self, at_s: f64) -> Option<Sample> {
        let mut sample = Motion::sample(&mut self.leg, at_s)?;
        for trouble in self.troubles.iter().filter(|trouble| (trouble.from_s..trouble.until_s).contains(&at_s)) {
            trouble.befalls(&mut sample, self.last.as_ref());
        }
        self.last = Some(sample);
        Some(sample)
    }

    fn act(&mut self, now_s: f64, act: Act) -> bool {
        Motion::act(&mut self.leg, now_s, act)
    }

    fn idle(&self, at_s: f64) -> bool {
        Motion::idle(&self.leg, at_s)
    }

    fn truth(&self) -> Option<&Truth> {
        Motion::truth(&self.leg)
    }
}
