//! What a walk costs, and what a weight adds, as a range; and what a weight at the ankle asks of a knee.

use crate::catalogue::WalkRules;
use crate::person::Body;

/// Joules of a kilocalorie (thermochemical, exact by definition).
const J_PER_KCAL: f64 = 4184.0;
/// Speeds the equation was made for, metres per second.
const SPEEDS: std::ops::RangeInclusive<f64> = 0.2..=1.96;
/// Per cent of the early peak of knee load for each per cent of body mass at the shank of one leg: a simulation of ten
/// healthy young adults (`miller2025`). "About", and never a risk.
const KNEE_PERCENT_PER_PERCENT: f64 = 2.1;

/// A range of kilocalories.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kcal {
    /// From.
    pub low: f64,
    /// To.
    pub high: f64,
}

/// What walking on level ground costs without a weight, kilocalories: 1.44 + 1.94 v^0.43 + 0.24 v^4 watts a kilogram
/// (`lcda2019`, good to 0.20 W/kg). `None` for speeds it was not made for.
pub fn walking_kcal(body: &Body, speed_m_per_s: f64, seconds: f64) -> Option<f64> {
    let known = SPEEDS.contains(&speed_m_per_s) && seconds >= 0.0 && seconds.is_finite();
    if !known {
        return None;
    }
    let squared = speed_m_per_s * speed_m_per_s;
    let w_per_kg = 1.44 + 1.94 * libm::pow(speed_m_per_s, 0.43) + 0.24 * squared * squared;
    Some(w_per_kg * body.mass_kg() * seconds / J_PER_KCAL)
}

/// What the weights add to that, `both_g` grams on both legs together. The range is one study read both ways: 9 per cent
/// more with 1.36 kg, where it is not clear whether on each leg or on both (`graves1988`).
pub fn extra_kcal(body: &Body, both_g: u32, speed_m_per_s: f64, loaded_s: f64, rules: &WalkRules) -> Option<Kcal> {
    let base = walking_kcal(body, speed_m_per_s, loaded_s)?;
    let of = |percent: f64| base * percent / 100.0 * f64::from(both_g) / 1000.0;
    Some(Kcal { low: of(rules.energy_low_percent.value), high: of(rules.energy_high_percent.value) })
}

/// About how much more the knee takes early in stance with a weight above the ankle, per cent.
pub fn knee_load_percent(body: &Body, mass_g: u32) -> f64 {
    KNEE_PERCENT_PER_PERCENT * f64::from(mass_g) / 10.0 / body.mass_kg()
}

/// The most weight on one leg at a cadence, grams: all of `mass_g` for calm walking, less the quicker the steps, none from
/// where walking becomes running.
pub fn most_at(mass_g: u32, cadence_per_min: f64, rules: &WalkRules) -> u32 {
    let (full, none) = (rules.full_to_cadence.value, rules.none_from_cadence.value);
    if !cadence_per_min.is_finite() || none <= full {
        return 0;
    }
    let share = ((none - cadence_per_min) / (none - full)).clamp(0.0, 1.0);
    (f64::from(mass_g) * share) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;

    #[test]
    fn half_an_hour_costs_what_the_equation_says_and_two_kilograms_a_little_more() {
        let catalogue = Catalogue::embedded().unwrap();
        let rules = &catalogue.rules().walk;
        let body = Body::new(170.0, 70.0).unwrap();
        let base = walking_kcal(&body, 1.34, 1800.0).unwrap();
        assert!((base - 132.9).abs() < 0.1, "{base}");
        let extra = extra_kcal(&body, 2000, 1.34, 1800.0, rules).unwrap();
        assert!((extra.low - 8.0).abs() < 0.05 && (extra.high - 18.6).abs() < 0.05, "{extra:?}");
        for speed in [0.0, 2.5, -1.0, f64::NAN] {
            assert_eq!(walking_kcal(&body, speed, 1800.0), None, "{speed}");
        }
        assert_eq!(walking_kcal(&body, 1.3, f64::NAN), None);
    }

    #[test]
    fn a_knee_takes_about_two_per_cent_more_for_each_per_cent_at_the_shank() {
        let body = Body::new(170.0, 70.0).unwrap();
        assert!((knee_load_percent(&body, 700) - 2.1).abs() < 1e-9);
    }

    #[test]
    fn the_quicker_the_steps_the_less_weight() {
        let catalogue = Catalogue::embedded().unwrap();
        let most = |cadence| most_at(1000, cadence, &catalogue.rules().walk);
        assert_eq!([90.0, 120.0, 130.0, 140.0, 180.0].map(most), [1000, 1000, 500, 0, 0]);
        assert_eq!(most(f64::NAN), 0);
    }
}
