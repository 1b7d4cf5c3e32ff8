//! `talus history`: sessions in a table, the course of each exercise as a plot.

use crate::app;
use crate::args::Common;
use crate::domain::{Kind, SessionRow, TrendPoint};
use crate::failure::Failure;
use crate::json;
use crate::output::Output;
use crate::plot;
use crate::table::{Align, Table, wrap};
use crate::words::{Words, clock, count};
use std::fmt::Write as _;
use talus_app::Talus;

pub(crate) fn run(
    common: &Common,
    exercise: Option<&str>,
    limit: u32,
    demo: bool,
    out: &mut Output<'_>,
) -> Result<u8, Failure> {
    let words = app::words(common);
    let talus = app::open_to_look(common, demo)?;
    let mut sessions = talus.as_ref().map(|talus| talus.sessions(limit)).transpose()?.unwrap_or_default();
    let mut trends = Vec::new();
    if let Some(talus) = &talus {
        trends = match exercise {
            Some(id) => self::trends(talus, &[id.to_owned()])?,
            None => self::trends(talus, &exercises(&sessions))?,
        };
    }
    if let Some(id) = exercise {
        sessions.retain(|session| session.exercises.iter().any(|one| one == id));
    }
    if common.json {
        out.json(&json::history(&sessions, &trends))?;
        return Ok(0);
    }
    let name = |id: &str| talus.as_ref().map_or_else(|| id.to_owned(), |talus| talus.exercise_name(id));
    if let (Some(id), true) = (exercise.filter(|_| talus.is_some()), sessions.is_empty()) {
        out.line(&format!("{} {}", words.no_sessions_of, name(id)))?;
        return Ok(0);
    }
    let resume = app::resume_command(common, demo);
    let page = Page { sessions: &sessions, trends: &trends, name: &name, resume: &resume };
    out.lines(lines(&page, out.width(), words))?;
    if sessions.is_empty() && app::demo_is_apart(common, demo) {
        out.line(words.demo_is_apart)?;
    }
    Ok(0)
}

/// The course of each of these exercises.
pub(crate) fn trends(talus: &Talus, ids: &[String]) -> Result<Vec<(String, Vec<TrendPoint>)>, Failure> {
    ids.iter().map(|id| Ok((id.clone(), talus.trend(id, None)?))).collect()
}

/// Exercises with a plot at most; the newest first.
const PLOTS: usize = 6;
/// Sessions with a bar.
const BARS: usize = 12;

/// What a page of history is made from.
pub(crate) struct Page<'a> {
    /// Newest first.
    pub(crate) sessions: &'a [SessionRow],
    /// Exercise ids and their sets, oldest first.
    pub(crate) trends: &'a [(String, Vec<TrendPoint>)],
    pub(crate) name: &'a dyn Fn(&str) -> String,
    /// How an unfinished session is taken up again, up to its id.
    pub(crate) resume: &'a str,
}

/// The ids of exercises in these sessions, those of the newest session first, each once.
pub(crate) fn exercises(sessions: &[SessionRow]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in sessions.iter().flat_map(|session| &session.exercises) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids.truncate(PLOTS);
    ids
}

/// The page; never wider than `width` unless a single word is.
pub(crate) fn lines(page: &Page<'_>, width: usize, words: &Words) -> Vec<String> {
    if page.sessions.is_empty() {
        return vec![words.no_sessions.to_owned()];
    }
    let mut lines = wrap(&total(page.sessions, words), width);
    lines.push(String::new());
    lines.extend(sessions(page, words).lines(width));
    for session in page.sessions.iter().filter(|session| !session.finished) {
        lines.push(format!("{} {}", words.resume_with, resume(page.resume, session)));
    }
    for (id, points) in page.trends {
        let plot = plot::ranges(&titled(&(page.name)(id), id), points, width, words);
        // A walk has strides and no range: its course is the bars below.
        if id != "walk" && !plot.is_empty() {
            lines.push(String::new());
            lines.extend(plot);
        }
    }
    for (title, of) in [
        (words.reps_per_session, (|session| session.reps) as fn(&SessionRow) -> u32),
        (words.strides_per_session, |session| session.strides),
    ] {
        let newest = page.sessions.iter().filter(|session| of(session) > 0).take(BARS);
        let mut rows: Vec<_> = newest.map(|session| (when(session), of(session))).collect();
        rows.reverse();
        if !rows.is_empty() {
            lines.extend([String::new(), title.to_owned()]);
            lines.extend(plot::bars(&rows, width));
        }
    }
    lines
}

/// An exercise's name and the id by which it can be asked for.
fn titled(name: &str, id: &str) -> String {
    if name == id { name.to_owned() } else { format!("{name} ({id})") }
}

/// "3 sessions, 18 sets, 143 reps".
fn total(sessions: &[SessionRow], words: &Words) -> String {
    let sum = |of: fn(&SessionRow) -> u32| sessions.iter().map(of).fold(0, u32::saturating_add);
    let mut parts =
        vec![count(sessions.len() as u32, words.session_count), count(sum(|session| session.sets), words.set_count)];
    for (number, forms) in
        [(sum(|session| session.reps), words.rep_count), (sum(|session| session.strides), words.stride_count)]
    {
        if number > 0 {
            parts.push(count(number, forms));
        }
    }
    parts.join(", ")
}

fn sessions(page: &Page<'_>, words: &Words) -> Table {
    let heads = &words.columns;
    let mut table = Table::new(&[
        (heads.session, Align::Left),
        (heads.date, Align::Left),
        (heads.kind, Align::Left),
        (heads.minutes, Align::Right),
        (heads.sets, Align::Right),
        (heads.reps, Align::Right),
        (heads.strides, Align::Right),
        (heads.exercises, Align::Left),
    ])
    .wrapping(&[(7, 16)])
    .sparing(&[2]);
    let some = |number: u32| if number > 0 { number.to_string() } else { String::new() };
    for session in page.sessions {
        let mut names = session.exercises.iter().map(|id| (page.name)(id)).collect::<Vec<_>>().join(", ");
        if !session.finished {
            let space = if names.is_empty() { "" } else { " " };
            let _ = write!(names, "{space}({})", words.unfinished);
        }
        table.row(vec![
            short_id(session),
            when(session),
            kind(session.kind, words).to_owned(),
            clock(session.duration_s),
            session.sets.to_string(),
            some(session.reps),
            some(session.strides),
            names,
        ]);
    }
    table
}

/// The command that takes a session up again.
pub(crate) fn resume(command: &str, session: &SessionRow) -> String {
    format!("{command} {}", short_id(session))
}

/// Enough of an id to tell sessions apart: its first twelve digits are the millisecond it was made in (UUIDv7, RFC 9562).
pub(crate) const SHORT_ID: usize = 13;

pub(crate) fn short_id(session: &SessionRow) -> String {
    session.id.to_string().chars().take(SHORT_ID).collect()
}

/// Where a session's samples came from, in a word.
pub(crate) fn kind(kind: Kind, words: &Words) -> &'static str {
    match kind {
        Kind::Live => words.kinds[0],
        Kind::Demo => words.kinds[1],
        Kind::Replay => words.kinds[2],
    }
}

/// Day and local time of the beginning: `2026-11-05 18:04`.
pub(crate) fn when(session: &SessionRow) -> String {
    let minutes = session.started_utc_ms.div_euclid(60_000).saturating_add(i64::from(session.offset_min));
    let of_day = minutes.rem_euclid(24 * 60);
    format!("{} {:02}:{:02}", session.local_day, of_day / 60, of_day % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;
    use unicode_width::UnicodeWidthStr;

    fn page(width: usize, language: &str) -> Vec<String> {
        let trends = [("knee_ext_seated".to_owned(), examples::trend(4)), ("walk".to_owned(), Vec::new())];
        let name = examples::name(language);
        let rows = examples::rows();
        let page = Page { sessions: &rows, trends: &trends, name: &name, resume: "talus session --resume" };
        lines(&page, width, Words::of(language))
    }

    #[test]
    fn history_reads_well_at_100_columns() {
        insta::assert_snapshot!(page(100, "en").join("\n"));
    }

    #[test]
    fn history_reads_well_at_40_columns_in_german() {
        insta::assert_snapshot!(page(40, "de").join("\n"));
    }

    #[test]
    fn history_never_exceeds_its_width() {
        for width in [40, 50, 64, 80, 100, 160] {
            for line in page(width, "de").iter().filter(|line| !line.contains("talus session")) {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn no_sessions_is_an_invitation() {
        let page = Page { sessions: &[], trends: &[], name: &|id| id.to_owned(), resume: "" };
        assert_eq!(lines(&page, 80, Words::of("en")), ["No sessions yet. Start with: talus demo"]);
    }

    #[test]
    fn the_time_of_day_is_the_local_one_also_before_1970_and_across_midnight() {
        let mut row = examples::rows().remove(0);
        (row.started_utc_ms, row.offset_min, row.local_day) = (23 * 3_600_000 + 30 * 60_000, 60, "1970-01-02".into());
        assert_eq!(when(&row), "1970-01-02 00:30");
        (row.started_utc_ms, row.offset_min) = (-60_000, 0);
        assert_eq!(when(&row), "1970-01-02 23:59");
    }
}
