//! `talus validate`: how right the motion engine is on recordings with a reference.

use crate::args::Common;
use crate::failure::Failure;
use crate::output::{Output, say};
use std::path::Path;
use talus_app::validate::{self, Bar, Line};

pub(crate) fn run(common: &Common, data: &Path, page: bool, out: &mut Output<'_>) -> Result<u8, Failure> {
    let report = validate::validate(data).map_err(|error| Failure::new(error.to_string(), error.advice()))?;
    for error in &report.unread {
        say(&Failure::new(error.to_string(), error.advice()).to_string());
    }
    if page {
        out.lines(validate::page(&report).lines())?;
    } else if common.json {
        for line in &report.lines {
            let text = serde_json::to_string(line).map_err(|error| {
                Failure::new(format!("write JSON: {error}"), "Report it: this is a defect of Talus.")
            })?;
            out.line(&text)?;
        }
    } else {
        out.lines(report.lines.iter().map(row))?;
    }
    Ok(u8::from(!report.pass()))
}

/// One figure as text; names and units are those of the JSON in every language.
fn row(line: &Line) -> String {
    let bar = line.bar.map_or_else(String::new, Bar::shown);
    let mark = match line.pass {
        None => " ",
        Some(true) => "✓",
        Some(false) => "✗",
    };
    let (value, unit) = (line.shown(), line.unit);
    let row = format!("{mark} {:<15} {:<42} {value:>9} {unit:<13} {bar:<8} {}", line.set, line.metric, line.file);
    row.trim_end().to_owned()
}
