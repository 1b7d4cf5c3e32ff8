//! [`Motion`]: what a virtual cuff is worn by, be it a leg made of physics or a recording of a real one.

use crate::leg::Act;
use talus_motion::Sample;

/// What a cuff feels. Asked once per tick of the sensor, in order.
pub trait Motion {
    /// Specific force (m/s²) and angular rate (rad/s) in the cuff's axes at `at_s` seconds of true time. `None`: the
    /// recording is over. Values that are not numbers mean that the recording has no sample for this tick.
    fn sample(&mut self, at_s: f64) -> Option<Sample>;

    /// Samples per second where the source has a rate of its own (a recording); `None` where any rate will do.
    fn own_rate_hz(&self) -> Option<f64> {
        None
    }

    /// Takes something to do next, not before `now_s`. `false`: this source does what it does.
    fn act(&mut self, _now_s: f64, _act: Act) -> bool {
        false
    }

    /// The sensor was stopped on request: a recording waits, a leg goes on living.
    fn paused(&mut self) {}

    /// Whether everything asked for is done at `at_s` (a leg), or over (a recording).
    fn idle(&self, at_s: f64) -> bool;

    /// What the leg really did, where that is known.
    fn truth(&self) -> Option<&crate::leg::Truth> {
        None
    }
}
