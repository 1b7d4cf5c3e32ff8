//! A session from getting ready to the last rest: count, phase, tempo and cue first, then arc, then trace.

use super::arc::Arc;
use super::{Aside, Room, cuffs, digits, line, rows_of, tempo, text, trace};
use crate::domain::{Frame as Picture, LinkState, SessionScene, Stage};
use crate::keys::{PainEntry, Question};
use crate::sets::{counted, is_walk};
use crate::words::{Words, badge, capital, clock};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// From here on arc and count stand side by side in two halves, columns.
const WIDE: u16 = 70;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, scene: &SessionScene, aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let picture = &scene.frame;
    let mut room = Room(area);
    title(frame, &mut room, picture, aside);
    let lines = cuffs::fitting(scene, area.width, if area.height >= 14 { 2 } else { 1 }, theme, words);
    cuffs::draw(frame, room.bottom(lines.len() as u16), lines);
    if let Some(trouble) = &scene.trouble {
        let rows = rows_of(trouble, area.width).min(2);
        text(frame, room.bottom(rows), trouble, theme.warn());
    }
    if area.height >= 12 && !scene.up_next.is_empty() {
        let next = format!("{}: {}", words.up_next, scene.up_next);
        line(frame, room.bottom(1), &next, theme.quiet());
    }
    if area.height >= 26 {
        room.top(1);
        room.bottom(1);
    }
    if matches!(picture.stage, Stage::Preflight | Stage::Instruct) {
        preflight(frame, room.0, scene, aside);
        return;
    }
    let needs = needs(picture, area.width, words);
    let wide = area.width >= WIDE;
    // What one trains by comes first: the giant count in at least three rows. The trace takes what is left over.
    let spare = room.0.height.saturating_sub(needs + if wide { 8 } else { 7 });
    let with_trace = matches!(picture.stage, Stage::Set | Stage::Paused | Stage::Walk) && spare >= 4;
    if with_trace {
        let below = room.bottom(spare.min(if area.height >= 30 { 9 } else { 6 }));
        let scale = (picture.scale_deg, picture.target_deg);
        trace::draw(frame, below, &scene.trace, scale, theme, words);
        if area.height >= 26 {
            room.bottom(1);
        }
    }
    if wide && room.0.height >= needs + 3 {
        let arc_width = room.0.width * 45 / 100;
        let tallest = (arc_width / 2 + 1).max(needs + 10).min(room.0.height);
        // In tall windows both halves stay together in the middle.
        let half = Rect { y: room.0.y + (room.0.height - tallest) / 3, height: tallest, width: arc_width, ..room.0 };
        beside(frame, half, picture, aside);
        let x = half.right() + 3;
        let right = Rect { x, width: room.0.right().saturating_sub(x), ..half };
        let giant = Rect { height: (tallest - needs).min(13), ..right };
        let below = giant_number(frame, giant, picture, aside) + u16::from(tallest - needs >= 9);
        let y = below.min(right.bottom().saturating_sub(needs));
        below_count(frame, Room(Rect { y, height: right.bottom() - y, ..right }), picture, aside);
    } else {
        let giant = room.0.height.saturating_sub(needs).max(1);
        let giant = room.top(giant);
        let across = if giant.height >= 5 { 17 } else { 14 };
        let below = if giant.height >= 5 && !matches!(picture.stage, Stage::Rest | Stage::Walk) {
            let number = Rect { width: across.min(giant.width), ..giant };
            let beside_it = Rect { x: giant.x + across, width: giant.width.saturating_sub(across), ..giant };
            beside(frame, beside_it, picture, aside);
            giant_number(frame, number, picture, aside);
            giant.bottom()
        } else {
            giant_number(frame, Rect { height: giant.height.min(6), ..giant }, picture, aside)
        };
        below_count(frame, Room(Rect { y: below, height: room.0.bottom() - below, ..room.0 }), picture, aside);
    }
}

/// Side and exercise; leg, weight and set below.
fn title(frame: &mut Frame<'_>, room: &mut Room, picture: &Picture, aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let mut spans = Vec::new();
    if let Some(side) = picture.side {
        spans.extend([Span::styled(badge(side), theme.side(side)), Span::raw("  ")]);
    }
    let used: usize = spans.iter().map(Span::width).sum();
    let name = crate::table::clip(&picture.exercise_name, usize::from(room.0.width).saturating_sub(used));
    spans.push(Span::styled(name, theme.strong()));
    let first = Line::from(spans);
    let (above, below) = (room.top(1), room.top(1));
    let mut parts = Vec::new();
    if let Some(side) = picture.side {
        parts.push(words.leg(side).to_owned());
    }
    parts.push(words.mass(picture.mass_g));
    let [set, of] = words.set_of;
    match (picture.set, picture.target) {
        ((0, _) | (_, 0), _) => {}
        // Open-ended sets of a recording: how many there are is known only at its end.
        ((number, _), None) if picture.stage != Stage::Walk => parts.push(format!("{set} {number}")),
        ((number, sets), _) => parts.push(format!("{set} {number} {of} {sets}")),
    }
    let parts = parts.join(" · ");
    if matches!(picture.stage, Stage::Set | Stage::Paused | Stage::Walk) {
        // How good the picture is, where it is in nobody's way.
        let good = picture.quality.ok();
        let quality = format!("{} {}", words.signal, words.quality(picture.quality));
        let style = if good { theme.quiet() } else { theme.warn() };
        let room_beside = |used: usize, area: Rect| usize::from(area.width).saturating_sub(used + 2);
        let fits = |used, area| quality.width() <= room_beside(used, area);
        let place =
            if fits(parts.width(), below) { Some(below) } else { Some(above).filter(|_| fits(first.width(), above)) };
        if let Some(place) = place {
            frame.render_widget(Line::styled(quality.clone(), style).right_aligned(), place);
        }
    }
    frame.render_widget(Line::from(first.spans), Rect { width: above.width, ..above });
    line(frame, below, &parts, theme.quiet());
}

/// Rows that phase, tempo and cue need together.
fn needs(picture: &Picture, width: u16, words: &Words) -> u16 {
    let width = if width >= WIDE { width * 55 / 100 - 3 } else { width };
    let tempo = if shows_tempo(picture) { 2 } else { 0 };
    let ask = if picture.stage == Stage::Review { rows_of(words.reserve_ask, width) } else { 0 };
    let cue = cue(picture, words);
    // A cue has a row even before there is one, so that nothing jumps; below a question it has one when it is said.
    let cue = if ask > 0 && cue.is_empty() { 0 } else { rows_of(&cue, width).clamp(1, 2) };
    1 + tempo + ask + cue
}

fn shows_tempo(picture: &Picture) -> bool {
    matches!(picture.stage, Stage::Set | Stage::Paused | Stage::GetReady)
}

/// The cue that stands, or that nothing is measured just now.
fn cue(picture: &Picture, words: &Words) -> String {
    if !picture.cue.is_empty() {
        return picture.cue.clone();
    }
    match picture.stage {
        Stage::Set if picture.angle_deg.is_none() => words.not_measured_now.to_owned(),
        _ => String::new(),
    }
}

/// The number of now, as large as fits, with its goal beside it; returns the row below it.
fn giant_number(frame: &mut Frame<'_>, area: Rect, picture: &Picture, aside: &Aside<'_>) -> u16 {
    let (words, theme) = (aside.words, &aside.theme);
    let left = |seconds: Option<f64>, minutes: bool| match seconds {
        Some(left) if left.is_finite() && minutes => clock(left.max(0.0).ceil()),
        Some(left) if left.is_finite() => format!("{:.0}", left.max(0.0).ceil()),
        _ => "–".to_owned(),
    };
    let (number, goal) = match picture.stage {
        Stage::Rest => (left(picture.left_s, true), String::new()),
        Stage::GetReady => (left(picture.left_s, false), String::new()),
        Stage::Walk => (picture.strides.to_string(), words.stride_count[1].to_owned()),
        _ => (picture.count.to_string(), goal(picture, words)),
    };
    let nearly = picture.target.is_some_and(|target| picture.count.saturating_add(3) >= target && picture.count > 0);
    let style: Style = match picture.stage {
        Stage::Paused => theme.quiet(),
        Stage::Set if nearly => theme.accent(),
        Stage::GetReady => theme.accent(),
        _ => theme.strong(),
    };
    let goal_width = goal.chars().count() as u16;
    // The goal stands beside the number where that costs it no size, else below it.
    let beside = area.width.saturating_sub(goal_width + 2);
    let fits_beside = digits::scale(&number, beside, area.height) >= digits::scale(&number, area.width, area.height);
    if goal.is_empty() || fits_beside {
        let covered = digits::draw(frame, Rect { width: beside, ..area }, &number, style);
        let y = covered.bottom().saturating_sub(1);
        let x = covered.right() + 1;
        let place = Rect { x, y, width: area.right().saturating_sub(x), height: 1 };
        line(frame, place, &goal, theme.quiet());
        covered.bottom()
    } else {
        let covered =
            digits::draw(frame, Rect { height: area.height.saturating_sub(1).max(1), ..area }, &number, style);
        let place = Rect { y: covered.bottom(), height: 1.min(area.bottom().saturating_sub(covered.bottom())), ..area };
        line(frame, place, &goal, theme.quiet());
        place.bottom()
    }
}

fn goal(picture: &Picture, words: &Words) -> String {
    match picture.target {
        Some(target) => format!("{} {target}", words.of),
        None => words.rep_count[usize::from(picture.count != 1)].to_owned(),
    }
}

/// Phase, tempo and cue, below the count.
fn below_count(frame: &mut Frame<'_>, mut room: Room, picture: &Picture, aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let (word, style) = match picture.stage {
        Stage::Paused => (words.paused.to_owned(), theme.warn()),
        Stage::GetReady => (words.get_ready.to_owned(), theme.accent()),
        Stage::Review => (words.review.to_owned(), theme.accent()),
        Stage::Rest => (words.rest.to_owned(), theme.accent()),
        Stage::Walk => (format!("{} {}", words.cadence(picture.cadence_per_min), words.steps_per_min), theme.accent()),
        _ => (words.phase(picture.phase).to_owned(), theme.accent()),
    };
    line(frame, room.top(1), &word, style);
    if shows_tempo(picture) {
        let rows = room.top(2);
        let width = rows.width.min(64);
        if let Some([bar, labels]) = tempo::lines(picture.tempo_s, picture.phase, picture.phase_s, width, theme, words)
        {
            frame.render_widget(bar, Rect { height: rows.height.min(1), ..rows });
            frame.render_widget(labels, Rect { y: rows.y + 1, height: rows.height.saturating_sub(1), ..rows });
        }
    }
    if let Some(Question::Pain(PainEntry(typed))) = aside.asked {
        line(frame, room.top(1), &format!("{}: {typed}▏", words.pain_ask), theme.warn());
        return;
    }
    if picture.stage == Stage::Review {
        // As long as a digit answers it, the question stands, whatever else is said.
        let rows = rows_of(words.reserve_ask, room.0.width).min(room.0.height);
        text(frame, room.top(rows), words.reserve_ask, theme.strong());
    }
    let cue = cue(picture, words);
    let lost = picture.cuffs.iter().any(|cuff| Some(cuff.side) == picture.side && cuff.link != LinkState::Streaming);
    let style =
        if lost || picture.angle_deg.is_none() && picture.stage == Stage::Set { theme.warn() } else { theme.strong() };
    let rows = room.0.height.min(2);
    text(frame, room.top(rows), &cue, style);
}

/// What stands beside the count: the arc, or in a rest what was done so far.
fn beside(frame: &mut Frame<'_>, area: Rect, picture: &Picture, aside: &Aside<'_>) {
    match picture.stage {
        Stage::Rest | Stage::Walk => done_so_far(frame, area, aside),
        _ => {
            let arc = Arc {
                side: picture.side,
                now_deg: picture.angle_deg,
                target_deg: picture.target_deg,
                scale_deg: picture.scale_deg,
                last_deg: picture.last_ranges_deg,
                reached_deg: (picture.stage == Stage::Review).then(|| reached(picture, aside)).flatten(),
                idle: picture.stage != Stage::Set,
            };
            arc.draw(frame, area, &aside.theme, aside.words);
        }
    }
}

/// How far the set that is looked back at went: its own range, or the middle one of its last repetitions.
fn reached(picture: &Picture, aside: &Aside<'_>) -> Option<f64> {
    let ended = aside.story.sets.last().map(|(_, result)| result);
    let of_set = ended
        .filter(|result| Some(result.side) == picture.side && result.exercise == picture.exercise)
        .and_then(|result| result.range_deg);
    let mut last: Vec<f64> = picture.last_ranges_deg.into_iter().flatten().filter(|deg| deg.is_finite()).collect();
    last.sort_unstable_by(f64::total_cmp);
    of_set.or_else(|| last.get(last.len() / 2).copied())
}

/// The latest sets, newest last.
fn done_so_far(frame: &mut Frame<'_>, area: Rect, aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let sets = &aside.story.sets;
    let skipped = sets.len().saturating_sub(usize::from(area.height));
    for ((_, result), y) in sets.iter().skip(skipped).zip(area.y..area.bottom()) {
        let mut about = format!("  {}", counted(result, false, words));
        if !is_walk(result) {
            let _ = write!(about, " · {}", words.deg(result.range_deg));
        }
        let mut spans =
            vec![Span::styled(badge(result.side), theme.side(result.side)), Span::styled(about, theme.plain())];
        let used: usize = spans.iter().map(Span::width).sum();
        let name =
            crate::table::clip(&(aside.name)(&result.exercise), usize::from(area.width).saturating_sub(used + 2));
        spans.push(Span::styled(format!("  {name}"), theme.quiet()));
        frame.render_widget(Line::from(spans), Rect { y, height: 1, ..area });
    }
}

/// Three lines that tick themselves, and the question.
fn preflight(frame: &mut Frame<'_>, area: Rect, scene: &SessionScene, aside: &Aside<'_>) {
    let (words, theme) = (aside.words, &aside.theme);
    let mut room = Room(area);
    let heading = if scene.frame.stage == Stage::Instruct { &scene.frame.exercise_name } else { words.preflight };
    line(frame, room.top(1), heading, theme.strong());
    room.top(u16::from(area.height > 8));
    for cuff in &scene.frame.cuffs {
        let fine = cuff.link == LinkState::Streaming;
        let spans = vec![
            Span::styled(if fine { "✓ " } else { "… " }, theme.accent()),
            Span::styled(badge(cuff.side), theme.side(cuff.side)),
            Span::styled(format!("  {}", words.link(cuff.link)), if fine { theme.plain() } else { theme.warn() }),
        ];
        frame.render_widget(Line::from(spans), room.top(1));
    }
    room.top(u16::from(area.height > 8));
    // The core's own question names leg and weight.
    let asks = !scene.frame.cue.is_empty();
    if let Some(side) = scene.frame.side.filter(|_| !asks) {
        let wearing = format!("{}, {}.", capital(words.leg(side)), words.mass(scene.frame.mass_g));
        line(frame, room.top(1), &wearing, theme.strong());
    }
    let ask = if asks { scene.frame.cue.as_str() } else { words.preflight_ask };
    let rows = rows_of(ask, area.width).min(room.0.height);
    text(frame, room.top(rows), ask, theme.plain());
    // Why this load: read where there is room, never instead of the question.
    let why = scene.frame.why.as_str();
    if !why.is_empty() && room.0.height > 1 {
        room.top(1);
        let rows = rows_of(why, area.width).min(room.0.height);
        text(frame, room.top(rows), why, theme.quiet());
    }
}
