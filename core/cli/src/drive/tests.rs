//! A scripted session stands in for the app: what is driven is the shell.

use super::*;
use crate::domain::{Event as SessionEvent, SessionId, Side};
use crate::examples;
use crate::play::Note;
use crate::screen::theme::Depth;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::backend::TestBackend;
use std::cell::Cell;

/// Tells made-up notes at their times and remembers what was pressed.
struct Scripted {
    now: Micros,
    notes: Vec<(i64, Note)>,
    stage: Stage,
    pressed: Vec<Tap>,
    answered: Vec<Answer>,
    fails_at: Option<Micros>,
}

const END_US: i64 = 126_000_000;

impl Scripted {
    fn new() -> Self {
        let mut notes: Vec<_> = examples::notes("en")
            .into_iter()
            .map(|note| match &note {
                Note::Event(
                    SessionEvent::SetBegan { at, .. }
                    | SessionEvent::RepEnded { at, .. }
                    | SessionEvent::SetEnded { at, .. }
                    | SessionEvent::SetReviewed { at, .. }
                    | SessionEvent::Strode { at, .. }
                    | SessionEvent::Ended { at, .. },
                ) => (at.0, note),
                _ => (0, note),
            })
            .collect();
        notes.sort_by_key(|(at, _)| *at);
        Self { now: Micros(0), notes, stage: Stage::Set, pressed: Vec::new(), answered: Vec::new(), fails_at: None }
    }
}

impl Player for Scripted {
    fn advance(&mut self, to: Micros) -> Result<(), Failure> {
        if self.fails_at.is_some_and(|at| to >= at) {
            return Err(Failure::new("write talus.db: the disk is full", "Make room."));
        }
        self.now = self.now.max(to).min(Micros(END_US));
        if self.over() {
            self.stage = Stage::Summary;
        }
        Ok(())
    }
    fn now(&self) -> Micros {
        self.now
    }
    fn scene(&self) -> Scene {
        let mut scene = examples::session("en");
        scene.frame.stage = self.stage;
        Scene::Session(Box::new(scene))
    }
    fn notes(&mut self) -> Vec<Note> {
        let due = self.notes.partition_point(|(at, _)| *at <= self.now.0);
        self.notes.drain(..due).map(|(_, note)| note).collect()
    }
    fn press(&mut self, tap: Tap) {
        self.pressed.push(tap);
        self.stage = match tap {
            Tap::Pause => Stage::Paused,
            Tap::GoOn => Stage::Set,
            _ => self.stage,
        };
    }
    fn answer(&mut self, answer: Answer) {
        self.answered.push(answer);
    }
    fn over(&self) -> bool {
        self.now >= Micros(END_US)
    }
    fn progress(&self) -> Option<f64> {
        None
    }
    fn exercise_name(&self, id: &str) -> String {
        examples::name("en")(id)
    }
    fn leave(self: Box<Self>) -> Result<Option<(SessionId, Micros)>, Failure> {
        Ok(None)
    }
    fn finish(self: Box<Self>) -> Result<Option<SessionId>, Failure> {
        Ok(None)
    }
}

thread_local! {
    static NOW: Cell<i64> = const { Cell::new(0) };
}

/// A wall clock on which every look takes seven milliseconds.
fn ticking() -> Micros {
    NOW.with(|now| {
        now.set(now.get() + 7_000);
        Micros(now.get())
    })
}

fn setting<'a>(wall: &'a Wall, stop: &'a Stop, speed: Speed) -> Setting<'a> {
    Setting { words: Words::of("en"), wall, stop, speed, demo: true }
}

fn told(speed: Speed) -> (String, Parted) {
    let (wall, stop) = (Wall::new(ticking), Stop::default());
    let mut text = Vec::new();
    let mut player = Scripted::new();
    let parted = {
        let mut out = Output::to(&mut text, 80);
        plain(&mut player, setting(&wall, &stop, speed), &mut out, false).unwrap()
    };
    (String::from_utf8(text).unwrap(), parted)
}

#[test]
fn plain_lines_are_the_same_at_every_speed() {
    let (as_fast_as_can_be, parted) = told(Speed::Max);
    assert!(as_fast_as_can_be.lines().count() > 10);
    assert_eq!(told(Speed::Times(500.0)).0, as_fast_as_can_be);
    let Parted::Over(story) = parted else { panic!("not over") };
    assert_eq!(story.sets.len(), 2);
    assert_eq!(story.sets[0].1.count, 5, "the correction is laid over the set");
    assert!(story.summary.is_some());
}

#[test]
fn a_session_that_is_asked_to_stop_stops_and_one_without_a_reader_is_left() {
    struct Gone;
    impl io::Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let (wall, stop) = (Wall::new(ticking), Stop::default());
    let paced = setting(&wall, &stop, Speed::Times(500.0));
    assert_eq!(plain(&mut Scripted::new(), paced, &mut Output::to(Gone, 80), false), Ok(Parted::Left));
    let replay = setting(&wall, &stop, Speed::Max);
    let parted = plain(&mut Scripted::new(), replay, &mut Output::to(Gone, 80), false).unwrap();
    assert!(matches!(parted, Parted::Over(_)), "a replay goes on to its end");
    stop.ask();
    assert_eq!(plain(&mut Scripted::new(), paced, &mut Output::to(Vec::new(), 80), false), Ok(Parted::Stopped));
}

/// Plays on a screen with keys that come one a picture.
fn played(keys: &[KeyCode], speed: Speed) -> (Result<Parted, Failure>, Scripted, String) {
    played_from(Micros(0), keys, speed)
}

fn played_from(now: Micros, keys: &[KeyCode], speed: Speed) -> (Result<Parted, Failure>, Scripted, String) {
    let (wall, stop) = (Wall::new(ticking), Stop::default());
    let mut player = Scripted { now, ..Scripted::new() };
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut keys = keys.iter();
    let mut turn = 0;
    let mut heard = |_: Duration| {
        turn += 1;
        // Every other time there is nothing more: then the next picture is drawn.
        Ok(if turn % 2 == 1 {
            keys.next().map(|code| match code {
                KeyCode::F(12) => Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)),
                code => Event::Key(KeyEvent::new(*code, KeyModifiers::NONE)),
            })
        } else {
            None
        })
    };
    let parted = screen(&mut player, setting(&wall, &stop, speed), Theme::new(Depth::None), &mut terminal, &mut heard);
    let shown = terminal.backend().to_string();
    (parted, player, shown)
}

#[test]
fn keys_reach_the_session_and_pain_pauses_first() {
    use KeyCode::Char;
    let keys = [Char('h'), Char('4'), KeyCode::Enter, Char(' '), Char('e'), Char('q')];
    let (parted, player, _) = played(&keys, Speed::Times(1.0));
    assert_eq!(parted, Ok(Parted::Left));
    assert_eq!(player.pressed, [Tap::Pause, Tap::GoOn, Tap::EndSet]);
    assert_eq!(player.answered, [Answer::Pain(4)]);
}

#[test]
fn a_red_flag_needs_a_yes_pauses_the_set_and_stands_until_it_was_seen() {
    use KeyCode::Char;
    let (parted, player, shown) = played(&[Char('!'), Char('!'), Char('n'), Char('q')], Speed::Times(1.0));
    assert_eq!((parted, player.pressed, player.answered), (Ok(Parted::Left), vec![Tap::Pause], vec![]));
    assert!(!shown.contains("Stop."), "{shown}");
    // After the end too, and then it stands longer than any other summary.
    NOW.with(|now| now.set(0));
    let mut keys = vec![Char('!'), Char('y')];
    keys.extend([KeyCode::Tab; 1100]);
    keys.push(Char(' '));
    let (parted, player, shown) = played_from(Micros(END_US - STEP_US), &keys, Speed::Times(500.0));
    assert_eq!(player.answered, [Answer::RedFlag]);
    let Ok(Parted::Over(story)) = parted else { panic!("{parted:?}") };
    assert!(story.is_flagged() && shown.contains("Stop. Sit or lie down. Call for help now."), "{shown}");
    assert!(NOW.with(Cell::get) > SUMMARY_US);
}

#[test]
fn ctrl_c_on_the_screen_stops_a_running_session() {
    assert_eq!(played(&[KeyCode::F(12)], Speed::Times(1.0)).0, Ok(Parted::Stopped));
}

#[test]
fn the_summary_stands_until_it_was_seen_or_for_a_while() {
    let (parted, _, shown) = played(&[], Speed::Times(500.0));
    let Ok(Parted::Over(story)) = parted else { panic!("{parted:?}") };
    assert!(shown.contains("You did 11 repetitions in 2 sets."), "{shown}");
    assert_eq!(story.sets[1].1.side, Side::Right);
    let waited = NOW.with(Cell::get);
    assert!(waited > SUMMARY_US, "it stood for {waited} µs");
    NOW.with(|now| now.set(0));
    let keys = [KeyCode::Tab; 30].into_iter().chain([KeyCode::Char(' ')]).collect::<Vec<_>>();
    assert!(matches!(played(&keys, Speed::Times(500.0)).0, Ok(Parted::Over(_))));
    assert!(NOW.with(Cell::get) < SUMMARY_US, "a key ends it sooner");
}

#[test]
fn as_fast_as_can_be_nobody_waits_for_the_summary() {
    let (parted, ..) = played_from(Micros(END_US - STEP_US), &[], Speed::Max);
    assert!(matches!(parted, Ok(Parted::Over(_))), "{parted:?}");
    assert!(NOW.with(Cell::get) < SUMMARY_US);
}

#[test]
fn what_the_session_cannot_do_is_handed_on() {
    let (wall, stop) = (Wall::new(ticking), Stop::default());
    let mut player = Scripted { fails_at: Some(Micros(30_000_000)), ..Scripted::new() };
    let result = plain(&mut player, setting(&wall, &stop, Speed::Max), &mut Output::to(Vec::new(), 80), true);
    assert_eq!(result.unwrap_err().what, "write talus.db: the disk is full");
}
