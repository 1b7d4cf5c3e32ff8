//! [`Person`]: what of somebody decides a load. Names, goals and history live elsewhere.

use serde::{Deserialize, Serialize};

/// Why a person cannot be described so. What was typed is at fault.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum PersonError {
    /// Nobody uses Talus at that age.
    #[error("use an age of {years} years: it is not from 5 to 110")]
    Age {
        /// What was typed, years.
        years: u16,
    },
    /// Nobody is that tall.
    #[error("use a height of {cm} cm: it is not from 90 to 230")]
    Height {
        /// What was typed, centimetres.
        cm: f64,
    },
    /// Nobody weighs that.
    #[error("use a body mass of {kg} kg: it is not from 20 to 300")]
    Mass {
        /// What was typed, kilograms.
        kg: f64,
    },
}

/// Height and mass: what levers and caps follow from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Body {
    height_m: f64,
    mass_kg: f64,
}

impl Body {
    /// From centimetres (90 to 230) and kilograms (20 to 300): wide enough for everybody, narrow enough for a slip of
    /// the unit (pounds, inches, metres) to be noticed.
    pub fn new(height_cm: f64, mass_kg: f64) -> Result<Self, PersonError> {
        if !(90.0..=230.0).contains(&height_cm) {
            return Err(PersonError::Height { cm: height_cm });
        }
        if !(20.0..=300.0).contains(&mass_kg) {
            return Err(PersonError::Mass { kg: mass_kg });
        }
        Ok(Self { height_m: height_cm / 100.0, mass_kg })
    }

    /// Metres.
    pub fn height_m(&self) -> f64 {
        self.height_m
    }

    /// Kilograms.
    pub fn mass_kg(&self) -> f64 {
        self.mass_kg
    }
}

/// How used to strength work somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// New to it, or back after a long time.
    Beginner,
    /// Trains regularly.
    Trained,
}

/// Somebody who trains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Person {
    age: u8,
    body: Body,
    level: Level,
}

impl Person {
    /// From age in years (5 to 110), body and level.
    pub fn new(age: u16, body: Body, level: Level) -> Result<Self, PersonError> {
        match u8::try_from(age) {
            Ok(years @ 5..=110) => Ok(Self { age: years, body, level }),
            _ => Err(PersonError::Age { years: age }),
        }
    }

    /// Years.
    pub fn age(&self) -> u8 {
        self.age
    }

    /// Height and mass.
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// How used to strength work.
    pub fn level(&self) -> Level {
        self.level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_people_are_refused_by_what_is_wrong() {
        for (height, mass) in [(1.7, 70.0), (f64::NAN, 70.0), (231.0, 70.0), (-170.0, 70.0)] {
            assert!(matches!(Body::new(height, mass), Err(PersonError::Height { .. })), "{height}");
        }
        for mass in [0.0, f64::INFINITY, f64::NAN, 19.9, 301.0] {
            assert!(matches!(Body::new(170.0, mass), Err(PersonError::Mass { .. })), "{mass}");
        }
        let body = Body::new(170.0, 70.0).unwrap();
        for age in [0, 4, 111, 300, u16::MAX] {
            assert!(matches!(Person::new(age, body, Level::Beginner), Err(PersonError::Age { .. })), "{age}");
        }
        assert_eq!(Person::new(64, body, Level::Trained).unwrap().age(), 64);
    }
}
