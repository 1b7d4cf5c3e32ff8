//! What a weight at the cuff asks of a joint: torque at an angle, where it pulls and where it does not, work a repetition.
//!
//! Everything is gravity on levers: the weight acts straight down, so its torque is mass times g times how far it is to
//! the side of the joint. Segment lengths and masses are fractions of height and body mass (the source `winter`: Drillis
//! and Contini lengths, Dempster masses), so limb torque is a model, good to about a tenth; the torque of the weight
//! itself depends on lengths only. Ground, speed and muscle are not in it.

use crate::catalogue::{Effect, Exercise, Joint, Lever};
use crate::person::Body;

/// Gravity, m/s².
const G: f64 = 9.81;
/// Lengths as shares of height.
const THIGH: f64 = 0.245;
const SHANK: f64 = 0.246;
/// Middle of the cuff above the ankle bone, m.
const CUFF_ABOVE_ANKLE_M: f64 = 0.04;
/// From the ankle to a cuff on the forefoot, m: measured on no foot yet, so an assumption.
const FOREFOOT_M: f64 = 0.12;
/// Masses as shares of body mass, and how far down their segment they act.
const SHANK_AND_FOOT: (f64, f64) = (0.061, 0.606);
const WHOLE_LEG: (f64, f64) = (0.161, 0.447);
const THIGH_ALONE: (f64, f64) = (0.100, 0.433);
/// Middle of a range: from and to, as shares of it.
const MIDDLE: (f64, f64) = (0.25, 0.75);
/// From this share of the peak on, torque counts as high.
const HIGH_SHARE: f64 = 0.85;
/// Below this share of the peak the weight does next to nothing.
const IDLE_SHARE: f64 = 0.15;

/// Torque about a joint, newton metres, without its sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Torque {
    /// Of the weight.
    pub cuff_nm: f64,
    /// Of the limb itself; `None` where no model of it is known (the foot).
    pub limb_nm: Option<f64>,
}

impl Torque {
    /// Both together, where both are known.
    pub fn total_nm(&self) -> Option<f64> {
        self.limb_nm.map(|limb| self.cuff_nm + limb)
    }
}

/// Part of a range, degrees from the start pose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// From.
    pub from_deg: f64,
    /// To.
    pub to_deg: f64,
}

impl Window {
    /// Whether an angle lies in it.
    pub fn holds(&self, angle_deg: f64) -> bool {
        (self.from_deg..=self.to_deg).contains(&angle_deg)
    }
}

/// One exercise on one body: what a weight does there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mechanics {
    lever: Lever,
    joint: Joint,
    level_at_deg: f64,
    range_deg: f64,
    counterweight: bool,
    body: Body,
}

/// From the knee to the cuff above the ankle, m.
pub fn knee_to_cuff_m(body: &Body) -> f64 {
    SHANK * body.height_m() - CUFF_ABOVE_ANKLE_M
}

/// From the hip to the cuff above the ankle of a straight leg, m.
pub fn hip_to_cuff_m(body: &Body) -> f64 {
    THIGH * body.height_m() + knee_to_cuff_m(body)
}

fn level_share(from_level_deg: f64) -> f64 {
    libm::fabs(libm::cos(from_level_deg.to_radians()))
}

impl Mechanics {
    /// `None` where a weight has no lever in this exercise: the foot stays down, or the cuff sits on the joint.
    pub fn of(exercise: &Exercise, body: &Body) -> Option<Self> {
        let turn = exercise.weight.turn?;
        Some(Self {
            lever: turn.lever,
            joint: turn.joint,
            level_at_deg: turn.level_at_deg,
            range_deg: exercise.model.range_deg,
            counterweight: exercise.weight.effect == Effect::Counter,
            body: *body,
        })
    }

    /// The same over a person's own range.
    #[must_use]
    pub fn over(self, range_deg: f64) -> Self {
        if range_deg > 0.0 && range_deg <= 180.0 { Self { range_deg, ..self } } else { self }
    }

    /// The joint that works.
    pub fn joint(&self) -> Joint {
        self.joint
    }

    /// Whether the weight takes load off the standing leg instead of adding to it.
    pub fn counterweight(&self) -> bool {
        self.counterweight
    }

    /// How far the weight is from the joint, m.
    pub fn lever_m(&self) -> f64 {
        let (thigh, shank) = (THIGH * self.body.height_m(), knee_to_cuff_m(&self.body));
        match self.lever {
            Lever::Foot => FOREFOOT_M,
            Lever::Shank => shank,
            Lever::Thigh => thigh,
            // Thigh and shin at a right angle: the weight hangs at the far end of the diagonal.
            Lever::BentLeg => libm::hypot(thigh, shank),
            Lever::Leg => thigh + shank,
        }
    }

    /// Torque of `mass_g` about the joint that works, at an angle from the start pose.
    pub fn torque(&self, mass_g: u32, angle_deg: f64) -> Torque {
        let off = angle_deg - self.level_at_deg;
        let cuff_nm = kilograms(mass_g) * G * self.lever_m() * level_share(off);
        Torque { cuff_nm, limb_nm: self.limb_nm(off) }
    }

    /// Torque about the knee that a straight leg holds straight; `None` where the knee is not held so.
    pub fn at_straight_knee(&self, mass_g: u32, angle_deg: f64) -> Option<Torque> {
        if self.lever != Lever::Leg {
            return None;
        }
        let share = level_share(angle_deg - self.level_at_deg);
        let limb = self.body.mass_kg() * SHANK_AND_FOOT.0 * G * SHANK_AND_FOOT.1 * SHANK * self.body.height_m();
        let cuff_nm = kilograms(mass_g) * G * knee_to_cuff_m(&self.body) * share;
        Some(Torque { cuff_nm, limb_nm: Some(limb * share) })
    }

    fn limb_nm(&self, off_level_deg: f64) -> Option<f64> {
        let (height, mass) = (self.body.height_m(), self.body.mass_kg());
        let (thigh, shank) = (THIGH * height, SHANK * height);
        let (shank_kg, thigh_kg) = (mass * SHANK_AND_FOOT.0, mass * THIGH_ALONE.0);
        let share = level_share(off_level_deg);
        match self.lever {
            Lever::Foot => None,
            Lever::Shank => Some(shank_kg * G * SHANK_AND_FOOT.1 * shank * share),
            Lever::Leg => Some(mass * WHOLE_LEG.0 * G * WHOLE_LEG.1 * (thigh + shank) * share),
            // The shin hangs from the knee: all of it acts there.
            Lever::Thigh => Some(G * (thigh_kg * THIGH_ALONE.1 + shank_kg) * thigh * share),
            Lever::BentLeg => {
                // The diagonal is level where thigh and shin are at 45° to the ground, near enough.
                let (sin, cos) = libm::sincos((off_level_deg + 45.0).to_radians());
                let aside =
                    thigh_kg * THIGH_ALONE.1 * thigh * sin + shank_kg * (thigh * sin + SHANK_AND_FOOT.1 * shank * cos);
                Some(G * libm::fabs(aside))
            }
        }
    }

    /// Highest torque of the weight within the range.
    pub fn peak(&self, mass_g: u32) -> Torque {
        self.torque(mass_g, self.peak_at_deg())
    }

    /// Angle within the range at which the weight pulls hardest.
    pub fn peak_at_deg(&self) -> f64 {
        self.level_at_deg.clamp(0.0, self.range_deg)
    }

    /// The middle half of the range.
    pub fn middle(&self) -> Window {
        Window { from_deg: MIDDLE.0 * self.range_deg, to_deg: MIDDLE.1 * self.range_deg }
    }

    /// Where the weight pulls with at least 85 % of its peak within the range.
    pub fn high(&self) -> Window {
        self.around_peak(HIGH_SHARE)
    }

    /// Where the weight does next to nothing: before and after this window. `None` where it always does something.
    pub fn working(&self) -> Option<Window> {
        let working = self.around_peak(IDLE_SHARE);
        (working.from_deg > 0.0 || working.to_deg < self.range_deg).then_some(working)
    }

    /// Where torque stays at or above a share of the peak: one window, because the range is below a half turn.
    fn around_peak(&self, share: f64) -> Window {
        let peak = level_share(self.peak_at_deg() - self.level_at_deg);
        let half = libm::acos((share * peak).clamp(0.0, 1.0)).to_degrees();
        Window {
            from_deg: (self.level_at_deg - half).clamp(0.0, self.range_deg),
            to_deg: (self.level_at_deg + half).clamp(0.0, self.range_deg),
        }
    }

    /// Work of one lift against the weight from the start pose to `reached_deg`, joules: torque summed over angle.
    pub fn lift_work_j(&self, mass_g: u32, reached_deg: f64) -> f64 {
        let reached = reached_deg.clamp(0.0, 180.0);
        let swept =
            abs_cos_area((reached - self.level_at_deg).to_radians()) - abs_cos_area((-self.level_at_deg).to_radians());
        kilograms(mass_g) * G * self.lever_m() * swept
    }
}

fn kilograms(grams: u32) -> f64 {
    f64::from(grams) / 1000.0
}

/// Area under |cos| from zero to `x` radians, for |x| up to a half turn.
fn abs_cos_area(x: f64) -> f64 {
    let quarter = core::f64::consts::FRAC_PI_2;
    let size = libm::fabs(x);
    let area = if size <= quarter { libm::sin(size) } else { 2.0 - libm::sin(size) };
    if x < 0.0 { -area } else { area }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    fn golden_body() -> Body {
        Body::new(170.0, 70.0).unwrap()
    }

    fn of(id: &str) -> Mechanics {
        let catalogue = Catalogue::embedded().unwrap();
        Mechanics::of(catalogue.exercise(id).unwrap(), &golden_body()).unwrap()
    }

    fn near(value: f64, expected: f64, within: f64) -> bool {
        libm::fabs(value - expected) <= within
    }

    #[test]
    fn levers_and_limbs_have_the_golden_values() {
        let body = golden_body();
        assert!(near(THIGH * body.height_m(), 0.4165, 5e-5));
        assert!(near(knee_to_cuff_m(&body), 0.3782, 5e-5) && near(hip_to_cuff_m(&body), 0.7947, 5e-5));
        assert!(near(of("knee_ext_seated").torque(0, 90.0).limb_nm.unwrap(), 10.62, 5e-3));
        assert!(near(of("quad_set_slr").torque(0, 0.0).limb_nm.unwrap(), 41.25, 5e-3));
        assert_eq!(of("toe_raise_foot").torque(500, 0.0).total_nm(), None);
    }

    #[test]
    fn torque_at_an_angle_has_the_golden_values() {
        for (id, mass_g, angle, expected) in [
            ("knee_ext_seated", 2000, 0.0, 0.0),
            ("knee_ext_seated", 2000, 45.0, 5.25),
            ("knee_ext_seated", 2000, 85.0, 7.39),
            ("quad_set_slr", 1000, 0.0, 7.8),
            ("quad_set_slr", 1000, 45.0, 5.51),
            ("side_abd", 2000, 0.0, 15.59),
            ("side_abd", 2000, 35.0, 12.77),
            ("stand_abd", 2000, 30.0, 7.8),
            ("knee_flex_prone", 2000, 0.0, 7.42),
            ("knee_flex_prone", 2000, 90.0, 0.0),
            ("donkey_kick", 2000, 0.0, 7.81),
            ("donkey_kick", 2000, 45.0, 11.04),
        ] {
            let torque = of(id).torque(mass_g, angle).cuff_nm;
            assert!(near(torque, expected, 5.1e-3), "{id} at {angle}: {torque}");
        }
    }

    #[test]
    fn peaks_and_windows_of_every_exercise_are_those_of_the_draft() {
        // Newton metres a kilogram, angle of the peak, middle, high: as drafted, to the draft's whole degrees.
        type Drafted<'a> = (&'a str, f64, f64, (f64, f64), (f64, f64));
        let golden: &[Drafted<'_>] = &[
            ("knee_ext_seated", 3.7, 85.0, (21.0, 64.0), (58.0, 85.0)),
            ("knee_ext_short_arc", 3.71, 30.0, (8.0, 22.0), (0.0, 30.0)),
            ("knee_ext_hold", 3.65, 80.0, (20.0, 60.0), (57.0, 80.0)),
            ("knee_flex_prone", 3.71, 0.0, (24.0, 71.0), (0.0, 31.0)),
            ("knee_flex_prone_slow", 3.71, 0.0, (24.0, 71.0), (0.0, 31.0)),
            ("knee_flex_standing", 3.71, 90.0, (22.0, 68.0), (58.0, 90.0)),
            ("quad_set_slr", 7.8, 0.0, (11.0, 34.0), (0.0, 32.0)),
            ("quad_set_slr_unloaded", 7.8, 0.0, (11.0, 34.0), (0.0, 32.0)),
            ("side_abd", 7.8, 0.0, (9.0, 26.0), (0.0, 32.0)),
            ("side_add", 7.8, 0.0, (5.0, 15.0), (0.0, 20.0)),
            ("prone_hip_ext", 7.8, 0.0, (4.0, 14.0), (0.0, 18.0)),
            ("reverse_clam", 3.71, 0.0, (9.0, 26.0), (0.0, 32.0)),
            ("seat_er", 1.86, 30.0, (8.0, 22.0), (25.0, 30.0)),
            ("seat_ir", 1.86, 30.0, (8.0, 22.0), (25.0, 30.0)),
            ("stand_abd", 3.9, 30.0, (8.0, 22.0), (25.0, 30.0)),
            ("stand_ext", 2.67, 20.0, (5.0, 15.0), (17.0, 20.0)),
            ("stand_flex", 5.51, 45.0, (11.0, 34.0), (37.0, 45.0)),
            ("stand_march", 4.02, 80.0, (20.0, 60.0), (57.0, 80.0)),
            ("seat_march", 4.09, 0.0, (6.0, 19.0), (0.0, 25.0)),
            ("hip_circle", 2.67, 20.0, (5.0, 15.0), (17.0, 20.0)),
            ("donkey_kick", 5.52, 45.0, (19.0, 56.0), (14.0, 75.0)),
            ("quad_leg_ext", 7.8, 30.0, (8.0, 24.0), (0.0, 32.0)),
            ("fire_hydrant", 2.63, 40.0, (10.0, 30.0), (33.0, 40.0)),
            ("dead_bug_leg", 5.52, 45.0, (11.0, 34.0), (13.0, 45.0)),
            ("alt_leg_lower", 6.75, 60.0, (15.0, 45.0), (48.0, 60.0)),
            ("side_plank_abd", 7.8, 0.0, (6.0, 19.0), (0.0, 25.0)),
            ("step_tap", 2.89, 45.0, (11.0, 34.0), (37.0, 45.0)),
            ("sl_rdl", 7.53, 75.0, (19.0, 56.0), (56.0, 75.0)),
            ("toe_raise_foot", 1.18, 0.0, (5.0, 15.0), (0.0, 20.0)),
            ("sls_reach", 3.9, 30.0, (8.0, 22.0), (25.0, 30.0)),
        ];
        let catalogue = Catalogue::embedded().unwrap();
        assert_eq!(catalogue.exercises().filter(|exercise| exercise.weight.turn.is_some()).count(), golden.len());
        for (id, per_kg, peak_at, middle, high) in golden {
            let mechanics = of(id);
            assert!(near(mechanics.peak(1000).cuff_nm, *per_kg, 6e-3), "{id}: {}", mechanics.peak(1000).cuff_nm);
            assert_eq!(mechanics.peak_at_deg(), *peak_at, "{id}");
            for (window, (from, to)) in [(mechanics.middle(), middle), (mechanics.high(), high)] {
                let fits = near(window.from_deg, *from, 1.0) && near(window.to_deg, *to, 1.0);
                assert!(fits, "{id}: {window:?} is not {from} to {to}");
            }
        }
    }

    #[test]
    fn a_planted_foot_gives_a_weight_no_lever() {
        let catalogue = Catalogue::embedded().unwrap();
        for id in ["sit_to_stand", "calf_raise", "calf_raise_bent", "heel_slide", "clam_note", "walk"] {
            assert_eq!(Mechanics::of(catalogue.exercise(id).unwrap(), &golden_body()), None, "{id}");
        }
        assert!(of("sl_rdl").counterweight() && !of("side_abd").counterweight());
    }

    #[test]
    fn a_weight_does_nothing_where_it_hangs_under_the_joint() {
        let seated = of("knee_ext_seated");
        let working = seated.working().unwrap();
        // 15 % of the peak: sin 8.6° is 0.15.
        assert!(near(working.from_deg, 8.6, 0.1) && working.to_deg == 85.0, "{working:?}");
        assert!(!working.holds(5.0) && working.holds(45.0));
        assert_eq!(of("side_abd").working(), None);
        let curl = of("knee_flex_prone").working().unwrap();
        assert!(curl.from_deg == 0.0 && near(curl.to_deg, 81.4, 0.1), "{curl:?}");
    }

    #[test]
    fn work_of_a_lift_is_the_weight_times_how_far_it_rises() {
        // Energy is the witness: a weight gains mass times g times height, whatever the path.
        let body = golden_body();
        let seated = of("knee_ext_seated");
        let rise = knee_to_cuff_m(&body) * (1.0 - libm::cos(85.0_f64.to_radians()));
        assert!(near(seated.lift_work_j(2000, 85.0), 2.0 * G * rise, 1e-9));
        let raise = of("quad_set_slr");
        let rise = hip_to_cuff_m(&body) * libm::sin(45.0_f64.to_radians());
        assert!(near(raise.lift_work_j(1000, 45.0), G * rise, 1e-9));
        // Past upright the weight falls again; what counts then is the torque, not the height.
        let curl = of("knee_flex_prone");
        assert!(curl.lift_work_j(1000, 95.0) > curl.lift_work_j(1000, 90.0));
        assert_eq!((curl.lift_work_j(0, 90.0), curl.lift_work_j(1000, -5.0)), (0.0, 0.0));
    }

    #[test]
    fn a_straight_leg_loads_the_knee_as_well() {
        let raise = of("quad_set_slr").at_straight_knee(1000, 0.0).unwrap();
        assert!(near(raise.cuff_nm, 3.71, 5e-3) && near(raise.limb_nm.unwrap(), 10.62, 5e-3));
        assert_eq!(of("donkey_kick").at_straight_knee(1000, 0.0), None);
    }
}
