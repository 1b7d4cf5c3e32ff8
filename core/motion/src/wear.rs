//! How a cuff sits on the leg while it is followed: [`Wear`] learns it, and tells when it is no longer so.

use crate::calibrate::{Aligner, Change, Mounting, SlipWatch};

/// Learns and watches how the cuff sits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wear {
    learning: Option<Aligner>,
    watch: Option<SlipWatch>,
    known: Option<Mounting>,
    /// The person was asked to stand for a re-check.
    asked: bool,
    /// What the last comparison of each kind found: standing says nothing of a twist, walking nothing of a tilt.
    tilted: bool,
    twisted: bool,
}

impl Wear {
    /// Learns from now on.
    pub(crate) fn learn(&mut self) {
        *self = Self { learning: Some(Aligner::new()), ..Self::default() };
    }

    /// Watches whether it stays so.
    pub(crate) fn watch(&mut self, mounting: Mounting) {
        let watch = Some(SlipWatch::new(mounting));
        *self = Self { watch, known: Some(mounting), ..Self::default() };
    }

    /// The person stands for two seconds from now on.
    pub(crate) fn recheck(&mut self) {
        if let Some(watch) = &mut self.watch {
            watch.recheck();
            self.asked = true;
        }
    }

    /// What is known or has been learned so far.
    pub(crate) fn mounting(&self) -> Option<Mounting> {
        self.known.or_else(|| self.learning.as_ref()?.mounting())
    }

    /// Whether the last comparison of either kind found a slip.
    pub(crate) fn slipped(&self) -> bool {
        self.tilted || self.twisted
    }

    /// Takes one sample: rate without bias, rad/s, and force, m/s², whether the leg is at rest, whether it walks. A
    /// comparison that is complete.
    pub(crate) fn push(
        &mut self,
        gyr: [f64; 3],
        acc: [f64; 3],
        dt_s: f64,
        at_rest: bool,
        walks: bool,
    ) -> Option<Change> {
        if let Some(learning) = &mut self.learning {
            if at_rest {
                learning.stand(acc, dt_s);
            } else {
                learning.turn(gyr, dt_s);
            }
        }
        let watch = self.watch.as_mut()?;
        let change = if self.asked && at_rest {
            watch.stand(acc, dt_s)
        } else if walks {
            watch.turn(gyr, dt_s)
        } else {
            None
        }?;
        match change {
            Change::Tilted(_) => (self.asked, self.tilted) = (false, change.slipped()),
            Change::Twisted(_) => self.twisted = change.slipped(),
        }
        Some(change)
    }
}
