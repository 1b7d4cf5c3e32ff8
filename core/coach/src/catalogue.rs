//! [`Catalogue`]: the exercises, one TOML file each, embedded and strict.
//!
//! A file that says something unknown, leaves something out or contradicts itself is refused with its name and
//! field, so that a slip of the pen never becomes a wrong count.

use crate::plan::Laterality;
use crate::text::Texts;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::collections::BTreeMap;
use talus_motion::{ExerciseModel, ModelKind, Task, Tempo, TurnAxis};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/catalogue");

/// Most names suggested for an unknown exercise.
const NEAREST_MOST: usize = 3;

/// Why a catalogue cannot be used: its files are wrong. Nothing a person can do; a test keeps it from shipping.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// A file is not there or not text.
    #[error("read {file} of the catalogue: it is missing or not UTF-8")]
    File {
        /// Path below the catalogue.
        file: String,
    },
    /// A file is not the TOML expected: the parser names line and field.
    #[error("read {file} of the catalogue: {reason}")]
    Toml {
        /// Path below the catalogue.
        file: String,
        /// What the parser says, with line, column and field.
        reason: String,
    },
    /// A field has a value it cannot have.
    #[error("read {file} of the catalogue: {field} {reason}")]
    Field {
        /// Path below the catalogue.
        file: String,
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

/// No exercise of that id: the nearest ones by id, name and other names, best first (at most three).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("find the exercise \"{asked}\" (nearest: {})", .nearest.join(", "))]
pub struct UnknownExercise {
    /// What was asked for.
    pub asked: String,
    /// Ids of the nearest exercises.
    pub nearest: Vec<String>,
}

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
    /// On the way.
    Walking,
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

/// The exercises, by id.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    version: String,
    exercises: BTreeMap<String, Exercise>,
    /// Lower-case names that lead to an id: ids with spaces, English names, aliases.
    names: Vec<(String, String)>,
}

impl Catalogue {
    /// The catalogue that comes with this build.
    pub fn embedded() -> Result<Self, CatalogueError> {
        let head = "catalogue.toml";
        let text = EMBEDDED.get_file(head).and_then(|file| file.contents_utf8());
        let text = text.ok_or_else(|| CatalogueError::File { file: head.to_owned() })?;
        let Head { version } = parse(head, text)?;

        let mut exercises = BTreeMap::new();
        for file in EMBEDDED.get_dir("exercises").into_iter().flat_map(Dir::files) {
            let path = file.path().to_string_lossy();
            let text = file.contents_utf8().ok_or_else(|| CatalogueError::File { file: path.to_string() })?;
            let exercise = Exercise::from_toml(&path, text)?;
            exercises.insert(exercise.id.clone(), exercise);
        }

        let english = Texts::of("en");
        let names = exercises.values().flat_map(|exercise| {
            let id = &exercise.id;
            let spoken = [id.replace('_', " "), english.exercise(id).to_owned()];
            let all = spoken.into_iter().chain(exercise.aliases.iter().cloned());
            all.map(|name| (name.to_lowercase(), id.clone())).collect::<Vec<_>>()
        });
        Ok(Self { version, names: names.collect(), exercises })
    }

    /// Changes whenever an entry does; stands in every recording.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The exercise of that id.
    pub fn exercise(&self, id: &str) -> Result<&Exercise, UnknownExercise> {
        self.exercises.get(id).ok_or_else(|| UnknownExercise { asked: id.to_owned(), nearest: self.nearest(id) })
    }

    /// Every exercise, in the order of ids.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.exercises.values()
    }

    fn nearest(&self, asked: &str) -> Vec<String> {
        let asked = asked.to_lowercase().replace(['_', '-'], " ");
        let mut best = BTreeMap::<&str, f64>::new();
        for (name, id) in &self.names {
            // A whole word of the name is worth more than likeness: "abduction" means both abductions.
            let word = asked.len() > 2 && name.split_whitespace().any(|word| word == asked);
            let alike = if word { 0.95 } else { strsim::jaro_winkler(&asked, &name.replace('-', " ")) };
            let seen = best.entry(id).or_insert(0.0);
            *seen = seen.max(alike);
        }
        let mut ranked: Vec<_> = best.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked.into_iter().take(NEAREST_MOST).map(|(id, _)| id.to_owned()).collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    version: String,
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
    model: Option<WrittenModel>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenModel {
    kind: ModelKind,
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

fn parse<'a, T: Deserialize<'a>>(file: &str, text: &'a str) -> Result<T, CatalogueError> {
    let words = |error: toml::de::Error| {
        // The parser's own words span lines (a picture of the place); one line reads better after "failed to".
        let at = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        format!("line {at}: {}", error.message().replace('\n', ", "))
    };
    toml::from_str(text).map_err(|error| CatalogueError::Toml { file: file.to_owned(), reason: words(error) })
}

impl Exercise {
    /// Reads one file; `file` is its path below the catalogue.
    pub(crate) fn from_toml(file: &str, text: &str) -> Result<Self, CatalogueError> {
        let written: Written = parse(file, text)?;
        let wrong = |field, reason: String| CatalogueError::Field { file: file.to_owned(), field, reason };
        let slug =
            |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !slug(&written.id) {
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
        if !(self.range_deg > 0.0 && self.range_deg <= 180.0) {
            return Err(("model.range_deg", format!("{} is not above 0 and up to 180 degrees", self.range_deg)));
        }
        if !(self.min_count_deg > 0.0 && self.min_count_deg <= self.range_deg) {
            let reason = format!("{} is not above 0 and up to model.range_deg", self.min_count_deg);
            return Err(("model.min_count_deg", reason));
        }
        Ok(ExerciseModel {
            kind: self.kind,
            axis: self.axis,
            range_deg: self.range_deg,
            min_count_deg: self.min_count_deg,
            tempo: Tempo { lift_s, hold_s, lower_s, rest_s },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knee() -> String {
        EMBEDDED.get_file("exercises/knee_ext_seated.toml").unwrap().contents_utf8().unwrap().to_owned()
    }

    #[test]
    fn every_file_of_the_catalogue_is_an_exercise() {
        let catalogue = Catalogue::embedded().unwrap();
        let files = EMBEDDED.get_dir("exercises").unwrap().files().count();
        assert_eq!(catalogue.exercises().count(), files);
        let knee = catalogue.exercise("knee_ext_seated").unwrap();
        assert_eq!((knee.model.range_deg, knee.model.tempo.lower_s, knee.reps), (85.0, 3.0, (10, 15)));
        assert!(catalogue.exercise("walk").unwrap().walks());
    }

    #[test]
    fn an_unknown_field_is_refused_with_its_file_and_name() {
        let text = knee().replace("rest_s = 60", "rest_s = 60\nweight_kg = 2");
        let error = Exercise::from_toml("exercises/knee_ext_seated.toml", &text).unwrap_err().to_string();
        assert!(error.contains("exercises/knee_ext_seated.toml") && error.contains("weight_kg"), "{error}");
        assert!(error.contains("line 9"), "{error}");
    }

    #[test]
    fn a_field_that_contradicts_itself_is_refused_by_name() {
        for (from, to, field) in [
            ("min_count_deg = 45", "min_count_deg = 86", "model.min_count_deg"),
            ("range_deg = 85", "range_deg = nan", "model.range_deg"),
            ("hold_s = 1", "hold_s = -1", "model.tempo.hold_s"),
            ("reps = [10, 15]", "reps = [15, 10]", "reps"),
            ("sets = 2", "sets = 0", "sets"),
            ("id = \"knee_ext_seated\"", "id = \"knee\"", "id"),
            ("task = \"reps\"", "task = \"walk\"", "model"),
        ] {
            let text = knee();
            assert!(text.contains(from), "{from}");
            match Exercise::from_toml("exercises/knee_ext_seated.toml", &text.replace(from, to)) {
                Err(CatalogueError::Field { field: named, .. }) => assert_eq!(named, field),
                other => panic!("{from} -> {to}: {other:?}"),
            }
        }
    }

    #[test]
    fn an_unknown_exercise_names_the_nearest() {
        let catalogue = Catalogue::embedded().unwrap();
        for (asked, nearest) in [
            ("knee_ext_seatd", "knee_ext_seated"),
            ("knee extension", "knee_ext_seated"),
            ("side-lying hip abduction", "side_abd"),
            ("laq", "knee_ext_seated"),
            ("walking", "walk"),
            ("Straight-leg raise", "quad_set_slr"),
        ] {
            let error = catalogue.exercise(asked).unwrap_err();
            assert!(error.nearest.iter().any(|id| id == nearest), "{asked}: {:?}", error.nearest);
            assert!(error.nearest.len() <= NEAREST_MOST);
        }
    }
}
