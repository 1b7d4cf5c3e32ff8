//! The course of a session: a plan, checked, laid out as turns.

use crate::catalogue::{Catalogue, Exercise, FunctionTest, Legs, Protocol, Rules, UnknownExercise};
use crate::ladder::Rung;
use crate::load::{Bound, Ceiling, most_of_a_stranger_g, outermost};
use crate::plan::{Known, Laterality, Pace, Prescription, SessionPlan, TestAsked};
use talus_motion::Side;

/// The hard ceiling: nobody trains with more than this on one ankle, grams.
pub const MASS_MAX_G: u32 = 5000;

/// Why a plan cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// There is nothing in it.
    #[error("begin a session: there is nothing to do in it")]
    Empty,
    /// An exercise is not in the catalogue: choose one of the nearest.
    #[error("begin a session: failed to {0}")]
    UnknownExercise(#[from] UnknownExercise),
    /// Nobody wears a cuff on that leg: put one on, or leave the block out.
    #[error("begin a session: block {block} needs a cuff on the {} leg", word(*.side))]
    NoCuff {
        /// Block of the plan, from 0.
        block: usize,
        /// The leg.
        side: Side,
    },
    /// More than the hard ceiling on one ankle: take weight off.
    #[error("begin a session: {mass_g} g on the {} leg is more than {MASS_MAX_G} g", word(*.side))]
    TooHeavy {
        /// The leg.
        side: Side,
        /// The weight, grams.
        mass_g: u32,
    },
    /// More than this leg may carry in this exercise: take weight off, or begin a session that is decided anew.
    #[error("begin a session: {mass_g} g in {exercise} on the {} leg is more than {} g", word(*.side), ceiling.mass_g)]
    AboveCeiling {
        /// Exercise id.
        exercise: String,
        /// The leg.
        side: Side,
        /// What was asked for, grams.
        mass_g: u32,
        /// The most it may carry, and what holds it there.
        ceiling: Ceiling,
    },
    /// A block asks for no sets or no repetitions.
    #[error("begin a session: block {block} asks for nothing")]
    NothingAsked {
        /// Block of the plan, from 0.
        block: usize,
    },
    /// There is no such test, or a cuff measures nothing of it: choose another.
    #[error("begin a session: there is no test called {0:?} that a cuff can see")]
    UnknownTest(String),
    /// Nobody wears the cuff that a test needs.
    #[error("begin a session: the test {test} needs a cuff on the {} leg", word(*.side))]
    NoCuffForTest {
        /// Id of its protocol.
        test: String,
        /// The leg.
        side: Side,
    },
    /// A leg has two cuffs or a cuff two legs: say who wears what.
    #[error("begin a session: the {} leg or its cuff is named twice", word(*.side))]
    WornTwice {
        /// The leg.
        side: Side,
    },
}

fn word(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Right => "right",
    }
}

/// Whether the loads of a plan are yet to be put on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loads {
    /// Somebody will carry them: none past its ceiling.
    ToCarry,
    /// They were carried, or not, when the recording was made that is looked at again.
    Carried,
}

/// The most a leg may carry in an exercise: what was decided for it. A leg nobody decided for carries nothing.
fn decided(known: Option<&Known>, exercise: &Exercise, side: Side, pace: Pace, rules: &Rules) -> Ceiling {
    match known {
        Some(known) => match known.leg(&exercise.id, side) {
            Some(leg) => leg.ceiling.clone(),
            None => Ceiling { mass_g: 0, bound: Bound::PlanFirst(Vec::new()) },
        },
        // The legs of a recording carry nothing now.
        None if pace == Pace::Followed => Ceiling { mass_g: MASS_MAX_G, bound: Bound::Hard },
        None => Ceiling { mass_g: most_of_a_stranger_g(rules), bound: Bound::Hard },
    }
}

/// The ceiling of a block that asks for `asked_g`. A plan may come out of a file: neither that nor what it says was decided
/// goes past what its person can be allowed at all.
fn ceiling_of(
    plan: &SessionPlan,
    exercise: &Exercise,
    (side, asked_g): (Side, u32),
    loads: Loads,
    rules: &Rules,
) -> Result<Ceiling, PlanError> {
    let known = plan.known.as_deref();
    let mut ceiling = decided(known, exercise, side, plan.pace, rules);
    if loads == Loads::Carried {
        ceiling.mass_g = ceiling.mass_g.max(asked_g);
        return Ok(ceiling);
    }
    let above = |mass_g, ceiling: Ceiling| {
        let exercise = exercise.id.clone();
        Err(PlanError::AboveCeiling { exercise, side, mass_g, ceiling })
    };
    if let Some(known) = known {
        let most = outermost(exercise, &known.body, known.care, &known.kit, rules);
        if ceiling.mass_g > most.mass_g {
            return above(ceiling.mass_g.max(asked_g), most);
        }
    }
    if asked_g > ceiling.mass_g { above(asked_g, ceiling) } else { Ok(ceiling) }
}

/// A block of the plan with what the catalogue says about it.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) asked: Prescription,
    pub(super) exercise: Exercise,
    /// Which of the worn cuffs sees it.
    pub(super) leg: usize,
    /// The most somebody may choose for it, grams.
    pub(super) most_g: u32,
    /// The most the leg may ever carry in it.
    pub(super) ceiling: Ceiling,
}

impl Block {
    /// The same with another weight; never past the ceiling, however that was come by.
    pub(super) fn weighing(&self, mass_g: u32) -> Self {
        let mut other = self.clone();
        other.asked.mass_g = mass_g.min(self.ceiling.mass_g);
        other
    }

    /// The same with no more than a weight, whatever somebody chooses.
    pub(super) fn eased(&self, most_g: u32) -> Self {
        Self { most_g: self.most_g.min(most_g), ..self.weighing(self.asked.mass_g.min(most_g)) }
    }
}

/// One set of one leg, or one walk of both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) blocks: Vec<usize>,
    pub(super) set: (u8, u8),
    pub(super) set_index: u32,
    /// Seconds of rest before the next turn.
    pub(super) rest_s: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Course {
    pub(super) blocks: Vec<Block>,
    pub(super) turns: Vec<Turn>,
    /// Exercises that may take another's place.
    pub(super) others: Vec<Other>,
    /// Tests, and their tries in the order they are done.
    pub(super) tests: Vec<Examined>,
    pub(super) trials: Vec<Trial>,
}

/// A test of the plan with what the catalogue says about it.
#[derive(Debug, Clone)]
pub(super) struct Examined {
    pub(super) asked: TestAsked,
    pub(super) protocol: Protocol,
    /// Which of the worn cuffs sees it.
    pub(super) leg: usize,
}

/// One try of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trial {
    /// Which test, from 0.
    pub(super) of: usize,
    /// Which try, from 1, of how many.
    pub(super) number: (u8, u8),
}

impl Examined {
    fn new(asked: &TestAsked, plan: &SessionPlan, catalogue: &Catalogue) -> Result<Self, PlanError> {
        let protocol = catalogue.protocol(&asked.protocol).filter(|one| one.test.is_some() || one.is_ladder());
        let protocol = protocol.ok_or_else(|| PlanError::UnknownTest(asked.protocol.clone()))?.clone();
        let side = protocol.test.map_or(asked.side, |test| test.worn_on(asked.side));
        let worn_on = |side: Side| plan.worn.iter().position(|worn| worn.side == side);
        // Where it is about both legs, either cuff will do.
        let either = (protocol.legs == Legs::Both).then(|| worn_on(side.other())).flatten();
        let leg = worn_on(side).or(either);
        let leg = leg.ok_or_else(|| PlanError::NoCuffForTest { test: protocol.id.clone(), side })?;
        Ok(Self { asked: asked.clone(), protocol, leg })
    }

    /// The leg its result is kept for; `None` where it is about both.
    pub(super) fn kept_side(&self) -> Option<Side> {
        (self.protocol.legs == Legs::Each).then_some(self.asked.side)
    }

    fn tries(&self) -> u8 {
        match self.protocol.test {
            // One each of the stances that are open.
            Some(FunctionTest::FourStage) => Rung::FOUR.iter().filter(|rung| **rung <= self.asked.rung).count() as u8,
            _ => self.protocol.trials.max(1),
        }
    }
}

/// An exercise that may take another's place on one leg.
#[derive(Debug, Clone)]
pub(super) struct Other {
    pub(super) exercise: Exercise,
    pub(super) side: Side,
    pub(super) ceiling: Ceiling,
}

impl Course {
    pub(super) fn new(plan: &SessionPlan, catalogue: &Catalogue, loads: Loads) -> Result<Self, PlanError> {
        let (known, rules) = (plan.known.as_deref(), catalogue.rules());
        let asked = known.filter(|_| plan.pace == Pace::Guided).map_or(&[][..], |known| &known.tests);
        if plan.blocks.is_empty() && asked.is_empty() {
            return Err(PlanError::Empty);
        }
        for (i, worn) in plan.worn.iter().enumerate() {
            if plan.worn[..i].iter().any(|other| other.side == worn.side || other.cuff == worn.cuff) {
                return Err(PlanError::WornTwice { side: worn.side });
            }
            if worn.mass_g > MASS_MAX_G {
                return Err(PlanError::TooHeavy { side: worn.side, mass_g: worn.mass_g });
            }
        }
        let mut blocks = Vec::with_capacity(plan.blocks.len());
        for (block, asked) in plan.blocks.iter().enumerate() {
            let exercise = catalogue.exercise(&asked.exercise)?.clone();
            if asked.mass_g > MASS_MAX_G {
                return Err(PlanError::TooHeavy { side: asked.side, mass_g: asked.mass_g });
            }
            if asked.sets == 0 || asked.reps == Some(0) {
                return Err(PlanError::NothingAsked { block });
            }
            let leg = plan.worn.iter().position(|worn| worn.side == asked.side);
            let leg = leg.ok_or(PlanError::NoCuff { block, side: asked.side })?;
            let most_g = asked.mass_g;
            // A walk begins without; what is put on in it is said by the walk.
            let walked_g =
                known.and_then(|known| known.walk.as_ref()).filter(|_| exercise.walks()).map_or(0, |w| w.mass_g);
            let ceiling = ceiling_of(plan, &exercise, (asked.side, most_g.max(walked_g)), loads, rules)?;
            blocks.push(Block { asked: asked.clone(), exercise, leg, most_g, ceiling });
        }
        let mut others: Vec<Other> = Vec::new();
        for swap in known.iter().flat_map(|known| &known.swaps) {
            let (side, mass_g) = (swap.asked.side, swap.asked.mass_g);
            if mass_g > MASS_MAX_G {
                return Err(PlanError::TooHeavy { side, mass_g });
            }
            let exercise = catalogue.exercise(&swap.asked.exercise)?.clone();
            let ceiling = ceiling_of(plan, &exercise, (side, mass_g), loads, rules)?;
            others.push(Other { exercise, side, ceiling });
        }
        let turns = match plan.pace {
            Pace::Guided => guided(&blocks),
            Pace::Followed => followed(&blocks),
        };
        let tests = asked.iter().map(|one| Examined::new(one, plan, catalogue)).collect::<Result<Vec<_>, _>>()?;
        let tries = |(of, examined): (usize, &Examined)| {
            let tries = examined.tries();
            (1..=tries).map(move |number| Trial { of, number: (number, tries) })
        };
        let trials = tests.iter().enumerate().flat_map(tries).collect();
        Ok(Self { blocks, turns, others, tests, trials })
    }

    pub(super) fn exercise_of(&self, turn: usize) -> &str {
        self.first_block(turn).map_or("", |block| block.asked.exercise.as_str())
    }

    pub(super) fn first_block(&self, turn: usize) -> Option<&Block> {
        self.blocks.get(*self.turns.get(turn)?.blocks.first()?)
    }

    /// Laterality as it was done here.
    pub(super) fn laterality(&self, block: usize) -> Laterality {
        self.blocks[block].exercise.laterality
    }
}

/// Two neighbouring blocks of one exercise with opposite sides are a pair: the legs take turns set by set, and walk
/// together where the exercise is walking.
fn guided(blocks: &[Block]) -> Vec<Turn> {
    let mut turns = Vec::new();
    let (mut at, mut set_index) = (0, 0);
    while at < blocks.len() {
        let first = &blocks[at].asked;
        let pair = blocks
            .get(at + 1)
            .is_some_and(|next| next.asked.exercise == first.exercise && next.asked.side == first.side.other());
        let group: Vec<usize> = if pair { vec![at, at + 1] } else { vec![at] };
        let sets = group.iter().map(|b| blocks[*b].asked.sets).max().unwrap_or(0);
        for set in 1..=sets {
            let due: Vec<usize> = group.iter().copied().filter(|b| set <= blocks[*b].asked.sets).collect();
            let rest_s = due.iter().map(|b| blocks[*b].asked.rest_s).max().unwrap_or(0);
            if blocks[at].exercise.walks() {
                turns.push(Turn { blocks: due, set: (set, sets), set_index, rest_s });
            } else {
                let last = due.len().saturating_sub(1);
                for (i, block) in due.into_iter().enumerate() {
                    let of = blocks[block].asked.sets;
                    // The other leg works while this one rests.
                    let rest_s = if i == last { rest_s } else { 0 };
                    turns.push(Turn { blocks: vec![block], set: (set, of), set_index, rest_s });
                }
            }
            set_index += 1;
        }
        at += group.len();
    }
    turns
}

/// One recording a block; how many sets are in it is what the recording says.
fn followed(blocks: &[Block]) -> Vec<Turn> {
    let turn = |(i, block): (usize, &Block)| Turn {
        blocks: vec![i],
        set: (1, block.asked.sets),
        set_index: i as u32,
        rest_s: 0,
    };
    blocks.iter().enumerate().map(turn).collect()
}
