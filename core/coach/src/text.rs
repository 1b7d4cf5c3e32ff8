//! [`Texts`]: everything the core says, in one language, from `text/<language>/<area>.toml`.
//!
//! A key is `area.name`; a text has `{placeholders}` and, where a number decides, a form for one and for others.

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use talus_motion::{Detector, Side};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/text");

/// Languages there are texts for; the first is spoken where a language is not known.
pub const LANGUAGES: [&str; 2] = ["en", "de"];

/// Something to put in place of a placeholder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Arg<'a> {
    /// A whole number; the one named `count` chooses between the forms for one and for others.
    Count(u32),
    /// Words as they are.
    Text(&'a str),
    /// A weight in grams, as kilograms.
    Mass(u32),
}

#[derive(Debug, Clone, PartialEq)]
enum Entry {
    Plain(String),
    Plural { one: String, other: String },
}

/// What weights are told in. They are kept in grams whatever is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MassUnit {
    /// Kilograms, to ten grams as needed.
    #[default]
    Kilograms,
    /// Pounds, to half a pound.
    Pounds,
}

/// Grams of a pound (avoirdupois, exact by definition).
const GRAMS_PER_POUND: f64 = 453.592_37;

impl MassUnit {
    /// A weight in pounds, to half a pound as cuffs are made; 0 where that is nearer.
    pub fn pounds(grams: u32) -> f64 {
        (f64::from(grams) / GRAMS_PER_POUND * 2.0).round() / 2.0
    }
}

/// Everything the core says in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Texts {
    language: &'static str,
    unit: MassUnit,
    entries: BTreeMap<String, Entry>,
}

impl Texts {
    /// The texts for a language tag: `de-AT` is German, anything unknown is English. Weights are told in pounds where the tag
    /// asks for US measures, as phones write it: `en-US-u-ms-ussystem` (Unicode TR 35, key `ms`).
    pub fn of(language: &str) -> Self {
        let unit = if asks_for_pounds(language) { MassUnit::Pounds } else { MassUnit::Kilograms };
        let asked = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let language = LANGUAGES.into_iter().find(|known| *known == asked).unwrap_or(LANGUAGES[0]);
        let mut entries = BTreeMap::new();
        for file in EMBEDDED.get_dir(language).into_iter().flat_map(Dir::files) {
            let area = file.path().file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            // A file that does not parse would leave its keys unsaid; a test reads every file.
            if let Some(table) = file.contents_utf8().and_then(|text| text.parse::<toml::Table>().ok()) {
                flatten(&area, table, &mut entries);
            }
        }
        Self { language, unit, entries }
    }

    /// What weights are told in.
    pub fn unit(&self) -> MassUnit {
        self.unit
    }

    /// The same with weights in another unit.
    #[must_use]
    pub fn with_unit(self, unit: MassUnit) -> Self {
        Self { unit, ..self }
    }

    /// The language these are in.
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// The text of `key` with its placeholders filled. A key there is no text for is returned as it is: wrong, but
    /// visible and harmless in the middle of a session.
    pub fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let template = match self.entries.get(key) {
            None => return key.to_owned(),
            Some(Entry::Plain(text)) => text,
            Some(Entry::Plural { one, other }) => {
                // English and German both keep the singular for exactly one.
                let single = args.iter().any(|(name, arg)| *name == "count" && *arg == Arg::Count(1));
                if single { one } else { other }
            }
        };
        self.filled(template, args)
    }

    /// As [`Texts::say`], for a text that each leg has its own wording of (`…_left`, `…_right`).
    pub fn say_for(&self, key: &str, side: Side, args: &[(&str, Arg<'_>)]) -> String {
        self.say(&for_side(key, side), args)
    }

    /// The name of an exercise; its id where there is none.
    pub fn exercise<'a>(&'a self, id: &'a str) -> &'a str {
        match self.entries.get(&format!("exercise.{id}.name")) {
            Some(Entry::Plain(name)) => name,
            _ => id,
        }
    }

    /// The neutral word for something that stood out in a repetition.
    pub fn stood_out(&self, detector: Detector) -> String {
        let id = toml::Value::try_from(detector).ok();
        let id = id.as_ref().and_then(toml::Value::as_str).unwrap_or_default();
        self.say(&format!("detector.{id}"), &[])
    }

    /// A weight of `grams`: "1.5 kg", "1,5 kg", "3.5 lb", "no weight". Less than a quarter of a pound is still not nothing
    /// and is told in kilograms.
    pub fn mass(&self, grams: u32) -> String {
        if grams == 0 {
            return self.say("session.unit.no_weight", &[]);
        }
        let pounds = MassUnit::pounds(grams);
        let (key, number) = match self.unit {
            MassUnit::Pounds if pounds > 0.0 => ("session.unit.lb", self.number(pounds, 1)),
            MassUnit::Pounds | MassUnit::Kilograms => ("session.unit.kg", self.number(f64::from(grams) / 1000.0, 2)),
        };
        let mark = self.decimal_mark();
        // Decimals only as needed: never "1.50 kg".
        let trimmed = number.trim_end_matches('0').trim_end_matches(mark);
        self.say(key, &[("value", Arg::Text(trimmed))])
    }

    /// An angle in whole degrees: "84°"; "–" where it is not known.
    pub fn degrees(&self, degrees: Option<f64>) -> String {
        match degrees.filter(|d| d.is_finite()) {
            Some(degrees) => format!("{}°", self.number(degrees, 0)),
            None => self.say("session.unit.unknown", &[]),
        }
    }

    /// Seconds with one decimal: "2.4 s"; "–" where they are not known.
    pub fn seconds(&self, seconds: Option<f64>) -> String {
        match seconds.filter(|s| s.is_finite()) {
            Some(seconds) => {
                let value = self.number(seconds, 1);
                self.say("session.unit.s", &[("value", Arg::Text(&value))])
            }
            None => self.say("session.unit.unknown", &[]),
        }
    }

    /// A number with the language's decimal mark and a true minus.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        // Minus zero is zero.
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (digits.bytes().any(|b| (b'1'..=b'9').contains(&b)), digits),
            None => (false, text.as_str()),
        };
        let mark = self.decimal_mark().to_string();
        format!("{}{}", if negative { "−" } else { "" }, digits.replace('.', &mark))
    }

    fn decimal_mark(&self) -> char {
        if self.language == "de" { ',' } else { '.' }
    }

    fn filled(&self, template: &str, args: &[(&str, Arg<'_>)]) -> String {
        let mut said = String::with_capacity(template.len() + 16);
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            said.push_str(before);
            let Some(close) = from.find('}') else {
                rest = from;
                break;
            };
            match args.iter().find(|(name, _)| *name == &from[1..close]) {
                Some((_, Arg::Text(words))) => said.push_str(words),
                Some((_, Arg::Count(count))) => said.push_str(&count.to_string()),
                Some((_, Arg::Mass(grams))) => said.push_str(&self.mass(*grams)),
                None => said.push_str(&from[..=close]),
            }
            rest = &from[close + 1..];
        }
        said.push_str(rest);
        said
    }
}

/// Whether a language tag asks for US measures.
fn asks_for_pounds(language: &str) -> bool {
    let lower = language.to_ascii_lowercase().replace('_', "-");
    lower.split_once("-u-").is_some_and(|(_, extension)| format!("-{extension}-").contains("-ms-ussystem-"))
}

/// The key of a text that each leg has its own wording of.
pub(crate) fn for_side(key: &str, side: Side) -> String {
    match side {
        Side::Left => format!("{key}_left"),
        Side::Right => format!("{key}_right"),
    }
}

/// Turns nested tables into dotted keys; a table of exactly `one` and `other` is a plural.
fn flatten(prefix: &str, table: toml::Table, into: &mut BTreeMap<String, Entry>) {
    for (name, value) in table {
        let key = format!("{prefix}.{name}");
        match value {
            toml::Value::String(text) => {
                into.insert(key, Entry::Plain(text));
            }
            toml::Value::Table(inner) => {
                let form = |name: &str| inner.get(name).and_then(toml::Value::as_str).map(str::to_owned);
                match (form("one"), form("other"), inner.len()) {
                    (Some(one), Some(other), 2) => {
                        into.insert(key, Entry::Plural { one, other });
                    }
                    _ => flatten(&key, inner, into),
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn forms(entry: &Entry) -> Vec<&str> {
        match entry {
            Entry::Plain(text) => vec![text],
            Entry::Plural { one, other } => vec![one, other],
        }
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_language_says_the_same_things_with_the_same_placeholders() {
        let english = Texts::of("en");
        assert!(english.entries.len() > 60);
        for language in LANGUAGES {
            let texts = Texts::of(language);
            let keys = |t: &Texts| t.entries.keys().cloned().collect::<BTreeSet<_>>();
            let differ: Vec<_> = keys(&english).symmetric_difference(&keys(&texts)).cloned().collect();
            assert!(differ.is_empty(), "{language}: {differ:?}");
            for (key, entry) in &english.entries {
                let theirs = &texts.entries[key];
                assert_eq!(forms(entry).len(), forms(theirs).len(), "{key} has a plural in one language only");
                for (ours, theirs) in forms(entry).into_iter().zip(forms(theirs)) {
                    assert_eq!(placeholders(ours), placeholders(theirs), "{key} in {language}");
                }
            }
        }
    }

    #[test]
    fn every_file_is_toml_of_texts_and_nothing_else() {
        fn all_text(value: &toml::Value) -> bool {
            match value {
                toml::Value::String(text) => !text.is_empty(),
                toml::Value::Table(table) => !table.is_empty() && table.values().all(all_text),
                _ => false,
            }
        }
        for language in LANGUAGES {
            for file in EMBEDDED.get_dir(language).unwrap().files() {
                let table = file.contents_utf8().unwrap().parse::<toml::Table>().unwrap();
                assert!(all_text(&toml::Value::Table(table)), "{}", file.path().display());
            }
        }
    }

    #[test]
    fn what_is_said_is_calm_and_short() {
        for language in LANGUAGES {
            for (key, entry) in &Texts::of(language).entries {
                for text in forms(entry) {
                    assert!(!text.contains('!') && !text.contains('%'), "{language} {key}: {text}");
                    // Cards are read, not spoken.
                    let most = if key.starts_with("claim.") { 18 } else { 14 };
                    for sentence in text.split_inclusive(['.', '?']) {
                        let words = sentence.split_whitespace().count();
                        assert!(words <= most, "{language} {key}: {words} words in {sentence}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_exercise_of_the_catalogue_has_a_name_a_place_and_a_beginning() {
        let catalogue = crate::Catalogue::embedded().unwrap();
        for language in LANGUAGES {
            let texts = Texts::of(language);
            for exercise in catalogue.exercises() {
                for line in ["name", "set_up", "go", "keep"] {
                    let key = format!("exercise.{}.{line}", exercise.id);
                    assert!(texts.entries.contains_key(&key), "{language}: {key}");
                }
            }
        }
    }

    #[test]
    fn everything_the_catalogue_can_point_to_has_words() {
        let catalogue = crate::Catalogue::embedded().unwrap();
        for language in LANGUAGES {
            let texts = Texts::of(language);
            let conditions = crate::Condition::ALL.iter().map(|condition| format!("condition.{}", condition.slug()));
            let detectors = catalogue.detectors().keys().map(|id| format!("detector.{id}"));
            let cards = catalogue
                .claims()
                .flat_map(|claim| ["says", "studied", "limits"].map(|part| format!("claim.{}.{part}", claim.id)));
            for key in conditions.chain(detectors).chain(cards) {
                assert!(texts.entries.contains_key(&key), "{language}: {key}");
            }
        }
    }

    #[test]
    fn every_reason_has_words_and_every_word_a_reason() {
        let code = [
            include_str!("load.rs"),
            include_str!("prescribe.rs"),
            include_str!("progression/mod.rs"),
            include_str!("session/change.rs"),
        ]
        .concat();
        let named = |opening: &str| code.split(opening).skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let given: BTreeSet<&str> = named("Reason::own(\"");
        let english = Texts::of("en");
        let rules = english.entries.keys().filter_map(|key| key.strip_prefix("reason."));
        for rule in rules.clone() {
            assert!(code.contains(&format!("\"{rule}\"")), "nothing gives the reason {rule}");
        }
        let said: BTreeSet<&str> = rules.collect();
        assert!(given.len() > 20 && given.is_subset(&said), "{:?}", given.difference(&said));
    }

    #[test]
    fn whatever_stands_out_in_a_repetition_has_a_word_in_both_languages() {
        for language in LANGUAGES {
            let texts = Texts::of(language);
            for detector in Detector::ALL {
                let word = texts.stood_out(detector);
                assert!(!word.starts_with("detector."), "{language}: {detector:?}");
            }
        }
    }

    #[test]
    fn no_detector_goes_by_its_id_on_screen() {
        let catalogue = crate::Catalogue::embedded().unwrap();
        for language in LANGUAGES {
            for (key, entry) in &Texts::of(language).entries {
                for text in forms(entry) {
                    // `swing`, `running`, `trip` and `drop` are words as well; their shown words differ from the id.
                    let id = catalogue.detectors().keys().find(|id| id.contains('_') && text.contains(id.as_str()));
                    assert!(id.is_none() && !text.to_lowercase().contains("tremor"), "{language} {key}: {text}");
                }
            }
        }
    }

    #[test]
    fn numbers_follow_the_language() {
        let (en, de) = (Texts::of("en-GB"), Texts::of("de_AT"));
        assert_eq!((en.language(), de.language(), Texts::of("fr").language()), ("en", "de", "en"));
        assert_eq!((en.mass(1500), de.mass(1500)), ("1.5\u{202f}kg".to_owned(), "1,5\u{202f}kg".to_owned()));
        assert_eq!((en.mass(750), en.mass(2000)), ("0.75\u{202f}kg".to_owned(), "2\u{202f}kg".to_owned()));
        assert_eq!((en.mass(10_000), de.mass(0)), ("10\u{202f}kg".to_owned(), "kein Gewicht".to_owned()));
        assert_eq!((en.degrees(Some(83.6)), en.degrees(None)), ("84°".to_owned(), "–".to_owned()));
        assert_eq!(de.seconds(Some(2.44)), "2,4\u{202f}s");
        assert_eq!((en.number(-0.9, 1), en.number(-0.01, 1)), ("−0.9".to_owned(), "0.0".to_owned()));
    }

    #[test]
    fn pounds_are_told_to_half_a_pound() {
        let (en, de) = (Texts::of("en"), Texts::of("de"));
        let (en, de) = (en.with_unit(MassUnit::Pounds), de.with_unit(MassUnit::Pounds));
        assert_eq!(
            (en.mass(500), en.mass(1500), de.mass(1500)),
            ("1\u{202f}lb".into(), "3.5\u{202f}lb".into(), "3,5\u{202f}lb".into())
        );
        assert_eq!(
            (en.mass(2268), en.mass(4536), en.mass(0)),
            ("5\u{202f}lb".into(), "10\u{202f}lb".into(), "no weight".into())
        );
        assert_eq!(en.mass(100), "0.1\u{202f}kg");
    }

    #[test]
    fn a_language_tag_says_in_which_unit_weights_are_told() {
        for (tag, says) in [
            ("en-US-u-ms-ussystem", "3.5\u{202f}lb"),
            ("de_DE-u-hc-h23-MS-ussystem", "3,5\u{202f}lb"),
            ("en-US", "1.5\u{202f}kg"),
            ("en-u-ms-metric", "1.5\u{202f}kg"),
            ("de-u-ms-ussystems", "1,5\u{202f}kg"),
        ] {
            assert_eq!(Texts::of(tag).mass(1500), says, "{tag}");
        }
    }

    #[test]
    fn every_text_can_be_said_in_both_languages_for_one_and_many_in_both_units() {
        let mut said = 0;
        for tag in ["en", "en-u-ms-ussystem", "de", "de-u-ms-ussystem"] {
            let texts = Texts::of(tag);
            let (ours, theirs) = if texts.unit == MassUnit::Pounds { ("lb", "kg") } else { ("kg", "lb") };
            for (key, entry) in &texts.entries {
                for count in [1, 7] {
                    let names: BTreeSet<&str> = forms(entry).into_iter().flat_map(placeholders).collect();
                    // What is a weight is filled in as one by whoever says it: that is what the name promises.
                    let is_mass = |name: &str| matches!(name, "mass" | "most" | "asked") || name.ends_with("_mass");
                    let arg = |name| match name {
                        "count" => (name, Arg::Count(count)),
                        name if is_mass(name) => (name, Arg::Mass(1500)),
                        name => (name, Arg::Text("4")),
                    };
                    let args: Vec<_> = names.iter().map(|name| arg(*name)).collect();
                    let text = texts.say(key, &args);
                    assert!(!text.is_empty() && !text.contains(['{', '}']), "{tag} {key}: {text}");
                    assert!(text != *key && !text.contains("  "), "{tag} {key}: {text}");
                    if names.iter().any(|name| is_mass(name)) {
                        assert!(text.contains(ours) && !text.contains(theirs), "{tag} {key}: {text}");
                    }
                    said += 1;
                }
            }
        }
        assert!(said > 4 * 2 * 400, "{said}");
    }

    #[test]
    fn one_is_singular_and_everything_else_plural() {
        let en = Texts::of("en");
        let say = |count| en.say("session.summary.one_set", &[("count", Arg::Count(count))]);
        assert_eq!(say(1), "1 repetition in one set.");
        assert_eq!(say(0), "0 repetitions in one set.");
        assert_eq!(say(12), "12 repetitions in one set.");
    }

    #[test]
    fn what_cannot_be_said_stays_visible() {
        let en = Texts::of("en");
        assert_eq!(en.say("cue.nowhere", &[]), "cue.nowhere");
        assert_eq!(en.say("cue.at_count.voice", &[]), "You were at {count}.");
        assert_eq!(en.exercise("nowhere"), "nowhere");
    }
}
