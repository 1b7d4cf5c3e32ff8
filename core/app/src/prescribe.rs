//! What to do today, how much and why: from the person, their answers, their plan and everything they did before.

use crate::error::AppError;
use crate::household::Talus;
use crate::profile::{PersonRefusal, Somebody};
use crate::programme::part_of;
use talus_coach::calendar::{Planned, Proposal};
use talus_coach::catalogue::WalkWeek;
use talus_coach::ladder::{highest, why_no_higher};
use talus_coach::load::{Reason, no_weight_walking};
use talus_coach::plan::{Known, Swap};
use talus_coach::prescribe::EXPOSURES_MOST;
use talus_coach::progression::{Action, Exposure, Looked, own_range};
use talus_coach::trusted::Day;
use talus_coach::walk::{Baseline, WalkPlan};
use talus_coach::{
    Arg, Exercise, KnownLeg, Pace, Past, PlanError, Prescribed, Prescription, Refused, SessionPlan, SetResult, Verdict,
    Worn,
};
use talus_motion::{CuffId, Side};
use talus_store::{CheckIn, Kind, Moment, PastSet};

/// Days after which nobody asks any more how the morning after was.
const MORNING_DAYS: i64 = 2;

/// The exercise that walks.
pub(crate) const WALK: &str = "walk";
/// Sessions looked through for how somebody walks.
const WALKS_LOOKED_THROUGH: u32 = 50;

/// Everything that was done of one exercise on one side.
pub(crate) struct History {
    pub(crate) exposures: Vec<Exposure>,
    pub(crate) own_range_deg: Option<f64>,
}

impl Talus {
    /// What to do of an exercise on a side today, and why. With `both`, the other side is trained too, and the stronger
    /// one waits for the weaker.
    ///
    /// # Errors
    /// [`AppError::Exercise`]; [`AppError::Person`] where nobody is described or screened, the day is locked, or the
    /// exercise is not open; [`AppError::Store`].
    pub fn prescribe(&self, exercise: &str, side: Side, both: bool) -> Result<Prescribed, AppError> {
        if self.locked()? {
            return Err(PersonRefusal::Locked.into());
        }
        self.prescribe_for(&self.somebody()?, self.catalogue().exercise(exercise)?, side, both)
    }

    /// The plan of a session with these exercises, in their order, on every leg that wears a cuff, with what the session
    /// needs to know to decide on the way.
    ///
    /// # Errors
    /// As [`Talus::prescribe`]; [`PersonRefusal::NothingWorn`] where no leg wears a cuff.
    pub fn session_plan(&self, exercises: &[&str], worn: &[Worn]) -> Result<SessionPlan, AppError> {
        self.plan_of(exercises, worn, None)
    }

    /// As [`Talus::session_plan`], as far as a programme's proposal lets it through.
    pub(crate) fn plan_of(
        &self,
        exercises: &[&str],
        worn: &[Worn],
        proposal: Option<&Proposal>,
    ) -> Result<SessionPlan, AppError> {
        if self.locked()? {
            return Err(PersonRefusal::Locked.into());
        }
        if worn.is_empty() {
            return Err(PersonRefusal::NothingWorn.into());
        }
        let mut somebody = self.somebody()?;
        somebody.week = proposal.map_or(0, |proposal| proposal.load_week);
        let (mut blocks, mut legs, mut swaps) = (Vec::new(), Vec::new(), Vec::new());
        for id in exercises {
            let exercise = self.catalogue().exercise(id)?;
            // The leg that is behind begins, and the other one does no more than it.
            let weaker = if worn.len() > 1 { self.weaker(id)? } else { None };
            let mut order = worn.to_vec();
            order.sort_by_key(|one| weaker.is_some_and(|weaker| one.side != weaker));
            for one in &order {
                let planned = proposal.and_then(|proposal| proposal.work.iter().find(|work| work.exercise == *id));
                let prescribed = self.prescribe_within(&somebody, exercise, one.side, worn.len() > 1, planned)?;
                blocks.push(prescribed.prescription);
                legs.push(prescribed.known);
            }
            // The easier one and the harder one, where they are open on every leg that trains.
            for other in [&exercise.easier, &exercise.harder].into_iter().flatten() {
                let other = self.catalogue().exercise(other)?;
                let on = |side| self.prescribe_for(&somebody, other, side, worn.len() > 1);
                let Ok(all) = worn.iter().map(|one| on(one.side)).collect::<Result<Vec<_>, _>>() else { continue };
                if exercises.contains(&other.id.as_str()) || other.walks() != exercise.walks() {
                    continue;
                }
                for prescribed in all {
                    swaps.push(Swap { instead_of: exercise.id.clone(), asked: prescribed.prescription });
                    // The harder one of one exercise may be the easier one of another.
                    let leg = prescribed.known;
                    if !legs.iter().any(|known| known.exercise == leg.exercise && known.side == leg.side) {
                        legs.push(leg);
                    }
                }
            }
        }
        let walk = self.walk_plan(&somebody, exercises, &legs, proposal)?;
        if let Some((walk, closed)) = &walk {
            for block in &mut blocks {
                if !self.catalogue().exercise(&block.exercise)?.walks() {
                    continue;
                }
                if walk.intervals > 0 {
                    block.why = self.texts().say("session.walk.planned", &[("mass", Arg::Mass(walk.mass_g))]);
                } else if let Some(why) = closed {
                    // Told before the first walk already: it will not come with the second one.
                    block.why = why.say(self.texts());
                }
            }
        }
        let walk = walk.map(|(walk, _)| walk);
        let known = Known { legs, swaps, walk, part: proposal.map(part_of), ..somebody.known() };
        Ok(SessionPlan {
            blocks,
            worn: worn.to_vec(),
            pace: Pace::Guided,
            language: self.language().to_owned(),
            known: Some(Box::new(known)),
        })
    }

    /// What a session with these exercises would ask of legs that wear a cuff, and why, before one is worn: as
    /// [`Talus::session_plan`] would say it, or [`Talus::today_plan`] where none is named.
    ///
    /// # Errors
    /// As [`Talus::session_plan`] and [`Talus::today_plan`].
    pub fn foretold(&self, exercises: &[&str], sides: &[Side]) -> Result<Vec<Prescription>, AppError> {
        let worn = |(at, side): (usize, &Side)| Worn { cuff: CuffId([at as u8; 16]), side: *side, mass_g: 0 };
        let worn: Vec<Worn> = sides.iter().enumerate().map(worn).collect();
        let plan = if exercises.is_empty() { self.today_plan(&worn)? } else { self.session_plan(exercises, &worn)? };
        Ok(plan.blocks)
    }

    /// Refuses a session that asks for more than this person may carry now. It may have been planned before another
    /// answer, plan or birthday, or it came out of a file that somebody wrote.
    ///
    /// # Errors
    /// [`AppError::Plan`] with the load and its ceiling; [`AppError::Person`] where nobody is known, the day is locked or an
    /// exercise is not open any more; [`AppError::Exercise`], [`AppError::Store`].
    pub(crate) fn ensure_allowed(&self, kind: Kind, plan: &SessionPlan) -> Result<(), AppError> {
        let known = plan.known.as_deref();
        // Invented people and recordings of somebody else load nobody's leg.
        if kind != Kind::Live && known.is_none_or(|known| known.invented) {
            return Ok(());
        }
        if self.locked()? {
            return Err(PersonRefusal::Locked.into());
        }
        let somebody = self.somebody()?;
        let circumstances = somebody.circumstances(self);
        let swaps = known.iter().flat_map(|known| &known.swaps).map(|swap| &swap.asked);
        for asked in plan.blocks.iter().chain(swaps) {
            let (exercise, side) = (self.catalogue().exercise(&asked.exercise)?, asked.side);
            let not_open = |whys| PersonRefusal::NotOpen { name: self.texts().exercise(&exercise.id).to_owned(), whys };
            let refused = match (circumstances.verdict(exercise, side), circumstances.check_in_first()) {
                (Verdict::LeftOut(whys), _) => Some(Refused::LeftOut(whys)),
                (_, Some(why)) => Some(Refused::CheckInFirst(why)),
                _ => None,
            };
            if let Some(refused) = refused {
                return Err(not_open(refused.say(self.texts())).into());
            }
            let leg = known.and_then(|known| known.leg(&exercise.id, side));
            // A range that is kept to now lies within the one that was.
            let within = |now: (f64, f64), then: (f64, f64)| now.0 <= then.0 && then.1 <= now.1;
            let keeps_to = somebody.plan.as_ref().and_then(|plan| plan.range_deg(&exercise.id, side));
            let kept_to = leg.and_then(|leg| leg.range_deg);
            if keeps_to.is_some_and(|now| !kept_to.is_some_and(|then| within(now, then))) {
                return Err(not_open(vec![self.texts().say("session.range_changed", &[])]).into());
            }
            // A load that is looked for goes as far as was decided then.
            let found_g = leg.filter(|leg| leg.action == Action::FindLoad).map_or(0, |leg| leg.ceiling.mass_g);
            let walk = known.and_then(|known| known.walk.as_ref()).filter(|_| exercise.walks());
            let mass_g = asked.mass_g.max(found_g).max(walk.map_or(0, |walk| walk.mass_g));
            let ceiling = circumstances.ceiling(exercise, side);
            if mass_g > ceiling.mass_g {
                let exercise = exercise.id.clone();
                return Err(PlanError::AboveCeiling { exercise, side, mass_g, ceiling }.into());
            }
        }
        for asked in known.iter().flat_map(|known| &known.tests) {
            let Some(protocol) = self.catalogue().protocol(&asked.protocol) else { continue };
            let mut whys = self.closed_test(&somebody, protocol)?;
            // It was planned when a harder stance was still open.
            if protocol.stands() && asked.rung > highest(&somebody.screening) {
                whys.extend(why_no_higher(&somebody.screening).into_iter().map(|why| why.say(self.texts())));
            }
            if !whys.is_empty() {
                return Err(PersonRefusal::NotOpen { name: self.protocol_name(&protocol.id), whys }.into());
            }
        }
        Ok(())
    }

    /// Why a walk has no part with a weight for this person, where one would have it; `None` where it has, once the own
    /// walk is known.
    pub(crate) fn no_weight_walking(&self, somebody: &Somebody, percent_most: f64) -> Result<Option<Reason>, AppError> {
        let walk = self.catalogue().exercise(WALK)?;
        let circumstances = somebody.circumstances(self);
        let ceiling = [Side::Left, Side::Right].map(|side| circumstances.ceiling(walk, side));
        let least = ceiling.iter().min_by_key(|ceiling| ceiling.mass_g);
        let begin_g = (somebody.person.body().mass_kg() * 10.0 * percent_most) as u32;
        Ok(least.and_then(|least| no_weight_walking(least, begin_g, &somebody.kit)))
    }

    /// What the walk of a session is to be, where it has one: that of the programme's week, else first one without a
    /// weight, and from then on a short time with the least there is; and why there is none with a weight, where there
    /// would be.
    fn walk_plan(
        &self,
        somebody: &Somebody,
        exercises: &[&str],
        legs: &[KnownLeg],
        proposal: Option<&Proposal>,
    ) -> Result<Option<(WalkPlan, Option<Reason>)>, AppError> {
        let rules = self.catalogue().rules();
        let mut ceilings = Vec::new();
        for id in exercises {
            if self.catalogue().exercise(id)?.walks() {
                ceilings.extend(legs.iter().filter(|leg| leg.exercise == *id).map(|leg| leg.ceiling.mass_g));
            }
        }
        let Some(ceiling_g) = ceilings.into_iter().min() else { return Ok(None) };
        let begin_percent = rules.ceiling.walk_begin_percent.value;
        let percent = match proposal.and_then(|proposal| proposal.walk) {
            Some(walk) if walk.percent_most > 0.0 => walk.percent_most,
            // A week that has no weight by itself closes nothing; answers may.
            Some(_) => 100.0,
            None => begin_percent,
        };
        let closed = self.no_weight_walking(somebody, percent)?;
        let baseline = self.own_walk()?;
        let with = WalkWeek { minutes: 11, intervals: 1, loaded_min: 3, easy_min: 0, percent_most: begin_percent };
        let without = WalkWeek { minutes: 5, intervals: 0, loaded_min: 0, easy_min: 0, percent_most: 0.0 };
        let week =
            proposal.and_then(|proposal| proposal.walk).unwrap_or(if baseline.is_some() { with } else { without });
        let (body, screening) = (somebody.person.body(), &somebody.screening);
        let of = |week: &WalkWeek, most_g| WalkPlan::of(week, most_g, body, screening, baseline, &rules.walk);
        // Only a weight there is can be put on.
        let there_is_g = somebody.kit.at_most(of(&week, ceiling_g).mass_g);
        let plan = of(&week, there_is_g);
        // Where none is light enough it is the walk without.
        Ok(Some((if there_is_g == 0 && proposal.is_none() { of(&without, 0) } else { plan }, closed)))
    }

    /// How somebody walks without a weight, from their newest walk that was long enough to tell.
    pub(crate) fn own_walk(&self) -> Result<Option<Baseline>, AppError> {
        let store = self.store();
        for row in store.sessions(self.profile(), None, WALKS_LOOKED_THROUGH)? {
            if row.kind == Kind::Replay || row.strides == 0 {
                continue;
            }
            let walked = store.session(row.id)?.summary.and_then(|summary| summary.walked);
            if let Some(baseline) = walked.and_then(|walked| walked.baseline) {
                return Ok(Some(baseline));
            }
        }
        Ok(None)
    }

    pub(crate) fn prescribe_for(
        &self,
        somebody: &Somebody,
        exercise: &Exercise,
        side: Side,
        both: bool,
    ) -> Result<Prescribed, AppError> {
        self.prescribe_within(somebody, exercise, side, both, None)
    }

    fn prescribe_within(
        &self,
        somebody: &Somebody,
        exercise: &Exercise,
        side: Side,
        both: bool,
        planned: Option<&Planned>,
    ) -> Result<Prescribed, AppError> {
        let own = self.history_of(exercise, side)?;
        let other = if both { Some(self.history_of(exercise, side.other())?) } else { None };
        let past = Past {
            own: &own.exposures,
            other: other.as_ref().map(|other| other.exposures.as_slice()),
            own_range_deg: own.own_range_deg,
        };
        somebody.circumstances(self).prescribe_within(exercise, side, past, planned, self.texts()).map_err(|refused| {
            let name = self.texts().exercise(&exercise.id).to_owned();
            PersonRefusal::NotOpen { name, whys: refused.say(self.texts()) }.into()
        })
    }

    /// What was done of an exercise on a side, oldest first, and the own range that is known of it.
    pub(crate) fn history_of(&self, exercise: &Exercise, side: Side) -> Result<History, AppError> {
        let profile = self.profile();
        let store = self.store();
        let sets = store.past(profile, &exercise.id, side, EXPOSURES_MOST as u32)?;
        let check_ins = match sets.first() {
            Some(first) => store.check_ins(profile, first.started_utc_ms - MORNING_DAYS * 86_400_000)?,
            None => Vec::new(),
        };
        let calibrated = store.own_range(profile, &exercise.id, side)?;
        drop(store);
        let sessions: Vec<&[PastSet]> = sets.chunk_by(|a, b| a.session == b.session).collect();
        let results = |sets: &[PastSet]| sets.iter().map(|set| set.result.clone()).collect::<Vec<SetResult>>();
        let first = || sessions.iter().find_map(|sets| own_range(&results(sets).iter().collect::<Vec<_>>()));
        let own_range_deg = calibrated.or_else(first);
        let rules = self.catalogue().rules();
        let exposures = sessions.iter().filter_map(|sets| {
            let last = sets.last()?;
            let day = Day::parse(&last.local_day)?.number();
            let known = last.known.as_ref();
            let looked = known
                .filter(|known| known.action == Action::FindLoad)
                .map(|known| Looked { ceiling: &known.ceiling, rules });
            let results = results(sets);
            let mut exposure = Exposure::of(day, &results.iter().collect::<Vec<_>>(), exercise, own_range_deg, looked)?;
            exposure.lighter = known.is_some_and(|known| known.action == Action::Lighter);
            around(&mut exposure, last, &check_ins, rules.pain.morning_rise.whole() as u8);
            Some(exposure)
        });
        Ok(History { exposures: exposures.collect(), own_range_deg })
    }
}

/// What was said around a session: how somebody was when it began, the morning after, and whether they have checked in
/// since. A joint that was swollen the morning after counts as pain that rose.
fn around(exposure: &mut Exposure, session: &PastSet, check_ins: &[CheckIn], swollen_rise: u8) {
    let before =
        check_ins.iter().rev().find(|one| one.moment == Moment::Before && one.at_utc_ms <= session.started_utc_ms);
    let of_day = before.filter(|one| one.local_day == session.local_day);
    exposure.rough = of_day.is_some_and(|one| one.slept_badly || one.sore);
    exposure.checked_in = check_ins.iter().any(|one| one.at_utc_ms >= session.ended_utc_ms);
    let usual = of_day.and_then(|one| one.pain).unwrap_or(0);
    let morning = check_ins.iter().find(|one| {
        let days = Day::parse(&one.local_day).map_or(0, |day| day.number() - exposure.day);
        one.moment == Moment::Morning && (1..=MORNING_DAYS).contains(&days)
    });
    exposure.morning_rise = morning.and_then(|one| {
        let rise = one.pain.map(|pain| pain.saturating_sub(usual));
        if one.swollen { Some(rise.unwrap_or(0).max(swollen_rise)) } else { rise }
    });
}
