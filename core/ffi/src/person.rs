//! A person: what they say of themselves, what that opens, how they are today, and what to do.

use crate::error::{Refusal, TalusError};
use crate::household::Talus;
use crate::words::{Side, word};
use std::sync::Arc;
use talus_app::coach::load::Kit;
use talus_app::coach::screening::{self, Stance};
use talus_app::coach::{self, progression};
use talus_app::{AppError, CheckedIn as AppCheckedIn, Outcome as AppOutcome, PersonRefusal, store};

word! {
    /// One of the twelve questions before training.
    Question from screening::Question {
        /// Heart, chest pain, blood pressure.
        Heart,
        /// Dizziness, fainting, a fall in the last twelve months.
        Falls,
        /// Surgery on a joint or bone.
        Surgery,
        /// Brittle bones.
        Bones,
        /// Numb feet, poor circulation, skin trouble below the knee.
        FeetAndSkin,
        /// A nerve condition.
        Nerves,
        /// Pain in back, hip, knee or ankle now.
        PainNow,
        /// Pregnant, or gave birth in the last twelve weeks.
        Pregnancy,
        /// Under 16.
        Under16,
        /// Told not to exercise without supervision.
        Supervised,
        /// Gets up from the floor alone.
        FloorAlone,
        /// Somebody or a phone within reach.
        Reach,
    }
}

word! {
    /// What was answered to a question.
    Reply from screening::Reply {
        /// Yes.
        Yes,
        /// No.
        No,
        /// Not sure, which counts as a worry.
        NotSure,
    }
}

word! {
    /// A sign that is asked for before a session.
    Sign from screening::Sign {
        /// Chest pain.
        ChestPain,
        /// Fainted or about to.
        Fainting,
        /// Short of breath, suddenly and badly.
        Breathless,
        /// Sudden weakness or trouble speaking.
        WeaknessOrSpeech,
        /// A calf that is hot, swollen and painful.
        CalfHotSwollenPainful,
        /// A calf that hurts.
        CalfPain,
    }
}

word! {
    /// Something about a person that speaks against an exercise or a load.
    Condition from coach::Condition {
        /// A joint that hurts now.
        AcutePain,
        /// Surgery without a go-ahead yet.
        SurgeryUncleared,
        /// Anterior cruciate ligament reconstruction.
        Aclr,
        /// Meniscus repair.
        MeniscusRepair,
        /// Total knee replacement.
        Tka,
        /// Total hip replacement.
        Tha,
        /// Pain around the kneecap.
        Pfp,
        /// Knee osteoarthritis.
        KneeOa,
        /// Torn hip labrum.
        HipLabral,
        /// Low back.
        Lumbar,
        /// Brittle bones.
        Osteoporosis,
        /// Unstable ankle.
        AnkleInstability,
        /// Ankle fracture.
        AnkleFracture,
        /// Numb feet.
        Neuropathy,
        /// Skin or circulation below the knee.
        SkinVascular,
        /// Heart or blood pressure.
        HeartBp,
        /// Dizziness.
        Dizziness,
        /// Falls.
        Falls,
        /// Nerve condition.
        Neuro,
        /// Pregnancy or the weeks after birth.
        Pregnancy,
        /// Abdominal surgery or hernia.
        Abdominal,
        /// Under 16.
        Under16,
    }
}

word! {
    /// Sex, where somebody says it: some norms of tests are kept apart by it, no load is.
    Sex from store::Sex {
        /// Female.
        Female,
        /// Male.
        Male,
    }
}

word! {
    /// What somebody wants.
    Goal from store::Goal {
        /// Legs that do more.
        Strength,
        /// Standing and walking more surely.
        Balance,
        /// Coming back after an injury or a long pause.
        Return,
        /// Something on the side of other training.
        Beside,
    }
}

word! {
    /// How used to strength work somebody is.
    Level from coach::Level {
        /// New to it, or back after a long time.
        Beginner,
        /// Trains regularly.
        Trained,
    }
}

word! {
    /// When somebody checks in.
    Moment from store::Moment {
        /// Before a session.
        Before,
        /// The morning after one.
        Morning,
    }
}

word! {
    /// What a check-in changes.
    Outcome from AppOutcome {
        /// Nothing.
        AsPlanned,
        /// No more weight than last time; after a morning, a step less.
        Lighter,
        /// No training today.
        NotToday,
        /// A red flag: stop, call for help, and no training today.
        RedFlag,
    }
}

word! {
    /// What was decided about an exercise.
    Action from progression::Action {
        /// Learn it without a weight first.
        Learn,
        /// Find the load to begin with.
        FindLoad,
        /// The same load; repetitions may rise.
        Hold,
        /// A step up.
        Up,
        /// A step down.
        Down,
        /// A lighter time.
        Lighter,
        /// Back to the load before a lighter time.
        Back,
        /// The same load, slower.
        Slower,
        /// The weights have been outgrown here.
        Outgrown,
        /// Another exercise for the same muscles.
        Vary,
        /// Not before the next check-in.
        CheckInFirst,
    }
}

/// The weights there are, grams: equal steps from the lightest to the heaviest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Weights {
    /// Lightest, grams.
    pub lightest_g: u32,
    /// Step, grams.
    pub step_g: u32,
    /// Heaviest, grams.
    pub heaviest_g: u32,
}

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Answered {
    /// To which question.
    pub question: Question,
    /// What was answered.
    pub reply: Reply,
}

/// The answers to the twelve questions, and what was named where one asks for more.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Answers {
    /// One a question.
    pub replies: Vec<Answered>,
    /// Conditions that were named.
    pub named: Vec<Condition>,
    /// Falls in the last twelve months, where that was said.
    pub falls: Option<u8>,
    /// Pain now, 0 to 10, where that was said.
    pub pain: Option<u8>,
    /// Whether those who treat the person have given the go-ahead after surgery.
    pub surgery_cleared: bool,
}

/// What somebody says of themselves.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct About {
    /// Year of birth.
    pub birth_year: i16,
    /// Height, centimetres, 90 to 230.
    pub height_cm: f32,
    /// Body mass, kilograms, 20 to 300.
    pub mass_kg: f32,
    /// Sex, where it is said.
    pub sex: Option<Sex>,
    /// What they want.
    pub goal: Goal,
    /// How used to strength work they are.
    pub level: Level,
    /// The weights there are; absent where the cuffs say it.
    pub weights: Option<Weights>,
    /// Absent until they were given.
    pub answers: Option<Answers>,
    /// Longest stand on one leg, seconds, the weaker leg; absent where not tested.
    pub one_leg_s: Option<f32>,
    /// Tandem stance, seconds; absent where not tested.
    pub tandem_s: Option<f32>,
}

impl About {
    fn of(about: store::About) -> Self {
        Self {
            birth_year: about.birth_year,
            height_cm: about.height_cm as f32,
            mass_kg: about.mass_kg as f32,
            sex: about.sex.map(Sex::from),
            goal: about.goal.into(),
            level: about.level.into(),
            weights: about.kit.map(|kit| {
                let (lightest_g, step_g, heaviest_g) = kit.parts();
                Weights { lightest_g, step_g, heaviest_g }
            }),
            answers: about.answers.map(|answers| Answers {
                replies: answers
                    .replies
                    .into_iter()
                    .map(|(question, reply)| Answered { question: question.into(), reply: reply.into() })
                    .collect(),
                named: answers.named.into_iter().map(Condition::from).collect(),
                falls: answers.falls,
                pain: answers.pain,
                surgery_cleared: answers.surgery_cleared,
            }),
            one_leg_s: about.stance.one_leg_s.map(|seconds| seconds as f32),
            tandem_s: about.stance.tandem_s.map(|seconds| seconds as f32),
        }
    }

    fn into_app(self) -> Result<store::About, AppError> {
        let kit = |weights: Weights| {
            Kit::new(weights.lightest_g, weights.step_g, weights.heaviest_g).map_err(PersonRefusal::Kit)
        };
        Ok(store::About {
            birth_year: self.birth_year,
            height_cm: as_typed(self.height_cm),
            mass_kg: as_typed(self.mass_kg),
            sex: self.sex.map(store::Sex::from),
            goal: self.goal.into(),
            level: self.level.into(),
            kit: self.weights.map(kit).transpose()?,
            answers: self.answers.map(|answers| coach::Answers {
                replies: answers.replies.into_iter().map(|one| (one.question.into(), one.reply.into())).collect(),
                named: answers.named.into_iter().map(coach::Condition::from).collect(),
                falls: answers.falls,
                pain: answers.pain,
                surgery_cleared: answers.surgery_cleared,
            }),
            stance: Stance { one_leg_s: self.one_leg_s.map(as_typed), tandem_s: self.tandem_s.map(as_typed) },
        })
    }
}

/// A number somebody typed, as they typed it: 70.1 and not 70.0999984741211.
fn as_typed(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| f64::from(value))
}

/// What is changed about people.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum PersonChange {
    /// Somebody joins the household.
    Add {
        /// Their name.
        name: String,
    },
    /// The chosen person is called so.
    Name {
        /// Their name.
        name: String,
    },
    /// The chosen person says this of themselves.
    About {
        /// All of it.
        about: About,
    },
    /// The chosen person follows this programme from now on.
    Follow {
        /// Its id; absent: none.
        programme: Option<String>,
    },
}

/// A question with its words.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AskedQuestion {
    /// Which.
    pub question: Question,
    /// Its words, rendered.
    pub text: String,
}

/// A sign with its words.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct AskedSign {
    /// Which.
    pub sign: Sign,
    /// Its words, rendered.
    pub text: String,
}

/// Everything that is asked, each in its order.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Questionnaire {
    /// Once, and again when something changes.
    pub questions: Vec<AskedQuestion>,
    /// Before each session.
    pub signs: Vec<AskedSign>,
}

/// What screening and plan say of one exercise on one leg.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Openness {
    /// Exercise id.
    pub exercise: String,
    /// Its name, rendered.
    pub name: String,
    /// Which leg.
    pub side: Side,
    /// Whether it is open at all.
    pub open: bool,
    /// Why it is left out, or what to take care of, rendered.
    pub whys: Vec<String>,
    /// The most this leg may carry in it, grams; 0 is no weight.
    pub most_g: u32,
    /// Why no more than that, rendered.
    pub most_why: String,
}

/// How somebody is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CheckIn {
    /// Pain, 0 to 10, where it was answered.
    pub pain: Option<u8>,
    /// Whether sleep was poor.
    pub slept_badly: bool,
    /// Whether muscles are sore.
    pub sore: bool,
    /// Whether a joint is newly swollen.
    pub swollen: bool,
    /// Signs that are there.
    pub signs: Vec<Sign>,
}

/// One instruction, then what else is true now.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SafetySheet {
    /// Whether to call for help: a call button stands first.
    pub call: bool,
    /// The instruction, rendered.
    pub title: String,
    /// What else is true now, a sentence each, rendered.
    pub lines: Vec<String>,
}

impl From<talus_app::SafetySheet> for SafetySheet {
    fn from(sheet: talus_app::SafetySheet) -> Self {
        Self { call: sheet.call, title: sheet.title, lines: sheet.lines }
    }
}

/// What a check-in changes, and the words for it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CheckedIn {
    /// What it changes.
    pub outcome: Outcome,
    /// One sentence, rendered.
    pub says: String,
    /// The safety sheet, where it is to be shown.
    pub sheet: Option<SafetySheet>,
}

impl From<AppCheckedIn> for CheckedIn {
    fn from(checked: AppCheckedIn) -> Self {
        let AppCheckedIn { outcome, says, sheet } = checked;
        Self { outcome: outcome.into(), says, sheet: sheet.map(SafetySheet::from) }
    }
}

/// What to do of an exercise on a leg today, and why.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Prescribed {
    /// Exercise id.
    pub exercise: String,
    /// Which leg.
    pub side: Side,
    /// What was decided.
    pub action: Action,
    /// Weight, grams; 0 is no weight.
    pub mass_g: u32,
    /// Sets.
    pub sets: u8,
    /// Repetitions a set; absent where the set is open-ended.
    pub reps: Option<u32>,
    /// Rest after a set, seconds.
    pub rest_s: u32,
    /// Repetitions to leave in reserve.
    pub reserve: u8,
    /// Own range, degrees; absent where it is not known yet.
    pub own_range_deg: Option<f32>,
    /// Why, rendered.
    pub why: String,
    /// The most this leg may carry in it, grams.
    pub most_g: u32,
}

impl From<coach::Prescribed> for Prescribed {
    fn from(prescribed: coach::Prescribed) -> Self {
        let coach::Prescribed { prescription, step, ceiling, .. } = prescribed;
        Self {
            exercise: prescription.exercise,
            side: prescription.side.into(),
            action: step.action.into(),
            mass_g: prescription.mass_g,
            sets: prescription.sets,
            reps: prescription.reps,
            rest_s: prescription.rest_s,
            reserve: step.reserve,
            own_range_deg: prescription.own_range_deg.map(|deg| deg as f32),
            why: prescription.why,
            most_g: ceiling.mass_g,
        }
    }
}

impl Talus {
    /// A person's id as the app has it.
    pub(crate) fn person_of(&self, id: &str) -> Result<store::ProfileId, TalusError> {
        self.told(id.parse().map_err(|_| Refusal::Nobody(id.to_owned())))
    }

    /// Everything that is asked.
    pub(crate) fn questionnaire(&self) -> Questionnaire {
        let question =
            |(question, text): (screening::Question, String)| AskedQuestion { question: question.into(), text };
        let sign = |(sign, text): (screening::Sign, String)| AskedSign { sign: sign.into(), text };
        Questionnaire {
            questions: self.app.questions().into_iter().map(question).collect(),
            signs: self.app.signs().into_iter().map(sign).collect(),
        }
    }
}

#[uniffi::export]
impl Talus {
    /// Changes something about the household's people or the chosen person. Gives the id of whoever it is about.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] for what nobody can be, for answers given in part, and for a programme there is not or that
    /// needs something first; nothing is changed then. [`TalusError::Storage`].
    pub fn change_person(&self, change: PersonChange) -> Result<String, TalusError> {
        match change {
            PersonChange::Add { name } => return self.told(self.app.add_person(&name).map(|id| id.to_string())),
            PersonChange::Name { name } => self.told(self.app.rename_person(&name)),
            PersonChange::About { about } => self.told(about.into_app().and_then(|about| self.app.set_about(&about))),
            PersonChange::Follow { programme } => self.told(self.app.follow(programme.as_deref())),
        }?;
        Ok(self.app.person().to_string())
    }

    /// The open app for another person of the household: their history, plan and loads, and nobody else's.
    ///
    /// # Errors
    /// [`TalusError::NotFound`], [`TalusError::Storage`].
    pub fn for_person(&self, id: &str) -> Result<Arc<Self>, TalusError> {
        let app = self.told(self.app.for_person(self.person_of(id)?))?;
        Ok(Arc::new(Self { app }))
    }

    /// What this person says of themselves; absent until they have.
    ///
    /// # Errors
    /// [`TalusError::Storage`].
    pub fn about(&self) -> Result<Option<About>, TalusError> {
        Ok(self.told(self.app.about())?.map(About::of))
    }

    /// What screening and the plan in force say of every exercise and leg.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] before the person is described and has answered; [`TalusError::Storage`].
    pub fn openness(&self) -> Result<Vec<Openness>, TalusError> {
        let one = |one: talus_app::Openness| Openness {
            exercise: one.exercise,
            name: one.name,
            side: one.side.into(),
            open: one.open,
            whys: one.whys,
            most_g: one.ceiling.mass_g,
            most_why: one.ceiling_why,
        };
        Ok(self.told(self.app.openness())?.into_iter().map(one).collect())
    }

    /// Keeps how somebody is, and says what that changes.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] for pain above 10; nothing is kept then. [`TalusError::Storage`].
    pub fn check_in(&self, moment: Moment, how: CheckIn) -> Result<CheckedIn, TalusError> {
        let condition = talus_app::Condition {
            pain: how.pain,
            slept_badly: how.slept_badly,
            sore: how.sore,
            swollen: how.swollen,
            signs: how.signs.into_iter().map(screening::Sign::from).collect(),
        };
        Ok(self.told(self.app.check_in(moment.into(), &condition))?.into())
    }

    /// What to do of an exercise on a leg today, and why. With `both`, the other leg is trained too, and the stronger one
    /// waits for the weaker.
    ///
    /// # Errors
    /// [`TalusError::NotFound`] for an exercise; [`TalusError::Invalid`] where nobody is described or has answered, the day
    /// is locked, or the exercise is not open; [`TalusError::Storage`].
    pub fn prescribe(&self, exercise: &str, side: Side, both: bool) -> Result<Prescribed, TalusError> {
        Ok(self.told(self.app.prescribe(exercise, side.into(), both))?.into())
    }
}
