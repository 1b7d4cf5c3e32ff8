//! What strikes a leg that walks: [`Blows`], the quick part of the force over the last seconds.

use super::ring::Ring;
use crate::orient::norm;

/// A blow is what the force does faster than this, s; the hardest of each span this long is kept, µs, for five seconds.
const TAU_S: f64 = 0.015;
const STEP_US: f64 = 2e4;
const KEPT: usize = 250;
/// A foot that is caught, or lands from the air, strikes with this at least, m/s² …
const CAUGHT_MPS2: f64 = 5.0;
/// … from so long before it stands still to so long after, µs.
const AROUND_US: (f64, f64) = (1.2e5, 3e4);

/// Remembers how hard and when something struck.
#[derive(Debug, Clone)]
pub(super) struct Blows {
    sample_s: f64,
    steady: Option<[f64; 3]>,
    now: (f64, f64),
    kept: Ring<(f64, f64)>,
}

impl Blows {
    /// For samples at about `rate_hz` per second.
    pub(super) fn new(rate_hz: f64) -> Self {
        Self { sample_s: 1.0 / rate_hz, steady: None, now: (f64::NEG_INFINITY, 0.0), kept: Ring::new(KEPT) }
    }

    /// Samples were missing.
    pub(super) fn cut(&mut self) {
        self.kept.cut();
        self.steady = None;
    }

    /// Takes the specific force, m/s².
    pub(super) fn push(&mut self, at_us: f64, acc: [f64; 3]) {
        let steady = self.steady.get_or_insert(acc);
        let share = self.sample_s / (TAU_S + self.sample_s);
        let off = [0, 1, 2].map(|k: usize| acc[k] - steady[k]);
        for (steady, off) in steady.iter_mut().zip(off) {
            *steady += share * off;
        }
        if at_us - self.now.0 >= STEP_US {
            self.kept.push(self.now);
            self.now = (at_us, 0.0);
        }
        self.now.1 = self.now.1.max(norm(off));
    }

    /// Whether a foot that came to stand still at this time struck something.
    pub(super) fn struck(&self, at_us: f64) -> bool {
        let around = at_us - AROUND_US.0..=at_us + AROUND_US.1;
        let mut then = self.kept.between(0, self.kept.next()).filter(|(at_us, _)| around.contains(at_us));
        then.any(|(_, blow)| *blow >= CAUGHT_MPS2)
    }
}
