//! What a key means where the session is now.

use crate::domain::{Answer, Scene, Stage, Tap};
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// What somebody at the keyboard wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Press(Tap),
    Answer(Answer),
    Faster,
    Slower,
    /// Leave the session; it can be resumed.
    Leave,
    /// Ctrl-C.
    Stop,
    /// The summary was seen.
    Seen,
    /// Pain: pauses a set and asks how much.
    AskPain,
    /// A key for the pain that is being typed.
    Pain(PainKey),
}

/// A key while pain is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PainKey {
    Digit(char),
    Erase,
    Done,
    Cancel,
}

/// What `key` means in `scene`; `None` where it means nothing.
pub(crate) fn wish(key: &KeyEvent, scene: &Scene, asks_pain: bool) -> Option<Wish> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return (key.code == KeyCode::Char('c')).then_some(Wish::Stop);
    }
    if asks_pain {
        return Some(Wish::Pain(match key.code {
            KeyCode::Char(digit) if digit.is_ascii_digit() => PainKey::Digit(digit),
            KeyCode::Backspace => PainKey::Erase,
            KeyCode::Enter => PainKey::Done,
            KeyCode::Esc => PainKey::Cancel,
            _ => return None,
        }));
    }
    match key.code {
        KeyCode::Char('+' | '=') => return Some(Wish::Faster),
        KeyCode::Char('-' | '_' | '−') => return Some(Wish::Slower),
        _ => {}
    }
    let Scene::Session(session) = scene else {
        return matches!(key.code, KeyCode::Char('q') | KeyCode::Esc).then_some(Wish::Leave);
    };
    let stage = session.frame.stage;
    if stage == Stage::Summary {
        return matches!(key.code, KeyCode::Char(' ' | 'q') | KeyCode::Enter | KeyCode::Esc).then_some(Wish::Seen);
    }
    let runs = matches!(stage, Stage::Set | Stage::Walk | Stage::GetReady);
    Some(match (key.code, stage) {
        (KeyCode::Char('q'), _) => Wish::Leave,
        (KeyCode::Char('h'), Stage::Set | Stage::Walk | Stage::Paused | Stage::Review | Stage::Rest) => Wish::AskPain,
        (KeyCode::Char('p' | ' '), _) if runs => Wish::Press(Tap::Pause),
        (KeyCode::Char('p' | ' ') | KeyCode::Enter, Stage::Paused) => Wish::Press(Tap::GoOn),
        (KeyCode::Char(' ') | KeyCode::Enter, Stage::Preflight | Stage::Review | Stage::Rest) => {
            Wish::Press(Tap::Confirm)
        }
        (KeyCode::Char('e'), Stage::Set | Stage::Walk | Stage::Paused) => Wish::Press(Tap::EndSet),
        (KeyCode::Char('s'), Stage::Paused) => Wish::Press(Tap::Stop),
        (KeyCode::Up, Stage::Set | Stage::Paused | Stage::Review) => Wish::Press(Tap::CountUp),
        (KeyCode::Down, Stage::Set | Stage::Paused | Stage::Review) => Wish::Press(Tap::CountDown),
        (KeyCode::Char('r'), Stage::Rest) => Wish::Press(Tap::RestLonger),
        (KeyCode::Char(digit @ '0'..='5'), Stage::Review) => Wish::Answer(Answer::Reserve(digit as u8 - b'0')),
        _ => return None,
    })
}

/// Pain as it is typed: at most ten.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct PainEntry(pub(crate) String);

impl PainEntry {
    /// Takes a key.
    pub(crate) fn take(&mut self, key: PainKey) -> Asked {
        match key {
            PainKey::Digit(digit) => {
                let longer = format!("{}{digit}", self.0);
                if longer.parse::<u8>().is_ok_and(|pain| pain <= 10) && longer.len() <= 2 {
                    self.0 = longer;
                }
                Asked::Still
            }
            PainKey::Erase => {
                self.0.pop();
                Asked::Still
            }
            // Nothing typed is no answer.
            PainKey::Done => self.0.parse().map_or(Asked::Still, Asked::Answered),
            PainKey::Cancel => Asked::Cancelled,
        }
    }
}

/// Where the question is after a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Still,
    Answered(u8),
    Cancelled,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    fn at(stage: Stage) -> Scene {
        let mut scene = examples::session("en");
        scene.frame.stage = stage;
        Scene::Session(Box::new(scene))
    }

    fn key(code: KeyCode, stage: Stage) -> Option<Wish> {
        wish(&KeyEvent::new(code, KeyModifiers::NONE), &at(stage), false)
    }

    #[test]
    fn space_is_what_is_next_in_every_stage() {
        for (stage, tap) in [
            (Stage::Preflight, Tap::Confirm),
            (Stage::Set, Tap::Pause),
            (Stage::Paused, Tap::GoOn),
            (Stage::Review, Tap::Confirm),
            (Stage::Rest, Tap::Confirm),
            (Stage::Walk, Tap::Pause),
        ] {
            assert_eq!(key(KeyCode::Char(' '), stage), Some(Wish::Press(tap)), "{stage:?}");
        }
        assert_eq!(key(KeyCode::Char(' '), Stage::Summary), Some(Wish::Seen));
    }

    #[test]
    fn one_can_leave_from_everywhere_and_ctrl_c_is_always_heard() {
        for stage in
            [Stage::Preflight, Stage::GetReady, Stage::Set, Stage::Paused, Stage::Review, Stage::Rest, Stage::Walk]
        {
            assert_eq!(key(KeyCode::Char('q'), stage), Some(Wish::Leave));
            let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
            assert_eq!(wish(&ctrl_c, &at(stage), true), Some(Wish::Stop));
        }
        let q = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
        assert_eq!(wish(&q, &Scene::Nearby(Vec::new()), false), Some(Wish::Leave));
    }

    #[test]
    fn a_digit_answers_only_where_it_is_asked() {
        assert_eq!(key(KeyCode::Char('3'), Stage::Review), Some(Wish::Answer(Answer::Reserve(3))));
        assert_eq!(key(KeyCode::Char('6'), Stage::Review), None);
        assert_eq!(key(KeyCode::Char('3'), Stage::Set), None);
    }

    #[test]
    fn pain_is_typed_up_to_ten_and_can_be_taken_back() {
        let mut entry = PainEntry::default();
        assert_eq!(entry.take(PainKey::Done), Asked::Still, "nothing typed is no answer");
        for digit in ['1', '1', '0', '0'] {
            assert_eq!(entry.take(PainKey::Digit(digit)), Asked::Still);
        }
        assert_eq!(entry.take(PainKey::Done), Asked::Answered(10));
        entry.take(PainKey::Erase);
        assert_eq!(entry.take(PainKey::Done), Asked::Answered(1));
        assert_eq!(entry.take(PainKey::Cancel), Asked::Cancelled);
    }
}
