//! [`Claim`]: something said about ankle weights, how good the evidence is, and how it is told.
//!
//! The only place where a sentence about benefit may stand. Claims inform; none of them prescribes.

use super::{Catalogue, CatalogueError, Grade, parse};
use crate::text::Texts;
use serde::Deserialize;

/// Something said, with its grade. Its words are in the texts below `claim`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Slug, never renamed.
    pub id: String,
    /// How good the evidence is.
    pub grade: Grade,
    /// Ids of its sources; empty where none was found.
    pub sources: Vec<String>,
    /// The statements of the two source articles it answers.
    pub answers: Vec<String>,
}

/// A claim as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// What is said, with the verbs of its grade.
    pub says: String,
    /// Who was studied.
    pub studied: String,
    /// Where it ends.
    pub limits: String,
    /// What the grade means.
    pub grade: String,
    /// Its sources as cited.
    pub cited: Vec<String>,
}

impl Claim {
    pub(super) fn from_toml(file: &str, text: &str) -> Result<Self, CatalogueError> {
        let claim: Self = parse(file, text)?;
        let wrong = |field, reason: &str| {
            Err(CatalogueError::Field { file: file.to_owned(), field, reason: reason.to_owned() })
        };
        let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".toml");
        if stem != claim.id {
            return wrong("id", "differs from the file's name");
        }
        if claim.sources.is_empty() && claim.grade < Grade::E {
            return wrong("sources", "are missing, and only what cannot be traced has none");
        }
        if claim.answers.is_empty() {
            return wrong("answers", "are missing");
        }
        Ok(claim)
    }

    /// Whether every source was read: only then is anything said of who was studied.
    pub fn verified(&self, catalogue: &Catalogue) -> bool {
        self.sources.iter().all(|id| catalogue.sources().get(id).is_some_and(super::Source::may_show_numbers))
    }

    /// As a card. A claim whose source was not read says so and nothing else.
    pub fn card(&self, catalogue: &Catalogue, texts: &Texts) -> Card {
        let part = |name: &str| texts.say(&format!("claim.{}.{name}", self.id), &[]);
        let grade = match self.grade {
            Grade::A => "a",
            Grade::B => "b",
            Grade::C => "c",
            Grade::D => "d",
            Grade::E => "e",
            Grade::X => "x",
        };
        let verified = self.verified(catalogue);
        let unchecked = || texts.say("claim.unchecked", &[]);
        Card {
            says: if verified { part("says") } else { unchecked() },
            studied: if verified { part("studied") } else { unchecked() },
            limits: if verified { part("limits") } else { unchecked() },
            grade: texts.say(&format!("claim.grade.{grade}"), &[]),
            cited: self.sources.iter().filter_map(|id| catalogue.sources().get(id)).map(|s| s.cite.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::LANGUAGES;

    #[test]
    fn each_claim_speaks_with_the_verbs_of_its_grade() {
        let catalogue = Catalogue::embedded().unwrap();
        assert!(catalogue.claims().count() >= 20);
        for (language, verbs) in [
            ("en", ["improves", "can help", "may ", "We suggest", "Some say", "Some say"]),
            ("de", ["verbessert", "kann helfen", "möglicherweise", "Wir schlagen vor", "Manche sagen", "Manche sagen"]),
        ] {
            let texts = Texts::of(language);
            for claim in catalogue.claims() {
                let says = claim.card(&catalogue, &texts).says;
                let verb = verbs[claim.grade as usize];
                assert!(says.contains(verb), "{language} {}: \"{verb}\" is not in {says}", claim.id);
                // Nothing borrows the verb of a better grade.
                for better in &verbs[..(claim.grade as usize).min(4)] {
                    assert!(!says.contains(better), "{language} {}: \"{better}\" in {says}", claim.id);
                }
                let traced = says.contains("No source found") || says.contains("Keine Quelle gefunden");
                assert_eq!(traced, claim.grade >= Grade::E, "{language} {}", claim.id);
            }
        }
    }

    #[test]
    fn a_claim_whose_source_was_not_read_shows_nothing_of_it() {
        let catalogue = Catalogue::embedded().unwrap();
        let mut claim = catalogue.claims().find(|claim| claim.id == "walking_energy").unwrap().clone();
        assert!(claim.verified(&catalogue));
        claim.sources.push("soule1969".to_owned());
        assert!(!claim.verified(&catalogue));
        for language in LANGUAGES {
            let texts = Texts::of(language);
            let card = claim.card(&catalogue, &texts);
            assert_eq!([&card.says, &card.studied, &card.limits], [&texts.say("claim.unchecked", &[]); 3]);
        }
    }

    #[test]
    fn a_claim_of_a_grade_without_a_source_is_refused() {
        let text = "id = \"a\"\ngrade = \"c\"\nsources = []\nanswers = [\"A1\"]\n";
        let error = Claim::from_toml("claims/a.toml", text).unwrap_err().to_string();
        assert!(error.contains("claims/a.toml") && error.contains("sources"), "{error}");
        assert!(Claim::from_toml("claims/a.toml", &text.replace("\"c\"", "\"e\"")).is_ok());
    }
}
