//! Programmes people share: text files beside the database, read when it is opened. None takes the place of one of ours, and
//! none lets anybody do what screening, a plan or a ceiling does not.

use crate::error::AppError;
use crate::household::Talus;
use crate::profile::PersonRefusal;
use std::fs;
use std::path::{Path, PathBuf};
use talus_coach::Catalogue;
use talus_coach::catalogue::Programme;

/// Programmes beside a database, at most: whoever has more follows none of them.
const MOST: usize = 200;

impl Talus {
    /// Keeps a programme from its file: it can be followed in the app that is given back, and whenever the database is
    /// opened from now on. One of the same id takes the place of an earlier one. Gives its id.
    ///
    /// # Errors
    /// [`AppError::Person`] where it is no programme, asks for more than one may or goes by the id of one of ours;
    /// [`AppError::Io`].
    pub fn take_programme(&self, text: &str) -> Result<(Self, String), AppError> {
        let ours = Catalogue::embedded()?;
        let programme = Programme::shared(text, &ours).map_err(PersonRefusal::Programme)?;
        let folder = folder_of(self.database());
        let io = |path: &Path, source| AppError::Io { path: path.to_owned(), source };
        fs::create_dir_all(&folder).map_err(|source| io(&folder, source))?;
        let path = folder.join(format!("{}.toml", programme.id));
        let part = folder.join(format!("{}.part", programme.id));
        fs::write(&part, text).and_then(|()| fs::rename(&part, &path)).map_err(|source| io(&path, source))?;
        let id = programme.id.clone();
        Ok((self.with_catalogue(self.catalogue().clone().with_shared(programme)), id))
    }

    /// A programme as a file to share, one of ours too: whoever takes that in gives it another id and name first.
    ///
    /// # Errors
    /// [`AppError::Person`] where there is no such programme.
    pub fn programme_to_share(&self, id: &str) -> Result<String, AppError> {
        let Some(programme) = self.catalogue().programme(id) else {
            let known = self.catalogue().programmes().map(|one| one.id.clone()).collect();
            return Err(PersonRefusal::NoProgramme { asked: id.to_owned(), known }.into());
        };
        Ok(programme.to_toml()?)
    }
}

fn folder_of(database: &Path) -> PathBuf {
    database.with_file_name("programmes")
}

/// The catalogue with the programmes that lie beside a database. One that cannot be read, or not any more, is left alone.
pub(crate) fn beside(database: &Path, ours: Catalogue) -> Catalogue {
    let Ok(entries) = fs::read_dir(folder_of(database)) else { return ours };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    let read = |path: &PathBuf| Programme::shared(&fs::read_to_string(path).ok()?, &ours).ok();
    let shared: Vec<Programme> = paths.iter().take(MOST).filter_map(read).collect();
    shared.into_iter().fold(ours, Catalogue::with_shared)
}
