//! [`Catalogue`]: exercises, programmes, protocols, rules, sources and detectors, embedded and strict; one TOML file an
//! entry.
//!
//! A file that says something unknown, leaves something out or contradicts itself is refused with its name and
//! field, so that a slip of the pen never becomes a wrong count.

mod claim;
mod exercise;
mod programme;
mod protocol;
mod rules;
mod source;

pub use claim::{Card, Claim};
pub use exercise::{
    Awaits, Begin, Detector, Effect, Exercise, Grade, Joint, Lever, Muscle, Position, Site, Sure, Turn, Weight,
};
pub use programme::{Aim, Beside, Load, Needs, Part, Programme, SharedError, Until, WalkWeek, Week, When, Work};
pub use protocol::{
    Better, Flag, FunctionTest, Least, Legs, Of, Protocol, ProtocolKind, ResultOf, Support, Unit, UsualAt, Whose,
};
pub use rules::{Basis, CueRules, LighterWeekRules, ReviewRules, Rules, SetRules, Threshold, WalkRules};
pub use source::{Checked, Source};

use crate::text::Texts;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

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

/// The exercises, by id.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    version: String,
    rules: Rules,
    sources: BTreeMap<String, Source>,
    detectors: BTreeMap<String, Detector>,
    claims: Vec<Claim>,
    exercises: BTreeMap<String, Exercise>,
    protocols: BTreeMap<String, Protocol>,
    programmes: BTreeMap<String, Programme>,
    /// Lower-case names that lead to an id: ids with spaces, English names, aliases.
    names: Vec<(String, String)>,
}

impl Catalogue {
    /// The catalogue that comes with this build.
    pub fn embedded() -> Result<Self, CatalogueError> {
        let Head { version } = whole("catalogue.toml")?;
        let rules: Rules = whole("rules.toml")?;
        let sources: BTreeMap<String, Source> = whole("sources.toml")?;
        let detectors: BTreeMap<String, Detector> = whole("detectors.toml")?;
        check_rules(&rules, &sources)?;

        let mut exercises = BTreeMap::new();
        for file in EMBEDDED.get_dir("exercises").into_iter().flat_map(Dir::files) {
            let path = file.path().to_string_lossy();
            let text = file.contents_utf8().ok_or_else(|| CatalogueError::File { file: path.to_string() })?;
            let exercise = Exercise::from_toml(&path, text)?;
            exercises.insert(exercise.id.clone(), exercise);
        }

        check_references(&exercises, &sources, &detectors)?;
        let mut claims = Vec::new();
        for file in EMBEDDED.get_dir("claims").into_iter().flat_map(Dir::files) {
            let path = file.path().to_string_lossy();
            let text = file.contents_utf8().ok_or_else(|| CatalogueError::File { file: path.to_string() })?;
            let claim = Claim::from_toml(&path, text)?;
            if let Some(name) = claim.sources.iter().find(|id| !sources.contains_key(*id)) {
                let reason = format!("name an unknown \"{name}\"");
                return Err(CatalogueError::Field { file: path.to_string(), field: "sources", reason });
            }
            claims.push(claim);
        }
        claims.sort_by(|a, b| a.id.cmp(&b.id));

        let english = Texts::of("en");
        let names = exercises.values().flat_map(|exercise| {
            let id = &exercise.id;
            let spoken = [id.replace('_', " "), english.exercise(id).to_owned()];
            let all = spoken.into_iter().chain(exercise.aliases.iter().cloned());
            all.map(|name| (name.to_lowercase(), id.clone())).collect::<Vec<_>>()
        });
        let names = names.collect();
        let protocols = embedded_protocols(&sources)?;
        let programmes = BTreeMap::new();
        let mut catalogue =
            Self { version, rules, sources, detectors, claims, exercises, protocols, programmes, names };
        // Programmes name everything else, so they come last.
        catalogue.programmes = catalogue.embedded_programmes()?;
        Ok(catalogue)
    }

    /// Changes whenever an entry does; stands in every recording.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The exercise of that id.
    pub fn exercise(&self, id: &str) -> Result<&Exercise, UnknownExercise> {
        self.exercises.get(id).ok_or_else(|| UnknownExercise { asked: id.to_owned(), nearest: self.nearest(id) })
    }

    /// The thresholds of every rule.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The sources, by id.
    pub fn sources(&self) -> &BTreeMap<String, Source> {
        &self.sources
    }

    /// What is said about ankle weights, in the order of ids.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter()
    }

    /// What a cuff can notice, by id. The ids are never shown: the texts have a neutral word for each.
    pub fn detectors(&self) -> &BTreeMap<String, Detector> {
        &self.detectors
    }

    /// Every exercise, in the order of ids.
    pub fn exercises(&self) -> impl Iterator<Item = &Exercise> {
        self.exercises.values()
    }

    /// The programmes, in the order of ids.
    pub fn programmes(&self) -> impl Iterator<Item = &Programme> {
        self.programmes.values()
    }

    /// The programme of that id.
    pub fn programme(&self, id: &str) -> Option<&Programme> {
        self.programmes.get(id)
    }

    /// The same with a programme that somebody shares; see [`Programme::shared`], which never takes the place of ours.
    #[must_use]
    pub fn with_shared(mut self, programme: Programme) -> Self {
        self.programmes.insert(programme.id.clone(), programme);
        self
    }

    /// The protocols, in the order of ids.
    pub fn protocols(&self) -> impl Iterator<Item = &Protocol> {
        self.protocols.values()
    }

    /// The protocol of that id.
    pub fn protocol(&self, id: &str) -> Option<&Protocol> {
        self.protocols.get(id)
    }

    fn embedded_programmes(&self) -> Result<BTreeMap<String, Programme>, CatalogueError> {
        let mut programmes = BTreeMap::new();
        for file in EMBEDDED.get_dir("programmes").into_iter().flat_map(Dir::files) {
            let path = file.path().to_string_lossy();
            let text = file.contents_utf8().ok_or_else(|| CatalogueError::File { file: path.to_string() })?;
            let programme = Programme::from_toml(&path, text)?;
            programme.check_names(&path, self)?;
            if let Some(name) = programme.sources.iter().find(|id| !self.sources.contains_key(*id)) {
                let reason = format!("name an unknown \"{name}\"");
                return Err(CatalogueError::Field { file: path.to_string(), field: "sources", reason });
            }
            programmes.insert(programme.id.clone(), programme);
        }
        Ok(programmes)
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

fn embedded_protocols(sources: &BTreeMap<String, Source>) -> Result<BTreeMap<String, Protocol>, CatalogueError> {
    let mut protocols = BTreeMap::new();
    for file in EMBEDDED.get_dir("protocols").into_iter().flat_map(Dir::files) {
        let path = file.path().to_string_lossy();
        let text = file.contents_utf8().ok_or_else(|| CatalogueError::File { file: path.to_string() })?;
        let protocol = Protocol::from_toml(&path, text, sources)?;
        protocols.insert(protocol.id.clone(), protocol);
    }
    Ok(protocols)
}

/// Whether a word can be an id: small letters, digits and underscores.
fn is_slug(id: &str) -> bool {
    !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Reads one whole file below the catalogue.
fn whole<T: DeserializeOwned>(file: &str) -> Result<T, CatalogueError> {
    let text = EMBEDDED.get_file(file).and_then(|found| found.contents_utf8());
    parse(file, text.ok_or_else(|| CatalogueError::File { file: file.to_owned() })?)
}

fn check_rules(rules: &Rules, sources: &BTreeMap<String, Source>) -> Result<(), CatalogueError> {
    for (name, threshold) in rules.all() {
        let wrong = |reason: String| Err(CatalogueError::Field { file: "rules.toml".to_owned(), field: name, reason });
        if !(threshold.value.is_finite() && threshold.value >= 0.0) || threshold.version == 0 {
            return wrong("needs a value from 0 up and a version from 1 up".to_owned());
        }
        let source = sources.get(&threshold.source);
        if source.is_none() && !threshold.source.is_empty() {
            return wrong(format!("names an unknown source \"{}\"", threshold.source));
        }
        // A number is research only where somebody has read it there.
        let read = source.is_some_and(|source| source.check == Checked::Read);
        let sourced = threshold.basis == Basis::Source;
        if threshold.verified != sourced || (sourced && !read) {
            return wrong("is verified exactly where its basis is a source that was read".to_owned());
        }
    }
    Ok(())
}

fn check_references(
    exercises: &BTreeMap<String, Exercise>,
    sources: &BTreeMap<String, Source>,
    detectors: &BTreeMap<String, Detector>,
) -> Result<(), CatalogueError> {
    for exercise in exercises.values() {
        let wrong = |field, name: &str| {
            let (file, reason) = (format!("exercises/{}.toml", exercise.id), format!("name an unknown \"{name}\""));
            Err(CatalogueError::Field { file, field, reason })
        };
        if let Some(name) = exercise.detectors.iter().find(|id| !detectors.contains_key(*id)) {
            return wrong("detectors", name);
        }
        if let Some(name) = exercise.sources.iter().find(|id| !sources.contains_key(*id)) {
            return wrong("sources", name);
        }
        for (field, other) in [("easier", &exercise.easier), ("harder", &exercise.harder)] {
            if let Some(name) = other.as_ref().filter(|id| **id == exercise.id || !exercises.contains_key(*id)) {
                return wrong(field, name);
            }
        }
    }
    Ok(())
}

fn parse<'a, T: Deserialize<'a>>(file: &str, text: &'a str) -> Result<T, CatalogueError> {
    let words = |error: toml::de::Error| {
        // The parser's own words span lines (a picture of the place); one line reads better after "failed to".
        let at = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        format!("line {at}: {}", error.message().replace('\n', ", "))
    };
    toml::from_str(text).map_err(|error| CatalogueError::Toml { file: file.to_owned(), reason: words(error) })
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

    /// The seated knee extension with `from` changed `to` is refused, and `field` is named.
    fn refused_by_name(from: &str, to: &str, field: &str) {
        let text = knee();
        assert!(text.contains(from), "{from}");
        match Exercise::from_toml("exercises/knee_ext_seated.toml", &text.replace(from, to)) {
            Err(CatalogueError::Field { field: named, .. }) => assert_eq!(named, field),
            other => panic!("{from} -> {to}: {other:?}"),
        }
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
            refused_by_name(from, to, field);
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

    #[test]
    fn a_weight_that_contradicts_itself_is_refused_by_name() {
        for (from, to, field) in [
            ("cap_percent = 7", "cap_percent = 7.5", "weight.cap_percent"),
            ("joint = \"knee\"\n", "", "weight.lever"),
            ("older = [500, 1000]", "older = [500, 2000]", "weight.begin_g.older"),
            ("trained = [2500, 4500]", "trained = [2500, 5500]", "weight.begin_g.trained"),
            ("effect = \"full\"", "effect = \"none\"", "weight.cap_percent"),
            ("level_at_deg = 90", "level_at_deg = 91", "weight.level_at_deg"),
        ] {
            refused_by_name(from, to, field);
        }
    }

    #[test]
    fn a_name_that_leads_nowhere_is_refused() {
        let catalogue = Catalogue::embedded().unwrap();
        let spoiled = |from: &str, to: &str| {
            assert!(knee().contains(from), "{from}");
            let exercise = Exercise::from_toml("exercises/knee_ext_seated.toml", &knee().replace(from, to)).unwrap();
            let exercises = BTreeMap::from([(exercise.id.clone(), exercise)]);
            check_references(&exercises, &catalogue.sources, &catalogue.detectors).unwrap_err().to_string()
        };
        for (from, to, field) in [
            ("\"short_rom\"", "\"short_romm\"", "detectors"),
            ("\"otago\"", "\"otagi\"", "sources"),
            ("easier = \"knee_ext_short_arc\"", "easier = \"knee_ext_seated\"", "easier"),
        ] {
            assert!(spoiled(from, to).contains(field), "{field}");
        }
    }

    #[test]
    fn no_rule_calls_itself_verified_without_a_source_that_was_read() {
        let catalogue = Catalogue::embedded().unwrap();
        let spoil = |change: &dyn Fn(&mut Rules)| {
            let mut rules = catalogue.rules.clone();
            change(&mut rules);
            check_rules(&rules, &catalogue.sources)
        };
        assert!(spoil(&|_| {}).is_ok());
        assert!(spoil(&|rules| rules.pain.stop_from.verified = true).is_err());
        assert!(spoil(&|rules| rules.step.torque_percent.source = "noble2006".to_owned()).is_err());
        assert!(spoil(&|rules| rules.step.torque_percent.source = "nobody".to_owned()).is_err());
        assert!(spoil(&|rules| rules.ceiling.hard_g.value = f64::NAN).is_err());
        assert!(catalogue.rules.all().iter().all(|(_, threshold)| threshold.reviewer.is_empty()));
    }

    #[test]
    fn what_the_tracker_cannot_see_yet_says_so() {
        let catalogue = Catalogue::embedded().unwrap();
        for exercise in catalogue.exercises().filter(|exercise| !exercise.walks()) {
            // A cuff above the knee sees nothing of the shin: no tracker will change that.
            let never = exercise.weight.site == Site::AboveKnee;
            assert!(exercise.measured() || never || exercise.awaits.is_some(), "{}", exercise.id);
        }
        let awaiting = catalogue.exercises().filter(|exercise| exercise.awaits.is_some()).count();
        let timers = catalogue.exercises().filter(|exercise| !exercise.measured()).count();
        assert_eq!((catalogue.exercises().count(), awaiting, timers), (39, 5, 4));
    }
}
