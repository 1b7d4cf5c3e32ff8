//! What is done with files beside the database and its recordings.

use crate::recording::FILE_MAX;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What a file that is not there is, where that is no trouble: nothing.
pub(crate) fn if_there<T>(done: io::Result<T>) -> io::Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A path with something after its name.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Overwrites a file and removes it.
pub(crate) fn erase(path: &Path) -> io::Result<()> {
    static ZEROS: [u8; 1 << 16] = [0; 1 << 16];
    let mut file = File::options().write(true).open(path)?;
    let mut left = file.metadata()?.len();
    while left > 0 {
        let now = left.min(ZEROS.len() as u64);
        file.write_all(&ZEROS[..now as usize])?;
        left -= now;
    }
    file.sync_all()?;
    drop(file);
    fs::remove_file(path)
}

/// The bytes of a file, at most one more than a recording may have.
pub(crate) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Gives a file a second name, or copies it where the file system knows no such thing; `false` where there is none.
pub(crate) fn second_name(from: &Path, to: &Path) -> io::Result<bool> {
    if let Ok(linked) = if_there(fs::hard_link(from, to)) {
        return Ok(linked.is_some());
    }
    fs::copy(from, to)?;
    File::open(to)?.sync_all()?;
    Ok(true)
}
