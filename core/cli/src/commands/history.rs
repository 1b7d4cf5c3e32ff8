//! `talus history`: weeks and sessions in tables, the course of each exercise as a plot; of one exercise what was best
//! and what changed.

use crate::app;
use crate::args::Common;
use crate::domain::{BestOf, CalendarWeek, Course, Kind, Measure, SessionRow, Sides, TrendPoint};
use crate::failure::Failure;
use crate::json;
use crate::output::Output;
use crate::plot;
use crate::table::{Align, Table, wrap};
use crate::words::{Words, badge, capital, clock, count, shape};
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
    let weeks = talus.as_ref().map(|talus| talus.calendar(WEEKS)).transpose()?.unwrap_or_default();
    let (mut courses, mut sides) = (Vec::new(), Vec::new());
    if let (Some(talus), Some(id)) = (&talus, exercise) {
        let body = talus.body()?;
        courses = talus.course(id, body.as_ref())?;
        sides = talus.sides(id, body.as_ref())?;
    }
    if common.json {
        out.json(&json::history(&sessions, &trends, &weeks, &courses, &sides))?;
        return Ok(0);
    }
    let name = |id: &str| talus.as_ref().map_or_else(|| id.to_owned(), |talus| talus.exercise_name(id));
    if let (Some(id), true) = (exercise.filter(|_| talus.is_some()), sessions.is_empty()) {
        out.line(&format!("{} {}", words.no_sessions_of, name(id)))?;
        return Ok(0);
    }
    let resume = app::resume_command(common, demo);
    // Weeks are of everything that was done.
    let weeks = if exercise.is_none() { weeks.as_slice() } else { &[] };
    let (courses, sides) = (courses.as_slice(), sides.last());
    let page = Page { sessions: &sessions, trends: &trends, weeks, courses, sides, name: &name, resume: &resume };
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
/// Weeks of the calendar.
const WEEKS: u32 = 8;
/// Sessions of an exercise in its table.
const COURSE: usize = 12;

/// What a page of history is made from.
pub(crate) struct Page<'a> {
    /// Newest first.
    pub(crate) sessions: &'a [SessionRow],
    /// Exercise ids and their sets, oldest first.
    pub(crate) trends: &'a [(String, Vec<TrendPoint>)],
    /// Oldest first, with this week as the last.
    pub(crate) weeks: &'a [CalendarWeek],
    /// The course of the one exercise that was asked for, by leg.
    pub(crate) courses: &'a [Course],
    /// Both legs of its newest session that had both.
    pub(crate) sides: Option<&'a Sides>,
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
    if page.weeks.iter().any(|week| week.totals.sessions > 0) {
        lines.push(words.weeks.to_owned());
        lines.extend(weeks(page.weeks, words).lines(width));
        lines.push(String::new());
    }
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
    for course in page.courses {
        lines.push(String::new());
        lines.extend(self::course(course, width, words));
    }
    if let Some(sides) = page.sides {
        lines.push(String::new());
        lines.extend(wrap(&beside(sides, words), width));
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
        let star = if session.starred { "★ " } else { "" };
        let mut names = star.to_owned();
        names += &session.exercises.iter().map(|id| (page.name)(id)).collect::<Vec<_>>().join(", ");
        if !session.note.is_empty() {
            let _ = write!(names, " · {}", session.note.replace(['\n', '\t'], " "));
        }
        for tag in &session.tags {
            let _ = write!(names, " #{tag}");
        }
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

/// A line a week: its days, full where something was done, and what was planned and done.
fn weeks(weeks: &[CalendarWeek], words: &Words) -> Table {
    let heads = &words.columns;
    let mut table = Table::new(&[
        (heads.week, Align::Left),
        (words.weekdays, Align::Left),
        (heads.sets, Align::Right),
        (heads.planned, Align::Right),
        (heads.minutes, Align::Right),
        (heads.pain, Align::Right),
    ])
    .sparing(&[5, 4, 3]);
    let first = weeks.iter().position(|week| week.totals.sessions > 0).unwrap_or(0);
    for week in &weeks[first..] {
        let mark = |day: &Option<_>| match day {
            None => " ",
            Some(totals) if is_rest(totals) => "·",
            Some(_) => "●",
        };
        let days = week.days.iter().map(mark).collect::<Vec<_>>().join(" ");
        let totals = &week.totals;
        let some = |text: String| if totals.sessions > 0 { text } else { String::new() };
        table.row(vec![
            week.monday.clone(),
            days,
            some(totals.sets.to_string()),
            some(totals.planned.to_string()),
            some(clock(totals.duration_s)),
            totals.pain.filter(|pain| *pain > 0).map(|pain| pain.to_string()).unwrap_or_default(),
        ]);
    }
    table
}

fn is_rest(totals: &crate::domain::Totals) -> bool {
    totals.sessions == 0
}

/// One leg of an exercise: what changed, what was best, and its newest sessions.
fn course(course: &Course, width: usize, words: &Words) -> Vec<String> {
    let mut lines = Vec::new();
    let heads = &words.columns;
    // Too few sessions are too few for every measure.
    let told = if course.told.iter().all(|told| told.change.is_none()) { 1 } else { course.told.len() };
    for told in course.told.iter().take(told) {
        let what = match told.measure {
            Measure::Torque => heads.torque,
            Measure::Load => heads.weight,
            Measure::Velocity => heads.peak,
            _ => heads.range,
        };
        let text = match told.change {
            Some(_) => format!("{}. {}", capital(what), told.text),
            None => told.text.clone(),
        };
        lines.extend(wrap(&text, width));
    }
    let best = |of: BestOf, value: f64| match of {
        BestOf::Load => format!("{} {}", words.best_of[0], words.mass(value as u32)),
        BestOf::Count => format!("{} {value:.0}", words.best_of[1]),
        BestOf::Range => format!("{} {}", words.best_of[2], words.deg(Some(value))),
        BestOf::Torque => format!("{} {} N·m", words.best_of[3], words.number(value, 1)),
    };
    let bests: Vec<_> =
        course.bests.iter().map(|one| format!("{} ({})", best(one.of, one.value), one.local_day)).collect();
    if !bests.is_empty() {
        lines.extend(wrap(&format!("{}: {}", words.bests, bests.join(", ")), width));
    }
    let mut table = Table::new(&[
        (badge(course.side), Align::Left),
        (heads.sets, Align::Right),
        (heads.reps, Align::Right),
        (heads.weight, Align::Right),
        (heads.torque, Align::Right),
        (heads.range, Align::Right),
        (heads.tempo, Align::Left),
        (heads.peak, Align::Right),
        (heads.form, Align::Right),
        (heads.pain, Align::Right),
    ])
    .wrapping(&[(6, 15)])
    .sparing(&[6, 7, 4, 8, 9]);
    for point in course.points.iter().rev().take(COURSE) {
        table.row(vec![
            point.local_day.clone(),
            point.sets.0.to_string(),
            point.count.to_string(),
            words.mass(point.mass_g),
            point.torque_nm.map(|torque| format!("{} N·m", words.number(torque, 1))).unwrap_or_default(),
            words.deg(point.range_deg),
            words.tempo_in_table(point.tempo_s),
            words.rate(point.peak_deg_per_s),
            point.form.map(|form| form.to_string()).unwrap_or_default(),
            point.pain.filter(|pain| *pain > 0).map(|pain| pain.to_string()).unwrap_or_default(),
        ]);
    }
    lines.extend(table.lines(width));
    lines
}

/// "Left beside right, latest: ● 71° ◆ 83°".
fn beside(sides: &Sides, words: &Words) -> String {
    let value = |value: f64| match sides.measure {
        Measure::Torque => format!("{} N·m", words.number(value, 1)),
        _ => words.deg(Some(value)),
    };
    let (left, right) = (shape(crate::domain::Side::Left), shape(crate::domain::Side::Right));
    let title = capital(words.between_legs);
    format!("{title}: {left} {} {right} {} ({})", value(sides.values.0), value(sides.values.1), sides.local_day)
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
        let (weeks, courses, sides) = (examples::weeks(), examples::courses(language), examples::sides());
        let page = Page {
            sessions: &rows,
            trends: &trends,
            weeks: &weeks,
            courses: &courses,
            sides: Some(&sides),
            name: &name,
            resume: "talus session --resume",
        };
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
        let name = |id: &str| id.to_owned();
        let page = Page { sessions: &[], trends: &[], weeks: &[], courses: &[], sides: None, name: &name, resume: "" };
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
