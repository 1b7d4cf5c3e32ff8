//! What is said about what stays, what goes and what is deleted, in both languages.

use super::Words;

/// Words about deleting; `{}` stands for a name, a number or a size.
pub(crate) struct KeepingWords {
    pub(crate) session_goes: &'static str,
    pub(crate) recording_of: &'static str,
    pub(crate) changes: [&'static str; 2],
    pub(crate) person_goes: &'static str,
    pub(crate) check_ins: [&'static str; 2],
    pub(crate) tests: [&'static str; 2],
    pub(crate) plans: [&'static str; 2],
    pub(crate) for_good: &'static str,
    /// Said where something was set aside before.
    pub(crate) still_aside: &'static str,
    pub(crate) asides: [&'static str; 2],
    pub(crate) sure: &'static str,
    /// What is typed to a question that deletes.
    pub(crate) yes: &'static str,
    pub(crate) stays: &'static str,
    pub(crate) deleted: &'static str,
    // recordings
    pub(crate) why: [&'static str; 2],
    pub(crate) none_expired: &'static str,
    pub(crate) expired: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) starred_stay: &'static str,
    pub(crate) let_go_with: &'static str,
    pub(crate) let_go: &'static str,
}

const EN: KeepingWords = KeepingWords {
    session_goes: "This goes: {}.",
    recording_of: "recording of {}",
    changes: ["change by hand", "changes by hand"],
    person_goes: "This goes with {}: {}, and what they said of themselves.",
    check_ins: ["check-in", "check-ins"],
    tests: ["test", "tests"],
    plans: ["plan", "plans"],
    for_good: "Nobody can read it here afterwards. A backup or bundle made before still has it.",
    still_aside: "It may still be in {}. talus salvage --kept lists what was set aside.",
    asides: ["folder that was set aside", "folders that were set aside"],
    sure: "Type yes to delete it: ",
    yes: "yes",
    stays: "Nothing was deleted.",
    deleted: "Deleted: {}.",
    why: ["older than that", "newer ones fill the room"],
    none_expired: "All recordings fit.",
    expired: "{} would go, {}. Their results stay.",
    kept: "What stays takes {}.",
    starred_stay: "{} of starred sessions stay whatever they take.",
    let_go_with: "Nothing was deleted. To delete them:",
    let_go: "Deleted: {}, {}. Their results stay.",
};

const DE: KeepingWords = KeepingWords {
    session_goes: "Das wird gelöscht: {}.",
    recording_of: "Aufnahme von {}",
    changes: ["Änderung von Hand", "Änderungen von Hand"],
    person_goes: "Das wird mit {} gelöscht: {}, und die Angaben zur Person.",
    check_ins: ["Befinden", "Befinden"],
    tests: ["Test", "Tests"],
    plans: ["Plan", "Pläne"],
    for_good: "Danach kann es hier niemand mehr lesen. Eine frühere Sicherung oder ein Bündel hat es noch.",
    still_aside: "Es kann noch in {} sein. talus salvage --kept zeigt, was beiseitegelegt wurde.",
    asides: ["beiseitegelegten Ordner", "beiseitegelegten Ordnern"],
    sure: "Tippe ja, um es zu löschen: ",
    yes: "ja",
    stays: "Nichts wurde gelöscht.",
    deleted: "Gelöscht: {}.",
    why: ["älter als das", "neuere füllen den Platz"],
    none_expired: "Alle Aufnahmen passen.",
    expired: "Zu löschen wären: {}, {}. Die Ergebnisse bleiben.",
    kept: "Was bleibt, nimmt {} ein.",
    starred_stay: "{} von Einheiten mit Stern bleiben in jedem Fall.",
    let_go_with: "Nichts wurde gelöscht. So werden sie gelöscht:",
    let_go: "Gelöscht: {}, {}. Die Ergebnisse bleiben.",
};

impl KeepingWords {
    pub(crate) fn of(words: &Words) -> &'static Self {
        if words.code == "de" { &DE } else { &EN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_take_as_much_in_both_languages() {
        let gaps = |words: &KeepingWords| {
            [
                words.session_goes,
                words.recording_of,
                words.person_goes,
                words.still_aside,
                words.deleted,
                words.expired,
                words.kept,
                words.starred_stay,
                words.let_go,
            ]
            .map(|text| text.matches("{}").count())
        };
        assert_eq!(gaps(&EN), gaps(&DE));
    }
}
