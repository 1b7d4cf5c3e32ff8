//! An open app in a folder of its own, and a listener that keeps what it hears.
#![allow(dead_code)] // each test binary uses a part

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use talus_core::{Event, Listener, ListenerError, Opening, Talus};

/// An app whose database goes away with it.
pub(crate) struct Home {
    pub(crate) talus: Arc<Talus>,
    pub(crate) folder: tempfile::TempDir,
    language: String,
}

impl Home {
    pub(crate) fn new(language: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let talus = open(&folder.path().join("household"), language);
        Self { talus, folder, language: language.to_owned() }
    }

    /// Where its database lies.
    pub(crate) fn household(&self) -> PathBuf {
        self.folder.path().join("household")
    }

    /// The app once more, after everything was deleted.
    pub(crate) fn wiped(&self) -> Arc<Talus> {
        std::fs::remove_dir_all(self.household()).unwrap();
        open(&self.household(), &self.language)
    }
}

fn open(household: &Path, language: &str) -> Arc<Talus> {
    let opening = Opening {
        database: household.join("talus.db").display().to_string(),
        language: language.to_owned(),
        zone: Some("Europe/Berlin".to_owned()),
        key: None,
    };
    Talus::new(opening).unwrap()
}

/// Keeps every event.
#[derive(Default)]
pub(crate) struct Ear {
    heard: Mutex<Vec<Event>>,
}

impl Ear {
    pub(crate) fn heard(&self) -> Vec<Event> {
        self.heard.lock().unwrap().clone()
    }

    pub(crate) fn count(&self, of: impl Fn(&Event) -> bool) -> usize {
        self.heard.lock().unwrap().iter().filter(|event| of(event)).count()
    }
}

impl Listener for Ear {
    fn on_events(&self, events: Vec<Event>) -> Result<(), ListenerError> {
        self.heard.lock().unwrap().extend(events);
        Ok(())
    }
}
