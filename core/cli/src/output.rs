//! Where text goes: standard output that survives `| head`, and how wide it is.

use crate::failure::Failure;
use crate::table::wrap;
use std::io::{self, IsTerminal, Write};

/// Standard output, or a buffer in tests. A reader that has gone is not an error: what follows is dropped.
pub(crate) struct Output<'a> {
    sink: Box<dyn Write + 'a>,
    closed: bool,
    width: usize,
}

/// Width taken where there is no terminal that says its own.
const WIDTH: usize = 100;

impl<'a> Output<'a> {
    /// Standard output; its width is the terminal's, or `COLUMNS`, or 100.
    pub(crate) fn standard() -> Self {
        // Line by line also into a pipe: a reader that follows a session sees each line as it happens.
        Self::to(io::LineWriter::new(io::stdout()), width_of(io::stdout().is_terminal()))
    }

    /// Any other sink.
    pub(crate) fn to(sink: impl Write + 'a, width: usize) -> Self {
        Self { sink: Box::new(sink), closed: false, width: width.clamp(20, 200) }
    }

    /// Columns to fill at most.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Whether nobody reads any more.
    pub(crate) fn closed(&self) -> bool {
        self.closed
    }

    /// One line.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.raw(text.as_bytes())?;
        self.raw(b"\n")
    }

    /// Several lines.
    pub(crate) fn lines<S: AsRef<str>>(&mut self, lines: impl IntoIterator<Item = S>) -> Result<(), Failure> {
        lines.into_iter().try_for_each(|line| self.line(line.as_ref()))
    }

    /// A value as indented JSON.
    pub(crate) fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::new(format!("write JSON: {error}"), "Report it: this is a defect of Talus."))?;
        self.line(&text)
    }

    fn raw(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if self.closed {
            return Ok(());
        }
        match self.sink.write_all(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(Failure::new(
                format!("write to standard output: {error}"),
                "Check that there is room where the output goes.",
            )),
            Ok(()) => Ok(()),
        }
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A command that streams stops by itself once its reader has gone.
        let result = self.sink.write(bytes);
        self.closed |= matches!(&result, Err(error) if error.kind() == io::ErrorKind::BrokenPipe);
        result
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

/// Text on standard error, wrapped to its width; a closed standard error changes nothing.
pub(crate) fn say(text: &str) {
    let width = width_of(io::stderr().is_terminal());
    for line in text.lines().flat_map(|line| wrap(line, width)) {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

/// A line on standard error that is to be copied: never wrapped.
pub(crate) fn say_whole(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// The terminal's width, or `COLUMNS`, or 100.
fn width_of(terminal: bool) -> usize {
    let columns = || std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let size = || crossterm::terminal::size().ok().map(|(columns, _)| usize::from(columns)).filter(|width| *width > 0);
    let width = terminal.then(size).flatten();
    width.or_else(columns).unwrap_or(WIDTH).clamp(20, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Gone(io::ErrorKind);

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error_but_a_full_disk_is() {
        let mut output = Output::to(Gone(io::ErrorKind::BrokenPipe), 80);
        assert_eq!(output.line("one"), Ok(()));
        assert!(output.closed());
        assert_eq!(output.line("two"), Ok(()));
        let failure = Output::to(Gone(io::ErrorKind::StorageFull), 80).line("one").unwrap_err();
        assert!(failure.what.starts_with("write to standard output"), "{failure}");
    }
}
