//! [`Training`]: a session with real cuffs, in real time. The cuffs are looked for by whom the household knows, whenever
//! one is missing; the session itself says what it waits for.

use super::Cuffs;
use crate::error::AppError;
use crate::live::{Live, Resumed};
use crate::run::Note;
use crate::scene::{Scene, SessionScene};
use crate::source::Source;
use std::collections::VecDeque;
use talus_coach::{Answer, Arg, Request, SessionPlan, Tap, Worn};
use talus_motion::{LinkState, Micros};
use talus_store::{Kind, SessionId};

/// Time between two looks for a cuff that is missing, microseconds.
const LOOK_US: i64 = 1_000_000;
/// Notes kept for a shell that does not fetch them.
const NOTES_MAX: usize = 100_000;

/// A session with cuffs at hand.
pub struct Training {
    cuffs: Cuffs,
    live: Live,
    worn: Vec<Worn>,
    /// When a missing cuff was looked for last, by the radio's time.
    looked: Micros,
    notes: VecDeque<Note>,
    closed: bool,
}

impl Cuffs {
    /// A session with the cuffs the person wears: what they do, how much and why follows from everything known of them.
    /// Without exercises it is today's of the programme they follow.
    ///
    /// # Errors
    /// [`AppError::Person`] where nobody is described or screened, the day is locked, an exercise is not open, or no cuff
    /// is worn; [`AppError::Exercise`], [`AppError::Store`].
    pub fn train(self, exercises: &[&str]) -> Result<Training, AppError> {
        self.talus.store().ensure_free()?;
        let worn = self.worn()?;
        let plan = match exercises {
            [] => self.talus.today_plan(&worn)?,
            some => self.talus.session_plan(some, &worn)?,
        };
        self.follow(plan)
    }

    /// A session of these tests with the cuffs the person wears: as [`Talus::test_plan`](crate::Talus::test_plan) takes
    /// them, without a weight.
    ///
    /// # Errors
    /// As [`Talus::test_plan`](crate::Talus::test_plan); [`AppError::Store`].
    pub fn examine(self, tests: &[&str]) -> Result<Training, AppError> {
        self.talus.store().ensure_free()?;
        let plan = self.talus.test_plan(tests, &self.worn()?)?;
        self.follow(plan)
    }

    fn worn(&self) -> Result<Vec<Worn>, AppError> {
        let worn = self.talus.worn()?.into_iter();
        Ok(worn.map(|wear| Worn { cuff: wear.cuff, side: wear.side, mass_g: wear.mass_g }).collect())
    }

    /// A session that follows a plan as it is.
    fn follow(self, plan: SessionPlan) -> Result<Training, AppError> {
        let (worn, origin) = (plan.worn.clone(), self.ways.now());
        let live = Live::start(&self.talus, Kind::Live, plan, &Source::Cuffs.text(), origin)?;
        let mut training = Training::around(self, live, worn);
        training.tell_how_it_stands();
        Ok(training)
    }

    /// A session with real cuffs that was left or killed: `last`, or the beginning of its id.
    ///
    /// # Errors
    /// [`AppError::NothingToResume`], [`AppError::Store`]; [`AppError::Source`] for one that had no real cuffs.
    pub fn resume_training(self, asked: &str) -> Result<Training, AppError> {
        let unfinished = self.talus.unfinished()?;
        let id = if asked == "last" {
            unfinished.iter().find(|row| row.kind == Kind::Live).ok_or(AppError::NothingToResume)?.id
        } else {
            self.talus.store().find(self.talus.profile(), asked)?
        };
        let detail = self.talus.store().session(id)?;
        // What is said of a kind decides what is asked of a load: no other one is worn for.
        if Source::parse(&detail.source) != Some(Source::Cuffs) || detail.row.kind != Kind::Live {
            return Err(AppError::Source { id, source_text: detail.source });
        }
        let Resumed { live, head, .. } = Live::resume_at(&self.talus, id, self.ways.now())?;
        Ok(Training::around(self, live, head.plan.worn))
    }
}

impl Training {
    fn around(cuffs: Cuffs, live: Live, worn: Vec<Worn>) -> Self {
        let looked = cuffs.ways.now().plus(-LOOK_US);
        Self { cuffs, live, worn, looked, notes: VecDeque::new(), closed: false }
    }

    /// Links that stand already are told as if they had come up now.
    fn tell_how_it_stands(&mut self) {
        let now = self.live.now();
        for way in self.cuffs.ways.iter() {
            self.live.input(&talus_coach::Input::Link { at: now, cuff: way.cuff(), state: way.state() });
            if let Some(config) = &way.config {
                self.live.input(&talus_coach::Input::Stream(config.clone()));
            }
            self.live.battery(way.cuff(), way.battery_percent);
        }
        self.gather();
    }

    /// Takes in everything up to now, by the clock.
    ///
    /// # Errors
    /// [`AppError::Store`] where the household cannot be read. A disk that is full is no error here: the session goes on
    /// in memory and [`SessionScene::trouble`] says so.
    pub fn go_on(&mut self) -> Result<(), AppError> {
        let to = Micros(crate::clock::now().since(self.cuffs.zero));
        self.advance(to)
    }

    pub(super) fn advance(&mut self, to: Micros) -> Result<(), AppError> {
        if self.over() {
            // The links are let go of; nothing they say is an input any more.
            return self.cuffs.advance(to);
        }
        let mut told = Vec::new();
        self.cuffs.advance_telling(to, Some(&mut |cuff, notice| told.push((cuff, notice))))?;
        for (cuff, notice) in told {
            self.live.notice(cuff, notice);
        }
        self.live.pass(to);
        self.look_for_missing(to)?;
        self.gather();
        Ok(())
    }

    /// Opens the way to a cuff that is worn and not connected, as soon as it is near.
    fn look_for_missing(&mut self, now: Micros) -> Result<(), AppError> {
        if now.since(self.looked) < LOOK_US || self.over() {
            return Ok(());
        }
        self.looked = now;
        let missing = |worn: &&Worn| self.cuffs.ways.get(worn.cuff).is_none();
        let missing: Vec<_> = self.worn.iter().filter(missing).map(|worn| worn.cuff).collect();
        if missing.is_empty() {
            return Ok(());
        }
        for row in self.cuffs.talus.cuffs()?.into_iter().filter(|row| missing.contains(&row.id)) {
            self.cuffs.open(Some(&row.name))?;
        }
        Ok(())
    }

    fn gather(&mut self) {
        let requests = self.live.requests();
        self.notes.extend(self.live.events().map(Note::Event));
        while self.notes.len() > NOTES_MAX {
            self.notes.pop_front();
        }
        for request in requests {
            if let Request::Identify(cuff) = request {
                self.cuffs.identify(cuff);
            }
        }
        if self.live.over() && !self.closed {
            self.closed = true;
            self.cuffs.close();
        }
    }

    /// Session time now.
    pub fn now(&self) -> Micros {
        self.live.now()
    }

    /// The picture for a shell.
    pub fn scene(&self) -> Scene {
        Scene::Session(Box::new(self.session_scene()))
    }

    fn session_scene(&self) -> SessionScene {
        let talus = &self.cuffs.talus;
        let up_next = self.live.next_up().map(|(exercise, side)| {
            let name = talus.exercise_name(exercise);
            talus.texts().say_for("pairing.up_next", side, &[("exercise", Arg::Text(&name))])
        });
        self.live.scene(up_next.unwrap_or_default())
    }

    /// What happened since the last call, in order.
    pub fn notes(&mut self) -> Vec<Note> {
        self.notes.drain(..).collect()
    }

    /// Somebody pressed something.
    pub fn press(&mut self, tap: Tap) {
        self.live.press(tap);
        self.gather();
    }

    /// Somebody answered a question.
    pub fn answer(&mut self, answer: Answer) {
        self.live.answer(answer);
        self.gather();
    }

    /// Whether the session has come to its end.
    pub fn over(&self) -> bool {
        self.live.over()
    }

    /// What keeps the radio from seeing anything; `None` while it can.
    pub fn hindered(&self) -> Option<LinkState> {
        self.cuffs.hindered()
    }

    /// Makes everything so far safe at once. Gives the session time that is.
    ///
    /// # Errors
    /// [`AppError::Store`] where it cannot be written; the session goes on in memory.
    pub fn save(&mut self) -> Result<Micros, AppError> {
        Ok(self.live.save()?)
    }

    /// Lets go of the session so that it can be taken up again; everything up to now is safe afterwards.
    ///
    /// # Errors
    /// [`AppError::Store`] where the last seconds could not be written; what was shown as safe is.
    pub fn leave(mut self) -> Result<(SessionId, Micros), AppError> {
        self.cuffs.close();
        Ok(self.live.leave()?)
    }

    /// Ends the session and waits until all of it is safe. A session that is not over is stopped first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn finish(mut self) -> Result<SessionId, AppError> {
        if !self.live.over() {
            self.press(Tap::Stop);
        }
        Ok(self.live.finish()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cuffs::OwnCuff;
    use crate::export::ExportWish;
    use crate::household::{Opening, Talus};
    use crate::without_a_worry;
    use talus_coach::{Event, Stage};
    use talus_motion::Side;
    use talus_sim::{Act, Leg, RepShape, SimTransport, VirtualCuff};
    use talus_store::Job;

    fn talus(folder: &tempfile::TempDir) -> Talus {
        let database = folder.path().join("talus.db");
        let talus = Talus::open(Opening { database, language: "en".into(), zone: Some("UTC".into()) }).unwrap();
        talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
        talus
    }

    fn around(talus: &Talus) -> Cuffs {
        let mut cuffs = Cuffs::with(talus, Box::new(crate::run::two_legs(3)), Micros(0), Micros(0));
        cuffs.advance(Micros(3_000_000)).unwrap();
        cuffs
    }

    /// The same two cuffs as another phone hears them: it names them otherwise.
    fn around_elsewhere(talus: &Talus) -> Cuffs {
        let mut room = SimTransport::new(4);
        for side in [Side::Right, Side::Left] {
            let mut leg = Leg::new(side, 3);
            leg.act(0.0, Act::Reposition { shape: RepShape::SeatedKneeExtension });
            room.add(VirtualCuff::worn_by(leg, 3));
        }
        let mut cuffs = Cuffs::with(talus, Box::new(room), Micros(0), Micros(0));
        cuffs.advance(Micros(3_000_000)).unwrap();
        cuffs
    }

    /// Both cuffs of the room are the household's and worn.
    fn pair(talus: &Talus) {
        pair_all(around(talus));
    }

    fn pair_all(mut cuffs: Cuffs) {
        while let Some(cuff) = cuffs.open(None).unwrap() {
            cuffs.advance(cuffs.ways.now().plus(5_000_000)).unwrap();
            let side = cuffs.said(cuff).0.unwrap();
            cuffs.keep(cuff, side, 0).unwrap();
        }
    }

    fn pass(training: &mut Training, seconds: f64) {
        for _ in 0..(seconds * 20.0) as u32 {
            training.advance(training.cuffs.ways.now().plus(50_000)).unwrap();
        }
    }

    fn stage(training: &Training) -> Stage {
        training.live.frame().stage
    }

    #[test]
    fn nobody_trains_before_a_cuff_is_worn() {
        let folder = tempfile::tempdir().unwrap();
        let talus = talus(&folder);
        let none = around(&talus).train(&["knee_ext_seated"]).err().unwrap();
        assert!(matches!(none, AppError::Person(crate::PersonRefusal::NothingWorn)), "{none}");
    }

    #[test]
    fn a_new_phone_meets_old_cuffs_and_goes_on_with_their_history() {
        let folders: [_; 3] = std::array::from_fn(|_| tempfile::tempdir().unwrap());
        let old = talus(&folders[0]);
        let here: Vec<_> = around(&old).ways.nearby().iter().map(|near| near.sighting.id.clone()).collect();
        pair(&old);
        old.rename_cuff(&old.own_cuffs().unwrap()[0].name, "Anna left").unwrap();
        let mut training = around(&old).train(&["knee_ext_seated"]).unwrap();
        training.press(Tap::Confirm);
        pass(&mut training, 10.0);
        let session = training.finish().unwrap();
        let mut own = old.own_cuffs().unwrap();
        let bundle = folders[0].path().join("all.zip");
        old.export(ExportWish { everyone: true, recordings: true }, &bundle, &Job::default()).unwrap();

        // The history first and then the cuffs, or the other way round.
        for (folder, cuffs_first) in folders[1..].iter().zip([false, true]) {
            let database = folder.path().join("talus.db");
            let new = Talus::open(Opening { database, language: "en".into(), zone: Some("UTC".into()) }).unwrap();
            if cuffs_first {
                pair_all(around_elsewhere(&new));
            }
            new.import(&bundle, None, &Job::default()).unwrap();
            let new = new.for_person(old.profile()).unwrap();
            if cuffs_first {
                // Whoever paired them before the history came wears them: now it is the one who always did.
                pair_all(around_elsewhere(&new));
            }
            let cuffs = around_elsewhere(&new);
            let there: Vec<_> = cuffs.ways.nearby().iter().map(|near| near.sighting.id.clone()).collect();
            assert!(there.iter().all(|id| !here.contains(id)), "the other phone must name them otherwise: {there:?}");
            let mut training = cuffs.train(&["knee_ext_seated"]).unwrap();
            training.press(Tap::Confirm);
            pass(&mut training, 8.0);
            assert!(training.live.frame().cuffs.iter().all(|line| line.link == LinkState::Streaming));
            training.finish().unwrap();
            // No cuff became two, and what was done with it is there.
            let mut now = new.own_cuffs().unwrap();
            for cuffs in [&mut own, &mut now] {
                cuffs.sort_by(|a, b| a.serial.cmp(&b.serial));
            }
            let known =
                |cuffs: &[OwnCuff]| cuffs.iter().map(|cuff| (cuff.serial.clone(), cuff.side)).collect::<Vec<_>>();
            assert_eq!(known(&now), known(&own));
            if !cuffs_first {
                assert_eq!(now, own, "with their names and ids");
            }
            let sessions = new.sessions(9).unwrap();
            assert_eq!((sessions.len(), sessions.iter().filter(|row| row.id == session).count()), (2, 1));
        }
    }

    #[test]
    fn a_session_finds_the_cuffs_that_are_worn_is_left_and_goes_on_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let talus = talus(&folder);
        pair(&talus);
        let mut training = around(&talus).train(&["knee_ext_seated"]).unwrap();
        training.press(Tap::Confirm);
        pass(&mut training, 8.0);
        // New to this person: shown first. The cuffs were found by their names meanwhile.
        assert_eq!(stage(&training), Stage::Instruct);
        assert!(training.live.frame().cuffs.iter().all(|line| line.link == LinkState::Streaming));
        assert_eq!(training.live.frame().why, "First 2 sessions without weight.");
        training.press(Tap::Confirm);
        pass(&mut training, 5.0);
        assert_eq!(stage(&training), Stage::Set);
        let (id, safe) = training.leave().unwrap();
        assert!(safe > Micros(10_000_000), "{safe:?}");

        let mut training = around(&talus).resume_training("last").unwrap();
        assert_eq!((training.live.id(), stage(&training)), (id, Stage::Paused));
        pass(&mut training, 8.0);
        training.press(Tap::GoOn);
        assert_eq!(stage(&training), Stage::Set);
        assert!(training.live.frame().cuffs.iter().all(|line| line.link == LinkState::Streaming));
        training.press(Tap::EndSet);
        training.answer(Answer::Reserve(3));
        training.answer(Answer::Pain(0));
        pass(&mut training, 1.0);
        assert!(!training.over());
        training.press(Tap::Stop);
        assert!(training.over());
        let ended = training.notes().iter().filter(|note| matches!(note, Note::Event(Event::Ended { .. }))).count();
        assert_eq!(ended, 1);
        assert_eq!(training.finish().unwrap(), id);
        let detail = talus.session("last").unwrap();
        assert!(detail.row.finished && detail.plan.known.is_some());
        let recording = folder.path().join("recordings").join(format!("{id}.talus"));
        assert_eq!(talus.replay_recording(&recording).unwrap().as_stored, Some(true));
        assert!(matches!(around(&talus).resume_training("last").err(), Some(AppError::NothingToResume)));
    }

    #[test]
    fn what_says_it_was_no_session_with_cuffs_is_not_taken_up_with_cuffs() {
        let folder = tempfile::tempdir().unwrap();
        let talus = talus(&folder);
        pair(&talus);
        let mut training = around(&talus).train(&["knee_ext_seated"]).unwrap();
        pass(&mut training, 2.0);
        let (id, _) = training.leave().unwrap();
        let detail = talus.session(&id.to_string()).unwrap();
        // As a file may say it: real cuffs, but nobody whose loads are looked at.
        let head = talus_store::SessionHead {
            id: SessionId([7; 16]),
            ..talus.head(Kind::Demo, detail.plan, Source::Cuffs.text())
        };
        talus.store().delete(id).unwrap();
        talus.store().begin(&head).unwrap().abandon();
        let asked = head.id.to_string();
        assert!(matches!(around(&talus).resume_training(&asked).err(), Some(AppError::Source { .. })));
        assert!(matches!(around(&talus).resume_training("last").err(), Some(AppError::NothingToResume)));
    }
}
