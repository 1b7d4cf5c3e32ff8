//! What went wrong, as the shell tells it: one sentence, one line of advice, one exit code.

use std::fmt;

/// A command that could not do what it was asked. `what` reads after "failed to ".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) what: String,
    pub(crate) advice: String,
    /// The same in German, a whole clause and its advice.
    pub(crate) in_german: Option<[String; 2]>,
    /// Whether what was typed is at fault: exit code 2 instead of 1.
    pub(crate) usage: bool,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { what: what.into(), advice: advice.into(), in_german: None, usage: false }
    }

    /// Adds how it is said in German: `what` is a whole clause there.
    pub(crate) fn german(self, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { in_german: Some([what.into(), advice.into()]), ..self }
    }

    /// How it is told in a language; English where it has no other words.
    pub(crate) fn told(&self, language: &str) -> String {
        match &self.in_german {
            Some([what, advice]) if language == "de" => format!("talus: {what}\n{advice}"),
            _ => self.to_string(),
        }
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
        assert_eq!(failure.told("de"), failure.to_string(), "it has no German words");
        let german = failure.clone().german("talus.db ist keine Datenbank", "Nimm eine andere.");
        assert_eq!(german.told("de"), "talus: talus.db ist keine Datenbank\nNimm eine andere.");
        assert_eq!(german.told("en"), failure.to_string());
        failure.usage = true;
        assert_eq!(failure.code(), 2);
        assert_eq!(Failure::new("pair", "").to_string(), "talus: failed to pair");
    }
}
