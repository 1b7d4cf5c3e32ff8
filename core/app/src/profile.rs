//! Who somebody is, what they answered, and what that leaves open to them.

use crate::clock;
use crate::error::AppError;
use crate::household::Talus;
use jiff::Timestamp;
use talus_coach::calendar::Lifted;
use talus_coach::catalogue::SharedError;
use talus_coach::load::{Ceiling, Kit, KitError};
use talus_coach::plan::Known;
use talus_coach::screening::{Question, Stance};
use talus_coach::trusted::{Day, TrustError, TrustedPlan};
use talus_coach::{
    Answers, Body, Circumstances, Level, Person, PersonError, Reply, Screening, ScreeningError, Today, Verdict,
};
use talus_motion::Side;
use talus_store::{About, Goal};

/// Weights where neither the person nor a cuff says which there are, grams: lightest, step, heaviest.
const KIT: (u32, u32, u32) = (500, 250, 5000);

/// Whose a simulated leg is: an adult without a worry, a beginner of 170 cm. Nobody real is described by it.
#[must_use]
pub fn without_a_worry(birth_year: i16, mass_kg: f64) -> About {
    let reply = |q| if matches!(q, Question::FloorAlone | Question::Reach) { Reply::Yes } else { Reply::No };
    About {
        birth_year,
        height_cm: 170.0,
        mass_kg,
        sex: None,
        goal: Goal::Strength,
        level: Level::Beginner,
        kit: None,
        answers: Some(Answers {
            replies: Question::ALL.into_iter().map(|q| (q, reply(q))).collect(),
            ..Answers::default()
        }),
        stance: Stance::default(),
    }
}

/// Why something about a person cannot be used or done. The text reads after "failed to ".
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PersonRefusal {
    /// Nobody has said anything about this person yet: ask.
    #[error("decide a load: nobody has said who it is for")]
    Nobody,
    /// The twelve questions were not answered yet: ask them.
    #[error("decide a load: the twelve questions were not answered")]
    Unscreened,
    /// An age, height or body mass nobody has.
    #[error(transparent)]
    Impossible(#[from] PersonError),
    /// Weights that do not fit each other.
    #[error(transparent)]
    Kit(#[from] KitError),
    /// Answers that are missing or impossible.
    #[error(transparent)]
    Answers(#[from] ScreeningError),
    /// A plan that cannot be used.
    #[error(transparent)]
    Plan(#[from] TrustError),
    /// An exercise that is not open now.
    #[error("begin {name}: {}", whys.join(" "))]
    NotOpen {
        /// The exercise, in the language of the app.
        name: String,
        /// Why, a sentence or more each, in the language of the app.
        whys: Vec<String>,
    },
    /// A red flag was said today: nothing more today.
    #[error("begin a session: a warning sign was said today")]
    Locked,
    /// There is no such programme.
    #[error("find a programme called {asked:?}: there are {}", known.join(", "))]
    NoProgramme {
        /// What was asked for.
        asked: String,
        /// Ids of all programmes.
        known: Vec<String>,
    },
    /// A programme that cannot be taken in.
    #[error("take in the programme: {0}")]
    Programme(SharedError),
    /// Today is no session of the programme that is followed.
    #[error("begin today's session: there is none today")]
    NothingToday,
    /// Numbers that no main lift has.
    #[error("log a lift: {sets} sets of {reps} with {bar_g} g are none")]
    Lift {
        /// Sets.
        sets: u8,
        /// Repetitions a set.
        reps: u32,
        /// Grams on the bar or machine.
        bar_g: u32,
    },
    /// No cuff is worn on any leg that was asked for.
    #[error("begin a session: no cuff is worn on a leg that was asked for")]
    NothingWorn,
}

impl PersonRefusal {
    /// What a person can do, in English; one or two sentences.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Nobody => "Say the year of birth, height and body mass first.",
            Self::Unscreened => "Answer the twelve questions first. \"Not sure\" is an answer.",
            Self::Impossible(_) => "Check the number and its unit: years, centimetres, kilograms.",
            Self::Kit(_) => "Say the lightest weight, the step and the heaviest one, in grams.",
            Self::Answers(_) => "Answer every question. \"Not sure\" is an answer.",
            Self::Plan(error) => error.advice(),
            Self::NotOpen { .. } => "Choose another exercise.",
            Self::NoProgramme { .. } => "Choose one of these.",
            Self::Programme(_) => "Ask whoever made it to put that right.",
            Self::NothingToday => "Rest counts as done. Or choose exercises yourself.",
            Self::Lift { .. } => "Say 1 to 50 sets of 1 to 200 repetitions, and at most 1000 kg.",
            Self::Locked => "Call for help if it is still there. Training opens again tomorrow.",
            Self::NothingWorn => "Pair a cuff and say which leg it is on, or choose the other leg.",
        }
    }
}

/// What screening and plan say of one exercise on one leg, rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct Openness {
    /// Exercise id.
    pub exercise: String,
    /// Its name.
    pub name: String,
    /// Which leg.
    pub side: Side,
    /// Whether it is open at all.
    pub open: bool,
    /// Why it is left out, or what to take care of; empty where nothing was said against it.
    pub whys: Vec<String>,
    /// The most this leg may carry in it; no weight where it is left out.
    pub ceiling: Ceiling,
    /// Why no more than that.
    pub ceiling_why: String,
}

/// Everything that decides what a person may do today.
pub(crate) struct Somebody {
    pub(crate) person: Person,
    pub(crate) screening: Screening,
    pub(crate) plan: Option<TrustedPlan>,
    pub(crate) kit: Kit,
    pub(crate) today: Day,
    pub(crate) morning: Today,
    /// Main lifts of the last weeks.
    pub(crate) lifts: Vec<Lifted>,
    /// The time it is, minutes on the clock of lifts and sessions.
    pub(crate) at_min: i64,
    /// Week of the programme, from 1; 0 where there is none.
    pub(crate) week: u32,
}

impl Somebody {
    pub(crate) fn circumstances<'a>(&'a self, talus: &'a Talus) -> Circumstances<'a> {
        Circumstances {
            person: &self.person,
            screening: &self.screening,
            plan: self.plan.as_ref(),
            kit: &self.kit,
            rules: talus.catalogue().rules(),
            today: self.today.number(),
            morning: self.morning,
            lifts: &self.lifts,
            at_min: self.at_min,
            week: self.week,
        }
    }

    /// What a session knows of this person, with nothing to do in it yet.
    pub(crate) fn known(&self) -> Known {
        Known {
            today: self.today.number(),
            body: *self.person.body(),
            care: self.screening.care(),
            kit: self.kit,
            week: self.week,
            legs: Vec::new(),
            swaps: Vec::new(),
            walk: None,
            tests: Vec::new(),
            lifts: Vec::new(),
            part: None,
            invented: false,
        }
    }
}

impl Talus {
    /// What this person says of themselves; `None` until they have.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn about(&self) -> Result<Option<About>, AppError> {
        Ok(self.store().about(self.profile())?)
    }

    /// Keeps what this person says of themselves. Answers may still be missing as a whole, never in part.
    ///
    /// # Errors
    /// [`AppError::Person`] for what nobody can be; nothing is kept then. [`AppError::Store`].
    pub fn set_about(&self, about: &About) -> Result<(), AppError> {
        let person = self.described(about)?;
        if let Some(answers) = &about.answers {
            Screening::new(&person, answers, about.stance, self.catalogue().rules()).map_err(PersonRefusal::from)?;
        }
        Ok(self.store().put_about(self.profile(), about, clock::utc_ms())?)
    }

    /// The twelve questions in the language of the app, in the order they are asked.
    pub fn questions(&self) -> Vec<(Question, String)> {
        let words = |question: Question| self.texts().say(&format!("screening.question.{}", question.slug()), &[]);
        Question::ALL.into_iter().map(|question| (question, words(question))).collect()
    }

    /// What screening and the plan in force say of every exercise and leg.
    ///
    /// # Errors
    /// [`AppError::Person`] before the person is described and has answered; [`AppError::Store`].
    pub fn openness(&self) -> Result<Vec<Openness>, AppError> {
        let somebody = self.somebody()?;
        let circumstances = somebody.circumstances(self);
        let begin_percent = self.catalogue().rules().ceiling.walk_begin_percent.value;
        let bare = self.no_weight_walking(&somebody, begin_percent)?;
        let mut all = Vec::new();
        for exercise in self.catalogue().exercises() {
            for side in [Side::Left, Side::Right] {
                let verdict = circumstances.verdict(exercise, side);
                let ceiling = circumstances.ceiling(exercise, side);
                let whys = match &verdict {
                    Verdict::Open => &[][..],
                    Verdict::WithCare(whys) | Verdict::LeftOut(whys) => whys,
                };
                all.push(Openness {
                    exercise: exercise.id.clone(),
                    name: self.texts().exercise(&exercise.id).to_owned(),
                    side,
                    open: !verdict.left_out(),
                    whys: whys.iter().map(|why| why.say(self.texts())).collect(),
                    ceiling_why: match &bare {
                        Some(why) if exercise.walks() => why.say(self.texts()),
                        _ => ceiling.reason().say(self.texts()),
                    },
                    ceiling,
                });
            }
        }
        Ok(all)
    }

    /// The day it is here.
    pub(crate) fn day(&self) -> Day {
        let date = Timestamp::from_millisecond(clock::utc_ms()).unwrap_or(Timestamp::UNIX_EPOCH);
        let date = date.to_zoned_datetime(self.zone().clone()).date();
        // A clock that is centuries off decides nothing: the first day there is lets no plan be in force.
        Day::parse(&date.to_string()).unwrap_or(Day::FIRST)
    }

    /// Everything that decides what this person may do today.
    pub(crate) fn somebody(&self) -> Result<Somebody, AppError> {
        let today = self.day();
        let about = self.store().about(self.profile())?.ok_or(PersonRefusal::Nobody)?;
        let mut person = self.described(&about)?;
        if self.stands_up_seldom(&about, &person)? {
            // What was measured only ever restricts what somebody says of themselves.
            person = Person::new(person.age().into(), *person.body(), Level::Beginner).map_err(PersonRefusal::from)?;
        }
        let answers = about.answers.as_ref().ok_or(PersonRefusal::Unscreened)?;
        let screening = Screening::new(&person, answers, about.stance, self.catalogue().rules());
        Ok(Somebody {
            person,
            screening: screening.map_err(PersonRefusal::from)?,
            plan: self.plan_in_force(today)?,
            kit: self.kit(&about)?,
            today,
            morning: self.said_today(today)?,
            lifts: self.lifts_of(today.number())?,
            at_min: clock::utc_ms().div_euclid(60_000),
            week: 0,
        })
    }

    /// Screening, where it can be made by now.
    pub(crate) fn screening(&self) -> Result<Option<Screening>, AppError> {
        let Some(about) = self.store().about(self.profile())? else { return Ok(None) };
        let person = self.described(&about)?;
        let made = about.answers.map(|answers| {
            Screening::new(&person, &answers, about.stance, self.catalogue().rules()).map_err(PersonRefusal::from)
        });
        Ok(made.transpose()?)
    }

    pub(crate) fn described(&self, about: &About) -> Result<Person, PersonRefusal> {
        let body = Body::new(about.height_cm, about.mass_kg)?;
        let this_year = self.day().to_string().get(..4).and_then(|year| year.parse().ok()).unwrap_or(0);
        Ok(Person::new(age(about.birth_year, this_year), body, about.level)?)
    }

    /// The weights there are: as the person says, else as the cuffs say, else a common set.
    fn kit(&self, about: &About) -> Result<Kit, AppError> {
        if let Some(kit) = about.kit {
            return Ok(kit);
        }
        let cuffs = self.store().cuffs()?;
        let said = cuffs.iter().filter_map(|cuff| {
            let (dry, step) = (cuff.dry_mass_g?, *cuff.inserts_g.iter().min()?);
            let all = cuff.inserts_g.iter().fold(dry, |sum, insert| sum.saturating_add(*insert));
            Kit::new(dry, step, all).ok()
        });
        // Two cuffs with different weights: the one that can do less, so that a pair can be loaded alike.
        let kit = said.min_by_key(|kit| kit.at_most(u32::MAX));
        let (smallest_g, step_g, largest_g) = KIT;
        Ok(kit.map_or_else(|| Kit::new(smallest_g, step_g, largest_g), Ok).map_err(PersonRefusal::from)?)
    }
}

/// Age from the year of birth: of the two it may be, the one that restricts more. A child counts as the younger, so that
/// nobody of 15 is taken for 16; everybody else as the older.
fn age(birth_year: i16, this_year: i16) -> u16 {
    /// Below this, loads wait for a plan.
    const CHILD: i16 = 16;
    let most = this_year.saturating_sub(birth_year);
    let years = if most <= CHILD { most.saturating_sub(1) } else { most };
    u16::try_from(years).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_ages_the_one_counts_that_restricts_more() {
        assert_eq!((age(2010, 2026), age(2009, 2026), age(1961, 2026)), (15, 17, 65));
        assert_eq!((age(2030, 2026), age(i16::MIN, 2026)), (0, 32_767));
    }
}
