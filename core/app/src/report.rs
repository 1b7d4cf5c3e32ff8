//! One page for somebody who treats you: what was done between two days, as a page of HTML that needs nothing else and
//! prints on one A4 sheet. Numbers with their units and how many sessions they come from; no judgement, no advice.

mod plot;
mod words;

use crate::error::AppError;
use crate::history::{Course, CoursePoint};
use crate::household::Talus;
use jiff::civil::Date;
use plot::{Mark, Plot, Series};
use std::fmt::Write as _;
use talus_motion::Side;
use talus_store::SessionRow;
use words::ReportWords;

/// Exercises that have room on the page: those with the most sessions.
const EXERCISES: usize = 4;
/// Lines of pain and of tests that have room.
const LINES: usize = 6;
/// Most sessions looked at: ten years of one a day.
const SESSIONS: u32 = 4000;

/// Whether a text is a day of the calendar, `YYYY-MM-DD`.
pub fn is_day(text: &str) -> bool {
    text.parse::<Date>().is_ok_and(|day| day.to_string() == text)
}

/// Which days the page is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportWish {
    /// First day, `YYYY-MM-DD`.
    pub from_day: String,
    /// Last day, `YYYY-MM-DD`.
    pub until_day: String,
}

impl Talus {
    /// The page, in the app's language.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn report(&self, wish: &ReportWish) -> Result<String, AppError> {
        let words = ReportWords::of(self.texts().language());
        let within = |day: &str| *wish.from_day <= *day && *day <= *wish.until_day;
        let sessions: Vec<SessionRow> =
            self.sessions_before(None, SESSIONS)?.into_iter().filter(|row| within(&row.local_day)).collect();
        let mut exercises: Vec<(usize, &str)> = Vec::new();
        for id in sessions.iter().flat_map(|row| &row.exercises) {
            match exercises.iter_mut().find(|(_, known)| known == id) {
                Some((count, _)) => *count += 1,
                None => exercises.push((1, id)),
            }
        }
        exercises.sort_by(|(a, left), (b, right)| b.cmp(a).then(left.cmp(right)));
        let mut page = Page { talus: self, words, wish, out: String::new() };
        page.head(&sessions)?;
        let more = exercises.len().saturating_sub(EXERCISES);
        for (_, id) in exercises.iter().take(EXERCISES) {
            if *id == "walk" {
                page.walking(&within)?;
            } else {
                page.exercise(id, &within)?;
            }
        }
        if more > 0 {
            page.line("p", &words.more.replace("{}", &more.to_string()));
        }
        page.pains(&within)?;
        page.tests(&within)?;
        page.foot();
        Ok(page.out)
    }
}

/// The page as it grows.
struct Page<'a> {
    talus: &'a Talus,
    words: &'static ReportWords,
    wish: &'a ReportWish,
    out: String,
}

impl Page<'_> {
    fn line(&mut self, tag: &str, text: &str) {
        let _ = writeln!(self.out, "<{tag}>{}</{tag}>", escaped(text));
    }

    fn number(&self, value: f64, decimals: usize) -> String {
        self.talus.texts().number(value, decimals)
    }

    fn head(&mut self, sessions: &[SessionRow]) -> Result<(), AppError> {
        let (words, wish) = (self.words, self.wish);
        let people = self.talus.people()?;
        let name = people.into_iter().find(|person| person.id == self.talus.person()).map(|person| person.name);
        let name = name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| words.unnamed.to_owned());
        let _ = write!(
            self.out,
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\n<title>{} · {}</title>\n<style>{STYLE}</style></head><body>\n",
            self.talus.texts().language(),
            words.title,
            escaped(&name),
        );
        let _ = writeln!(
            self.out,
            "<header><h1>{}</h1><p>{} · {} {} {}</p></header>",
            words.title,
            escaped(&name),
            escaped(&wish.from_day),
            words.until,
            escaped(&wish.until_day)
        );
        let _ = writeln!(self.out, "<p class=\"note\">{} {}</p>", words.not_reviewed, words.measured);
        let sum = |of: fn(&SessionRow) -> u32| sessions.iter().map(of).fold(0u32, u32::saturating_add);
        let mut days: Vec<&str> = sessions.iter().map(|row| row.local_day.as_str()).collect();
        days.sort_unstable();
        days.dedup();
        let pain = sessions.iter().filter_map(|row| row.pain).max();
        let facts = [
            (words.sessions, sessions.len().to_string()),
            (words.days, days.len().to_string()),
            (words.sets, format!("{} / {}", sum(|row| row.sets), sum(|row| row.planned))),
            (words.reps, sum(|row| row.reps).to_string()),
            (words.strides, sum(|row| row.strides).to_string()),
            (words.strongest_pain, pain.map_or_else(|| "–".to_owned(), |pain| format!("{pain} / 10"))),
        ];
        self.out.push_str("<table class=\"facts\"><tr>");
        for (what, value) in facts {
            let _ = write!(self.out, "<td><b>{value}</b><br>{what}</td>");
        }
        self.out.push_str("</tr></table>\n");
        if sessions.is_empty() {
            self.line("p", words.nothing);
        }
        Ok(())
    }

    fn exercise(&mut self, id: &str, within: &dyn Fn(&str) -> bool) -> Result<(), AppError> {
        let words = self.words;
        let courses: Vec<(Side, Vec<CoursePoint>)> = self
            .talus
            .course(id, None)?
            .into_iter()
            .map(|Course { side, points, .. }| {
                (side, points.into_iter().filter(|one| within(&one.local_day)).collect())
            })
            .collect();
        let name = self.talus.exercise_name(id);
        let _ = writeln!(self.out, "<section><h2>{}</h2><div class=\"plots\">", escaped(&name));
        let range = series(&courses, |one| one.range_deg);
        let load = series(&courses, |one| Some(f64::from(one.mass_g) / 1000.0));
        self.plot(words.range, "°", 0, &range);
        self.plot(words.load, "kg", 1, &load);
        self.out.push_str("</div>\n<table><tr>");
        for head in [words.leg, words.sessions, words.reps, words.range, words.load, words.tempo, words.strongest_pain]
        {
            let _ = write!(self.out, "<th>{head}</th>");
        }
        self.out.push_str("</tr>\n");
        for (side, points) in &courses {
            let ends = |of: &dyn Fn(&CoursePoint) -> Option<f64>, decimals: usize, unit: &str| {
                let values: Vec<f64> = points.iter().filter_map(of).collect();
                self.ends(&values, decimals, unit)
            };
            let cells = [
                words.side(*side).to_owned(),
                points.len().to_string(),
                points.iter().map(|one| one.count).fold(0, u32::saturating_add).to_string(),
                ends(&|one| one.range_deg, 0, "°"),
                ends(&|one| Some(f64::from(one.mass_g) / 1000.0), 2, " kg"),
                ends(&|one| one.tempo_s.map(|tempo| tempo.iter().sum()), 1, " s"),
                points.iter().filter_map(|one| one.pain).max().map_or("–".to_owned(), |pain| format!("{pain} / 10")),
            ];
            self.row(&cells);
        }
        self.out.push_str("</table></section>\n");
        Ok(())
    }

    fn walking(&mut self, within: &dyn Fn(&str) -> bool) -> Result<(), AppError> {
        let words = self.words;
        let walking = self.talus.walking()?;
        let points: Vec<_> = walking.points.into_iter().filter(|one| within(&one.local_day)).collect();
        let name = self.talus.exercise_name("walk");
        let _ = writeln!(self.out, "<section><h2>{}</h2><div class=\"plots\">", escaped(&name));
        let of = |value: &dyn Fn(&talus_store::WalkPoint) -> Option<f64>| -> Vec<Series> {
            [Side::Left, Side::Right]
                .into_iter()
                .map(|side| Series {
                    side,
                    marks: points
                        .iter()
                        .filter(|one| one.side == side)
                        .filter_map(|one| {
                            Some(Mark { day: one.local_day.parse().ok()?, value: value(one)?, sure: one.quality.ok() })
                        })
                        .collect(),
                })
                .collect()
        };
        self.plot(words.stride_s, "s", 2, &of(&|one| Some(one.stride_s)));
        self.plot(words.stride_m, "m", 2, &of(&|one| one.length_m));
        self.out.push_str("</div>\n<table><tr>");
        for head in [words.leg, words.strides, words.cadence, words.stride_s, words.stride_m, words.swing] {
            let _ = write!(self.out, "<th>{head}</th>");
        }
        self.out.push_str("</tr>\n");
        for side in [Side::Left, Side::Right] {
            let mine: Vec<_> = points.iter().filter(|one| one.side == side).collect();
            if mine.is_empty() {
                continue;
            }
            let ends = |of: &dyn Fn(&talus_store::WalkPoint) -> Option<f64>, decimals: usize, unit: &str| {
                let values: Vec<f64> = mine.iter().filter_map(|one| of(one)).collect();
                self.ends(&values, decimals, unit)
            };
            let cells = [
                words.side(side).to_owned(),
                mine.iter().map(|one| one.strides).fold(0, u32::saturating_add).to_string(),
                ends(&|one| one.cadence_per_min, 0, " /min"),
                ends(&|one| Some(one.stride_s), 2, " s"),
                ends(&|one| one.length_m, 2, " m"),
                ends(&|one| Some(one.swing_fraction * 100.0), 0, " %"),
            ];
            self.row(&cells);
        }
        self.out.push_str("</table></section>\n");
        Ok(())
    }

    /// The first and the last value, as they were; no word about what lies between.
    fn ends(&self, values: &[f64], decimals: usize, unit: &str) -> String {
        match values {
            [] => "–".to_owned(),
            [one] => format!("{}{unit}", self.number(*one, decimals)),
            [first, .., last] => format!("{} → {}{unit}", self.number(*first, decimals), self.number(*last, decimals)),
        }
    }

    fn row(&mut self, cells: &[String]) {
        self.out.push_str("<tr>");
        for cell in cells {
            let _ = write!(self.out, "<td>{}</td>", escaped(cell));
        }
        self.out.push_str("</tr>\n");
    }

    fn plot(&mut self, title: &str, unit: &str, decimals: usize, series: &[Series]) {
        let span = (self.wish.from_day.parse::<Date>(), self.wish.until_day.parse::<Date>());
        let (Ok(from), Ok(until)) = span else { return };
        let number = |value: f64| self.talus.texts().number(value, decimals);
        let plot = Plot { title: &format!("{title} ({unit})"), from, until, series, number: &number };
        let drawn = plot.svg();
        self.out.push_str(&drawn);
    }

    fn pains(&mut self, within: &dyn Fn(&str) -> bool) -> Result<(), AppError> {
        let words = self.words;
        let mut pains: Vec<_> = self.talus.pains()?.into_iter().filter(|one| within(&one.local_day)).collect();
        if pains.is_empty() {
            return Ok(());
        }
        // The strongest, and of those the newest.
        pains.sort_by(|a, b| b.pain.cmp(&a.pain).then(b.local_day.cmp(&a.local_day)));
        let _ = writeln!(self.out, "<section><h2>{}</h2><table>", words.pain_answers);
        for one in pains.iter().take(LINES) {
            let cells = [
                one.local_day.clone(),
                self.talus.exercise_name(&one.exercise),
                words.side(one.side).to_owned(),
                self.talus.texts().mass(one.mass_g),
                format!("{} / 10", one.pain),
            ];
            self.row(&cells);
        }
        self.out.push_str("</table></section>\n");
        Ok(())
    }

    fn tests(&mut self, within: &dyn Fn(&str) -> bool) -> Result<(), AppError> {
        let words = self.words;
        let mut tests: Vec<_> = self.talus.tests()?.into_iter().filter(|one| within(&one.local_day)).collect();
        if tests.is_empty() {
            return Ok(());
        }
        tests.sort_by_key(|one| std::cmp::Reverse(one.at_utc_ms));
        let _ = writeln!(self.out, "<section><h2>{}</h2><table>", words.tests);
        for one in tests.iter().take(LINES) {
            let error = one.error.map(|error| format!(" ± {}", self.number(error, 1))).unwrap_or_default();
            let mark = if one.quality.ok() { "" } else { " ○" };
            let cells = [
                one.local_day.clone(),
                one.kind.replace('_', " "),
                one.side.map_or("", |side| words.side(side)).to_owned(),
                format!("{}{error} {}{mark}", self.number(one.value, 1), one.unit.replace("_per_", "/")),
            ];
            self.row(&cells);
        }
        self.out.push_str("</table></section>\n");
        Ok(())
    }

    fn foot(&mut self) {
        let words = self.words;
        let today = self.talus.local_day();
        let _ = writeln!(
            self.out,
            "<footer><p>{}</p><p>{} {} · Talus {}</p></footer></body></html>",
            words.marks,
            words.written,
            today,
            env!("CARGO_PKG_VERSION")
        );
    }
}

/// One value of each session and leg; unsure where some of its sets were not measured or corrected by hand.
fn series(courses: &[(Side, Vec<CoursePoint>)], value: impl Fn(&CoursePoint) -> Option<f64>) -> Vec<Series> {
    let mark = |one: &CoursePoint| {
        Some(Mark { day: one.local_day.parse().ok()?, value: value(one)?, sure: one.sets.0 == one.sets.1 })
    };
    courses
        .iter()
        .map(|(side, points)| Series { side: *side, marks: points.iter().filter_map(mark).collect() })
        .collect()
}

/// Text that stays text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

const STYLE: &str = "@page{size:A4;margin:12mm}
body{font:10pt/1.35 system-ui,'Helvetica Neue',Arial,sans-serif;color:#111;max-width:186mm;margin:0 auto}
header{display:flex;justify-content:space-between;align-items:baseline;border-bottom:1px solid #111}
h1{font-size:15pt;margin:0}h2{font-size:11pt;margin:8px 0 2px}p{margin:3px 0}
.note{background:#eee;padding:3px 6px;font-size:9pt}
table{border-collapse:collapse;width:100%;font-size:9pt}th{text-align:left;font-weight:normal;color:#444}
td,th{padding:1px 8px 1px 0;font-variant-numeric:tabular-nums}.facts td{vertical-align:top;width:16.6%;padding:4px 8px 0 0}
.plots{display:flex;gap:8mm}.plots svg{width:50%;height:auto}
section{break-inside:avoid}footer{border-top:1px solid #111;margin-top:8px;font-size:8.5pt;color:#333}
svg text{font:9px system-ui,Arial,sans-serif;fill:#333}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_calls_themselves_is_never_markup() {
        assert_eq!(escaped("<b onload=\"x\">A & 'B'\n"), "&lt;b onload=&quot;x&quot;&gt;A &amp; &#39;B&#39; ");
    }
}
