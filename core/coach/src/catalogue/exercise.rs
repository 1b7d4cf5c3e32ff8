//! [`Exercise`]: one exercise as its file says it, checked.

use super::{CatalogueError, is_slug, parse};
use crate::condition::Condition;
use crate::plan::Laterality;
use serde::{Deserialize, Serialize};
use talus_motion::{ExerciseModel, Leverage, ModelKind, Task, Tempo, TurnAxis};

/// How the body lies, sits or stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// On a chair, thigh supported.
    Sitting,
    /// On the back.
    LyingOnBack,
    /// On the side.
    LyingOnSide,
    /// On the front.
    LyingOnFront,
    /// On the feet, a hand on something steady.
    Standing,
    /// On one leg, something steady in reach: balance is part of it.
    OneLeg,
    /// On hands and knees, on the floor.
    HandsAndKnees,
    /// On one forearm, hips off the floor.
    SidePlank,
    /// On the way.
    Walking,
}

impl Position {
    /// Whether it needs the floor: a bed is too soft for it.
    pub fn on_floor(self) -> bool {
        matches!(self, Self::HandsAndKnees | Self::SidePlank)
    }

    /// Whether the person lies, on a bed as well as on the floor.
    pub fn lying(self) -> bool {
        matches!(self, Self::LyingOnBack | Self::LyingOnSide | Self::LyingOnFront)
    }

    /// Whether the person is on their feet.
    pub fn upright(self) -> bool {
        matches!(self, Self::Standing | Self::OneLeg | Self::Walking)
    }
}

/// What a movement needs the tracker to see beyond the shin's turn. Until the tracker does, such an exercise is a timer
/// (or, where the model says so, counted by what comes with the movement), and says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaits {
    /// How high the cuff is lifted.
    Height,
    /// The path of the foot.
    FootPath,
    /// Steps to the side.
    Steps,
    /// A tilt of a few degrees.
    SmallTilt,
}

/// Muscles that rest together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Muscle {
    /// Front of the thigh.
    Quadriceps,
    /// Back of the thigh.
    Hamstrings,
    /// What lifts the thigh.
    HipFlexors,
    /// What brings the thigh back.
    HipExtensors,
    /// Outside of the hip.
    HipAbductors,
    /// Inside of the thigh.
    HipAdductors,
    /// What turns the thigh.
    HipRotators,
    /// Calf.
    Calf,
    /// Front of the shin.
    Shin,
    /// Belly and back.
    Trunk,
}

/// How good the evidence is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// A guideline or systematic review of trials that fits.
    A,
    /// At least one controlled trial that fits.
    B,
    /// Small, uncontrolled, acute or electrical recordings only, or a neighbouring method.
    C,
    /// Mechanics or practice; no trial of the outcome is known. Talus's own rules are of this grade.
    D,
    /// Said, and not to be traced.
    E,
    /// Contradicted by mechanics, or unsafe as a rule.
    X,
}

/// What a weight at the cuff does to the muscles that work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Loads them.
    Full,
    /// Loads one leg of the movement only.
    Part,
    /// Takes load off the standing leg: a counterweight.
    Counter,
    /// Next to nothing.
    Little,
    /// Nothing at all.
    None,
}

/// Where the cuff sits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Site {
    /// Just above the ankle bones.
    AboveAnkle,
    /// Above the knee.
    AboveKnee,
    /// On the foot near the toes.
    Forefoot,
}

/// The joint that works against the weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Joint {
    /// Ankle.
    Ankle,
    /// Knee.
    Knee,
    /// Hip.
    Hip,
}

/// What lies between that joint and the weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lever {
    /// The foot.
    Foot,
    /// The shin.
    Shank,
    /// The thigh; the shin hangs from it.
    Thigh,
    /// Thigh and shin at a right angle.
    BentLeg,
    /// The straight leg.
    Leg,
}

/// What turns about the joint: which lever, and the angle at which it is level and the weight pulls hardest.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// The joint.
    pub joint: Joint,
    /// The lever.
    pub lever: Lever,
    /// Degrees from the start pose at which it is level.
    pub level_at_deg: f64,
}

impl Turn {
    /// The same in the tracker's words, which knows the shank and what it is part of.
    fn leverage(self) -> Leverage {
        let lever = match self.lever {
            Lever::Shank => talus_motion::Lever::Shank,
            Lever::Leg => talus_motion::Lever::Leg,
            Lever::Foot | Lever::Thigh | Lever::BentLeg => talus_motion::Lever::Other,
        };
        Leverage { lever, level_at_deg: self.level_at_deg }
    }
}

/// Loads to begin from and usually reached, grams on one leg, by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// An adult who is new to it.
    pub beginner: (u32, u32),
    /// From the age of care on.
    pub older: (u32, u32),
    /// A trained adult.
    pub trained: (u32, u32),
}

/// What a weight does in an exercise and how much of it is right. Policy, not research (see `rules.toml`).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weight {
    /// What it does to the muscles that work.
    pub effect: Effect,
    /// Where the cuff sits.
    pub site: Site,
    /// What turns; `None` where the weight has no lever.
    pub turn: Option<Turn>,
    /// Loads to begin from.
    pub begin: Begin,
    /// Most weight on one leg, per cent of body mass.
    pub cap_percent: f64,
}

/// The words a detector goes by, and how sure one sensor is of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detector {
    /// The measure it looks at.
    pub signal: String,
    /// When it speaks up.
    pub rule: String,
    /// How sure one sensor on the shin can be.
    pub sure: Sure,
}

/// How sure one sensor on the shin can be of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sure {
    /// It sees the thing itself.
    High,
    /// It sees what usually comes with it.
    Medium,
    /// It guesses.
    Low,
}

/// One exercise of the catalogue. Its names and lines are in the text files under its id.
#[derive(Debug, Clone, PartialEq)]
pub struct Exercise {
    /// Slug, never renamed.
    pub id: String,
    /// Other names it goes by, English.
    pub aliases: Vec<String>,
    /// What the tracker follows ([`ModelKind::Timer`] for walking: strides need no model).
    pub model: ExerciseModel,
    /// How it uses the legs.
    pub laterality: Laterality,
    /// How the body lies, sits or stands.
    pub position: Position,
    /// Usual repetitions a set, from and to; zero for walking.
    pub reps: (u32, u32),
    /// Usual sets.
    pub sets: u8,
    /// Usual rest after a set, seconds.
    pub rest_s: u32,
    /// The figure that shows it, where one is drawn.
    pub figure: Option<String>,
    /// What it needs the tracker to see and the tracker does not see yet.
    pub awaits: Option<Awaits>,
    /// Muscles that work, first the one it is for.
    pub muscles: Vec<Muscle>,
    /// Ids of what the cuff can notice in it.
    pub detectors: Vec<String>,
    /// The next easier exercise.
    pub easier: Option<String>,
    /// The next harder exercise.
    pub harder: Option<String>,
    /// How good the evidence for it is.
    pub grade: Grade,
    /// Ids of its sources.
    pub sources: Vec<String>,
    /// Whether balance is what it trains.
    pub balance: bool,
    /// Whether it is for trained people only.
    pub trained_only: bool,
    /// What a weight does in it.
    pub weight: Weight,
    /// Conditions it is never for, beyond those that stop everything.
    pub never: Vec<Condition>,
    /// Conditions under which it is done with care.
    pub care: Vec<Condition>,
    walks: bool,
}

impl Exercise {
    /// Whether strides are counted instead of repetitions.
    pub fn walks(&self) -> bool {
        self.walks
    }

    /// Whether the cuff counts it at all (a timer exercise is counted by the person).
    pub fn measured(&self) -> bool {
        self.walks || self.model.kind != ModelKind::Timer
    }

    /// What the tracker is to follow in a set of it.
    pub fn task(&self) -> Task {
        if self.walks { Task::Walk } else { Task::Reps(self.model) }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenTask {
    Reps,
    Walk,
}

/// An exercise as its file says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    #[serde(default)]
    aliases: Vec<String>,
    task: WrittenTask,
    position: Position,
    laterality: Laterality,
    reps: Option<(u32, u32)>,
    sets: u8,
    rest_s: u32,
    figure: Option<String>,
    muscles: Vec<Muscle>,
    detectors: Vec<String>,
    easier: Option<String>,
    harder: Option<String>,
    grade: Grade,
    sources: Vec<String>,
    #[serde(default)]
    balance: bool,
    #[serde(default)]
    trained_only: bool,
    model: Option<WrittenModel>,
    weight: WrittenWeight,
    not_for: WrittenNotFor,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWeight {
    effect: Effect,
    site: Site,
    joint: Option<Joint>,
    lever: Option<Lever>,
    level_at_deg: Option<f64>,
    begin_g: Begin,
    cap_percent: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenNotFor {
    never: Vec<Condition>,
    care: Vec<Condition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenModel {
    kind: ModelKind,
    awaits: Option<Awaits>,
    axis: TurnAxis,
    range_deg: f64,
    min_count_deg: f64,
    tempo: WrittenTempo,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the unit belongs in the name")]
struct WrittenTempo {
    lift_s: f64,
    hold_s: f64,
    lower_s: f64,
    rest_s: f64,
}

impl Exercise {
    /// Reads one file; `file` is its path below the catalogue.
    pub(crate) fn from_toml(file: &str, text: &str) -> Result<Self, CatalogueError> {
        let written: Written = parse(file, text)?;
        let wrong = |field, reason: String| CatalogueError::Field { file: file.to_owned(), field, reason };
        if !is_slug(&written.id) {
            return Err(wrong("id", format!("\"{}\" is not of small letters, digits and underscores", written.id)));
        }
        let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".toml");
        if stem != written.id {
            return Err(wrong("id", format!("\"{}\" differs from the file's name", written.id)));
        }
        if written.sets == 0 {
            return Err(wrong("sets", "is zero".to_owned()));
        }
        let walks = matches!(written.task, WrittenTask::Walk);
        let awaits = written.model.as_ref().and_then(|model| model.awaits);
        let (model, reps) = match (walks, written.model, written.reps) {
            (true, None, None) => (UNMEASURED, (0, 0)),
            (true, Some(_), _) => return Err(wrong("model", "does not belong to walking".to_owned())),
            (true, None, Some(_)) => return Err(wrong("reps", "do not belong to walking".to_owned())),
            (false, None, _) => return Err(wrong("model", "is missing".to_owned())),
            (false, _, None) => return Err(wrong("reps", "are missing".to_owned())),
            (false, Some(model), Some(reps)) => (model.checked().map_err(|(f, reason)| wrong(f, reason))?, reps),
        };
        if !walks && (reps.0 == 0 || reps.1 < reps.0) {
            return Err(wrong("reps", format!("[{}, {}] is not a range from 1 up", reps.0, reps.1)));
        }
        if !walks && written.muscles.is_empty() {
            return Err(wrong("muscles", "are missing".to_owned()));
        }
        let weight = written.weight.checked().map_err(|(field, reason)| wrong(field, reason))?;
        let model = ExerciseModel { leverage: weight.turn.map(Turn::leverage), ..model };
        Ok(Self {
            id: written.id,
            aliases: written.aliases,
            model,
            laterality: written.laterality,
            position: written.position,
            reps,
            sets: written.sets,
            rest_s: written.rest_s,
            figure: written.figure,
            awaits,
            muscles: written.muscles,
            detectors: written.detectors,
            easier: written.easier,
            harder: written.harder,
            grade: written.grade,
            sources: written.sources,
            balance: written.balance,
            trained_only: written.trained_only,
            weight,
            never: written.not_for.never,
            care: written.not_for.care,
            walks,
        })
    }
}

const UNMEASURED: ExerciseModel = ExerciseModel {
    kind: ModelKind::Timer,
    axis: TurnAxis::Mixed,
    range_deg: 0.0,
    min_count_deg: 0.0,
    tempo: Tempo { lift_s: 0.0, hold_s: 0.0, lower_s: 0.0, rest_s: 0.0 },
    leverage: None,
};

impl WrittenModel {
    fn checked(self) -> Result<ExerciseModel, (&'static str, String)> {
        let WrittenTempo { lift_s, hold_s, lower_s, rest_s } = self.tempo;
        let times = [
            ("model.tempo.lift_s", lift_s),
            ("model.tempo.hold_s", hold_s),
            ("model.tempo.lower_s", lower_s),
            ("model.tempo.rest_s", rest_s),
        ];
        for (field, seconds) in times {
            if !(0.0..=120.0).contains(&seconds) {
                return Err((field, format!("{seconds} is not 0 to 120 seconds")));
            }
        }
        // Some have no angle at all: a heel raise moves the shin straight up.
        let angleless = matches!(self.kind, ModelKind::Timer | ModelKind::Height);
        let still = angleless && self.range_deg == 0.0 && self.min_count_deg == 0.0;
        let turns = self.range_deg > 0.0 && self.range_deg <= 180.0;
        if !(still || turns) {
            return Err(("model.range_deg", format!("{} is not above 0 and up to 180 degrees", self.range_deg)));
        }
        let least = if angleless { -1.0 } else { 0.0 };
        if !(self.min_count_deg > least && self.min_count_deg <= self.range_deg) {
            let reason = format!("{} is not above 0 and up to model.range_deg", self.min_count_deg);
            return Err(("model.min_count_deg", reason));
        }
        Ok(ExerciseModel {
            kind: self.kind,
            axis: self.axis,
            range_deg: self.range_deg,
            min_count_deg: self.min_count_deg,
            tempo: Tempo { lift_s, hold_s, lower_s, rest_s },
            leverage: None,
        })
    }
}

impl WrittenWeight {
    fn checked(self) -> Result<Weight, (&'static str, String)> {
        let turn = match (self.joint, self.lever, self.level_at_deg) {
            (None, None, None) => None,
            (Some(joint), Some(lever), Some(level_at_deg)) => Some(Turn { joint, lever, level_at_deg }),
            _ => return Err(("weight.lever", "needs joint, lever and level_at_deg together".to_owned())),
        };
        if turn.is_some_and(|turn| !(0.0..=90.0).contains(&turn.level_at_deg)) {
            return Err(("weight.level_at_deg", "is not 0 to 90 degrees".to_owned()));
        }
        // The widest cap anybody may write; the rules lower it further.
        if !(0.0..=7.0).contains(&self.cap_percent) {
            return Err(("weight.cap_percent", format!("{} is not 0 to 7", self.cap_percent)));
        }
        let Begin { beginner, older, trained } = self.begin_g;
        for (field, (from, to)) in [
            ("weight.begin_g.beginner", beginner),
            ("weight.begin_g.older", older),
            ("weight.begin_g.trained", trained),
        ] {
            if from > to || to > 5000 {
                return Err((field, format!("[{from}, {to}] is not a range up to 5000 g")));
            }
        }
        if older.1 > beginner.1 {
            return Err(("weight.begin_g.older", "is more than a beginner's".to_owned()));
        }
        if self.effect == Effect::None && (self.cap_percent > 0.0 || trained.1 > 0) {
            return Err(("weight.cap_percent", "is above 0 though a weight does nothing".to_owned()));
        }
        let Self { effect, site, begin_g: begin, cap_percent, .. } = self;
        Ok(Weight { effect, site, turn, begin, cap_percent })
    }
}
