//! Medians: of a slice sorted in place, and of the last few values.

use arrayvec::ArrayVec;

/// The median of `values`, which are put in order; `None` for an empty slice. Not-a-number sorts last.
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 1 => values.get(middle).copied(),
        _ => Some(0.5 * (values[middle - 1] + values[middle])),
    }
}

/// The last `N` values, oldest first.
#[derive(Debug, Clone, Default)]
pub struct Recent<const N: usize> {
    values: ArrayVec<f64, N>,
}

impl<const N: usize> Recent<N> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { values: ArrayVec::new() }
    }

    /// Takes a value, forgetting the oldest when full.
    pub fn push(&mut self, value: f64) {
        if self.values.is_full() {
            self.values.remove(0);
        }
        self.values.push(value);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.values.clear();
    }

    /// How many values are held.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The median of what is held.
    pub fn median(&self) -> Option<f64> {
        let mut sorted = self.values.clone();
        median(&mut sorted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_count_lies_between_the_middle_two() {
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&mut [9.0, 1.0, 5.0]), Some(5.0));
        assert_eq!(median(&mut []), None);
    }

    #[test]
    fn recent_values_push_the_oldest_out() {
        let mut recent = Recent::<3>::new();
        for v in [100.0, 1.0, 2.0, 3.0] {
            recent.push(v);
        }
        assert_eq!(recent.median(), Some(2.0));
        assert_eq!(recent.len(), 3);
    }
}
