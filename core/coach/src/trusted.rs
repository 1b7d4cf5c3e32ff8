//! [`TrustedPlan`]: a plan from someone the person trusts, as a file or the text of a QR code.
//!
//! The file is text that a person can read: a first line, TOML, and at the end the author's key and an Ed25519 signature
//! over everything above. Who the author is, is told by six words made of the key: they are read to each other once, then
//! the key is pinned. A plan narrows what is done; it may raise a load to the exercise's own cap, never past the ceiling
//! ([`crate::load::ceiling`] sees to that), and it says nothing about running, red flags or pain.

use crate::catalogue::{Catalogue, Rules};
use crate::load::Allowance;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::Deserialize;
use std::fmt::Write as _;
use talus_motion::Side;

/// First line of every plan.
const HEAD: &str = "talus plan 1";
/// Line between what is signed and the signature.
const SEAL: &str = "-- signed --";
/// A plan is short: larger files are not read at all.
const TEXT_MOST: usize = 64 * 1024;

/// Why a plan is not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// It is not a plan.
    #[error("read the plan: it does not begin with \"{HEAD}\"")]
    NotAPlan,
    /// It is too large to be one.
    #[error("read the plan: it is larger than {TEXT_MOST} bytes")]
    Large,
    /// It does not say what a plan says.
    #[error("read the plan: {reason}")]
    Text {
        /// What is wrong, with its line where one is known.
        reason: String,
    },
    /// Nobody has signed it.
    #[error("use the plan: nobody has signed it")]
    Unsigned,
    /// It was changed after it was signed, or the signature is damaged.
    #[error("use the plan: its signature does not fit")]
    Forged,
    /// Its author is not known here yet: the six words have to be confirmed first.
    #[error("use the plan: its author is not known here ({words})")]
    Stranger {
        /// The author's six words.
        words: String,
    },
    /// It begins later.
    #[error("use the plan: it begins on {from}")]
    NotYet {
        /// The day.
        from: Day,
    },
    /// It is over.
    #[error("use the plan: it ended on {until}")]
    Over {
        /// The day.
        until: Day,
    },
}

impl TrustError {
    /// What a person can do, in English; one or two sentences.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Unsigned => "Ask its author to sign it.",
            Self::Forged => "It was changed or damaged on the way. Ask its author for it again.",
            Self::Stranger { .. } => "Read the six words to each other first.",
            Self::NotYet { .. } | Self::Over { .. } => "Ask its author for a new one.",
            Self::NotAPlan | Self::Large | Self::Text { .. } => {
                "Ask its author for it again: as it is, it cannot be read."
            }
        }
    }
}

/// A day of the calendar, without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i64,
    month: i64,
    of_month: i64,
}

impl Day {
    /// The first day there is, 2000-01-01.
    pub const FIRST: Self = Self { year: 2000, month: 1, of_month: 1 };

    /// From year, month and day; `None` where there is no such day between 2000 and 2199.
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let long = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        ((2000..2200).contains(&year) && (1..=long).contains(&day)).then_some(Self { year, month, of_month: day })
    }

    /// From `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |part: &str, n: usize| {
            (part.len() == n && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
        };
        let mut parts = text.split('-');
        let day = Self::new(digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?)?;
        parts.next().is_none().then_some(day)
    }

    /// The year.
    pub fn year(self) -> i64 {
        self.year
    }

    /// Days since 1970-01-01.
    pub fn number(self) -> i64 {
        // Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so leap days come last.
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let since_march = (self.month + 9) % 12;
        let of_year = (153 * since_march + 2) / 5 + self.of_month - 1;
        let era = year / 400;
        let of_era = year % 400;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.of_month)
    }
}

/// An author's public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AuthorKey([u8; 32]);

impl AuthorKey {
    /// As it is pinned.
    pub fn bytes(&self) -> [u8; 32] {
        self.0
    }

    /// A key that was pinned.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Six words to read to each other: the first 96 bits of the key, 16 bits a word, as consonants and vowels in turn
    /// (D. Wilkerson, "A Proposal for Proquints", arXiv 0901.4016). Speakable in every language of the app, and
    /// nobody makes a second key with the same six.
    pub fn words(&self) -> String {
        const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
        const VOWELS: &[u8; 4] = b"aiou";
        let mut words = Vec::with_capacity(6);
        for pair in self.0[..12].chunks_exact(2) {
            let bits = u16::from(pair[0]) << 8 | u16::from(pair[1]);
            let at = |shift: u16, mask: u16| usize::from(bits >> shift & mask);
            let letters = [
                CONSONANTS[at(12, 15)],
                VOWELS[at(10, 3)],
                CONSONANTS[at(6, 15)],
                VOWELS[at(4, 3)],
                CONSONANTS[at(0, 15)],
            ];
            words.push(letters.iter().map(|letter| char::from(*letter)).collect::<String>());
        }
        words.join(" ")
    }
}

/// What a plan says of one exercise.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// Exercise id.
    pub id: String,
    /// Which leg; both where it does not say.
    pub side: Option<Side>,
    /// Most weight, grams.
    pub mass_most_g: u32,
    /// Range to keep to, degrees from the start pose.
    pub range_deg: Option<(f64, f64)>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    by: String,
    from: String,
    until: String,
    #[serde(default)]
    opens_knee_rebuild: bool,
    #[serde(default)]
    exercise: Vec<Allowed>,
}

/// A plan whose signature fits. It is in force only where its author is trusted and its days are now.
#[derive(Debug, Clone, PartialEq)]
pub struct TrustedPlan {
    /// Who made it, as they call themselves.
    pub by: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// Whether it opens the programme after knee surgery.
    pub opens_knee_rebuild: bool,
    /// Exercises it allows; others are left out while it is in force.
    pub exercises: Vec<Allowed>,
    /// Who signed it.
    pub author: AuthorKey,
}

impl TrustedPlan {
    /// Reads a plan and checks its form, its contents against the catalogue, and its signature.
    pub fn read(text: &str, catalogue: &Catalogue) -> Result<Self, TrustError> {
        let text = plain(text)?;
        let (signed, seal) = text.split_once(&format!("\n{SEAL}\n")).ok_or(TrustError::Unsigned)?;
        let written = contents(signed, catalogue)?;
        let mut lines = seal.lines();
        let key = lines.next().and_then(|line| line.strip_prefix("key ")).and_then(unhex::<32>);
        let signature = lines.next().and_then(|line| line.strip_prefix("signature ")).and_then(unhex::<64>);
        let (Some(key), Some(signature), None) = (key, signature, lines.next()) else {
            return Err(TrustError::Forged);
        };
        let verifying = VerifyingKey::from_bytes(&key).map_err(|_| TrustError::Forged)?;
        // Strict: a key of small order would fit any text.
        verifying
            .verify_strict(signed.as_bytes(), &Signature::from_bytes(&signature))
            .map_err(|_| TrustError::Forged)?;
        let (from, until) = written.days(catalogue.rules())?;
        Ok(Self {
            by: written.by,
            from,
            until,
            opens_knee_rebuild: written.opens_knee_rebuild,
            exercises: written.exercise,
            author: AuthorKey(key),
        })
    }

    /// Whether it is in force on a day, for somebody who trusts these authors.
    pub fn in_force(&self, trusted: &[AuthorKey], today: Day) -> Result<(), TrustError> {
        if !trusted.contains(&self.author) {
            return Err(TrustError::Stranger { words: self.author.words() });
        }
        if today < self.from {
            return Err(TrustError::NotYet { from: self.from });
        }
        if today > self.until {
            return Err(TrustError::Over { until: self.until });
        }
        Ok(())
    }

    /// What it allows in an exercise on a side; `None` where it leaves that out. Where it says more than one thing, the
    /// least holds.
    pub fn allowance(&self, exercise: &str, side: Side) -> Option<Allowance> {
        let said = self.exercises.iter().filter(|one| one.id == exercise && one.side.is_none_or(|its| its == side));
        said.map(|one| Allowance { mass_most_g: one.mass_most_g }).min_by_key(|allowance| allowance.mass_most_g)
    }

    /// The range to keep to, degrees from the start pose: what all it says has in common.
    pub fn range_deg(&self, exercise: &str, side: Side) -> Option<(f64, f64)> {
        let said = self.exercises.iter().filter(|one| one.id == exercise && one.side.is_none_or(|its| its == side));
        said.filter_map(|one| one.range_deg).reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))
    }
}

/// A plan to fill in.
pub fn blank(by: &str, from: Day, until: Day) -> String {
    let by = toml::Value::String(by.to_owned());
    format!(
        "{HEAD}\n# Sign it when it is filled in; it can then no longer be changed.\nby = {by}\nfrom = \"{from}\"\n\
         until = \"{until}\"\n\n[[exercise]]\nid = \"knee_ext_seated\"\nside = \"left\"\nmass_most_g = 1000\n\
         range_deg = [0, 60]\n"
    )
}

/// Signs a plan with the author's secret key; an earlier signature is replaced. The contents are checked first.
pub fn sign(text: &str, secret: &[u8; 32], catalogue: &Catalogue) -> Result<String, TrustError> {
    let text = plain(text)?;
    let signed = text.split(&format!("\n{SEAL}\n")).next().unwrap_or_default().trim_end();
    contents(signed, catalogue)?.days(catalogue.rules())?;
    let key = SigningKey::from_bytes(secret);
    let signature = key.sign(signed.as_bytes());
    Ok(format!(
        "{signed}\n{SEAL}\nkey {}\nsignature {}\n",
        hex(&key.verifying_key().to_bytes()),
        hex(&signature.to_bytes())
    ))
}

/// A secret key as the text of its file.
pub fn secret_to_text(secret: &[u8; 32]) -> String {
    format!("talus author key 1\n{}\n", hex(secret))
}

/// The secret key in such a text; `None` where it is none.
pub fn secret_from_text(text: &str) -> Option<[u8; 32]> {
    unhex(text.strip_prefix("talus author key 1\n")?.trim_end())
}

/// The public half of a secret key.
pub fn author_of(secret: &[u8; 32]) -> AuthorKey {
    AuthorKey(SigningKey::from_bytes(secret).verifying_key().to_bytes())
}

/// Line ends as they were when it was signed: mail and Windows change them.
fn plain(text: &str) -> Result<String, TrustError> {
    if text.len() > TEXT_MOST {
        return Err(TrustError::Large);
    }
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    if text.lines().next() == Some(HEAD) { Ok(text) } else { Err(TrustError::NotAPlan) }
}

fn contents(signed: &str, catalogue: &Catalogue) -> Result<Written, TrustError> {
    let wrong = |reason: String| TrustError::Text { reason };
    let body = signed.strip_prefix(HEAD).ok_or(TrustError::NotAPlan)?;
    let written: Written = toml::from_str(body).map_err(|error| {
        // The first line is not TOML, but counts as one.
        let at = error.span().map_or(0, |span| body[..span.start.min(body.len())].matches('\n').count() + 1);
        wrong(format!("line {at}: {}", error.message().replace('\n', ", ")))
    })?;
    for one in &written.exercise {
        let exercise = catalogue.exercise(&one.id).map_err(|error| wrong(error.to_string()))?;
        if one.mass_most_g > catalogue.rules().ceiling.hard_g.whole() {
            return Err(wrong(format!("mass_most_g of {} is above the ceiling", one.id)));
        }
        let fits = |(from, to): (f64, f64)| from >= 0.0 && from < to && to <= 180.0 && !exercise.walks();
        if !one.range_deg.is_none_or(fits) {
            return Err(wrong(format!("range_deg of {} is no range from 0 to 180 degrees", one.id)));
        }
    }
    Ok(written)
}

impl Written {
    fn days(&self, rules: &Rules) -> Result<(Day, Day), TrustError> {
        let wrong = |reason: String| TrustError::Text { reason };
        let day =
            |name: &str, text: &str| Day::parse(text).ok_or_else(|| wrong(format!("{name} \"{text}\" is no day")));
        let (from, until) = (day("from", &self.from)?, day("until", &self.until)?);
        let most = i64::from(rules.plan.days_most.whole());
        if until < from || until.number() - from.number() > most {
            return Err(wrong(format!("from {from} until {until} is not 0 to {most} days")));
        }
        Ok((from, until))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.trim_end();
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: [u8; 32] = [7; 32];

    fn day(year: i64, month: i64, day: i64) -> Day {
        Day::new(year, month, day).unwrap()
    }

    fn draft() -> String {
        blank("A \"B\" Physio", day(2026, 11, 25), day(2027, 3, 1))
    }

    fn signed() -> String {
        sign(&draft(), &SECRET, &Catalogue::embedded().unwrap()).unwrap()
    }

    fn read(text: &str) -> Result<TrustedPlan, TrustError> {
        TrustedPlan::read(text, &Catalogue::embedded().unwrap())
    }

    #[test]
    fn a_signed_plan_is_read_and_in_force_for_who_trusts_its_author_in_its_days() {
        let plan = read(&signed()).unwrap();
        assert_eq!((plan.by.as_str(), plan.author), ("A \"B\" Physio", author_of(&SECRET)));
        let trusted = [author_of(&SECRET)];
        assert_eq!(plan.in_force(&trusted, day(2026, 11, 25)), Ok(()));
        assert_eq!(plan.in_force(&trusted, day(2027, 3, 1)), Ok(()));
        assert_eq!(plan.in_force(&trusted, day(2026, 11, 24)), Err(TrustError::NotYet { from: plan.from }));
        assert_eq!(plan.in_force(&trusted, day(2027, 3, 2)), Err(TrustError::Over { until: plan.until }));
        let stranger = TrustError::Stranger { words: author_of(&SECRET).words() };
        assert_eq!(plan.in_force(&[author_of(&[8; 32])], day(2027, 1, 1)), Err(stranger));
    }

    #[test]
    fn a_plan_allows_its_exercises_on_its_sides_and_the_least_it_says() {
        let twice =
            format!("{}\n[[exercise]]\nid = \"knee_ext_seated\"\nmass_most_g = 500\nrange_deg = [10, 80]\n", draft());
        let plan = read(&sign(&twice, &SECRET, &Catalogue::embedded().unwrap()).unwrap()).unwrap();
        assert_eq!(plan.allowance("knee_ext_seated", Side::Left), Some(Allowance { mass_most_g: 500 }));
        assert_eq!(plan.range_deg("knee_ext_seated", Side::Left), Some((10.0, 60.0)));
        assert_eq!(plan.range_deg("knee_ext_seated", Side::Right), Some((10.0, 80.0)));
        assert_eq!(read(&signed()).unwrap().allowance("knee_ext_seated", Side::Right), None);
        assert_eq!(plan.allowance("side_abd", Side::Left), None);
    }

    #[test]
    fn any_changed_letter_is_noticed() {
        let catalogue = Catalogue::embedded().unwrap();
        let read = |text: &str| TrustedPlan::read(text, &catalogue);
        let good = signed();
        for at in 0..good.len() {
            let mut bytes = good.clone().into_bytes();
            bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
            let spoiled = String::from_utf8(bytes).unwrap();
            assert!(read(&spoiled).is_err(), "letter {at}: {:?}", &spoiled[at.saturating_sub(9)..=at]);
        }
        assert_eq!(read(&draft()), Err(TrustError::Unsigned));
        assert_eq!(read(&format!("{good}more\n")), Err(TrustError::Forged));
        assert_eq!(read("hello"), Err(TrustError::NotAPlan));
        assert_eq!(read(&" ".repeat(TEXT_MOST + 1)), Err(TrustError::Large));
    }

    #[test]
    fn the_way_by_mail_or_qr_code_does_not_break_it() {
        assert!(read(&signed().replace('\n', "\r\n")).is_ok());
        assert!(read(&format!("\u{feff}{}", signed())).is_ok());
        assert!(read(signed().trim_end()).is_ok());
        // Signed again by somebody else: theirs, and nothing of the first is left.
        let again = sign(&signed(), &[8; 32], &Catalogue::embedded().unwrap()).unwrap();
        assert_eq!(read(&again).unwrap().author, author_of(&[8; 32]));
        assert_eq!(again.matches(SEAL).count(), 1);
    }

    #[test]
    fn what_a_plan_may_not_say_is_not_signed() {
        let catalogue = Catalogue::embedded().unwrap();
        for (from, to, named) in [
            ("mass_most_g = 1000", "mass_most_g = 5001", "ceiling"),
            ("mass_most_g = 1000", "mass_most_g = -1", "line 10"),
            ("knee_ext_seated", "knee_ext_seatd", "knee_ext_seated"),
            ("range_deg = [0, 60]", "range_deg = [60, 0]", "range_deg"),
            ("range_deg = [0, 60]", "range_deg = [0, nan]", "range_deg"),
            ("2027-03-01", "2027-05-25", "180"),
            ("2027-03-01", "2026-11-24", "180"),
            ("2027-03-01", "2027-02-29", "no day"),
            ("side = \"left\"", "run = true", "run"),
        ] {
            let text = draft();
            assert!(text.contains(from), "{from}");
            let error = sign(&text.replace(from, to), &SECRET, &catalogue).unwrap_err().to_string();
            assert!(error.contains(named), "{to}: {error}");
        }
        assert!(sign(&draft().replace("2027-03-01", "2027-05-24"), &SECRET, &catalogue).is_ok(), "180 days");
    }

    #[test]
    fn six_words_tell_keys_apart() {
        let words = author_of(&SECRET).words();
        assert_eq!(words.split(' ').count(), 6);
        assert!(words.split(' ').all(|word| word.len() == 5), "{words}");
        assert_ne!(words, author_of(&[8; 32]).words());
        // The example of the proposal: 127.0.0.1 is "lusab babad".
        let mut local = [0; 32];
        local[..4].copy_from_slice(&[127, 0, 0, 1]);
        assert!(AuthorKey::from_bytes(local).words().starts_with("lusab babad"));
    }

    #[test]
    fn a_secret_key_survives_its_file_and_nothing_else_is_one() {
        assert_eq!(secret_from_text(&secret_to_text(&SECRET)), Some(SECRET));
        assert_eq!((secret_from_text(""), secret_from_text("talus author key 1\n07\n")), (None, None));
    }

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        assert_eq!(day(2000, 1, 1).number(), 10_957);
        assert_eq!(day(2026, 11, 25).number(), 20_782);
        assert_eq!(day(2028, 3, 1).number() - day(2028, 2, 28).number(), 2);
        assert_eq!(day(2100, 3, 1).number() - day(2100, 2, 28).number(), 1);
        assert_eq!((Day::new(2027, 2, 29), Day::new(2027, 13, 1), Day::new(1999, 1, 1)), (None, None, None));
    }
}
