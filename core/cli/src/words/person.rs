//! What is asked of a person before a session at the desk, in both languages. Questions of the core come from the core.

use super::Words;

/// Words about a person; `{}` stands for a number or a name.
pub(crate) struct PersonWords {
    pub(crate) first_time: &'static str,
    pub(crate) birth_year: &'static str,
    pub(crate) height: &'static str,
    pub(crate) mass: &'static str,
    pub(crate) trained: &'static str,
    pub(crate) yes_no: &'static str,
    pub(crate) again: &'static str,
    pub(crate) pain: &'static str,
    pub(crate) signs: &'static str,
    pub(crate) plan: &'static str,
    pub(crate) sets: [&'static str; 2],
    pub(crate) practice: &'static str,
}

const EN: PersonWords = PersonWords {
    first_time: "A few questions first. They decide what is open and how much.",
    birth_year: "Year of birth: ",
    height: "Height in cm: ",
    mass: "Body mass in kg: ",
    trained: "Do you do strength training regularly? yes or no: ",
    yes_no: "yes, no or not sure: ",
    again: "That is not an answer here. Again: ",
    pain: "Pain now, 0 to 10 (Enter for no answer): ",
    signs: "Any of these now? {} yes or no: ",
    plan: "Today:",
    sets: ["1 set of {}", "{} sets of {}"],
    practice: "Two simulated cuffs. What they do is kept in the demo's history.",
};

const DE: PersonWords = PersonWords {
    first_time: "Erst ein paar Fragen. Sie entscheiden, was offen ist und wie viel.",
    birth_year: "Geburtsjahr: ",
    height: "Größe in cm: ",
    mass: "Körpergewicht in kg: ",
    trained: "Machst du regelmäßig Krafttraining? ja oder nein: ",
    yes_no: "ja, nein oder nicht sicher: ",
    again: "Das ist hier keine Antwort. Noch einmal: ",
    pain: "Schmerz jetzt, 0 bis 10 (Enter für keine Antwort): ",
    signs: "Ist gerade etwas davon da? {} ja oder nein: ",
    plan: "Heute:",
    sets: ["1 Satz mit {}", "{} Sätze mit {}"],
    practice: "Zwei simulierte Manschetten. Was sie tun, steht im Verlauf der Demo.",
};

impl PersonWords {
    /// In the language of the other words.
    pub(crate) fn of(words: &Words) -> &'static Self {
        if words.code == "de" { &DE } else { &EN }
    }
}
