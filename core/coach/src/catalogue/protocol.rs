//! [`Protocol`]: a test, a walk or a drill, step by step: how it is done safely, what the cuff measures of it, and what
//! its result may be compared with.
//!
//! Every number a result is compared with names a source that was read, or the file is refused: a norm nobody has seen
//! is no norm. No comparison is a diagnosis or a forecast.

use super::{CatalogueError, Checked, Grade, Source, is_slug, parse};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A test, a walk or a drill. Its words are in the texts below `protocol`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// Slug, never renamed.
    pub id: String,
    /// What kind it is.
    pub kind: ProtocolKind,
    /// What the cuff measures of it; `None` where it guides and measures nothing of its own.
    #[serde(default)]
    pub test: Option<FunctionTest>,
    /// How it uses the legs.
    pub legs: Legs,
    /// What keeps it safe.
    pub support: Support,
    /// Tries (a side, where each leg has its own).
    pub trials: u8,
    /// Longest try, seconds; 0 where nothing limits it.
    pub most_s: u32,
    /// Rest between tries, seconds.
    pub rest_s: u32,
    /// Lines of instruction.
    pub steps: u8,
    /// Whether a weight is worn in a part of it; without, the cuff is worn empty, for its sensor only.
    #[serde(default)]
    pub weight: bool,
    /// Whether it waits for a plan from someone the person trusts.
    #[serde(default)]
    pub needs_plan: bool,
    /// Whether somebody qualified must be there.
    #[serde(default)]
    pub supervised: bool,
    /// How good the evidence for it is.
    pub grade: Grade,
    /// Ids of its sources.
    pub sources: Vec<String>,
    /// What comes out.
    #[serde(default)]
    pub result: Option<ResultOf>,
    /// Differences that are more than the error of the test; the largest that fits counts.
    #[serde(default)]
    pub change: Vec<Least>,
    /// What is worth showing to a professional.
    #[serde(default)]
    pub flag: Vec<Flag>,
    /// What is usual.
    #[serde(default)]
    pub usual: Vec<UsualAt>,
}

/// What kind of protocol it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProtocolKind {
    /// Finds a load.
    Load,
    /// Walking.
    Walk,
    /// Standing steadily.
    Balance,
    /// A test of function.
    Function,
    /// How far a joint goes.
    Range,
    /// Stages of a plan from someone the person trusts.
    Stages,
}

/// What a cuff can measure of a test, by the names the tracker knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FunctionTest {
    /// Stands in thirty seconds.
    #[serde(rename = "chair_stand_30s")]
    ChairStand30s,
    /// Up, three metres, round, back, down.
    Tug,
    /// Four stances of ten seconds.
    FourStage,
    /// One leg.
    OneLegStand,
    /// Ten metres.
    #[serde(rename = "walk_10m")]
    Walk10m,
    /// Heel rises on one leg.
    HeelRises,
    /// How far the shin leans over the planted foot.
    KneeToWall,
    /// Range of a joint.
    Rom,
}

impl FunctionTest {
    /// The name it goes by.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ChairStand30s => "chair_stand_30s",
            Self::Tug => "tug",
            Self::FourStage => "four_stage",
            Self::OneLegStand => "one_leg_stand",
            Self::Walk10m => "walk_10m",
            Self::HeelRises => "heel_rises",
            Self::KneeToWall => "knee_to_wall",
            Self::Rom => "rom",
        }
    }
}

/// How a protocol uses the legs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Legs {
    /// One result for each leg.
    Each,
    /// One result for both.
    Both,
}

/// What keeps a protocol safe. Each has its line in the texts, said before the first step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Support {
    /// A chair with its back against a wall.
    ChairAtWall,
    /// A counter within reach, touched only to stay upright.
    CounterInReach,
    /// A hand on the counter all the time.
    HandOnCounter,
    /// A clear, flat, dry way.
    ClearWay,
    /// Lying.
    Lying,
    /// As the exercise it belongs to.
    AsExercise,
}

impl Support {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::ChairAtWall, Self::CounterInReach, Self::HandOnCounter, Self::ClearWay, Self::Lying, Self::AsExercise];

    /// The slug it goes by in text keys.
    pub fn slug(self) -> &'static str {
        match self {
            Self::ChairAtWall => "chair_at_wall",
            Self::CounterInReach => "counter_in_reach",
            Self::HandOnCounter => "hand_on_counter",
            Self::ClearWay => "clear_way",
            Self::Lying => "lying",
            Self::AsExercise => "as_exercise",
        }
    }
}

/// What comes out of a protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultOf {
    /// In what.
    pub unit: Unit,
    /// Which way is better.
    pub better: Better,
    /// Of which try.
    pub of: Of,
}

/// Units of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Whole times: stands, rises.
    Times,
    /// Seconds.
    Seconds,
    /// Metres per second.
    MetresPerSecond,
    /// Degrees.
    Degrees,
    /// Stances held, or rungs of a ladder.
    Stages,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// More.
    More,
    /// Less.
    Less,
}

/// Which try counts. A mean is compared with means, a best with bests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// The only one, or the mean.
    Mean,
    /// The best.
    Best,
}

/// A difference that is more than the error of a test.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Least {
    /// In the unit of the result.
    pub least: f64,
    /// Source id.
    pub source: String,
}

/// Women and men, where a norm tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Women.
    Women,
    /// Men.
    Men,
}

/// What is worth showing to a professional.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// Whose; everybody's where it is not said.
    #[serde(default)]
    pub whose: Option<Whose>,
    /// Years, from and to.
    pub ages: (u8, u8),
    /// Below this it is flagged.
    #[serde(default)]
    pub below: Option<f64>,
    /// From this on it is flagged.
    #[serde(default)]
    pub from: Option<f64>,
    /// Source id.
    pub source: String,
}

/// What is usual at an age.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsualAt {
    /// Whose; everybody's where it is not said.
    #[serde(default)]
    pub whose: Option<Whose>,
    /// Years, from and to.
    pub ages: (u8, u8),
    /// Mean, in the unit of the result.
    pub mean: f64,
    /// Source id.
    pub source: String,
}

impl Protocol {
    pub(super) fn from_toml(
        file: &str,
        text: &str,
        sources: &BTreeMap<String, Source>,
    ) -> Result<Self, CatalogueError> {
        let protocol: Self = parse(file, text)?;
        let no = |field, reason: &str| {
            Err(CatalogueError::Field { file: file.to_owned(), field, reason: reason.to_owned() })
        };
        let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".toml");
        if stem != protocol.id || !is_slug(&protocol.id) {
            return no("id", "differs from the file's name");
        }
        if !(1..=9).contains(&protocol.steps) || !(1..=5).contains(&protocol.trials) {
            return no("steps", "or tries are none, or more than a person keeps in mind");
        }
        if let Some(name) = protocol.sources.iter().find(|id| !sources.contains_key(*id)) {
            return no("sources", &format!("name an unknown \"{name}\""));
        }
        let numbers = protocol.change.iter().map(|c| (c.least, &c.source));
        let flags = protocol.flag.iter().flat_map(|f| [f.below, f.from].into_iter().flatten().map(|v| (v, &f.source)));
        let usual = protocol.usual.iter().map(|u| (u.mean, &u.source));
        let numbers: Vec<_> = numbers.chain(flags).chain(usual).collect();
        if !numbers.is_empty() && protocol.result.is_none() {
            return no("result", "is missing where numbers are compared with it");
        }
        for (value, source) in numbers {
            if !(value.is_finite() && value > 0.0) {
                return no("number", "is not above zero");
            }
            // Norms and errors of measurement are shown: each was read where it stands.
            if !sources.get(source).is_some_and(|source| source.check == Checked::Read) {
                return no("source", &format!("\"{source}\" was not read, so nothing is compared with it"));
            }
        }
        if protocol.flag.iter().any(|flag| flag.below.is_some() == flag.from.is_some()) {
            return no("flag", "says either below or from");
        }
        let ages = protocol.flag.iter().map(|f| f.ages).chain(protocol.usual.iter().map(|u| u.ages));
        if ages.into_iter().any(|(from, to)| to < from) {
            return no("ages", "run backwards");
        }
        Ok(protocol)
    }
}
