//! The key of somebody who writes plans for others: a file of its own, made once, read by its owner only.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use talus_coach::trusted::{AuthorKey, author_of, secret_from_text, secret_to_text};

/// Why a key cannot be had. The text reads after "failed to ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("use the key in {path}: {reason}")]
pub struct AuthorKeyError {
    /// The file.
    pub path: String,
    /// What is wrong.
    pub reason: String,
}

/// The secret key of a file; where there is no such file, a new key is made and written to it.
///
/// # Errors
/// [`AuthorKeyError`] where the file cannot be read or written, is no key, or the system gives no randomness.
pub fn author_key(path: &Path) -> Result<([u8; 32], AuthorKey), AuthorKeyError> {
    let wrong = |reason: String| AuthorKeyError { path: path.display().to_string(), reason };
    let secret = match fs::read_to_string(path) {
        Ok(text) => secret_from_text(&text).ok_or_else(|| wrong("it is not a key of Talus".to_owned()))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut secret = [0; 32];
            getrandom::fill(&mut secret).map_err(|error| wrong(error.to_string()))?;
            let mut options = fs::OpenOptions::new();
            // Never over another key: two at once, and one of them would be lost.
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let written = options.open(path).and_then(|mut file| {
                file.write_all(secret_to_text(&secret).as_bytes())?;
                file.sync_all()
            });
            written.map_err(|error| wrong(error.to_string()))?;
            secret
        }
        Err(error) => return Err(wrong(error.to_string())),
    };
    Ok((secret, author_of(&secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("author.key");
        let first = author_key(&path).unwrap();
        assert_eq!(author_key(&path).unwrap(), first);
        assert_ne!(author_key(&folder.path().join("other.key")).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, "something else").unwrap();
        assert!(author_key(&path).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "something else");
    }
}
