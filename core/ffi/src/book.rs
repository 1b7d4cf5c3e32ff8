//! [`Book`]: what the app says that is about nobody: movements, what is asked, learn cards, and the words for what is gone.

use crate::error::Refusal;
use crate::household::{MassUnit, Talus};
use crate::person::Questionnaire;
use crate::today::Lift;
use crate::words::word;
use talus_app::coach::{self, catalogue};

word! {
    /// Where a cuff sits.
    Site from catalogue::Site {
        /// Just above the ankle bones.
        AboveAnkle,
        /// Above the knee.
        AboveKnee,
        /// On the foot near the toes.
        Forefoot,
    }
}

word! {
    /// How good the evidence is, best first.
    Grade from catalogue::Grade {
        /// A guideline or a systematic review of trials that fits.
        A,
        /// At least one controlled trial that fits.
        B,
        /// Small or neighbouring studies.
        C,
        /// Mechanics, practice or a rule of Talus.
        D,
        /// Said, and not to be traced.
        E,
        /// Contradicted by mechanics, or unsafe as a rule.
        X,
    }
}

/// One exercise of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Exercise {
    /// Slug, never renamed.
    pub id: String,
    /// Name, rendered.
    pub name: String,
    /// Whether the cuff counts it.
    pub measured: bool,
    /// The figure that shows it, where one is drawn.
    pub figure: Option<String>,
    /// How to begin, rendered: where and how the body lies, sits or stands.
    pub set_up: String,
    /// What to do, rendered.
    pub go: String,
    /// What to keep to, rendered.
    pub keep: String,
    /// Where the cuff sits for it.
    pub site: Site,
    /// What the weight does in it, rendered.
    pub effect: String,
    /// Id of the next easier exercise.
    pub easier: Option<String>,
    /// Id of the next harder exercise.
    pub harder: Option<String>,
    /// How good the evidence for it is.
    pub grade: Grade,
}

/// Something said about ankle weights, and how good the evidence is. One whose source nobody of ours has read says that and
/// nothing else.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Card {
    /// Slug, never renamed.
    pub id: String,
    /// What is said, with the verb of its grade, rendered.
    pub says: String,
    /// Who was studied, rendered.
    pub studied: String,
    /// Where it ends, rendered.
    pub limits: String,
    /// The grade.
    pub grade: Grade,
    /// What the grade means, rendered.
    pub grade_means: String,
    /// Its sources as cited; none where none was found.
    pub cited: Vec<String>,
}

/// What an error says, for a shell that has to make it itself.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Words {
    /// What failed.
    pub what: String,
    /// What a person can do.
    pub advice: String,
}

impl Words {
    fn of(refusal: &Refusal, language: &str) -> Self {
        let [what, advice] = refusal.words(language);
        Self { what, advice }
    }
}

/// What [`TalusError::Closed`](crate::TalusError::Closed) says of objects that a shell has let go of: they can no longer
/// say it themselves.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Gone {
    /// Of the app.
    pub app: Words,
    /// Of a session.
    pub session: Words,
    /// Of the cuffs around.
    pub nearby: Words,
}

/// A main lift and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct NamedLift {
    /// Which.
    pub lift: Lift,
    /// Its name, rendered.
    pub name: String,
}

/// What the app says that is about nobody, in its language. It stays the same while the app is open: read it once.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Book {
    /// The exercises of the catalogue, by id.
    pub exercises: Vec<Exercise>,
    /// Everything that is asked.
    pub questionnaire: Questionnaire,
    /// Learn cards, by id.
    pub cards: Vec<Card>,
    /// What is said of what is gone.
    pub gone: Gone,
    /// Main lifts, in the order in which they are offered.
    pub lifts: Vec<NamedLift>,
    /// What weights are told in.
    pub unit: MassUnit,
}

#[uniffi::export]
impl Talus {
    /// What the app says that is about nobody.
    pub fn book(&self) -> Book {
        let app = &self.app;
        let (book, texts) = (app.catalogue(), app.texts());
        let exercise = |one: &catalogue::Exercise| {
            let say = |what: &str| texts.say(&format!("exercise.{}.{what}", one.id), &[]);
            Exercise {
                id: one.id.clone(),
                name: app.exercise_name(&one.id),
                measured: one.measured(),
                figure: one.figure.clone(),
                set_up: say("set_up"),
                go: say("go"),
                keep: say("keep"),
                site: one.weight.site.into(),
                effect: texts.say(&format!("effect.{}", effect(one)), &[]),
                easier: one.easier.clone(),
                harder: one.harder.clone(),
                grade: one.grade.into(),
            }
        };
        let card = |claim: &catalogue::Claim| {
            let catalogue::Card { says, studied, limits, grade, cited } = claim.card(book, texts);
            Card { id: claim.id.clone(), says, studied, limits, grade: claim.grade.into(), grade_means: grade, cited }
        };
        let lift = |lift: coach::calendar::Lift| NamedLift {
            name: texts.say(&format!("today.lift.{}", lift.slug()), &[]),
            lift: lift.into(),
        };
        let gone = |refusal| Words::of(&refusal, app.language());
        Book {
            exercises: book.exercises().map(exercise).collect(),
            questionnaire: self.questionnaire(),
            cards: book.claims().map(card).collect(),
            gone: Gone {
                app: gone(Refusal::AppClosed),
                session: gone(Refusal::Closed),
                nearby: gone(Refusal::NearbyClosed),
            },
            lifts: coach::calendar::Lift::ALL.into_iter().map(lift).collect(),
            unit: texts.unit().into(),
        }
    }
}

/// The slug of what a weight does; what the cuff cannot follow yet comes first, because then the person counts.
fn effect(of: &catalogue::Exercise) -> &'static str {
    use catalogue::Effect;
    match of.weight.effect {
        _ if of.awaits.is_some() => "untracked",
        Effect::Full => "full",
        Effect::Part => "part",
        Effect::Counter => "counter",
        Effect::Little => "little",
        Effect::None => "none",
    }
}
