//! [`SessionWish`]: what a session is to be, and what it would ask for before it begins.

use crate::error::TalusError;
use crate::household::Talus;
use crate::words::{Side, narrow};
use talus_app::coach;

/// What a session is to be. How much, and why, follows from everything known of the person.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum SessionWish {
    /// Today's of the programme that is followed.
    Today,
    /// Exercises.
    Exercises {
        /// Their ids, in their order; none is as today's.
        exercises: Vec<String>,
    },
    /// A walk: without a weight until it is known how this person walks, and with as much as is decided from then on.
    Walk,
    /// The ten minutes of a first session: how somebody stands, moves and walks, without a weight.
    First,
    /// Tests, or the balance ladder; nobody wears a weight in them.
    Tests {
        /// Ids of their protocols, in their order; none: those that are due.
        tests: Vec<String>,
    },
}

impl From<SessionWish> for talus_app::SessionWish {
    fn from(wish: SessionWish) -> Self {
        match wish {
            SessionWish::Today => Self::Today,
            SessionWish::Exercises { exercises } => Self::Exercises(exercises),
            SessionWish::Walk => Self::Walk,
            SessionWish::First => Self::First,
            SessionWish::Tests { tests } => Self::Tests(tests),
        }
    }
}

/// An exercise of one leg, as a session would ask for it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct ForetoldBlock {
    /// Exercise id.
    pub exercise: String,
    /// Its name, rendered.
    pub name: String,
    /// Which leg.
    pub side: Side,
    /// Weight, grams; 0 is no weight.
    pub mass_g: u32,
    /// Sets.
    pub sets: u8,
    /// Repetitions a set; absent where the set is open-ended.
    pub reps: Option<u32>,
    /// Rest after a set, seconds.
    pub rest_s: u32,
    /// Own range, degrees; absent where it is not known yet.
    pub own_range_deg: Option<f32>,
    /// Why, rendered.
    pub why: String,
}

/// A walk, as a session would ask for it: without a weight, then in turns with and without, then without.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ForetoldWalk {
    /// Weight on each leg while it is worn, grams; 0 is a walk without.
    pub mass_g: u32,
    /// Seconds without at the beginning.
    pub before_s: u32,
    /// How often the weight is put on.
    pub times: u32,
    /// Seconds with it each time.
    pub loaded_s: u32,
    /// Seconds without between two times.
    pub easy_s: u32,
    /// Seconds without at the end.
    pub after_s: u32,
    /// Seconds the cuffs may be worn with the weight without a break.
    pub wear_most_s: u32,
    /// Whether the skin is to be looked at afterwards.
    pub skin: bool,
    /// Whether it is known how this person walks without a weight.
    pub own_walk_known: bool,
    /// Why it has a weight, or none, rendered.
    pub why: String,
}

/// A test, as a session would ask for it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ForetoldTest {
    /// Id of its protocol.
    pub id: String,
    /// Its name, rendered.
    pub name: String,
    /// The leg it is about; absent where it is about both.
    pub side: Option<Side>,
    /// The rung of the balance ladder, rendered; absent for any other test.
    pub stance: Option<String>,
    /// Whether a hand stays on the counter.
    pub hand_on_counter: bool,
    /// How often it is tried.
    pub tries: u8,
    /// What keeps it safe, then how it is done, a sentence each, rendered.
    pub steps: Vec<String>,
}

/// What a session would ask for.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Foretold {
    /// Exercises of each leg, in their order; a walk that is led is not among them.
    pub blocks: Vec<ForetoldBlock>,
    /// Its walk; absent where it has none.
    pub walk: Option<ForetoldWalk>,
    /// Its tests, in their order.
    pub tests: Vec<ForetoldTest>,
}

impl From<talus_app::ForetoldWalk> for ForetoldWalk {
    fn from(walk: talus_app::ForetoldWalk) -> Self {
        let talus_app::ForetoldWalk { plan, why } = walk;
        Self {
            mass_g: plan.mass_g,
            before_s: plan.before_s,
            times: plan.intervals,
            loaded_s: plan.loaded_s,
            easy_s: plan.easy_s,
            after_s: plan.after_s,
            wear_most_s: plan.wear_most_s,
            skin: plan.skin,
            own_walk_known: plan.baseline.is_some(),
            why,
        }
    }
}

impl From<talus_app::ForetoldTest> for ForetoldTest {
    fn from(test: talus_app::ForetoldTest) -> Self {
        let talus_app::ForetoldTest { id, name, side, stance, hand_on_counter, tries, steps } = test;
        Self { id, name, side: side.map(Side::from), stance, hand_on_counter, tries, steps }
    }
}

#[uniffi::export]
impl Talus {
    /// What a session as wished would ask for, and why, on the legs the chosen person wears a cuff on; on both where they wear
    /// none yet. Nothing begins.
    ///
    /// # Errors
    /// [`TalusError::Invalid`], with the reason, where nobody is described or has answered, the day is locked, something is
    /// not open, or today is no session; [`TalusError::NotFound`] for an exercise; [`TalusError::Storage`].
    pub fn foretell(&self, wish: SessionWish) -> Result<Foretold, TalusError> {
        let foretold = self.told(self.app.foretell(&wish.into()))?;
        let block = |asked: coach::Prescription| ForetoldBlock {
            name: self.app.exercise_name(&asked.exercise),
            exercise: asked.exercise,
            side: asked.side.into(),
            mass_g: asked.mass_g,
            sets: asked.sets,
            reps: asked.reps,
            rest_s: asked.rest_s,
            own_range_deg: narrow(asked.own_range_deg),
            why: asked.why,
        };
        Ok(Foretold {
            blocks: foretold.blocks.into_iter().map(block).collect(),
            walk: foretold.walk.map(ForetoldWalk::from),
            tests: foretold.tests.into_iter().map(ForetoldTest::from).collect(),
        })
    }
}
