//! Trends of a few values: the median of all slopes (Theil 1950, Sen 1968), which no single value bends.

use super::median;
use arrayvec::ArrayVec;

/// Most values looked at: the last ones.
const MOST: usize = 20;
const PAIRS: usize = MOST * (MOST - 1) / 2;

/// A fall.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fall {
    /// The share of its beginning that a line falls by to its end; negative where it rises.
    pub share: f64,
    /// One standard error of that, from how the values scatter about the line.
    pub error: f64,
}

/// How far the line through `values`, evenly spaced, falls; of more than 20 values the last 20. `None` for fewer than
/// three, or where the line does not begin above zero.
pub fn falling(values: &[f64]) -> Option<Fall> {
    let values = &values[values.len().saturating_sub(MOST)..];
    if values.len() < 3 {
        return None;
    }
    let mut slopes: ArrayVec<f64, PAIRS> = ArrayVec::new();
    for (i, early) in values.iter().enumerate() {
        slopes.extend(values.iter().enumerate().skip(i + 1).map(|(j, late)| (late - early) / (j - i) as f64));
    }
    let slope = median(&mut slopes)?;
    let mut levels: ArrayVec<f64, MOST> = values.iter().enumerate().map(|(i, v)| v - slope * i as f64).collect();
    let begins = median(&mut levels)?;
    // 1.4826 of the median distance is the standard deviation of what scatters normally.
    let mut off: ArrayVec<f64, MOST> = levels.iter().map(|level| (level - begins).abs()).collect();
    let deviation = 1.4826 * median(&mut off)?;
    let n = values.len() as f64;
    let error = deviation * (n - 1.0) * (12.0 / (n * (n * n - 1.0))).sqrt() / begins;
    (begins > 0.0).then(|| Fall { share: -slope * (n - 1.0) / begins, error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scatters_says_how_much_its_fall_is_worth() {
        // ±1 about 10: the slope of least squares over ten such values is off by 1 / √(n (n² − 1) / 12).
        let values: Vec<f64> = (0..10).map(|i| if i % 2 == 0 { 11.0 } else { 9.0 }).collect();
        let fall = falling(&values).unwrap();
        assert!(fall.error > fall.share.abs() && (0.05..0.2).contains(&fall.error), "{fall:?}");
    }

    #[test]
    fn a_line_falls_by_its_share_whatever_one_value_does() {
        let mut line: Vec<f64> = (0..11).map(|i| 100.0 - 3.0 * f64::from(i)).collect();
        assert!((falling(&line).unwrap().share - 0.3).abs() < 1e-12);
        line[4] = 500.0;
        assert!((falling(&line).unwrap().share - 0.3).abs() < 0.03);
        line.reverse();
        assert!(falling(&line).unwrap().share < -0.3);
        assert_eq!(falling(&[1.0, 0.5]), None);
        assert_eq!(falling(&[-1.0; 5]), None);
        // The last twenty: a fall that was over long ago is no fall.
        let mut long = vec![200.0; 5];
        long.extend([100.0; 20]);
        assert_eq!(falling(&long), Some(Fall { share: 0.0, error: 0.0 }));
    }
}
