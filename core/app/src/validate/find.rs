//! The files of a folder, and what lies beside them.

use super::ValidateError;
use std::path::{Path, PathBuf};

/// Folders within folders that are looked into.
const DEPTH: usize = 3;

/// All files below `folder`, in the order of their paths.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, ValidateError> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let failed = |source| ValidateError::Folder { folder: folder.clone(), source };
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                if depth < DEPTH {
                    open.push((path, depth + 1));
                }
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
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
        let found = files(folder.path()).unwrap();
        assert_eq!(found.len(), 3);
        let imu = ending(&found, "_imu.csv");
        assert_eq!(imu.iter().map(|path| name(path)).collect::<Vec<_>>(), ["a_imu.csv", "b_imu.csv"]);
        assert_eq!(beside(imu[0], "_imu.csv", "_mocap.csv"), Some(set.join("a_mocap.csv")));
        assert_eq!(beside(imu[1], "_imu.csv", "_mocap.csv"), None);
        assert!(matches!(files(&set.join("none")), Err(ValidateError::Folder { .. })));
    }
}
