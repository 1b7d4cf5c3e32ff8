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

/// Where what is set aside of a database goes, one after the other.
fn aside(db: &Path, number: u32) -> PathBuf {
    beside(db, &format!(".aside-{number}"))
}

/// The first folder of its kind that is not there yet, for what is set aside of a database. Whoever asks has the lock.
pub(crate) fn free_aside(db: &Path) -> PathBuf {
    // Somebody who set four billion aside gets an error for the last one.
    (1..u32::MAX).map(|number| aside(db, number)).find(|folder| !folder.exists()).unwrap_or_else(|| aside(db, u32::MAX))
}

/// The newest of these folders where its database has not arrived yet: whoever was bringing it there was killed.
pub(crate) fn begun_aside(db: &Path) -> Option<PathBuf> {
    let newest = (1..u32::MAX).map(|number| aside(db, number)).take_while(|folder| folder.exists()).last()?;
    let arrived = newest.join(db.file_name()?).exists();
    (!arrived).then_some(newest)
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
