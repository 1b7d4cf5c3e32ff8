#![forbid(unsafe_code)]
//! `talus-symbols undefined|defined|pages LIBRARY`: what a library built for a phone needs from the phone, what it
//! offers, and for which size of memory page its parts are laid out. One name a line, sorted; Apple's leading underscore
//! is left out. Reads what no loader of this machine could open.

use goblin::archive::Archive;
use goblin::elf::program_header::PT_LOAD;
use goblin::mach::Mach;
use goblin::{Object, error::Error};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, library] = arguments.as_slice() else { return fails("tell what to show: undefined, defined or pages") };
    let bytes = match std::fs::read(library) {
        Ok(bytes) => bytes,
        Err(error) => return fails(&format!("read {library}: {error}")),
    };
    let found = match Found::of(&bytes) {
        Ok(found) => found,
        Err(error) => return fails(&format!("understand {library}: {error}")),
    };
    let mut text = String::new();
    match what.as_str() {
        "undefined" => found.undefined.difference(&found.defined).for_each(|name| line(&mut text, name)),
        "defined" => found.defined.iter().for_each(|name| line(&mut text, name)),
        "pages" => found.pages.iter().for_each(|size| line(&mut text, size)),
        _ => return fails(&format!("show {what:?}: choose undefined, defined or pages")),
    }
    // A library that holds nothing must not pass for one that needs nothing.
    if text.is_empty() {
        return fails(&format!("find anything {what} in {library}"));
    }
    if std::io::stdout().write_all(text.as_bytes()).is_err() {
        return fails("write");
    }
    ExitCode::SUCCESS
}

fn line(text: &mut String, of: impl std::fmt::Display) {
    // Writing into a string cannot fail.
    let _ = writeln!(text, "{of}");
}

fn fails(why: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "talus-symbols: failed to {why}");
    ExitCode::FAILURE
}

/// What a library says of itself.
#[derive(Default)]
struct Found {
    undefined: BTreeSet<String>,
    defined: BTreeSet<String>,
    /// Alignment of each part that is loaded, bytes.
    pages: Vec<u64>,
}

impl Found {
    fn of(bytes: &[u8]) -> Result<Self, Error> {
        let mut found = Self::default();
        found.object(bytes)?;
        Ok(found)
    }

    fn object(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match Object::parse(bytes)? {
            Object::Archive(archive) => self.archive(&archive, bytes),
            Object::Mach(Mach::Binary(mach)) => {
                for symbol in mach.symbols() {
                    let (name, entry) = symbol?;
                    // Entries of the debugger are no symbols, and what is not external is nobody else's.
                    if entry.is_stab() || !entry.is_global() {
                        continue;
                    }
                    let name = name.strip_prefix('_').unwrap_or(name);
                    self.symbol(name, entry.is_undefined());
                }
                Ok(())
            }
            Object::Elf(elf) => {
                self.pages =
                    elf.program_headers.iter().filter(|one| one.p_type == PT_LOAD).map(|one| one.p_align).collect();
                for symbol in &elf.dynsyms {
                    if let Some(name) = elf.dynstrtab.get_at(symbol.st_name).filter(|name| !name.is_empty()) {
                        // One that may be missing is no need.
                        let weak = symbol.st_bind() == goblin::elf::sym::STB_WEAK;
                        if !(weak && symbol.is_import()) {
                            self.symbol(name, symbol.is_import());
                        }
                    }
                }
                Ok(())
            }
            _ => Err(Error::Malformed("neither Mach-O nor ELF nor an archive of them".to_owned())),
        }
    }

    fn archive(&mut self, archive: &Archive<'_>, bytes: &[u8]) -> Result<(), Error> {
        for member in archive.members() {
            self.object(archive.extract(member, bytes)?)?;
        }
        Ok(())
    }

    fn symbol(&mut self, name: &str, undefined: bool) {
        if undefined { &mut self.undefined } else { &mut self.defined }.insert(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_very_program_needs_its_c_library_and_lies_on_whole_pages() {
        let bytes = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let found = Found::of(&bytes).unwrap();
        assert!(["abort", "malloc"].iter().all(|name| found.undefined.contains(*name)), "{:?}", found.undefined);
        if cfg!(target_os = "linux") {
            assert!(!found.pages.is_empty() && found.pages.iter().all(|size| size.is_power_of_two() && *size >= 4096));
        }
    }

    #[test]
    fn what_is_no_library_is_refused() {
        assert!(Found::of(b"").is_err());
        assert!(Found::of(b"MZ, but not really a program").is_err());
        // An archive whose member is cut off.
        assert!(Found::of(b"!<arch>\nlib.o/          0           0     0     644     99        `\nshort").is_err());
    }
}
