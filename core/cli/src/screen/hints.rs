//! What the keys do now: the most important first, as many as fit.

use super::theme::Theme;
use super::{Aside, Hint};
use crate::args::Speed;
use crate::domain::{Scene, Stage};
use crate::keys::Question;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

/// The hints of a scene in the order of their importance; `brief` where one narrow line is all there is.
pub(crate) fn of(scene: &Scene, aside: &Aside<'_>, brief: bool) -> Vec<Hint> {
    let words = aside.words;
    match aside.asked {
        Some(Question::Pain(_)) => return vec![hint("0–10 ⏎", words.key_pain), hint("esc", words.key_cancel)],
        Some(Question::Flag) => {
            let [key, yes] = words.key_yes;
            return vec![hint(key, yes), hint("esc", words.key_cancel)];
        }
        None => {}
    }
    let leave = hint("q", if brief { words.key_quit } else { words.key_leave });
    let flag = hint("!", words.key_flag);
    let speed = hint("+ −", format!("{} {}", words.key_speed, speed(aside.speed)));
    // Before a session has begun there is nothing to resume.
    let Scene::Session(session) = scene else { return vec![hint("q", words.key_quit), speed] };
    let pain = hint("h", words.key_pain);
    let end = hint("e", words.key_end_set);
    let go_on = hint("␣", words.key_go_on);
    let (skip, undo, swap) = (hint("k", words.key_skip), hint("u", words.key_undo), hint("x", words.key_swap));
    let (weight, by_hand) = (hint("w W", words.key_weight), hint("t", words.key_by_hand));
    match session.frame.stage {
        Stage::Preflight | Stage::Instruct => vec![go_on, flag, leave, speed, weight, skip, swap, undo, by_hand],
        Stage::Set => {
            vec![hint("p", words.key_pause), flag, leave, pain, speed, end, hint("↑ ↓", words.key_count), skip]
        }
        Stage::Paused => vec![go_on, flag, leave, end, pain, hint("s", words.key_stop), speed, by_hand, skip],
        Stage::Review => {
            vec![hint("0–5", words.key_answer), go_on, flag, leave, pain, speed, weight, undo, skip, swap]
        }
        Stage::Rest => {
            vec![go_on, flag, leave, hint("r", words.key_longer), pain, speed, weight, skip, swap, undo]
        }
        Stage::Walk => vec![hint("p", words.key_pause), flag, leave, pain, speed, end],
        Stage::GetReady => vec![hint("p", words.key_pause), flag, leave, speed, weight, skip, swap, undo, by_hand],
        Stage::Summary => vec![hint("␣", words.key_history), flag],
    }
}

fn hint(key: &'static str, word: impl Into<String>) -> Hint {
    Hint { key, word: word.into() }
}

/// "×10", or that it is as fast as can be.
pub(crate) fn speed(speed: Speed) -> String {
    match speed {
        Speed::Times(times) => format!("×{times}"),
        Speed::Max => "max".to_owned(),
    }
}

/// As many hints as fit into `width` columns and `rows` lines.
pub(crate) fn lines(hints: &[Hint], width: u16, rows: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines: Vec<(usize, Vec<Span<'static>>)> = vec![(0, Vec::new()); rows];
    for hint in hints {
        let wide = hint.key.width() + 1 + hint.word.width();
        // A hint that does not fit leaves its place to a shorter one.
        let line = lines.iter_mut().find(|(used, _)| *used == 0 || used + 3 + wide <= usize::from(width));
        let Some((used, spans)) = line.filter(|_| wide <= usize::from(width)) else { continue };
        if *used > 0 {
            spans.push(Span::styled(" · ", theme.faint()));
            *used += 3;
        }
        spans.push(Span::styled(hint.key, theme.accent()));
        spans.push(Span::styled(format!(" {}", hint.word), theme.quiet()));
        *used += wide;
    }
    lines.into_iter().map(|(_, spans)| Line::from(spans)).filter(|line| line.width() > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::theme::Depth;
    use crate::words::Words;

    #[test]
    fn the_most_important_hints_stay_when_room_is_short() {
        let words = Words::of("de");
        let hints = [
            hint("p", words.key_pause),
            hint("q", words.key_leave),
            hint("h", words.key_pain),
            hint("+ −", "Tempo ×10"),
        ];
        let theme = Theme::new(Depth::None);
        let text = |width, rows| lines(&hints, width, rows, &theme).iter().map(Line::to_string).collect::<Vec<_>>();
        assert_eq!(text(40, 1), ["p Pause · q gehen, Fortsetzen möglich"]);
        assert_eq!(text(40, 2), ["p Pause · q gehen, Fortsetzen möglich", "h Schmerz · + − Tempo ×10"]);
        assert_eq!(text(80, 1), ["p Pause · q gehen, Fortsetzen möglich · h Schmerz · + − Tempo ×10"]);
    }
}
