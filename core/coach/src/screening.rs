//! [`Screening`]: twelve questions, and what their answers leave open.
//!
//! Screening only restricts. It never says that somebody is healthy, and no answer permits more than having been asked
//! nothing: "no worry" leaves the general rules, every other answer takes something away and says what. Not being sure
//! counts as a worry.

use crate::catalogue::{Exercise, Position, Rules};
use crate::condition::Condition;
use crate::person::{Level, Person};
use crate::text::Texts;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked. The words are in the texts (`screening.question`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Chest pain, a heart condition, blood pressure not under control.
    Heart,
    /// Dizziness, fainting, a fall in the last twelve months.
    Falls,
    /// Surgery on a joint or bone.
    Surgery,
    /// Brittle bones, a fracture from a small bump.
    Bones,
    /// Numb feet, diabetes with foot trouble, poor circulation, skin trouble below the knee.
    FeetAndSkin,
    /// Stroke, Parkinson's, MS or another nerve condition.
    Nerves,
    /// Pain in back, hip, knee or ankle now.
    PainNow,
    /// Pregnant, or gave birth in the last twelve weeks.
    Pregnancy,
    /// Under 16.
    Under16,
    /// Told not to exercise without supervision.
    Supervised,
    /// Gets up from the floor alone. Here "yes" is the answer without a worry.
    FloorAlone,
    /// Somebody or a phone within reach. Here "yes" is the answer without a worry.
    Reach,
}

impl Question {
    /// All of them, in the order they are asked.
    pub const ALL: [Self; 12] = [
        Self::Heart,
        Self::Falls,
        Self::Surgery,
        Self::Bones,
        Self::FeetAndSkin,
        Self::Nerves,
        Self::PainNow,
        Self::Pregnancy,
        Self::Under16,
        Self::Supervised,
        Self::FloorAlone,
        Self::Reach,
    ];

    /// The slug it goes by in text keys.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Heart => "heart",
            Self::Falls => "falls",
            Self::Surgery => "surgery",
            Self::Bones => "bones",
            Self::FeetAndSkin => "feet_and_skin",
            Self::Nerves => "nerves",
            Self::PainNow => "pain_now",
            Self::Pregnancy => "pregnancy",
            Self::Under16 => "under16",
            Self::Supervised => "supervised",
            Self::FloorAlone => "floor_alone",
            Self::Reach => "reach",
        }
    }

    /// The answer that leaves the general rules as they are.
    fn without_worry(self) -> Reply {
        match self {
            Self::FloorAlone | Self::Reach => Reply::Yes,
            _ => Reply::No,
        }
    }
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Not sure: counts as a worry.
    NotSure,
}

/// What was answered, and what was named where an answer asks for more.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// One reply a question.
    pub replies: BTreeMap<Question, Reply>,
    /// Conditions that were named under a question answered with yes.
    #[serde(default)]
    pub named: BTreeSet<Condition>,
    /// Falls in the last twelve months, where that was said.
    #[serde(default)]
    pub falls: Option<u8>,
    /// Pain now, 0 to 10, where that was said.
    #[serde(default)]
    pub pain: Option<u8>,
    /// Whether those who treat the person have given the go-ahead after surgery.
    #[serde(default)]
    pub surgery_cleared: bool,
}

/// What balance tests said, where they were done.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stance {
    /// Longest stand on one leg, seconds, the weaker leg.
    pub one_leg_s: Option<f64>,
    /// Tandem stance, seconds.
    pub tandem_s: Option<f64>,
}

/// Why a screening cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScreeningError {
    /// Questions without an answer: "not sure" is one.
    #[error("screen: {} of 12 questions have no answer", .missing.len())]
    Missing {
        /// Which.
        missing: Vec<Question>,
    },
    /// Pain is from 0 to 10.
    #[error("screen: pain of {pain} is not 0 to 10")]
    Pain {
        /// What was answered.
        pain: u8,
    },
}

/// Why something is left out or done with care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A condition.
    Condition(Condition),
    /// It needs the floor, and getting up alone is not certain.
    Floor,
    /// Nobody and no phone is in reach.
    Alone,
    /// Balance: a fall, a test or an age that asks for a hold.
    HoldOn,
    /// It takes standing free on one leg, which is not steady enough.
    Unsteady,
    /// It is for trained people.
    Trained,
    /// Exercise without supervision was advised against.
    Supervision,
    /// A plan from someone the person trusts is in force and does not name it for this leg.
    Plan,
}

impl Why {
    /// In the words of a language.
    pub fn say(self, texts: &Texts) -> String {
        let key = match self {
            Self::Condition(condition) => return texts.say(&format!("condition.{}", condition.slug()), &[]),
            Self::Floor => "screening.why.floor",
            Self::Alone => "screening.why.alone",
            Self::HoldOn => "screening.why.hold_on",
            Self::Unsteady => "screening.why.unsteady",
            Self::Trained => "screening.why.trained",
            Self::Supervision => "screening.why.supervision",
            Self::Plan => "screening.why.plan",
        };
        texts.say(key, &[])
    }
}

/// What screening says of one exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing that was asked speaks against it. No clearance.
    Open,
    /// With care, for these reasons.
    WithCare(Vec<Why>),
    /// Not, for these reasons.
    LeftOut(Vec<Why>),
}

impl Verdict {
    /// Whether it is left out.
    pub fn left_out(&self) -> bool {
        matches!(self, Self::LeftOut(_))
    }
}

/// A sign before a session that it must not begin, or what may become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
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

impl Sign {
    /// All of them, in the order they are asked.
    pub const ALL: [Self; 6] = [
        Self::ChestPain,
        Self::Fainting,
        Self::Breathless,
        Self::WeaknessOrSpeech,
        Self::CalfHotSwollenPainful,
        Self::CalfPain,
    ];

    /// The slug it goes by in text keys (`safety.sign`).
    pub fn slug(self) -> &'static str {
        match self {
            Self::ChestPain => "chest_pain",
            Self::Fainting => "fainting",
            Self::Breathless => "breathless",
            Self::WeaknessOrSpeech => "weakness_or_speech",
            Self::CalfHotSwollenPainful => "calf_hot_swollen_painful",
            Self::CalfPain => "calf_pain",
        }
    }
}

/// What the answers leave open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screening {
    conditions: BTreeSet<Condition>,
    older: bool,
    fallen: bool,
    unsteady: bool,
    only_tested: bool,
    trained: bool,
    no_floor: bool,
    alone: bool,
    supervised: bool,
    after_surgery: bool,
}

impl Screening {
    /// Screens. Every question needs an answer.
    pub fn new(person: &Person, answers: &Answers, stance: Stance, rules: &Rules) -> Result<Self, ScreeningError> {
        let missing: Vec<_> = Question::ALL.into_iter().filter(|q| !answers.replies.contains_key(q)).collect();
        if !missing.is_empty() {
            return Err(ScreeningError::Missing { missing });
        }
        if let Some(pain) = answers.pain.filter(|pain| *pain > 10) {
            return Err(ScreeningError::Pain { pain });
        }
        let worry = |question: Question| answers.replies.get(&question) != Some(&question.without_worry());
        let mut conditions = answers.named.clone();
        // A worry about which nothing was named stands for everything it may mean.
        let mut add = |question: Question, may_mean: &[Condition]| {
            if worry(question) && !may_mean.iter().any(|condition| answers.named.contains(condition)) {
                conditions.extend(may_mean);
            }
        };
        add(Question::Heart, &[Condition::HeartBp]);
        add(Question::Bones, &[Condition::Osteoporosis]);
        add(Question::FeetAndSkin, &[Condition::Neuropathy, Condition::SkinVascular]);
        add(Question::Nerves, &[Condition::Neuro]);
        add(Question::Pregnancy, &[Condition::Pregnancy]);
        add(
            Question::PainNow,
            &[Condition::Pfp, Condition::KneeOa, Condition::HipLabral, Condition::Lumbar, Condition::AnkleInstability],
        );
        if worry(Question::Falls) && answers.falls.is_none() {
            add(Question::Falls, &[Condition::Falls, Condition::Dizziness]);
        }
        let fallen = answers.falls.map_or(worry(Question::Falls), |falls| falls > 0);
        if answers.falls.is_some_and(|falls| rules.support.falls.reached(falls)) {
            conditions.insert(Condition::Falls);
        }
        let short = |seconds: Option<f64>, least: f64| seconds.is_some_and(|s| !s.is_finite() || s < least);
        let unsteady = short(stance.one_leg_s, rules.support.one_leg_s.value)
            || short(stance.tandem_s, rules.support.tandem_s.value);
        let said = fallen || [Condition::Falls, Condition::Dizziness].iter().any(|one| conditions.contains(one));
        if unsteady {
            conditions.insert(Condition::Falls);
        }
        let after_surgery = worry(Question::Surgery);
        if after_surgery && !answers.surgery_cleared {
            conditions.insert(Condition::SurgeryUncleared);
        }
        if answers.pain.is_some_and(|pain| rules.pain.stop_from.reached(pain)) {
            conditions.insert(Condition::AcutePain);
        }
        if worry(Question::Under16) || !rules.ceiling.alone_from_age.reached(person.age()) {
            conditions.insert(Condition::Under16);
        }
        Ok(Self {
            only_tested: unsteady && !said,
            unsteady: unsteady || conditions.contains(&Condition::Falls) || conditions.contains(&Condition::Dizziness),
            fallen: fallen || conditions.contains(&Condition::Falls),
            older: rules.ceiling.care_from_age.reached(person.age()),
            trained: person.level() == Level::Trained,
            no_floor: worry(Question::FloorAlone),
            alone: worry(Question::Reach),
            supervised: worry(Question::Supervised),
            after_surgery,
            conditions,
        })
    }

    /// What was found.
    pub fn conditions(&self) -> &BTreeSet<Condition> {
        &self.conditions
    }

    /// Whether a joint or bone asks for half the cap and the lower ceiling.
    pub fn joint_flag(&self) -> bool {
        self.conditions.iter().any(|condition| condition.flags_joint())
    }

    /// Whether half the cap and the lower ceiling hold: from the age of care on, or with any joint flag.
    pub fn care(&self) -> bool {
        self.older || self.joint_flag()
    }

    /// Whether standing work needs a hold: from the age of care on, or after any fall.
    pub fn holds_on(&self) -> bool {
        self.older || self.fallen || self.unsteady
    }

    /// Whether a balance test is all that speaks of falls: nobody said they fell or are dizzy. Another test may then say
    /// otherwise.
    pub fn only_tested_unsteady(&self) -> bool {
        self.only_tested
    }

    /// Why nothing at all is done now; empty where something is.
    pub fn stops_everything(&self) -> Vec<Why> {
        self.conditions.iter().copied().filter(|c| c.stops_everything()).map(Why::Condition).collect()
    }

    /// Why weights wait for a plan from someone the person trusts; empty where they do not.
    pub fn weight_needs_plan(&self) -> Vec<Why> {
        let conditions = self.conditions.iter().copied().filter(|c| c.needs_plan()).map(Why::Condition);
        conditions.chain(self.supervised.then_some(Why::Supervision)).collect()
    }

    /// Why no weight is worn while walking; empty where one may be. A plan may open it, but not after falls.
    pub fn no_weight_walking(&self) -> Vec<Why> {
        let mut whys: Vec<_> = self
            .conditions
            .iter()
            .copied()
            .filter(|c| c.flags_joint() || matches!(c, Condition::Falls | Condition::Neuro | Condition::Dizziness))
            .map(Why::Condition)
            .collect();
        if self.alone {
            whys.push(Why::Alone);
        }
        whys
    }

    /// What it says of one exercise, weight or none.
    pub fn of(&self, exercise: &Exercise) -> Verdict {
        let mut out = self.stops_everything();
        let named = |list: &[Condition]| -> Vec<Why> {
            list.iter().copied().filter(|c| self.conditions.contains(c)).map(Why::Condition).collect()
        };
        out.extend(named(&exercise.never));
        let flat = matches!(exercise.position, Position::LyingOnBack | Position::LyingOnFront);
        if flat && self.conditions.contains(&Condition::Pregnancy) {
            out.push(Why::Condition(Condition::Pregnancy));
        }
        if exercise.position.on_floor() && self.no_floor {
            out.push(Why::Floor);
        }
        if exercise.position == Position::OneLeg {
            if self.alone {
                out.push(Why::Alone);
            }
            if self.unsteady || self.older {
                out.push(Why::Unsteady);
            }
        }
        if exercise.trained_only && !self.trained {
            out.push(Why::Trained);
        }
        out.sort_unstable();
        out.dedup();
        if !out.is_empty() {
            return Verdict::LeftOut(out);
        }
        let mut care = named(&exercise.care);
        if exercise.position.upright() && self.holds_on() {
            care.push(Why::HoldOn);
        }
        if care.is_empty() { Verdict::Open } else { Verdict::WithCare(care) }
    }

    /// Whether a joint or bone was operated on: a calf that hurts is then a red flag by itself.
    pub fn after_surgery(&self) -> bool {
        self.after_surgery
    }

    /// Whether a session must not begin: "Stop. Sit or lie down. Call for help now." After surgery a calf that hurts is
    /// enough; without it, hot, swollen and painful.
    pub fn red_flag(&self, signs: &BTreeSet<Sign>) -> bool {
        signs.iter().any(|sign| *sign != Sign::CalfPain || self.after_surgery)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::person::Body;

    fn person(age: u16) -> Person {
        Person::new(age, Body::new(170.0, 70.0).unwrap(), Level::Beginner).unwrap()
    }

    fn no_worries() -> Answers {
        let replies = Question::ALL.into_iter().map(|question| (question, question.without_worry()));
        Answers { replies: replies.collect(), ..Answers::default() }
    }

    fn screened(age: u16, change: impl Fn(&mut Answers)) -> Screening {
        let catalogue = Catalogue::embedded().unwrap();
        let mut answers = no_worries();
        change(&mut answers);
        Screening::new(&person(age), &answers, Stance::default(), catalogue.rules()).unwrap()
    }

    fn verdict(screening: &Screening, id: &str) -> Verdict {
        screening.of(Catalogue::embedded().unwrap().exercise(id).unwrap())
    }

    fn open(screening: &Screening) -> BTreeSet<String> {
        let catalogue = Catalogue::embedded().unwrap();
        let open = catalogue.exercises().filter(|exercise| !screening.of(exercise).left_out());
        open.map(|exercise| exercise.id.clone()).collect()
    }

    #[test]
    fn every_question_needs_an_answer() {
        let catalogue = Catalogue::embedded().unwrap();
        let mut answers = no_worries();
        answers.replies.remove(&Question::Nerves);
        let error = Screening::new(&person(40), &answers, Stance::default(), catalogue.rules()).unwrap_err();
        assert_eq!(error, ScreeningError::Missing { missing: vec![Question::Nerves] });
        answers = Answers { pain: Some(11), ..no_worries() };
        let error = Screening::new(&person(40), &answers, Stance::default(), catalogue.rules()).unwrap_err();
        assert_eq!(error, ScreeningError::Pain { pain: 11 });
    }

    #[test]
    fn no_answer_permits_more_than_having_no_worry() {
        let unworried = screened(40, |_| {});
        assert!(!unworried.care() && unworried.weight_needs_plan().is_empty());
        for question in Question::ALL {
            for reply in [Reply::Yes, Reply::No, Reply::NotSure] {
                let screening = screened(40, |answers| {
                    answers.replies.insert(question, reply);
                });
                assert!(open(&screening).is_subset(&open(&unworried)), "{question:?} {reply:?}");
                let worried = reply != question.without_worry();
                assert_eq!(worried, screening != unworried, "{question:?} {reply:?}");
            }
        }
    }

    #[test]
    fn not_being_sure_restricts_at_least_as_much_as_yes() {
        for question in Question::ALL {
            let reply = |reply| {
                screened(40, |answers| {
                    answers.replies.insert(question, reply);
                })
            };
            let (unsure, worried) = match question.without_worry() {
                Reply::No => (reply(Reply::NotSure), reply(Reply::Yes)),
                _ => (reply(Reply::NotSure), reply(Reply::No)),
            };
            assert!(open(&unsure).is_subset(&open(&worried)), "{question:?}");
            assert!(unsure.conditions().is_superset(worried.conditions()), "{question:?}");
        }
    }

    #[test]
    fn conditions_of_an_exercise_keep_it_out_and_say_why() {
        let knee = screened(40, |answers| {
            answers.replies.insert(Question::Surgery, Reply::Yes);
            answers.named.insert(Condition::Aclr);
            answers.surgery_cleared = true;
        });
        let Verdict::LeftOut(why) = verdict(&knee, "knee_ext_seated") else { panic!("knee extension is open") };
        assert_eq!(why, [Why::Condition(Condition::Aclr)]);
        assert_eq!(knee.weight_needs_plan(), [Why::Condition(Condition::Aclr)]);
        assert!(why[0].say(&Texts::of("en")).starts_with("After cruciate ligament surgery"));
        assert!(!verdict(&knee, "side_abd").left_out());
        // Nobody has given the go-ahead: nothing at all.
        let early = screened(40, |answers| {
            answers.replies.insert(Question::Surgery, Reply::Yes);
        });
        assert_eq!(open(&early).len(), 0);
    }

    #[test]
    fn pregnancy_takes_lying_flat_away_and_leaves_the_side() {
        let screening = screened(30, |answers| {
            answers.replies.insert(Question::Pregnancy, Reply::Yes);
        });
        for id in ["quad_set_slr", "prone_hip_ext", "bridge_march", "heel_slide", "knee_flex_prone"] {
            assert!(verdict(&screening, id).left_out(), "{id}");
        }
        assert!(!verdict(&screening, "side_abd").left_out() && !verdict(&screening, "seat_march").left_out());
    }

    #[test]
    fn age_and_falls_ask_for_a_hold_and_take_one_leg_away() {
        let older = screened(65, |_| {});
        assert!(older.care() && older.holds_on());
        assert_eq!(verdict(&older, "stand_abd"), Verdict::WithCare(vec![Why::HoldOn]));
        assert!(verdict(&older, "sls_reach").left_out());
        assert!(!screened(64, |_| {}).care());
        let once = screened(40, |answers| {
            answers.replies.insert(Question::Falls, Reply::Yes);
            answers.falls = Some(1);
        });
        assert!(once.holds_on() && !once.conditions().contains(&Condition::Falls));
        let twice = screened(40, |answers| {
            answers.replies.insert(Question::Falls, Reply::Yes);
            answers.falls = Some(2);
        });
        assert!(twice.conditions().contains(&Condition::Falls) && !twice.no_weight_walking().is_empty());
    }

    #[test]
    fn a_balance_test_that_was_not_passed_counts_as_falls() {
        let catalogue = Catalogue::embedded().unwrap();
        for (stance, falls) in [
            (Stance { one_leg_s: Some(4.9), tandem_s: None }, true),
            (Stance { one_leg_s: Some(5.0), tandem_s: Some(10.0) }, false),
            (Stance { one_leg_s: None, tandem_s: Some(9.9) }, true),
            (Stance { one_leg_s: Some(f64::NAN), tandem_s: None }, true),
        ] {
            let screening = Screening::new(&person(40), &no_worries(), stance, catalogue.rules()).unwrap();
            assert_eq!(screening.conditions().contains(&Condition::Falls), falls, "{stance:?}");
        }
    }

    #[test]
    fn who_cannot_get_up_alone_is_not_sent_to_the_floor() {
        let screening = screened(40, |answers| {
            answers.replies.insert(Question::FloorAlone, Reply::NotSure);
        });
        assert!(verdict(&screening, "donkey_kick").left_out() && !verdict(&screening, "side_abd").left_out());
    }

    #[test]
    fn under_16_weights_wait_for_a_plan_whatever_was_answered() {
        assert_eq!(screened(15, |_| {}).weight_needs_plan(), [Why::Condition(Condition::Under16)]);
        assert!(screened(16, |_| {}).weight_needs_plan().is_empty());
    }

    #[test]
    fn after_surgery_a_calf_that_hurts_is_a_red_flag_before_the_start() {
        let calf = BTreeSet::from([Sign::CalfPain]);
        assert!(!screened(40, |_| {}).red_flag(&calf));
        let operated = screened(40, |answers| {
            answers.replies.insert(Question::Surgery, Reply::Yes);
            answers.surgery_cleared = true;
        });
        assert!(operated.red_flag(&calf) && !operated.red_flag(&BTreeSet::new()));
        assert!(screened(40, |_| {}).red_flag(&BTreeSet::from([Sign::CalfHotSwollenPainful])));
        assert!(screened(40, |_| {}).red_flag(&BTreeSet::from([Sign::ChestPain])));
    }
}
