//! What giving out and taking back have in common: a file that is not there yet, a passphrase, Ctrl-C.

use crate::failure::Failure;
use crate::stop::Stop;
use crate::words::{KeepingWords, OwnWords, Words, fill};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, read};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use serde_json::{Value, json};
use std::io::{self, BufRead as _, IsTerminal, Write};
use std::path::Path;
use std::time::Duration;
use talus_app::{AppError, Exported, Job, Passphrase, store};

/// How often somebody who asked to stop is noticed.
const LOOK: Duration = Duration::from_millis(50);

/// Does something long; Ctrl-C stops it, and nothing has changed then.
pub(crate) fn watched<T: Send>(work: impl FnOnce(&Job) -> Result<T, AppError> + Send) -> Result<T, Failure> {
    let (job, stop) = (Job::new(), Stop::listen());
    let mine = job.clone();
    std::thread::scope(|scope| {
        let work = scope.spawn(move || work(&mine));
        while !work.is_finished() {
            if stop.asked() {
                job.cancel();
            }
            std::thread::park_timeout(LOOK);
        }
        match work.join() {
            Ok(done) => Ok(done?),
            Err(defect) => std::panic::resume_unwind(defect),
        }
    })
}

/// Whether a file may be written: one that is there is only replaced where that was asked for.
pub(crate) fn fresh(to: &Path, replace: bool) -> Result<(), Failure> {
    if replace || !to.exists() {
        return Ok(());
    }
    Err(Failure {
        usage: true,
        ..Failure::new(
            format!("write {}: there is such a file already", to.display()),
            "Take another name, or --replace.",
        )
        .german(format!("{} gibt es schon", to.display()), "Nimm einen anderen Namen, oder --replace.")
    })
}

/// Whether something is to be deleted: said with the command, or typed out at the terminal.
pub(crate) fn sure(yes: bool, says: &KeepingWords) -> Result<bool, Failure> {
    if yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() {
        return Err(Failure {
            usage: true,
            ..Failure::new("ask whether to delete it: there is no terminal", "Nothing was deleted. Say --yes.").german(
                "ob gelöscht werden soll, lässt sich nicht fragen: hier ist kein Terminal",
                "Nichts wurde gelöscht. Sag --yes.",
            )
        });
    }
    let _ = write!(io::stderr(), "{}", says.sure).and_then(|()| io::stderr().flush());
    let mut typed = String::new();
    io::stdin()
        .lock()
        .read_line(&mut typed)
        .map_err(|error| Failure::new(format!("read from the terminal: {error}"), "Try again."))?;
    Ok(typed.trim().eq_ignore_ascii_case(says.yes))
}

/// A number with its word.
pub(crate) fn told(count: u64, [one, many]: [&str; 2]) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A file that was given out, for a program; `None` where there is nothing to give out yet.
pub(crate) fn given_out(what: &str, written: Option<(&Path, &Exported)>) -> Value {
    let exported = written.map(|(_, exported)| exported.clone()).unwrap_or_default();
    json!({
        "talus": what,
        "file": written.map(|(file, _)| file),
        "bytes": exported.bytes,
        "people": exported.people,
        "sessions": exported.sessions,
        "recordings": exported.recordings,
        "left_out": exported.left_out,
    })
}

/// What is said of recordings that stayed out of a file; nothing where all of them are in it.
pub(crate) fn left_out(exported: &Exported, own: &OwnWords) -> Option<String> {
    let names: Vec<String> = exported.left_out.iter().map(ToString::to_string).collect();
    (!names.is_empty()).then(|| fill(own.left_out, &[&names.join(", ")]))
}

/// Megabytes with one decimal; kilobytes below one.
pub(crate) fn size(bytes: u64, words: &Words) -> String {
    if bytes < 1_000_000 {
        return format!("{} kB", words.number(bytes as f64 / 1e3, 0));
    }
    format!("{} MB", words.number(bytes as f64 / 1e6, 1))
}

/// The passphrase of a backup that is there: from a file, or typed without being shown. Never from an argument, which
/// every process of the machine can read.
pub(crate) fn passphrase(file: Option<&Path>, own: &OwnWords) -> Result<Passphrase, Failure> {
    let text = match file {
        Some(file) => from_file(file)?,
        None => typed(own.passphrase)?,
    };
    made(text)
}

/// A passphrase for a new backup: typed twice.
pub(crate) fn new_passphrase(file: Option<&Path>, own: &OwnWords) -> Result<Passphrase, Failure> {
    if file.is_some() {
        return passphrase(file, own);
    }
    let text = typed(own.passphrase)?;
    if typed(own.once_more)? != text {
        return Err(Failure::new("use this passphrase: the two are not the same", "Type it again, twice the same.")
            .german("die beiden Passwörter sind nicht gleich", "Gib es noch einmal ein, zweimal dasselbe."));
    }
    made(text)
}

fn made(text: String) -> Result<Passphrase, Failure> {
    Ok(Passphrase::new(text).map_err(|error| AppError::from(store::StoreError::from(error)))?)
}

fn from_file(file: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file).map_err(|source| AppError::Io { path: file.to_owned(), source })?;
    // An editor ends the line.
    Ok(text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line)).to_owned())
}

/// Reads a line from the terminal without showing it.
fn typed(prompt: &str) -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure {
            usage: true,
            ..Failure::new(
                "ask for the passphrase: there is no terminal",
                "Put it into a file: --passphrase-file FILE.",
            )
            .german(
                "das Passwort lässt sich nicht fragen: hier ist kein Terminal",
                "Schreib es in eine Datei: --passphrase-file DATEI.",
            )
        });
    }
    let terminal = |error: io::Error| Failure::new(format!("read from the terminal: {error}"), "Try again.");
    // On standard error, so that a result can go into a file.
    let _ = write!(io::stderr(), "{prompt}").and_then(|()| io::stderr().flush());
    enable_raw_mode().map_err(terminal)?;
    let line = keys();
    let _ = disable_raw_mode();
    let _ = writeln!(io::stderr());
    match line.map_err(terminal)? {
        Some(line) => Ok(line),
        None => Err(AppError::from(store::StoreError::from(talus_app::BundleError::Cancelled)).into()),
    }
}

/// Keys up to Enter; `None` after Ctrl-C or Escape.
fn keys() -> io::Result<Option<String>> {
    let mut line = String::new();
    loop {
        let Event::Key(key) = read()? else { continue };
        if key.kind == KeyEventKind::Release {
            continue;
        }
        match key.code {
            KeyCode::Enter => return Ok(Some(line)),
            KeyCode::Esc => return Ok(None),
            KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => return Ok(None),
            KeyCode::Backspace => {
                line.pop();
            }
            KeyCode::Char(letter) => line.push(letter),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_in_a_file_is_its_line_without_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("words");
        for (text, expected) in
            [("seven stones\n", "seven stones"), ("seven stones\r\n", "seven stones"), (" a b ", " a b ")]
        {
            std::fs::write(&file, text).unwrap();
            assert_eq!(from_file(&file).unwrap(), expected);
        }
        std::fs::write(&file, "short\n").unwrap();
        assert!(passphrase(Some(&file), OwnWords::of(Words::of("en"))).is_err());
    }

    #[test]
    fn sizes_and_counts_read_as_people_say_them() {
        let words = Words::of("de");
        assert_eq!(size(92_440_000, words), "92,4 MB");
        assert_eq!(size(3_400, words), "3 kB");
        assert_eq!([told(1, ["session", "sessions"]), told(2, ["session", "sessions"])], ["1 session", "2 sessions"]);
    }
}
