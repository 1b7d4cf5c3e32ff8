//! [`Report`]: what was measured, one [`Line`] for each figure.

use super::ValidateError;
use serde::{Serialize, Serializer};
use std::path::Path;

/// What a figure has to reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bar {
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
}

impl Bar {
    /// Whether `value` reaches it; not-a-number never does.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::AtLeast(least) => value >= least,
        }
    }
}

impl Serialize for Bar {
    /// As its number: which way it goes is the metric's own matter, and `pass` says the outcome.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (Self::AtMost(bar) | Self::AtLeast(bar)) = self;
        serializer.serialize_f64(*bar)
    }
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The set it was measured on.
    pub set: &'static str,
    /// The file, or `*` for all files of the set, or in which way all files of the set were altered.
    pub file: String,
    /// What was measured.
    pub metric: &'static str,
    /// How much, to four digits; `None` where it could not be measured, which no bar forgives.
    pub value: Option<f64>,
    /// In which unit.
    pub unit: &'static str,
    /// From how many samples, sets, strides, … it was found.
    pub n: usize,
    /// What it has to reach, if anything.
    pub bar: Option<Bar>,
    /// What others reach on the same files, if it is known: see the page of figures for the source.
    pub peer: Option<f64>,
    /// Whether the bar holds; `None` without one.
    pub pass: Option<bool>,
}

impl Line {
    /// The value as text; `-` where it could not be measured.
    pub fn shown(&self) -> String {
        self.value.map_or_else(|| "-".to_owned(), number)
    }
}

impl Bar {
    /// The bar as text.
    pub fn shown(self) -> String {
        match self {
            Self::AtMost(bar) => format!("≤ {}", number(bar)),
            Self::AtLeast(bar) => format!("≥ {}", number(bar)),
        }
    }
}

/// A number without a row of zeros.
fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 1e-3 { format!("{value:e}") } else { value.to_string() }
}

/// All figures.
#[derive(Debug, Default)]
pub struct Report {
    /// The figures, set by set.
    pub lines: Vec<Line>,
    /// Files that could not be judged, and why.
    pub unread: Vec<ValidateError>,
}

impl Report {
    /// Whether every file could be read and every bar holds.
    pub fn pass(&self) -> bool {
        self.unread.is_empty() && self.lines.iter().all(|line| line.pass != Some(false))
    }

    /// What a file gives, or a place among the unread.
    pub(super) fn take<T>(&mut self, read: Result<T, ValidateError>) -> Option<T> {
        read.map_err(|error| self.unread.push(error)).ok()
    }

    /// A file that is not what its name says.
    pub(super) fn unlike(&mut self, file: &Path, reason: impl Into<String>) {
        self.unread.push(ValidateError::Unlike { file: file.to_owned(), reason: reason.into() });
    }

    /// Adds a figure.
    pub(super) fn put(&mut self, figure: Figure<'_>, value: f64, n: usize) {
        let value = (value.is_finite()).then(|| rounded(value));
        let pass = figure.bar.map(|bar| value.is_some_and(|value| bar.holds(value)));
        self.lines.push(Line {
            set: figure.set,
            file: figure.file.map_or_else(|| figure.under.unwrap_or("*").to_owned(), super::find::name),
            metric: figure.metric,
            value,
            unit: figure.unit,
            n,
            bar: figure.bar,
            peer: figure.peer,
            pass,
        });
    }
}

/// What is measured, before it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figure<'a> {
    set: &'static str,
    file: Option<&'a Path>,
    under: Option<&'static str>,
    metric: &'static str,
    unit: &'static str,
    bar: Option<Bar>,
    peer: Option<f64>,
}

impl<'a> Figure<'a> {
    pub(super) fn new(set: &'static str, metric: &'static str, unit: &'static str) -> Self {
        Self { set, file: None, under: None, metric, unit, bar: None, peer: None }
    }

    pub(super) fn of(self, file: &'a Path) -> Self {
        Self { file: Some(file), ..self }
    }

    /// All files of the set, altered in a way that has these words.
    pub(super) fn under(self, words: &'static str) -> Self {
        Self { under: Some(words), ..self }
    }

    pub(super) fn at_most(self, bar: f64) -> Self {
        Self { bar: Some(Bar::AtMost(bar)), ..self }
    }

    pub(super) fn at_least(self, bar: f64) -> Self {
        Self { bar: Some(Bar::AtLeast(bar)), ..self }
    }

    pub(super) fn peer(self, peer: f64) -> Self {
        Self { peer: Some(peer), ..self }
    }
}

/// To four digits: what a page shows is what was compared with the bar, and the same text on every machine. What lies
/// below a billionth is rounding.
fn rounded(value: f64) -> f64 {
    if value.abs() < 1e-9 {
        return 0.0;
    }
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_these_names_and_a_bar_that_is_a_number() {
        let mut report = Report::default();
        let figure = Figure::new("a set", "stride_time_mae", "ms").of(Path::new("x/a.csv")).at_most(8.0).peer(9.7);
        report.put(figure, 7.123_456, 40);
        assert_eq!(
            serde_json::to_string(&report.lines[0]).unwrap(),
            r#"{"set":"a set","file":"a.csv","metric":"stride_time_mae","value":7.123,"unit":"ms","n":40,"bar":8.0,"peer":9.7,"pass":true}"#
        );
        assert!(report.pass());
        report.put(Figure::new("a set", "difference", "share").at_most(1e-6), 4.692_4e-7, 51);
        report.put(Figure::new("a set", "angle", "deg"), 1.3e-13, 200);
        assert_eq!((report.lines[1].shown(), report.lines[2].shown()), ("4.692e-7".to_owned(), "0".to_owned()));
        assert_eq!(report.lines[1].bar.unwrap().shown(), "≤ 1e-6");
    }

    #[test]
    fn a_bar_that_fails_a_figure_that_is_missing_and_a_file_that_cannot_be_read_each_fail_the_whole() {
        let figure = Figure::new("a set", "share", "%").at_least(88.0);
        for value in [87.9, f64::NAN] {
            let mut report = Report::default();
            report.put(Figure::new("a set", "other", "%"), 1.0, 1);
            assert!(report.pass() && report.lines[0].pass.is_none());
            report.put(figure, value, 1);
            assert!(!report.pass(), "{value}");
        }
        let mut report = Report::default();
        let error = ValidateError::Reference { file: "a.csv".into(), reason: "it is gone".into() };
        assert_eq!(report.take::<()>(Err(error)), None);
        assert!(!report.pass());
    }
}
