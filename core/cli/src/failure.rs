//! What went wrong, as the shell tells it: one sentence, one line of advice, one exit code.

use std::fmt;

/// A command that could not do what it was asked. `what` reads after "failed to ".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) what: String,
    pub(crate) advice: String,
    /// Whether what was typed is at fault: exit code 2 instead of 1.
    pub(crate) usage: bool,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: what.into(), advice: advice.into(), usage: false }
    }

    /// The exit code: 2 where what was typed is at fault, else 1.
    pub(crate) fn code(&self) -> u8 {
        if self.usage { 2 } else { 1 }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "talus: failed to {}", self.what)?;
        if self.advice.is_empty() { Ok(()) } else { write!(f, "\n{}", self.advice) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_a_sentence_and_a_line_of_advice() {
        let mut failure = Failure::new("open talus.db: it is not a Talus database", "Choose another file.");
        assert_eq!(
            failure.to_string(),
            "talus: failed to open talus.db: it is not a Talus database\nChoose another file."
        );
        assert_eq!(failure.code(), 1);
        failure.usage = true;
        assert_eq!(failure.code(), 2);
        assert_eq!(Failure::new("pair", "").to_string(), "talus: failed to pair");
    }
}
