//! An open app in a folder of its own, and a listener that keeps what it hears.
#![allow(dead_code)] // each test binary uses a part

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use talus_core::{
    About, Answered, Answers, Event, Goal, Level, Listener, ListenerError, MassUnit, Opening, Question, Reply, Talus,
    Weights,
};

/// An app whose database goes away with it.
pub(crate) struct Home {
    pub(crate) talus: Arc<Talus>,
    pub(crate) folder: tempfile::TempDir,
    language: String,
}

impl Home {
    pub(crate) fn new(language: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let talus = open(&folder.path().join("household"), language, None);
        Self { talus, folder, language: language.to_owned() }
    }

    /// Where its database lies.
    pub(crate) fn household(&self) -> PathBuf {
        self.folder.path().join("household")
    }

    /// The app once more, after everything was deleted.
    pub(crate) fn wiped(&self) -> Arc<Talus> {
        std::fs::remove_dir_all(self.household()).unwrap();
        open(&self.household(), &self.language, None)
    }

    /// The app once more, with weights in another unit.
    pub(crate) fn told_in(&self, unit: MassUnit) -> Arc<Talus> {
        open(&self.household(), &self.language, Some(unit))
    }
}

fn open(household: &Path, language: &str, unit: Option<MassUnit>) -> Arc<Talus> {
    let opening = Opening {
        database: household.join("talus.db").display().to_string(),
        language: language.to_owned(),
        zone: Some("Europe/Berlin".to_owned()),
        key: None,
        unit,
    };
    Talus::new(opening).unwrap()
}

/// Somebody of 40 without a worry.
pub(crate) fn anna(talus: &Talus) -> About {
    let free = |question| match question {
        Question::FloorAlone | Question::Reach => Reply::Yes,
        _ => Reply::No,
    };
    let replies = talus
        .book()
        .questionnaire
        .questions
        .into_iter()
        .map(|asked| Answered { question: asked.question, reply: free(asked.question) })
        .collect();
    About {
        birth_year: 1985,
        height_cm: 168.5,
        mass_kg: 64.2,
        sex: None,
        goal: Goal::Strength,
        level: Level::Beginner,
        weights: Some(Weights { lightest_g: 500, step_g: 250, heaviest_g: 3000 }),
        answers: Some(Answers { replies, named: Vec::new(), falls: None, pain: None, surgery_cleared: false }),
        one_leg_s: Some(12.5),
        tandem_s: None,
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
