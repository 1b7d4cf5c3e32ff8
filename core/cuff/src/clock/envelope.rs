//! The lower edge of "arrival minus device time": bucketed minima, their lower convex hull, a shrunken slope.
//!
//! The line under all points that lies closest to them on average runs along the hull edge below their mean place
//! (Moon, Skelly and Towsley, "Estimation and removal of clock skew from network delay measurements", 1999). Minima
//! are kept per half second for the offset and per five seconds for the slope: memory and work are bounded however
//! long a session runs.

use arrayvec::ArrayVec;
use talus_motion::Timing;

/// Length of a fine bucket, microseconds.
const FINE_US: f64 = 0.5e6;
/// Fine buckets kept: 64 s.
const FINE: usize = 128;
/// Fine buckets that the slope is taken from where there is no device time: 32 s.
const ESTIMATED: usize = 64;
/// Length of a coarse bucket, microseconds.
const COARSE_US: f64 = 5e6;
/// Coarse buckets kept: over ten minutes.
const COARSE: usize = 128;
/// A bucket touches the line when its minimum is this near, microseconds.
const TOUCH_US: f64 = 5e3;
/// How far crystals are apart (standard deviation of the slope before anything is known), and at most.
const PRIOR: f64 = 30e-6;
pub(super) const CRYSTALS_MAX: f64 = 100e-6;
/// The same for sensors without device time, whose rate may be off by per cents.
const PRIOR_ESTIMATED: f64 = 0.03;
/// How far the ends of a hull may be off where nothing else is known, microseconds: its slope over one minute by 88 ppm.
pub(super) const HULL_US: f64 = 88e-6 * 60e6;
/// No slope beyond this is believed without device time.
const SLOPE_MAX_ESTIMATED: f64 = 0.06;
/// No slope beyond this is believed with device time.
const SLOPE_MAX: f64 = 200e-6;

/// How fast the offset moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slope {
    /// Session microseconds gained per device microsecond.
    pub(super) rate: f64,
    /// Most that it may be off.
    pub(super) doubt: f64,
}

impl Slope {
    /// One that was measured with this spread, believed as far as that earns beside what crystals are like.
    pub(super) fn measured(rate: f64, spread: f64, prior: f64, most: f64) -> Self {
        let trust = prior * prior / (prior * prior + spread * spread);
        let believed = (rate * trust).clamp(-most, most);
        // A slope that no crystal makes, and that no error of this spread makes of one that does: it is not believed, and not
        // overlooked either.
        let strange = if rate.abs() > most + spread { rate } else { rate * trust };
        let doubt = CRYSTALS_MAX * (1.0 - trust) + spread * trust + (strange - believed).abs();
        Self { rate: believed, doubt }
    }
}

/// Lowest point of one bucket.
#[derive(Debug, Clone, Copy)]
struct Low {
    bucket: i64,
    x_us: f64,
    y_us: f64,
}

/// A ring of lowest points, one per stretch of time.
#[derive(Debug)]
struct Lows<const N: usize> {
    length_us: f64,
    ring: ArrayVec<Low, N>,
}

impl<const N: usize> Lows<N> {
    fn new(length_us: f64) -> Self {
        Self { length_us, ring: ArrayVec::new() }
    }

    /// Takes in one point; whether that changed anything.
    fn add(&mut self, x_us: f64, y_us: f64) -> bool {
        let bucket = (x_us / self.length_us).floor() as i64;
        match self.ring.last_mut() {
            // Device time never runs back within a fit, so the newest bucket is the one to compare with.
            Some(low) if low.bucket >= bucket => {
                let lower = y_us < low.y_us;
                if lower {
                    (low.x_us, low.y_us) = (x_us, y_us);
                }
                lower
            }
            _ => {
                if self.ring.is_full() {
                    self.ring.remove(0);
                }
                self.ring.push(Low { bucket, x_us, y_us });
                true
            }
        }
    }
}

/// Lowest points and what follows from them.
#[derive(Debug)]
pub(super) struct Envelope {
    timing: Timing,
    fine: Lows<FINE>,
    coarse: Lows<COARSE>,
    /// Slope and length of the hull that is looked at. Most points are above the lowest of their bucket and change nothing.
    hull: Option<(f64, f64)>,
    first_us: Option<f64>,
    last_us: f64,
}

impl Envelope {
    pub(super) fn new(timing: Timing) -> Self {
        let (fine, coarse) = (Lows::new(FINE_US), Lows::new(COARSE_US));
        Self { timing, fine, coarse, hull: None, first_us: None, last_us: 0.0 }
    }

    /// Takes in one point: device time and arrival minus device time.
    pub(super) fn add(&mut self, x_us: f64, y_us: f64) {
        self.first_us.get_or_insert(x_us);
        self.last_us = x_us;
        let [fine, coarse] = [self.fine.add(x_us, y_us), self.coarse.add(x_us, y_us)];
        let changed = if self.timing == Timing::Device { coarse } else { fine };
        if changed {
            self.hull = hull_slope(self.hull_over());
        }
    }

    /// The points whose hull gives the slope.
    fn hull_over(&self) -> &[Low] {
        match self.timing {
            Timing::Device => &self.coarse.ring,
            // Rates wander with temperature, and the slope is far above the noise: half a minute is enough.
            Timing::Estimated => &self.fine.ring[self.fine.ring.len().saturating_sub(ESTIMATED)..],
        }
    }

    /// Nothing was taken in yet.
    pub(super) fn is_empty(&self) -> bool {
        self.first_us.is_none()
    }

    /// Device time since the first point.
    pub(super) fn age_us(&self) -> f64 {
        self.first_us.map_or(0.0, |first| self.last_us - first)
    }

    /// Spread of the hull's slope as far as it reaches now, where its ends may be off by so much.
    pub(super) fn spread(&self, off_us: f64) -> f64 {
        off_us / self.age_us()
    }

    /// Slope of the offset: session microseconds gained per device microsecond, where the hull's ends may be off by so much.
    pub(super) fn slope(&self, off_us: f64) -> Slope {
        let (prior, most) = match self.timing {
            Timing::Device => (PRIOR, SLOPE_MAX),
            Timing::Estimated => (PRIOR_ESTIMATED, SLOPE_MAX_ESTIMATED),
        };
        let Some((slope, span_us)) = self.hull else { return Slope { rate: 0.0, doubt: CRYSTALS_MAX } };
        Slope::measured(slope, off_us / span_us, prior, most)
    }

    /// The offset at `x_us` of the line of this slope under all points of so long a stretch before it, or through the newest
    /// where that has none.
    pub(super) fn floor_at(&self, x_us: f64, slope: f64, window_us: f64) -> f64 {
        let at = |low: &Low| low.y_us + slope * (x_us - low.x_us);
        let floor_us = self.window(x_us, window_us).map(at).reduce(f64::min);
        floor_us.or_else(|| self.fine.ring.last().map(at)).unwrap_or(0.0)
    }

    /// How many fine buckets of the stretch come near that line.
    pub(super) fn touches(&self, x_us: f64, slope: f64, window_us: f64) -> usize {
        let limit_us = self.floor_at(x_us, slope, window_us) + TOUCH_US;
        self.window(x_us, window_us).filter(|low| low.y_us + slope * (x_us - low.x_us) <= limit_us).count()
    }

    /// Points of the stretch.
    fn window(&self, x_us: f64, window_us: f64) -> impl Iterator<Item = &Low> {
        self.fine.ring.iter().filter(move |low| x_us - low.x_us <= window_us)
    }
}

/// Slope of the lower hull's edge below the mean place, and the distance from first to last point; `None` for
/// fewer than two points.
fn hull_slope(lows: &[Low]) -> Option<(f64, f64)> {
    let (first, last) = (lows.first()?, lows.last()?);
    let span_us = last.x_us - first.x_us;
    if span_us <= 0.0 {
        return None;
    }
    let mut hull: ArrayVec<&Low, COARSE> = ArrayVec::new();
    for low in lows {
        while let [.., a, b] = hull.as_slice() {
            let turn = (b.x_us - a.x_us) * (low.y_us - a.y_us) - (b.y_us - a.y_us) * (low.x_us - a.x_us);
            if turn > 0.0 {
                break;
            }
            hull.pop();
        }
        hull.push(low);
    }
    let mean_us = lows.iter().map(|low| low.x_us - first.x_us).sum::<f64>() / lows.len() as f64 + first.x_us;
    let edge = hull.windows(2).find(|edge| edge[1].x_us >= mean_us)?;
    Some(((edge[1].y_us - edge[0].y_us) / (edge[1].x_us - edge[0].x_us), span_us))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hull_edge_below_the_mean_gives_the_slope() {
        // Points above the line y = 2 + 0.5 x, three of them on it.
        let lows: Vec<_> = [(0.0, 2.0), (1.0, 9.0), (2.0, 3.0), (3.0, 4.5), (4.0, 4.0), (5.0, 8.0)]
            .into_iter()
            .map(|(x_us, y_us)| Low { bucket: 0, x_us, y_us })
            .collect();
        assert_eq!(hull_slope(&lows), Some((0.5, 5.0)));
        assert_eq!(hull_slope(&lows[..1]), None);
    }

    #[test]
    fn the_slope_is_that_of_the_points_there_are_however_few_of_them_change_it() {
        for timing in [Timing::Device, Timing::Estimated] {
            let mut envelope = Envelope::new(timing);
            let mut state = 7_u64;
            for i in 0..20_000 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let late_us = (state >> 40) as f64 / 100.0;
                envelope.add(f64::from(i) * 7e4, 2e-5 * f64::from(i) * 7e4 + late_us);
                assert_eq!(envelope.hull, hull_slope(envelope.hull_over()), "{timing:?} at {i}");
            }
            assert_ne!(envelope.slope(HULL_US).rate, 0.0);
        }
    }

    #[test]
    fn memory_stays_bounded_over_a_day() {
        let mut envelope = Envelope::new(Timing::Device);
        for i in 0..864_000 {
            envelope.add(f64::from(i) * 1e5, 0.0);
        }
        assert_eq!((envelope.fine.ring.len(), envelope.coarse.ring.len()), (FINE, COARSE));
        assert_eq!(envelope.slope(HULL_US).rate, 0.0);
    }
}
