//! [`Guarded`]: lets through what can be lines of numbers, and nothing that could fill the memory.

use std::io::{self, Read};

/// Longest file that is read, bytes: 2 GiB is ten hours of 400 Hz text.
pub(super) const BYTES_MAX: u64 = 2 << 30;
/// Longest line that is read, bytes: a row of seven numbers needs a hundred.
const LINE_MAX: usize = 64 * 1024;

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum LineFault {
    /// A byte that no text has.
    #[error("is not text (byte 0x{0:02x})")]
    Byte(u8),
    /// No end in sight.
    #[error("is longer than 64 KiB")]
    Long,
    /// A quotation that does not end: a reader would take the rest of the file for one value.
    #[error("has a quotation mark that is not closed")]
    Quote,
    /// More than [`BYTES_MAX`].
    #[error("is past 2 GiB")]
    Bytes,
}

/// A fault and its line, carried through `io::Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line} {fault}")]
pub(super) struct Fault {
    pub(super) line: u64,
    pub(super) fault: LineFault,
}

impl Fault {
    /// The fault inside an error of [`Guarded`], if it is one.
    pub(super) fn within(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

/// A reader that fails at the first line that is not text, too long or with an open quotation.
pub(super) struct Guarded<R> {
    inner: R,
    bytes: u64,
    line: u64,
    length: usize,
    quoted: bool,
}

impl<R: Read> Guarded<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, bytes: 0, line: 1, length: 0, quoted: false }
    }

    /// Whether what was read so far ends within a line.
    pub(super) fn within_line(&self) -> bool {
        self.length > 0
    }

    fn look(&mut self, byte: u8) -> Result<(), LineFault> {
        match byte {
            b'\n' => {
                if self.quoted {
                    return Err(LineFault::Quote);
                }
                self.length = 0;
                self.line += 1;
                return Ok(());
            }
            b'"' => self.quoted = !self.quoted,
            b'\t' | b'\r' => {}
            0..0x20 | 0x7f => return Err(LineFault::Byte(byte)),
            _ => {}
        }
        self.length += 1;
        if self.length > LINE_MAX { Err(LineFault::Long) } else { Ok(()) }
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes += count as u64;
        let fault = if self.bytes > BYTES_MAX {
            Some(LineFault::Bytes)
        } else if count == 0 && self.quoted && !buffer.is_empty() {
            Some(LineFault::Quote)
        } else {
            let fault = buffer[..count].iter().find_map(|byte| self.look(*byte).err());
            // A carriage return ends no line of its own: as a space it is trimmed, and lines are counted once.
            buffer[..count].iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b' ');
            fault
        };
        match fault {
            Some(fault) => Err(io::Error::other(Fault { line: self.line, fault })),
            None => Ok(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &[u8]) -> Option<Fault> {
        let error = Guarded::new(text).read_to_end(&mut Vec::new()).err()?;
        Fault::within(&error)
    }

    #[test]
    fn lines_of_text_pass_and_carriage_returns_become_spaces() {
        let mut out = String::new();
        Guarded::new("t,\"a,b\"\r\n1,µ\n".as_bytes()).read_to_string(&mut out).unwrap();
        assert_eq!(out, "t,\"a,b\" \n1,µ\n");
    }

    #[test]
    fn what_is_not_lines_of_text_is_refused_with_its_line() {
        assert_eq!(fault(b"a,b\n1,\0\n"), Some(Fault { line: 2, fault: LineFault::Byte(0) }));
        assert_eq!(fault(b"a\n\"1\n2\n"), Some(Fault { line: 2, fault: LineFault::Quote }));
        assert_eq!(fault(b"a\n\"1"), Some(Fault { line: 2, fault: LineFault::Quote }));
        assert_eq!(fault(&vec![b'1'; LINE_MAX + 1]), Some(Fault { line: 1, fault: LineFault::Long }));
    }

    #[test]
    fn an_endless_source_ends() {
        assert_eq!(fault(&[b'a'; 100]), None);
        let error = Guarded::new(io::repeat(b'1')).read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(Fault::within(&error).map(|f| f.fault), Some(LineFault::Long));
    }
}
