//! The last seconds of turning, smoothed twice: [`Trace`] holds what the search for swings looks at.
//!
//! Both low-passes are symmetric windows of a fixed length in time, so an extremum stays where it was at any sample
//! rate and the only cost is a constant delay.

use super::ring::Ring;
use crate::orient::norm;

/// Samples are averaged to about this many per second: a swing has nothing faster to show.
const FRAME_RATE_HZ: f64 = 100.0;
/// Standard deviation of the fine window, s: −3 dB at 10 Hz, the low-pass of the published shank methods.
const FINE_S: f64 = 0.01325;
/// Standard deviation of the coarse window, s: −3 dB at 2.65 Hz keeps one lobe per swing and no ringing of a strap.
const COARSE_S: f64 = 0.05;
/// Windows end after this many standard deviations.
const REACH: f64 = 3.0;
/// How long the trace is, s: three of the longest strides and the swing before them.
const KEPT_S: f64 = 14.0;

/// One moment: angular rate without bias in the cuff's axes, °/s.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) at_us: f64,
    /// Low-passed at 10 Hz: where contacts and foot-offs are timed.
    pub(super) fine: [f64; 3],
    /// Low-passed at 2.65 Hz: where swings are told apart.
    pub(super) coarse: [f64; 3],
    /// Length of [`Moment::coarse`]: looked at again and again.
    pub(super) size: f64,
}

/// Averages, smooths and remembers.
#[derive(Debug, Clone)]
pub(super) struct Trace {
    group: Group,
    rate_hz: f64,
    /// Half of each symmetric window, its middle first.
    fine: Vec<f64>,
    coarse: Vec<f64>,
    raw: Window,
    moments: Ring<Moment>,
}

impl Trace {
    /// A trace of samples at about `rate_hz` per second.
    pub(super) fn new(rate_hz: f64) -> Self {
        let size = (rate_hz / FRAME_RATE_HZ).round().max(1.0);
        let rate_hz = rate_hz / size;
        let coarse = half_window(COARSE_S * rate_hz);
        let moments = Ring::new((KEPT_S * rate_hz).ceil() as usize);
        Self {
            group: Group { size: size as u32, count: 0, at_us: 0.0, gyr: [0.0; 3] },
            rate_hz,
            fine: half_window(FINE_S * rate_hz),
            raw: Window::new(2 * coarse.len() - 1),
            coarse,
            moments,
        }
    }

    /// Moments per second.
    pub(super) fn rate_hz(&self) -> f64 {
        self.rate_hz
    }

    /// The moment with this number, if it is still held.
    pub(super) fn get(&self, number: u64) -> Option<&Moment> {
        self.moments.get(number)
    }

    /// Number of the oldest moment held.
    pub(super) fn oldest(&self) -> u64 {
        self.moments.oldest()
    }

    /// Number the next moment will get.
    pub(super) fn next(&self) -> u64 {
        self.moments.next()
    }

    pub(super) fn newest(&self) -> Option<&Moment> {
        self.get(self.next().checked_sub(1)?)
    }

    /// Forgets everything: samples were missing or a new task begins. Numbers go on.
    pub(super) fn cut(&mut self) {
        self.group.clear();
        self.raw.cut();
        self.moments.cut();
    }

    /// Takes the angular rate of one sample; whether a new moment is there.
    pub(super) fn push(&mut self, at_us: f64, gyr_dps: [f64; 3]) -> bool {
        let Some(mean) = self.group.push(at_us, gyr_dps) else { return false };
        self.raw.push(mean);
        let Some(raw) = self.raw.whole() else { return false };
        let middle = self.coarse.len() - 1;
        let coarse = weighed(&self.coarse, raw, middle);
        let moment =
            Moment { at_us: raw[middle].0, fine: weighed(&self.fine, raw, middle), coarse, size: norm(coarse) };
        self.moments.push(moment);
        true
    }

    /// The moments numbered `from` up to but not including `to`, as far as they are held, oldest first.
    pub(super) fn between(&self, from: u64, to: u64) -> impl DoubleEndedIterator<Item = &Moment> + '_ {
        self.moments.between(from, to)
    }

    /// The same in two rows.
    pub(super) fn rows(&self, from: u64, to: u64) -> [&[Moment]; 2] {
        self.moments.rows(from, to)
    }
}

/// What a symmetric window, of which `half` is given, sees about the `middle` of `raw`.
fn weighed(half: &[f64], raw: &[(f64, [f64; 3])], middle: usize) -> [f64; 3] {
    let mut sum = [0.0; 3];
    // The middle is met twice.
    let weights = core::iter::once(0.5 * half[0]).chain(half[1..].iter().copied());
    let (before, after) = (raw[..=middle].iter().rev(), &raw[middle..]);
    for ((weight, (_, before)), (_, after)) in weights.zip(before).zip(after) {
        for ((s, b), a) in sum.iter_mut().zip(before).zip(after) {
            *s += weight * (b + a);
        }
    }
    sum
}

/// The last samples, side by side: each is written twice, a window apart, so that one of the two rows is never broken.
#[derive(Debug, Clone)]
struct Window {
    twice: Vec<(f64, [f64; 3])>,
    size: usize,
    /// Place of the next sample in the first row, and how many there are.
    place: usize,
    held: usize,
}

impl Window {
    fn new(size: usize) -> Self {
        Self { twice: vec![(0.0, [0.0; 3]); 2 * size], size, place: 0, held: 0 }
    }

    fn cut(&mut self) {
        self.held = 0;
    }

    fn push(&mut self, sample: (f64, [f64; 3])) {
        self.twice[self.place] = sample;
        self.twice[self.place + self.size] = sample;
        self.place = if self.place + 1 < self.size { self.place + 1 } else { 0 };
        self.held = (self.held + 1).min(self.size);
    }

    /// The last samples, oldest first; `None` before there are enough.
    fn whole(&self) -> Option<&[(f64, [f64; 3])]> {
        (self.held == self.size).then(|| &self.twice[self.place..self.place + self.size])
    }
}

/// Half of a symmetric bell of this standard deviation (samples), middle first; the whole of it sums to one.
fn half_window(sigma: f64) -> Vec<f64> {
    let reach = (REACH * sigma).ceil() as u32;
    let bell = |k: u32| libm::exp(-0.5 * (f64::from(k) / sigma) * (f64::from(k) / sigma));
    let whole: f64 = 1.0 + 2.0 * (1..=reach).map(bell).sum::<f64>();
    (0..=reach).map(|k| bell(k) / whole).collect()
}

/// Means of a fixed number of samples, each at the middle of its time.
#[derive(Debug, Clone)]
struct Group {
    size: u32,
    count: u32,
    at_us: f64,
    gyr: [f64; 3],
}

impl Group {
    fn clear(&mut self) {
        self.count = 0;
        self.at_us = 0.0;
        self.gyr = [0.0; 3];
    }

    fn push(&mut self, at_us: f64, gyr: [f64; 3]) -> Option<(f64, [f64; 3])> {
        self.count += 1;
        self.at_us += at_us;
        for (sum, g) in self.gyr.iter_mut().zip(gyr) {
            *sum += g;
        }
        if self.count < self.size {
            return None;
        }
        let share = 1.0 / f64::from(self.size);
        let mean = (self.at_us * share, self.gyr.map(|sum| sum * share));
        self.clear();
        Some(mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_stays_at_its_time_at_every_rate() {
        for rate_hz in [25.0, 50.0, 102.4, 204.8, 398.0, 1000.0] {
            let mut trace = Trace::new(rate_hz);
            for i in 0..(2.0 * rate_hz) as u32 {
                let t = f64::from(i) / rate_hz;
                let bump = 300.0 * libm::exp(-0.5 * ((t - 1.0) / 0.1) * ((t - 1.0) / 0.1));
                trace.push(t * 1e6, [0.0, bump, 0.0]);
            }
            let moments = (trace.oldest()..trace.next()).filter_map(|n| trace.get(n));
            for signal in [|m: &Moment| m.fine[1], |m: &Moment| m.coarse[1]] {
                let (sum, weighed) = moments
                    .clone()
                    .fold((0.0, 0.0), |(sum, weighed), m| (sum + signal(m), weighed + signal(m) * m.at_us));
                // The centre of the bump, and its area: a low-pass moves neither.
                assert!((weighed / sum * 1e-6 - 1.0).abs() < 1e-3, "{rate_hz} Hz: {}", weighed / sum);
                assert!((sum / trace.rate_hz() / (300.0 * 0.1 * 2.506_628) - 1.0).abs() < 0.01, "{rate_hz} Hz");
            }
        }
    }

    #[test]
    fn a_cut_leaves_nothing_from_before() {
        let mut trace = Trace::new(100.0);
        for i in 0..500 {
            trace.push(f64::from(i) * 1e4, [100.0; 3]);
        }
        trace.cut();
        for i in 0..100 {
            trace.push(1e7 + f64::from(i) * 1e4, [0.0; 3]);
        }
        let held: Vec<_> = (0..trace.next()).filter_map(|n| trace.get(n)).collect();
        assert_eq!(held.len(), 70, "fifteen moments on either side of a cut have no whole window");
        assert!(held.iter().all(|m| m.coarse == [0.0; 3] && m.at_us >= 1e7));
    }
}
