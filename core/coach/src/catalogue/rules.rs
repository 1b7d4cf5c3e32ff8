//! [`Rules`]: the thresholds of every rule, as data with version, source, reviewer and whether the number was read.

use serde::Deserialize;

/// Whose number it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Talus's own rule: reviewed by nobody yet, and never shown as research.
    ProductPolicy,
    /// A number that stands in the source named.
    Source,
}

/// One threshold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The number, in [`unit`](Self::unit).
    pub value: f64,
    /// What it counts.
    pub unit: String,
    /// Grows whenever the value changes.
    pub version: u32,
    /// Whose number it is.
    pub basis: Basis,
    /// Source it comes from or leans on; empty where there is none.
    #[serde(default)]
    pub source: String,
    /// Who has reviewed it; empty where nobody has.
    pub reviewer: String,
    /// Whether the number was read in its source.
    pub verified: bool,
}

impl Threshold {
    /// As a whole number; what a threshold cannot be (negative) is zero.
    pub fn whole(&self) -> u32 {
        self.value.max(0.0) as u32
    }

    /// Whether a value is at or above it.
    pub fn reached(&self, value: impl Into<f64>) -> bool {
        value.into() >= self.value
    }
}

/// Writes each group of thresholds down once: its struct, and its part of [`Rules::all`].
macro_rules! groups {
    ($($(#[$doc:meta])* $group:ident: $name:ident { $($(#[$of:meta])* $field:ident,)+ })+) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(clippy::struct_field_names, reason = "the unit belongs in the name")]
        pub struct $name { $($(#[$of])* pub $field: Threshold,)+ })+

        /// Every threshold, by what it is for.
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Rules { $($(#[$doc])* pub $group: $name,)+ }

        impl Rules {
            /// Every threshold with its name.
            pub fn all(&self) -> Vec<(&'static str, &Threshold)> {
                vec![$($((concat!(stringify!($group), ".", stringify!($field)), &self.$group.$field),)+)+]
            }
        }
    };
}

groups! {
    /// Weight on one leg that no rule, plan or person goes past.
    ceiling: CeilingRules {
        /// Grams on one leg.
        hard_g,
        /// Grams on one leg, from age 65 or with any joint flag.
        hard_care_g,
        /// Years.
        care_from_age,
        /// Years; below it no load without a plan.
        alone_from_age,
        /// Share of the cap that is left from age 65 or with any joint flag.
        care_share,
        /// Percent of body mass, one leg.
        short_lever_percent,
        /// Percent of body mass, one leg.
        long_lever_percent,
        /// Percent of body mass, one leg.
        balance_percent,
        /// Percent of body mass, one leg.
        walk_percent,
        /// Percent of body mass, one leg, from age 65.
        walk_care_percent,
        /// Percent of body mass, one leg.
        walk_begin_percent,
    }
    /// Pain from 0 to 10: up to `go` as planned, from `lighter` no rise, from `stop` no more of this exercise.
    pain: PainRules {
        /// 0 to 10.
        go_to,
        /// 0 to 10.
        lighter_from,
        /// 0 to 10.
        stop_from,
        /// Points above the usual, next morning.
        morning_rise,
    }
    /// What comes before the first weight, and before more of it.
    gate: GateRules {
        /// Sessions.
        unloaded_sessions,
        /// 0 to 100.
        form_least,
        /// 0 to 100; below it a step down.
        form_hold,
        /// Share of the own range.
        range_share,
        /// Sessions.
        sessions_met,
    }
    /// How much more at once.
    step: StepRules {
        /// Percent more torque, limb and cuff.
        torque_percent,
        /// Percent more torque after extra repetitions.
        torque_earned_percent,
        /// Repetitions beyond the top of the range.
        extra_reps,
        /// Repetitions in reserve.
        outgrown_reserve,
        /// Sessions.
        plateau_exposures,
        /// Percent between the sides.
        gap_percent,
    }
    /// What a set has to ask for to count as a stimulus.
    effort: EffortRules {
        /// Repetitions in reserve.
        reserve_most,
        /// Repetitions.
        reps_most,
        /// Repetitions in reserve.
        too_light_reserve,
        /// Repetitions in reserve, from age 65 or with any joint flag.
        care_reserve_least,
    }
    /// A week that asks for less.
    lighter_week: LighterWeekRules {
        /// Weeks.
        every_weeks,
        /// Percent.
        sets_off_percent,
        /// Percent.
        load_off_percent,
        /// Percent, from age 65 or with any joint flag.
        care_sets_off_percent,
        /// Percent.
        range_drop_percent,
        /// Percent.
        rate_drop_percent,
        /// Repetitions in reserve.
        reserve_drop,
    }
    /// After days without this exercise.
    away: AwayRules {
        /// Days.
        repeat_days,
        /// Days.
        step_down_days,
        /// Days.
        begin_again_days,
    }
    /// Finding the load to begin with.
    find: FindRules {
        /// Repetitions of the first two sets.
        reps,
        /// Repetitions of the sets after.
        reps_then,
        /// Repetitions in reserve at which it is found.
        reserve,
        /// Seconds.
        rest_s,
        /// Sets.
        sets_most,
    }
    /// When standing work needs a hold, and when it is left out.
    support: SupportRules {
        /// Falls in twelve months.
        falls,
        /// Seconds on one leg, below it a flag.
        one_leg_s,
        /// Seconds in tandem stance, below it a flag.
        tandem_s,
    }
    /// A plan from someone you trust.
    plan: PlanRules {
        /// Days from its date.
        days_most,
    }
    /// Days between sessions.
    rest: RestRules {
        /// Hours a muscle group rests.
        muscle_hours,
        /// Seconds between sets, from age 65 or with any joint flag.
        care_rest_s,
    }
    /// What ends a set before its target.
    set: SetRules {
        /// Repetitions whose median range the later ones are held to.
        first_reps,
        /// Share of that range from which down a repetition is shrunken.
        range_share,
        /// Percent of the fastest rate.
        rate_loss_percent,
        /// Percent of the fastest rate, from age 65 or with any joint flag.
        rate_loss_care_percent,
        /// Repetitions, shrunken or slow.
        in_a_row,
        /// Times the limit of a plan is passed.
        limit_times,
        /// Degrees an angle may be off by while a leg moves.
        angle_error_deg,
    }
    /// How often something is said.
    cue: CueRules {
        /// Times a tip is given in a set.
        same_most,
        /// Seconds between two tips.
        apart_s,
    }
    /// Walking with a weight, watched against the own walk without one.
    walk: WalkRules {
        /// Strides a side that make a baseline.
        strides_least,
        /// Strides a side that are looked at together.
        window,
        /// Strides for which a change has to last.
        hold_strides,
        /// Ratio of the sides above the own.
        asymmetry_rise,
        /// Ratio of the sides.
        asymmetry_stop,
        /// Ratio of the sides above the own.
        asymmetry_stop_rise,
        /// Times the own scatter of stride times.
        variation_times,
        /// Share of the stride time; less scatter is told of nobody.
        variation_least,
        /// Percent below the own cadence.
        cadence_drop_percent,
        /// Percent longer or shorter than the own swing.
        swing_percent,
        /// Metres per second below the own speed.
        speed_drop,
        /// Signs at once.
        signs_ease,
        /// Signs at once.
        signs_stop,
        /// Seconds.
        running_s,
        /// Minutes without a break.
        wear_min,
        /// Minutes, from age 65 or with any joint flag.
        wear_care_min,
        /// Minutes, with less feeling in the feet.
        wear_feeling_min,
        /// Steps a minute up to which the whole weight may be worn.
        full_to_cadence,
        /// Steps a minute from which none may be.
        none_from_cadence,
        /// Percent more for each kilogram on both legs together.
        energy_low_percent,
        /// Percent more for each kilogram on both legs together.
        energy_high_percent,
    }
    /// The smallest difference between two sessions that a review takes for a change.
    review: ReviewRules {
        /// Newton metres.
        torque_nm,
        /// Degrees.
        range_deg,
        /// Seconds.
        lowering_s,
        /// Repetitions.
        repetitions,
        /// Steps a minute.
        cadence,
        /// Metres per second.
        speed,
        /// Seconds.
        gait_scatter_s,
    }
}
