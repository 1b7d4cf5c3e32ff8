//! Small deterministic chance: [`Chance`], the same for the same seed everywhere (SplitMix64).
#![allow(dead_code)] // not every test needs all of it

/// Drawn from a seed.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }

    pub(crate) fn happens(&mut self, percent: u64) -> bool {
        (self.below(100) as u64) < percent
    }
}
