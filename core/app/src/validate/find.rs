//! The files of a folder, and what lies beside them.

use super::ValidateError;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Folders within folders that are looked into.
const DEPTH: usize = 3;

/// All files below `folder`, in the order of their paths, each once however many links lead to its folder; and the folders
/// within that cannot be looked into.
pub(super) fn files(folder: &Path) -> Result<(Vec<PathBuf>, Vec<ValidateError>), ValidateError> {
    let (mut found, mut closed) = (Vec::new(), Vec::new());
    let mut known = BTreeSet::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let failed = |source| ValidateError::Folder { folder: folder.clone(), source };
        let entries = folder.canonicalize().and_then(|real| Ok((known.insert(real), std::fs::read_dir(&folder)?)));
        let entries = match entries.map_err(failed) {
            Ok((true, entries)) => entries,
            Ok((false, _)) => continue,
            Err(error) if depth == 0 => return Err(error),
            Err(error) => {
                closed.push(error);
                continue;
            }
        };
        for entry in entries {
            match entry.map(|entry| entry.path()).map_err(failed) {
                Ok(path) if path.is_dir() && depth < DEPTH => open.push((path, depth + 1)),
                // A pipe or a device never ends.
                Ok(path) if path.is_file() => found.push(path),
                Ok(_) => {}
                Err(error) => closed.push(error),
            }
        }
    }
    found.sort();
    Ok((found, closed))
}

/// The file's name without its folder.
pub(super) fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Those of `files` whose names end in `suffix`.
pub(super) fn ending<'a>(files: &'a [PathBuf], suffix: &str) -> Vec<&'a PathBuf> {
    files.iter().filter(|path| name(path).ends_with(suffix)).collect()
}

/// The file beside `path` whose name has `with` instead of `ending`, if there is one.
pub(super) fn beside(path: &Path, ending: &str, with: &str) -> Option<PathBuf> {
    let other = path.with_file_name(format!("{}{with}", name(path).strip_suffix(ending)?));
    other.is_file().then_some(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_in_folders_and_by_their_neighbours() {
        let folder = tempfile::tempdir().unwrap();
        let set = folder.path().join("gait");
        std::fs::create_dir(&set).unwrap();
        for name in ["b_imu.csv", "a_imu.csv", "a_mocap.csv"] {
            std::fs::write(set.join(name), "").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path(), set.join("back")).unwrap();
        let (found, closed) = files(folder.path()).unwrap();
        assert_eq!((found.len(), closed.len()), (3, 0));
        let imu = ending(&found, "_imu.csv");
        assert_eq!(imu.iter().map(|path| name(path)).collect::<Vec<_>>(), ["a_imu.csv", "b_imu.csv"]);
        assert_eq!(beside(imu[0], "_imu.csv", "_mocap.csv"), Some(set.join("a_mocap.csv")));
        assert_eq!(beside(imu[1], "_imu.csv", "_mocap.csv"), None);
        assert!(matches!(files(&set.join("none")), Err(ValidateError::Folder { .. })));
    }
}
