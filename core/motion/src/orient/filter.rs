//! A second-order Butterworth low-pass that starts as a running mean, so that its first seconds carry no jump.

/// Coefficients of the low-pass for one time constant and one sample period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Coefficients {
    b: [f64; 3],
    a: [f64; 2],
    tau_s: f64,
}

impl Coefficients {
    /// A low-pass whose damping reaches −3 dB at `√2 / (2π tau)`; the identity where `tau_s` is shorter than
    /// half a sample period.
    pub(super) fn new(tau_s: f64, period_s: f64) -> Self {
        if tau_s < 0.5 * period_s {
            return Self { b: [1.0, 0.0, 0.0], a: [0.0, 0.0], tau_s };
        }
        let cut_off_hz = core::f64::consts::SQRT_2 / (core::f64::consts::TAU * tau_s);
        let c = libm::tan(core::f64::consts::PI * cut_off_hz * period_s);
        let square = c * c;
        let scale = 1.0 / (square + core::f64::consts::SQRT_2 * c + 1.0);
        let b0 = square * scale;
        Self {
            b: [b0, 2.0 * b0, b0],
            a: [2.0 * (square - 1.0) * scale, (1.0 - core::f64::consts::SQRT_2 * c + square) * scale],
            tau_s,
        }
    }
}

/// The low-pass over `N` signals at once.
#[derive(Debug, Clone)]
pub(super) struct LowPass<const N: usize> {
    /// Seconds averaged so far while starting; at or above the time constant the recursion runs.
    started_s: f64,
    count: u32,
    running: bool,
    sum: [f64; N],
    /// The recursion's two memories, each signal beside the next: so they are computed two or four at once.
    state: [[f64; N]; 2],
    last: [f64; N],
}

impl<const N: usize> LowPass<N> {
    pub(super) fn new() -> Self {
        Self { started_s: 0.0, count: 0, running: false, sum: [0.0; N], state: [[0.0; N]; 2], last: [0.0; N] }
    }

    /// The newest output.
    pub(super) fn last(&self) -> [f64; N] {
        self.last
    }

    /// Takes one sample of each signal and gives the smoothed ones.
    pub(super) fn push(&mut self, x: [f64; N], period_s: f64, with: &Coefficients) -> [f64; N] {
        if self.running {
            let [near, far] = &mut self.state;
            for i in 0..N {
                let y = with.b[0] * x[i] + near[i];
                near[i] = with.b[1] * x[i] - with.a[0] * y + far[i];
                far[i] = with.b[2] * x[i] - with.a[1] * y;
                self.last[i] = y;
            }
            return self.last;
        }
        self.count += 1;
        self.started_s += period_s;
        for ((sum, x), y) in self.sum.iter_mut().zip(x).zip(&mut self.last) {
            *sum += x;
            *y = *sum / f64::from(self.count);
        }
        // A hair below the time constant counts as reached: seconds are summed in floating point.
        if self.started_s >= with.tau_s - 1e-9 {
            self.running = true;
            self.state = [self.last.map(|y| y * (1.0 - with.b[0])), self.last.map(|y| y * (with.b[2] - with.a[1]))];
        }
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_passes_unchanged_from_the_first_sample() {
        let with = Coefficients::new(0.5, 0.01);
        let mut filter = LowPass::<2>::new();
        for _ in 0..500 {
            let y = filter.push([3.0, -7.5], 0.01, &with);
            assert!((y[0] - 3.0).abs() < 1e-9 && (y[1] + 7.5).abs() < 1e-9, "{y:?}");
        }
    }

    #[test]
    fn a_fast_oscillation_is_taken_away() {
        let with = Coefficients::new(0.5, 0.01);
        let mut filter = LowPass::<1>::new();
        let mut largest: f64 = 0.0;
        for i in 0..2000 {
            let y = filter.push([libm::sin(f64::from(i) * 0.01 * 10.0 * core::f64::consts::TAU)], 0.01, &with);
            if i > 500 {
                largest = largest.max(y[0].abs());
            }
        }
        // Two poles, a cut-off of 0.45 Hz: 10 Hz is passed at about (0.45/10)² = 0.2 %.
        assert!(largest < 0.003, "{largest}");
    }

    #[test]
    fn a_time_constant_below_the_period_leaves_the_signal_alone() {
        let with = Coefficients::new(0.001, 0.01);
        let mut filter = LowPass::<1>::new();
        assert_eq!(filter.push([4.0], 0.01, &with), [4.0]);
        assert_eq!(filter.push([9.0], 0.01, &with), [9.0]);
    }
}
