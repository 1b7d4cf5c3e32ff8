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
    /// A red flag: pauses a set and asks whether it is one.
    AskFlag,
    /// The answer to that.
    Flag(bool),
}

/// A key while pain is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PainKey {
    Digit(char),
    Erase,
    Done,
    Cancel,
}

/// A question that stands until a key answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Question {
    /// How much it hurts, from 0 to 10.
    Pain(PainEntry),
    /// Whether it is a red flag: one key alone must not call an emergency.
    Flag,
}

/// What `key` means in `scene` while `asked` stands; `None` where it means nothing.
pub(crate) fn wish(key: &KeyEvent, scene: &Scene, asked: Option<&Question>) -> Option<Wish> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return (key.code == KeyCode::Char('c')).then_some(Wish::Stop);
    }
    match asked {
        Some(Question::Pain(_)) => return pain_key(key).map(Wish::Pain),
        // The yes of both languages: whoever needs it must not have to look which one is spoken.
        Some(Question::Flag) => match key.code {
            KeyCode::Char('y' | 'Y' | 'j' | 'J') => return Some(Wish::Flag(true)),
            KeyCode::Char('n' | 'N') | KeyCode::Esc => return Some(Wish::Flag(false)),
            _ => return None,
        },
        None => {}
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
    if key.code == KeyCode::Char('!') {
        return Some(Wish::AskFlag);
    }
    if stage == Stage::Summary {
        return matches!(key.code, KeyCode::Char(' ' | 'q') | KeyCode::Enter | KeyCode::Esc).then_some(Wish::Seen);
    }
    let runs = matches!(stage, Stage::Set | Stage::Walk | Stage::GetReady);
    Some(match (key.code, stage) {
        (KeyCode::Char('q'), _) => Wish::Leave,
        (KeyCode::Char('h'), Stage::Set | Stage::Walk | Stage::Paused | Stage::Review | Stage::Rest) => Wish::AskPain,
        (KeyCode::Char('p' | ' '), _) if runs => Wish::Press(Tap::Pause),
        (KeyCode::Char('p' | ' ') | KeyCode::Enter, Stage::Paused) => Wish::Press(Tap::GoOn),
        (KeyCode::Char(' ') | KeyCode::Enter, Stage::Preflight | Stage::Instruct | Stage::Review | Stage::Rest) => {
            Wish::Press(Tap::Confirm)
        }
        (KeyCode::Char('e'), Stage::Set | Stage::Walk | Stage::Paused) => Wish::Press(Tap::EndSet),
        (KeyCode::Char('s'), Stage::Paused) => Wish::Press(Tap::Stop),
        (KeyCode::Up, Stage::Set | Stage::Paused | Stage::Review) => Wish::Press(Tap::CountUp),
        (KeyCode::Down, Stage::Set | Stage::Paused | Stage::Review) => Wish::Press(Tap::CountDown),
        (KeyCode::Char('k'), _) => Wish::Press(Tap::Skip),
        (KeyCode::Char('u'), _) => Wish::Press(Tap::Undo),
        (KeyCode::Char('x'), _) if !runs || stage == Stage::GetReady => Wish::Press(Tap::Swap),
        (KeyCode::Char('w'), _) => Wish::Press(Tap::Lighter),
        (KeyCode::Char('W'), _) => Wish::Press(Tap::Heavier),
        (KeyCode::Char('t'), _) => Wish::Press(Tap::TimerOnly),
        (KeyCode::Char('r'), Stage::Rest) => Wish::Press(Tap::RestLonger),
        (KeyCode::Char(digit @ '0'..='5'), Stage::Review) => Wish::Answer(Answer::Reserve(digit as u8 - b'0')),
        _ => return None,
    })
}

/// What a key means to the question for pain.
fn pain_key(key: &KeyEvent) -> Option<PainKey> {
    Some(match key.code {
        KeyCode::Char(digit) if digit.is_ascii_digit() => PainKey::Digit(digit),
        KeyCode::Backspace => PainKey::Erase,
        KeyCode::Enter => PainKey::Done,
        KeyCode::Esc => PainKey::Cancel,
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
        wish(&KeyEvent::new(code, KeyModifiers::NONE), &at(stage), None)
    }

    #[test]
    fn space_is_what_is_next_in_every_stage() {
        for (stage, tap) in [
            (Stage::Preflight, Tap::Confirm),
            (Stage::Instruct, Tap::Confirm),
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
        for stage in [
            Stage::Preflight,
            Stage::Instruct,
            Stage::GetReady,
            Stage::Set,
            Stage::Paused,
            Stage::Review,
            Stage::Rest,
            Stage::Walk,
        ] {
            assert_eq!(key(KeyCode::Char('q'), stage), Some(Wish::Leave));
            let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
            assert_eq!(wish(&ctrl_c, &at(stage), Some(&Question::Pain(PainEntry::default()))), Some(Wish::Stop));
        }
        let q = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
        assert_eq!(wish(&q, &Scene::Nearby(Vec::new()), None), Some(Wish::Leave));
    }

    #[test]
    fn a_red_flag_can_be_said_in_every_stage_and_takes_two_keys() {
        for stage in [
            Stage::Preflight,
            Stage::GetReady,
            Stage::Set,
            Stage::Paused,
            Stage::Review,
            Stage::Rest,
            Stage::Walk,
            Stage::Summary,
        ] {
            assert_eq!(key(KeyCode::Char('!'), stage), Some(Wish::AskFlag), "{stage:?}");
            let said = |c| wish(&KeyEvent::new(c, KeyModifiers::NONE), &at(stage), Some(&Question::Flag));
            for (code, wish) in [
                (KeyCode::Char('y'), Some(Wish::Flag(true))),
                (KeyCode::Char('j'), Some(Wish::Flag(true))),
                (KeyCode::Char('n'), Some(Wish::Flag(false))),
                (KeyCode::Esc, Some(Wish::Flag(false))),
                (KeyCode::Char('!'), None),
                (KeyCode::Char(' '), None),
            ] {
                assert_eq!(said(code), wish, "{stage:?} {code:?}");
            }
        }
        let flag = KeyEvent::new(KeyCode::Char('!'), KeyModifiers::NONE);
        assert_eq!(wish(&flag, &Scene::Nearby(Vec::new()), None), None, "no session, nothing to stop");
    }

    #[test]
    fn what_comes_can_be_skipped_swapped_made_lighter_and_taken_back() {
        for (letter, tap) in [
            ('k', Tap::Skip),
            ('u', Tap::Undo),
            ('x', Tap::Swap),
            ('w', Tap::Lighter),
            ('W', Tap::Heavier),
            ('t', Tap::TimerOnly),
        ] {
            for stage in [Stage::Preflight, Stage::Instruct, Stage::GetReady, Stage::Review, Stage::Rest] {
                assert_eq!(key(KeyCode::Char(letter), stage), Some(Wish::Press(tap)), "{letter} {stage:?}");
            }
        }
        assert_eq!(key(KeyCode::Char('x'), Stage::Set), None, "a set is ended first");
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
