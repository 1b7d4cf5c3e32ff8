//! An open app in a folder of its own, and a listener that keeps what it hears.
#![allow(dead_code)] // each test binary uses a part

use std::sync::{Arc, Mutex};
use talus_core::{Event, Listener, ListenerError, Opening, Talus};

/// An app whose database goes away with it.
pub(crate) struct Home {
    pub(crate) talus: Arc<Talus>,
    pub(crate) folder: tempfile::TempDir,
}

impl Home {
    pub(crate) fn new(language: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let opening = Opening {
            database: folder.path().join("talus.db").display().to_string(),
            language: language.to_owned(),
            zone: Some("Europe/Berlin".to_owned()),
            key: None,
        };
        Self { talus: Talus::new(opening).unwrap(), folder }
    }
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
