//! [`SessionWish`]: what a session is to be, said once for everybody who begins one, and what it would ask for before a cuff
//! is worn.

use crate::cuffs::{Cuffs, Training};
use crate::error::AppError;
use crate::function_tests::{DUE, FIRST, can_be_seen};
use crate::household::Talus;
use crate::prescribe::WALK;
use crate::run::{PracticeWish, Run};
use talus_coach::catalogue::{Legs, Protocol, ProtocolKind, Support};
use talus_coach::walk::WalkPlan;
use talus_coach::{Prescription, SessionPlan, TestAsked, Worn};
use talus_motion::{CuffId, Side};

/// What a session is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionWish {
    /// Today's of the programme that is followed.
    Today,
    /// These exercises, in their order; today's where none is named.
    Exercises(Vec<String>),
    /// A walk: without a weight until it is known how this person walks, and with as much as is decided from then on.
    Walk,
    /// The ten minutes of a first session: how somebody stands, moves and walks, without a weight.
    First,
    /// These tests, in their order, as [`Talus::test_plan`] takes them; those that are due where none is named.
    Tests(Vec<String>),
}

impl SessionWish {
    /// Exercises, where it is a session of those; none for today's.
    fn exercises(&self) -> Option<Vec<&str>> {
        match self {
            Self::Today => Some(Vec::new()),
            Self::Exercises(ids) => Some(ids.iter().map(String::as_str).collect()),
            Self::Walk => Some(vec![WALK]),
            Self::First | Self::Tests(_) => None,
        }
    }

    fn tests(&self) -> Option<Vec<&str>> {
        match self {
            Self::First => Some(vec![FIRST]),
            Self::Tests(ids) if ids.is_empty() => Some(vec![DUE]),
            Self::Tests(ids) => Some(ids.iter().map(String::as_str).collect()),
            Self::Today | Self::Exercises(_) | Self::Walk => None,
        }
    }
}

/// What a session would ask for, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Foretold {
    /// Exercises of each leg, in their order.
    pub blocks: Vec<Prescription>,
    /// Its walk; `None` where it has none.
    pub walk: Option<ForetoldWalk>,
    /// Its tests, in their order.
    pub tests: Vec<ForetoldTest>,
}

/// A walk before it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct ForetoldWalk {
    /// What it is to be.
    pub plan: WalkPlan,
    /// Why it has a weight, or none, rendered.
    pub why: String,
}

/// A test before it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForetoldTest {
    /// Id of its protocol.
    pub id: String,
    /// Its name, rendered.
    pub name: String,
    /// The leg it is about; `None` where it is about both.
    pub side: Option<Side>,
    /// The rung of the balance ladder, rendered; `None` of any other test.
    pub stance: Option<String>,
    /// Whether a hand stays on the counter.
    pub hand_on_counter: bool,
    /// How often it is tried.
    pub tries: u8,
    /// What keeps it safe, then how it is done, a sentence each.
    pub steps: Vec<String>,
}

/// A test, a walk or a stage of a plan, and whether it is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProtocolLine {
    /// Its id.
    pub id: String,
    /// Whether a cuff measures it: then it can be begun as a test.
    pub measured: bool,
    /// Whether this week of the programme asks for it.
    pub due: bool,
    /// Why it is not open to this person now, a sentence each; empty where it is.
    pub whys: Vec<String>,
}

impl Talus {
    /// The plan of a session as wished, on the legs that wear a cuff.
    fn wished(&self, wish: &SessionWish, worn: &[Worn]) -> Result<SessionPlan, AppError> {
        match (wish.exercises(), wish.tests()) {
            (_, Some(tests)) => self.test_plan(&tests, worn),
            (Some(exercises), None) if !exercises.is_empty() => self.session_plan(&exercises, worn),
            _ => self.today_plan(worn),
        }
    }

    /// What a session as wished would ask for, and why, on the legs this person wears a cuff on; on both where they wear
    /// none yet. Nothing begins.
    ///
    /// # Errors
    /// As [`Talus::session_plan`], [`Talus::today_plan`] and [`Talus::test_plan`].
    pub fn foretell(&self, wish: &SessionWish) -> Result<Foretold, AppError> {
        let mut legs: Vec<Side> = self.worn()?.iter().map(|wear| wear.side).collect();
        if legs.is_empty() {
            legs = vec![Side::Left, Side::Right];
        }
        let worn = |(at, side): (usize, Side)| Worn { cuff: CuffId([at as u8; 16]), side, mass_g: 0 };
        let worn: Vec<Worn> = legs.into_iter().enumerate().map(worn).collect();
        let plan = self.wished(wish, &worn)?;
        let (walk, tests) = plan.known.map(|known| (known.walk, known.tests)).unwrap_or_default();
        let mut blocks = plan.blocks;
        let walks =
            |block: &Prescription| self.catalogue().exercise(&block.exercise).is_ok_and(talus_coach::Exercise::walks);
        let why = blocks.iter().find(|block| walks(block)).map(|block| block.why.clone()).unwrap_or_default();
        if walk.is_some() {
            blocks.retain(|block| !walks(block));
        }
        let foretold = |asked: &TestAsked| Some(self.foretold_test(self.catalogue().protocol(&asked.protocol)?, asked));
        Ok(Foretold {
            blocks,
            walk: walk.map(|plan| ForetoldWalk { plan, why }),
            tests: tests.iter().filter_map(foretold).collect(),
        })
    }

    fn foretold_test(&self, protocol: &Protocol, asked: &TestAsked) -> ForetoldTest {
        let support = protocol.support_of(asked);
        let mut steps = protocol.lines(self.texts());
        if let Some(safe) = steps.first_mut() {
            *safe = self.texts().say(&format!("protocol.support.{}", support.slug()), &[]);
        }
        ForetoldTest {
            id: protocol.id.clone(),
            name: self.protocol_name(&protocol.id),
            side: (protocol.legs == Legs::Each).then_some(asked.side),
            stance: protocol.is_ladder().then(|| asked.rung.say(self.texts())),
            hand_on_counter: support == Support::HandOnCounter,
            tries: protocol.trials,
            steps,
        }
    }

    /// Every test, walk and stage there is, those first that are due, and why one is closed.
    ///
    /// # Errors
    /// [`AppError::Person`] before the person is described and has answered; [`AppError::Store`].
    pub fn protocol_lines(&self) -> Result<Vec<ProtocolLine>, AppError> {
        let (somebody, due) = (self.somebody()?, self.tests_due()?);
        let least_percent = self.catalogue().rules().ceiling.walk_begin_percent.value;
        let mut lines = Vec::new();
        for protocol in self.catalogue().protocols() {
            let mut whys = self.closed_test(&somebody, protocol)?;
            if protocol.weight && protocol.kind == ProtocolKind::Walk {
                whys.extend(self.no_weight_walking(&somebody, least_percent)?.map(|why| why.say(self.texts())));
            }
            lines.push(ProtocolLine {
                id: protocol.id.clone(),
                measured: can_be_seen(protocol),
                due: due.contains(&protocol.id),
                whys,
            });
        }
        lines.sort_by_key(|line| !line.due);
        Ok(lines)
    }
}

impl Run {
    /// As [`Run::practice`] or [`Run::examine`], whichever is wished.
    ///
    /// # Errors
    /// As those.
    pub fn wished(talus: &Talus, seed: u64, wish: &SessionWish) -> Result<Self, AppError> {
        if let Some(tests) = wish.tests() {
            return Self::examine(talus, seed, &tests);
        }
        let exercises = wish.exercises().unwrap_or_default().into_iter().map(str::to_owned).collect();
        Self::practice(talus, PracticeWish { seed, exercises })
    }
}

impl Cuffs {
    /// As [`Cuffs::train`] or [`Cuffs::examine`], whichever is wished.
    ///
    /// # Errors
    /// As those.
    pub fn begin(self, wish: &SessionWish) -> Result<Training, AppError> {
        match wish.tests() {
            Some(tests) => self.examine(&tests),
            None => self.train(&wish.exercises().unwrap_or_default()),
        }
    }
}
