//! [`Programme`]: weeks of sessions, what moves them on, and who it is for; the same file form for ours and for one
//! that people share.
//!
//! A file can ask for less than the rules allow and never for more: it names no weight, and sets, repetitions and how
//! often have limits here. What a person may do of it is decided by screening, ceilings and the calendar.

use super::{Catalogue, CatalogueError, Grade, is_slug, parse};
use serde::{Deserialize, Serialize};

/// Most bytes of a shared file: a programme of a year is far smaller.
const BYTES_MOST: usize = 64 * 1024;
/// Most weeks, parts, and exercises of a part.
const WEEKS_MOST: usize = 52;
const PARTS_MOST: usize = 14;
const WORK_MOST: usize = 12;
/// Most sets and repetitions of an exercise; more is another kind of training.
const SETS_MOST: u8 = 6;
const REPS_MOST: u32 = 30;
/// Most sessions in seven days; single sets in between may be three a day.
const SESSIONS_MOST: u32 = 7;
const SNACKS_MOST: u32 = 21;
/// Longest rest after a set and longest time to lower, seconds.
const REST_MOST_S: u32 = 600;
const LOWER_MOST_S: f64 = 10.0;
/// Longest name of a shared programme, characters.
const NAME_MOST: usize = 60;

/// Weeks of sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Slug, never renamed.
    pub id: String,
    /// What it is called where it is a shared one; ours have their names in the texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How good the evidence for its structure is; [`Grade::D`] for a shared one.
    pub grade: Grade,
    /// Ids of the sources its structure leans on. None of them tried this programme.
    pub sources: Vec<String>,
    /// Sessions in seven days (single sets, where [`snacks`](Self::snacks) says so).
    pub per_week: u32,
    /// Whether it is single sets spread over the day instead of sessions.
    #[serde(default, skip_serializing_if = "is_false")]
    pub snacks: bool,
    /// Whether it is meant for after the main lifts of the same day.
    #[serde(default, skip_serializing_if = "is_false")]
    pub after_lifts: bool,
    /// What comes before it.
    #[serde(default)]
    pub needs: Needs,
    /// Its parts, in the order they take turns.
    pub parts: Vec<Part>,
    /// What goes with its sessions or lies between them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Beside>,
    /// Its weeks. A week lasts until its sessions are done, however long that takes.
    pub weeks: Vec<Week>,
}

/// What comes before a programme.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// The gate to the first weight, for at least one exercise.
    #[serde(default, skip_serializing_if = "is_false")]
    pub mastered: bool,
    /// A plan from someone the person trusts, in force.
    #[serde(default, skip_serializing_if = "is_false")]
    pub plan: bool,
    /// Somebody who trains regularly.
    #[serde(default, skip_serializing_if = "is_false")]
    pub trained: bool,
    /// Nothing that speaks against walking with a weight.
    #[serde(default, skip_serializing_if = "is_false")]
    pub loaded_walking: bool,
    /// Protocols done at least once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<String>,
}

/// One session of a programme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Slug within the programme.
    pub id: String,
    /// What it is called, where it is of a shared programme that says so; ours have their names in the texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What is done, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work: Vec<Work>,
    /// A walk or another protocol that is the heart of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
}

/// One exercise of a part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// Exercise id.
    pub exercise: String,
    /// Sets, 1 to 6.
    pub sets: u8,
    /// Repetitions a set, from and to, 1 to 30.
    pub reps: (u32, u32),
    /// Where its load comes from.
    pub load: Load,
    /// Repetitions to leave in reserve, 0 to 5.
    pub reserve: u8,
    /// Rest after a set, seconds.
    #[serde(default = "minute")]
    pub rest_s: u32,
}

/// Where a load comes from. No programme names one: it belongs to a person, an exercise and a side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Load {
    /// No weight.
    None,
    /// The lightest there is, at most.
    Lightest,
    /// What progression says for this person, exercise and side.
    Own,
}

/// A protocol beside the sessions, always without a weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// Protocol id.
    pub protocol: String,
    /// When.
    pub when: When,
    /// Minutes, from and to: the first in the first week, the second in the last.
    pub minutes: (u32, u32),
}

/// When something beside the sessions is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// With each session.
    WithEach,
    /// On days without one.
    BetweenDays,
}

/// What a week is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aim {
    /// Learn the movement, its range and tempo.
    Learn,
    /// Get used to it.
    Settle,
    /// More repetitions within the range.
    Repetitions,
    /// A step up, where every check is met.
    Step,
    /// Less than before.
    Lighter,
    /// A slower way down.
    Slower,
    /// Stay.
    Hold,
    /// Near the end of the range with few in reserve.
    Effort,
    /// Walk without a weight and see what has changed.
    Bare,
    /// Keep what has become a habit.
    Keep,
    /// A stage of a plan from someone the person trusts.
    Stage,
}

impl Aim {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Learn,
        Self::Settle,
        Self::Repetitions,
        Self::Step,
        Self::Lighter,
        Self::Slower,
        Self::Hold,
        Self::Effort,
        Self::Bare,
        Self::Keep,
        Self::Stage,
    ];

    /// The slug it goes by in text keys.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Learn => "learn",
            Self::Settle => "settle",
            Self::Repetitions => "repetitions",
            Self::Step => "step",
            Self::Lighter => "lighter",
            Self::Slower => "slower",
            Self::Hold => "hold",
            Self::Effort => "effort",
            Self::Bare => "bare",
            Self::Keep => "keep",
            Self::Stage => "stage",
        }
    }
}

/// One week: what it changes in the parts, and what moves it on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Week {
    /// What it is for.
    pub aim: Aim,
    /// Which parts take turns in it; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// Most sets of an exercise in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sets_most: Option<u8>,
    /// One more set, for the exercise that is furthest behind.
    #[serde(default, skip_serializing_if = "is_false")]
    pub set_for_weakest: bool,
    /// Most load in it.
    #[serde(default = "own", skip_serializing_if = "is_own")]
    pub load_most: Load,
    /// Whether a step up may be taken in it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub steps: bool,
    /// Least to leave in reserve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve_least: Option<u8>,
    /// Seconds to lower, where that differs from the exercise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower_s: Option<f64>,
    /// Single sets a day, where the programme is of those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_day: Option<u32>,
    /// The walk of the week.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub walk: Option<WalkWeek>,
    /// Protocols to do in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<String>,
    /// What must be so before it is over, besides its sessions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub until: Vec<Until>,
}

/// A week's walk.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WalkWeek {
    /// Minutes in all, 5 to 60.
    pub minutes: u32,
    /// Times with a weight; 0 is a walk without.
    pub intervals: u32,
    /// Minutes of each with a weight.
    pub loaded_min: u32,
    /// Minutes without between them.
    pub easy_min: u32,
    /// Most weight on one leg, per cent of body mass; the ceiling for walking holds besides.
    pub percent_most: f64,
}

/// What moves a week on, besides its sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// The gate to the first weight is passed for every exercise of the parts that can carry one.
    Mastered,
    /// No pain above what needs no change in its sessions, and no worse the morning after.
    Comfortable,
    /// The week's tests are done.
    Tested,
    /// Straight to within five degrees when lifted: no lag.
    NoLag,
    /// Swelling is not rising, as answered.
    SwellingStable,
    /// The two sides are within a fifth of each other.
    Even,
    /// Whoever wrote the plan says so.
    Author,
}

impl Until {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Mastered, Self::Comfortable, Self::Tested, Self::NoLag, Self::SwellingStable, Self::Even, Self::Author];

    /// The slug it goes by in text keys.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mastered => "mastered",
            Self::Comfortable => "comfortable",
            Self::Tested => "tested",
            Self::NoLag => "no_lag",
            Self::SwellingStable => "swelling_stable",
            Self::Even => "even",
            Self::Author => "author",
        }
    }
}

/// Why a shared programme cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SharedError {
    /// It is too large to be one.
    #[error("read the programme: {bytes} bytes are more than a programme has")]
    TooLarge {
        /// How large it is.
        bytes: usize,
    },
    /// It does not say what a programme says, or asks for more than one may.
    #[error(transparent)]
    Wrong(#[from] CatalogueError),
}

impl Programme {
    pub(super) fn from_toml(file: &str, text: &str) -> Result<Self, CatalogueError> {
        let programme: Self = parse(file, text)?;
        programme.check(file)?;
        let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".toml");
        if stem != programme.id {
            return Err(wrong(file, "id", "differs from the file's name".to_owned()));
        }
        if programme.name.is_some() {
            return Err(wrong(file, "name", "stands in the texts".to_owned()));
        }
        if programme.parts.iter().any(|part| part.name.is_some()) {
            return Err(wrong(file, "parts.name", "stands in the texts".to_owned()));
        }
        Ok(programme)
    }

    /// Reads a programme that somebody shares. It has a name of its own, cannot take the place of one of ours, and
    /// claims no evidence; every exercise and protocol it names must be in the catalogue.
    pub fn shared(text: &str, catalogue: &Catalogue) -> Result<Self, SharedError> {
        if text.len() > BYTES_MOST {
            return Err(SharedError::TooLarge { bytes: text.len() });
        }
        let file = "programme.toml";
        let programme: Self = parse(file, text)?;
        programme.check(file)?;
        let plain = |name: &String| {
            let fits = !name.trim().is_empty() && name.chars().count() <= NAME_MOST;
            fits && !name.chars().any(char::is_control)
        };
        if !programme.name.as_ref().is_some_and(plain) {
            let reason = format!("is missing, longer than {NAME_MOST} characters or not one line");
            return Err(wrong(file, "name", reason).into());
        }
        if !programme.parts.iter().filter_map(|part| part.name.as_ref()).all(plain) {
            let reason = format!("is empty, longer than {NAME_MOST} characters or not one line");
            return Err(wrong(file, "parts.name", reason).into());
        }
        if catalogue.programme(&programme.id).is_some() {
            return Err(wrong(file, "id", "is one of Talus's own".to_owned()).into());
        }
        if programme.grade != Grade::D || !programme.sources.is_empty() {
            return Err(wrong(file, "grade", "is d and has no sources: nobody has checked it".to_owned()).into());
        }
        programme.check_names(file, catalogue)?;
        Ok(programme)
    }

    /// As a file to share.
    pub fn to_toml(&self) -> Result<String, CatalogueError> {
        let refused = |error: toml::ser::Error| wrong(&self.id, "programme", error.to_string());
        toml::to_string(self).map_err(refused)
    }

    /// The part of that id.
    pub fn part(&self, id: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.id == id)
    }

    /// Whether it names only what there is.
    pub(super) fn check_names(&self, file: &str, catalogue: &Catalogue) -> Result<(), CatalogueError> {
        let unknown = |field, name: &str| wrong(file, field, format!("names an unknown \"{name}\""));
        for work in self.parts.iter().flat_map(|part| &part.work) {
            let known = catalogue.exercise(&work.exercise).is_ok_and(|exercise| !exercise.walks());
            if !known {
                return Err(unknown("parts.work.exercise", &work.exercise));
            }
        }
        let beside = self.beside.iter().map(|beside| ("beside.protocol", &beside.protocol));
        let parts = self.parts.iter().filter_map(|part| Some(("parts.protocol", part.protocol.as_ref()?)));
        let tests = self.weeks.iter().flat_map(|week| week.tests.iter().map(|id| ("weeks.tests", id)));
        let needs = self.needs.done.iter().map(|id| ("needs.done", id));
        for (field, id) in beside.chain(parts).chain(tests).chain(needs) {
            if catalogue.protocol(id).is_none() {
                return Err(unknown(field, id));
            }
        }
        let every = catalogue.rules().lighter_week.every_weeks.whole().max(1) as usize;
        for (at, week) in self.weeks.iter().enumerate() {
            // Progression asks for less in every fourth week: a programme that promised something else would contradict.
            let asks_less = matches!(week.aim, Aim::Lighter | Aim::Bare | Aim::Keep | Aim::Stage);
            if (at + 1) % every == 0 && !asks_less {
                return Err(wrong(file, "weeks.aim", format!("of week {} is not a lighter one", at + 1)));
            }
        }
        Ok(())
    }

    fn check(&self, file: &str) -> Result<(), CatalogueError> {
        let no = |field, reason: &str| Err(wrong(file, field, reason.to_owned()));
        if !is_slug(&self.id) || self.parts.iter().any(|part| !is_slug(&part.id)) {
            return no("id", "is of small letters, digits and underscores");
        }
        let most = if self.snacks { SNACKS_MOST } else { SESSIONS_MOST };
        if !(1..=most).contains(&self.per_week) {
            return no("per_week", "is more than a week holds, or nothing");
        }
        if !(1..=WEEKS_MOST).contains(&self.weeks.len()) {
            return no("weeks", "are from 1 to 52");
        }
        if !(1..=PARTS_MOST).contains(&self.parts.len()) {
            return no("parts", "are from 1 to 14");
        }
        for (at, part) in self.parts.iter().enumerate() {
            if self.parts[..at].iter().any(|other| other.id == part.id) {
                return no("parts.id", "stands there twice");
            }
            if part.work.len() > WORK_MOST || (part.work.is_empty() && part.protocol.is_none()) {
                return no("parts.work", "has nothing to do, or more than 12 exercises");
            }
            for (at, work) in part.work.iter().enumerate() {
                work.check(file)?;
                if part.work[..at].iter().any(|other| other.exercise == work.exercise) {
                    return no("parts.work.exercise", "stands there twice");
                }
            }
        }
        for beside in &self.beside {
            let (from, to) = beside.minutes;
            if from == 0 || to < from || to > 60 {
                return no("beside.minutes", "are a range from 1 to 60");
            }
        }
        self.weeks.iter().try_for_each(|week| week.check(file, self))
    }
}

impl Work {
    fn check(&self, file: &str) -> Result<(), CatalogueError> {
        let no = |field, reason: &str| Err(wrong(file, field, reason.to_owned()));
        if !(1..=SETS_MOST).contains(&self.sets) {
            return no("parts.work.sets", "are from 1 to 6");
        }
        let (from, to) = self.reps;
        if from == 0 || to < from || to > REPS_MOST {
            return no("parts.work.reps", "are a range from 1 to 30");
        }
        if self.reserve > 5 {
            return no("parts.work.reserve", "is from 0 to 5");
        }
        if self.rest_s > REST_MOST_S {
            return no("parts.work.rest_s", "is at most ten minutes");
        }
        Ok(())
    }
}

impl Week {
    fn check(&self, file: &str, programme: &Programme) -> Result<(), CatalogueError> {
        let no = |field, reason: &str| Err(wrong(file, field, reason.to_owned()));
        if self.parts.iter().any(|id| programme.part(id).is_none()) {
            return no("weeks.parts", "names a part there is not");
        }
        if self.sets_most == Some(0) {
            return no("weeks.sets_most", "is zero");
        }
        if self.lower_s.is_some_and(|s| !(0.5..=LOWER_MOST_S).contains(&s)) {
            return no("weeks.lower_s", "is from 0.5 to 10 seconds");
        }
        if self.per_day.is_some() != programme.snacks || self.per_day.is_some_and(|n| !(1..=3).contains(&n)) {
            return no("weeks.per_day", "is from 1 to 3, and only for single sets");
        }
        if let Some(walk) = self.walk {
            let whole = walk.intervals * (walk.loaded_min + walk.easy_min);
            let fits = (5..=60).contains(&walk.minutes) && whole <= walk.minutes;
            let load = (0.0..=2.0).contains(&walk.percent_most) && (walk.intervals > 0) == (walk.percent_most > 0.0);
            if walk.intervals > 12 || walk.loaded_min > 10 || walk.easy_min > 10 || !fits || !load {
                return no("weeks.walk", "does not fit its minutes, or has more weight than walking may have");
            }
        }
        Ok(())
    }
}

fn wrong(file: &str, field: &'static str, reason: String) -> CatalogueError {
    CatalogueError::Field { file: file.to_owned(), field, reason }
}

fn minute() -> u32 {
    60
}

fn own() -> Load {
    Load::Own
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_own(load: &Load) -> bool {
    *load == Load::Own
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(change: impl Fn(String) -> String) -> Result<Programme, String> {
        let catalogue = Catalogue::embedded().unwrap();
        let text = "id = \"garden\"\nname = \"After the garden\"\ngrade = \"d\"\nsources = []\nper_week = 2\n\n\
                    [[parts]]\nid = \"a\"\nwork = [{ exercise = \"knee_ext_seated\", sets = 2, reps = [8, 12], \
                    load = \"own\", reserve = 3 }]\n\n[[weeks]]\naim = \"learn\"\n";
        Programme::shared(&change(text.to_owned()), &catalogue).map_err(|error| error.to_string())
    }

    #[test]
    fn a_shared_programme_comes_back_as_it_was_written() {
        let catalogue = Catalogue::embedded().unwrap();
        let programme = shared(|text| text).unwrap();
        assert_eq!(Programme::shared(&programme.to_toml().unwrap(), &catalogue).unwrap(), programme);
        // Its parts may have names of their own.
        let named = shared(|text| text.replace("id = \"a\"\n", "id = \"a\"\nname = \"Before supper\"\n")).unwrap();
        assert_eq!(named.parts[0].name.as_deref(), Some("Before supper"));
        assert_eq!(Programme::shared(&named.to_toml().unwrap(), &catalogue).unwrap(), named);
        let refused = shared(|text| text.replace("id = \"a\"\n", "id = \"a\"\nname = \"\"\n")).unwrap_err();
        assert!(refused.contains("parts.name"), "{refused}");
        for ours in catalogue.programmes() {
            let file = format!("programmes/{}.toml", ours.id);
            assert_eq!(&Programme::from_toml(&file, &ours.to_toml().unwrap()).unwrap(), ours);
        }
    }

    #[test]
    fn a_shared_programme_that_asks_for_more_than_one_may_is_refused_by_name() {
        for (from, to, field) in [
            ("sets = 2", "sets = 7", "parts.work.sets"),
            ("sets = 2", "sets = 2, mass_g = 9000", "mass_g"),
            ("reps = [8, 12]", "reps = [12, 8]", "parts.work.reps"),
            ("reps = [8, 12]", "reps = [8, 31]", "parts.work.reps"),
            ("reserve = 3", "reserve = 6", "parts.work.reserve"),
            ("per_week = 2", "per_week = 8", "per_week"),
            ("per_week = 2", "per_week = 0", "per_week"),
            ("knee_ext_seated", "squat_jump", "parts.work.exercise"),
            ("knee_ext_seated", "walk", "parts.work.exercise"),
            ("\"garden\"", "\"steady\"", "id"),
            ("\"garden\"", "\"Garden\"", "id"),
            ("After the garden", "two\\nlines", "name"),
            ("name = \"After the garden\"\n", "", "name"),
            ("grade = \"d\"", "grade = \"a\"", "grade"),
            ("aim = \"learn\"", "aim = \"learn\"\ntests = [\"beep\"]", "weeks.tests"),
            ("aim = \"learn\"", "aim = \"learn\"\nlower_s = nan", "weeks.lower_s"),
            ("aim = \"learn\"", "aim = \"learn\"\nparts = [\"b\"]", "weeks.parts"),
            (
                "aim = \"learn\"",
                "aim = \"learn\"\nwalk = { minutes = 10, intervals = 3, loaded_min = 3, easy_min = 2, percent_most = 1.0 }",
                "weeks.walk",
            ),
            (
                "aim = \"learn\"",
                "aim = \"learn\"\nwalk = { minutes = 60, intervals = 3, loaded_min = 3, easy_min = 2, percent_most = 5.0 }",
                "weeks.walk",
            ),
        ] {
            let error = shared(|text| text.replace(from, to)).unwrap_err();
            assert!(error.contains(field), "{from} -> {to}: {error}");
        }
        let error = shared(|text| text + &"#".repeat(70_000)).unwrap_err();
        assert!(error.contains("bytes"), "{error}");
        let deep = shared(|text| text + &format!("x = {}{}", "[".repeat(20_000), "]".repeat(20_000)));
        assert!(deep.is_err());
    }

    #[test]
    fn every_fourth_week_asks_for_less_as_progression_does() {
        let four = "[[weeks]]\naim = \"hold\"\n".repeat(4);
        let error = shared(|text| text.replace("[[weeks]]\naim = \"learn\"\n", &four)).unwrap_err();
        assert!(error.contains("week 4"), "{error}");
    }
}
