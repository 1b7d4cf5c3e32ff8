//! Seeded chance: the only source of variety in the simulator, the same bits on every machine.

/// A small random generator: splitmix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014; constants of its reference code).
///
/// Good enough for noise and variety, useless for secrets. Written here so that a demo of today and a test of next
/// year see the same numbers, whatever a crate decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// A generator; equal seeds give equal numbers.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A generator of its own for a named part, so that what one part draws does not move the others.
    #[must_use]
    pub fn branch(&self, part: u64) -> Self {
        let mut branch = Self { state: self.state ^ part.wrapping_mul(0xD1B5_4A32_D192_ED03) };
        branch.state = branch.bits();
        branch
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to just below 1.
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number from `low` to `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// A number of mean 0 and standard deviation 1, never beyond ±3.5: the sum of four 16-bit numbers, close to a
    /// normal distribution within ±2.5 and cheap (no logarithm per sample of noise).
    pub fn normal(&mut self) -> f64 {
        let bits = self.bits();
        let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48);
        // Each part has the variance (2^32 - 1) / 12; four of them together a deviation of 65,536 / √3.
        (sum as f64 - 2.0 * 65535.0) * (1.732_050_807_568_877_2 / 65536.0)
    }

    /// Whether something of the probability `share` (0 to 1) happens.
    pub fn happens(&mut self, share: f64) -> bool {
        self.share() < share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_sequence_comes_out() {
        // First outputs of splitmix64 for seed 1234567, as its reference implementation prints them.
        let mut chance = Chance::new(1_234_567);
        let first = [chance.bits(), chance.bits(), chance.bits()];
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn noise_has_the_promised_mean_deviation_and_bounds() {
        let mut chance = Chance::new(3);
        let values: Vec<f64> = (0..100_000).map(|_| chance.normal()).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / values.len() as f64;
        assert!(mean.abs() < 0.02, "{mean}");
        assert!((variance - 1.0).abs() < 0.02, "{variance}");
        assert!(values.iter().all(|v| v.abs() < 3.5));
    }

    #[test]
    fn branches_differ_from_each_other_and_repeat_themselves() {
        let root = Chance::new(9);
        assert_eq!(root.branch(1).bits(), root.branch(1).bits());
        assert_ne!(root.branch(1).bits(), root.branch(2).bits());
        let mut shares = root.branch(3);
        assert!((0..1000).all(|_| (0.0..1.0).contains(&shares.share())));
    }
}
