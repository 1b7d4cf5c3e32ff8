//! What is said about giving everything out and taking it back, in both languages.

use super::Words;

/// Words about bundles and backups; `{}` stands for a name, a number or a command.
pub(crate) struct OwnWords {
    pub(crate) exported: &'static str,
    pub(crate) backed_up: &'static str,
    pub(crate) left_out: &'static str,
    pub(crate) reported: &'static str,
    pub(crate) contents: &'static str,
    pub(crate) contents_sealed: &'static str,
    pub(crate) taken: &'static str,
    pub(crate) renewed: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) nothing_new: &'static str,
    pub(crate) new_people: [&'static str; 2],
    pub(crate) people: [&'static str; 2],
    pub(crate) sessions: [&'static str; 2],
    pub(crate) recordings: [&'static str; 2],
    pub(crate) passphrase: &'static str,
    pub(crate) once_more: &'static str,
    pub(crate) nobody_can: &'static str,
    pub(crate) unnamed: &'static str,
    pub(crate) salvage_how: &'static str,
    pub(crate) salvage_ask: &'static str,
    pub(crate) salvage_not: &'static str,
    pub(crate) salvage_whole: &'static str,
    pub(crate) salvage_partly: &'static str,
    pub(crate) salvage_recorded: &'static str,
    pub(crate) salvage_kept: &'static str,
    pub(crate) aside_how: &'static str,
    pub(crate) aside_kept: &'static str,
    pub(crate) nothing_kept: &'static str,
    pub(crate) kept_opens: &'static str,
    pub(crate) kept_locked: &'static str,
    pub(crate) kept_damaged: &'static str,
    pub(crate) kept_foreign: &'static str,
    pub(crate) kept_newer: &'static str,
    pub(crate) kept_left_out: &'static str,
    pub(crate) kept_stays: &'static str,
}

const EN: OwnWords = OwnWords {
    exported: "Everything is in {}: {}.",
    backed_up: "The backup is {}: {}.",
    left_out: "These recordings could not be read and are not in it: {}. What was worked out from them is.",
    reported: "The report is {}. Open it in a browser to print it.",
    contents: "From {}: {}.",
    contents_sealed: "An encrypted backup from {}: {}.",
    taken: "Taken in: {}.",
    renewed: "{} went further there than here: they are the ones from there now.",
    kept: "{} stay as they are here.",
    nothing_new: "All of it was here already.",
    new_people: ["new person", "new people"],
    people: ["person", "people"],
    sessions: ["session", "sessions"],
    recordings: ["recording", "recordings"],
    passphrase: "Passphrase: ",
    once_more: "Once more: ",
    nobody_can: "Keep the passphrase. Without it nobody can open the backup, not even we.",
    unnamed: "somebody without a name",
    salvage_how: "What still reads in {} goes into a new database in its place. The damaged one is kept in a folder beside it, and recordings stay where they are.",
    salvage_ask: "Go on? yes or no: ",
    salvage_not: "Nothing was changed.",
    salvage_whole: "{} there with all rows.",
    salvage_partly: "{} had lost rows: {}. What their recordings hold was worked out again.",
    salvage_recorded: "{} came back from recordings: {}. What was changed by hand in them is lost.",
    salvage_kept: "The damaged files are in {}.",
    aside_how: "{} goes into a folder beside it with its recordings, as it is, and a new history begins in its place. Nothing of it is taken over: for a history whose key is lost. Where only a part of it is damaged, talus salvage saves the rest.",
    aside_kept: "It is in {}, whole, should its key turn up. What you backed up comes back with:",
    nothing_kept: "Nothing is set aside here.",
    kept_opens: "In {}: {}. It comes back with:",
    kept_locked: "In {}, {}: encrypted. It comes back where its key is.",
    kept_damaged: "In {}, {}: damaged. A backup brings back what was in it.",
    kept_foreign: "In {}, {}: no history of Talus.",
    kept_newer: "In {}, {}: of a newer Talus, which brings it back.",
    kept_left_out: "These recordings could not be read and did not come with it: {}. What was worked out from them did, and they stay in {}.",
    kept_stays: "{} stays: beside what came back there is something in it that no session has.",
};

const DE: OwnWords = OwnWords {
    exported: "Alles ist in {}: {}.",
    backed_up: "Die Sicherung ist {}: {}.",
    left_out: "Diese Aufnahmen ließen sich nicht lesen und sind nicht dabei: {}. Was daraus berechnet wurde, schon.",
    reported: "Der Bericht ist {}. Öffne ihn im Browser, um ihn zu drucken.",
    contents: "Vom {}: {}.",
    contents_sealed: "Eine verschlüsselte Sicherung vom {}: {}.",
    taken: "Aufgenommen: {}.",
    renewed: "{} waren dort weiter als hier: Jetzt gelten die von dort.",
    kept: "{} bleiben, wie sie hier sind.",
    nothing_new: "Alles davon war schon hier.",
    new_people: ["neue Person", "neue Personen"],
    people: ["Person", "Personen"],
    sessions: ["Einheit", "Einheiten"],
    recordings: ["Aufnahme", "Aufnahmen"],
    passphrase: "Passwort: ",
    once_more: "Noch einmal: ",
    nobody_can: "Heb das Passwort auf. Ohne es kann niemand die Sicherung öffnen, auch wir nicht.",
    unnamed: "jemand ohne Namen",
    salvage_how: "Was in {} noch lesbar ist, kommt in eine neue Datenbank an seiner Stelle. Die beschädigte wird in einem Ordner daneben aufgehoben, und die Aufnahmen bleiben, wo sie sind.",
    salvage_ask: "Weiter? ja oder nein: ",
    salvage_not: "Nichts wurde verändert.",
    salvage_whole: "{} mit allen Zeilen da.",
    salvage_partly: "{} mit verlorenen Zeilen: {}. Was ihre Aufnahmen hergeben, wurde neu berechnet.",
    salvage_recorded: "{} aus Aufnahmen zurück: {}. Was darin von Hand geändert war, ist verloren.",
    salvage_kept: "Die beschädigten Dateien liegen in {}.",
    aside_how: "{} kommt, wie sie ist, mit ihren Aufnahmen in einen Ordner daneben, und an ihrer Stelle beginnt ein neuer Verlauf. Nichts davon wird übernommen: für einen Verlauf, dessen Schlüssel verloren ist. Ist nur ein Teil beschädigt, rettet talus salvage den Rest.",
    aside_kept: "Sie liegt in {}, ganz, falls sich der Schlüssel findet. Was du gesichert hast, kommt zurück mit:",
    nothing_kept: "Hier ist nichts beiseitegelegt.",
    kept_opens: "In {}: {}. Es kommt zurück mit:",
    kept_locked: "In {}, {}: verschlüsselt. Es kommt dort zurück, wo sein Schlüssel ist.",
    kept_damaged: "In {}, {}: beschädigt. Eine Sicherung bringt zurück, was darin war.",
    kept_foreign: "In {}, {}: kein Verlauf von Talus.",
    kept_newer: "In {}, {}: von einem neueren Talus, das es zurückholt.",
    kept_left_out: "Diese Aufnahmen waren nicht lesbar und kamen nicht mit: {}. Was aus ihnen berechnet wurde, schon, und sie bleiben in {}.",
    kept_stays: "{} bleibt: Neben dem, was zurückkam, liegt etwas darin, das zu keiner Einheit gehört.",
};

impl OwnWords {
    pub(crate) fn of(words: &Words) -> &'static Self {
        if words.code == "de" { &DE } else { &EN }
    }
}

/// `{}` in a text, filled in order.
pub(crate) fn fill(text: &str, with: &[&str]) -> String {
    let mut parts = text.split("{}");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (part, value) in parts.zip(with) {
        out.push_str(value);
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_take_as_much_in_both_languages() {
        let gaps = |words: &OwnWords| {
            [
                words.exported,
                words.backed_up,
                words.left_out,
                words.reported,
                words.contents,
                words.contents_sealed,
                words.taken,
                words.renewed,
                words.kept,
                words.salvage_how,
                words.salvage_whole,
                words.salvage_partly,
                words.salvage_recorded,
                words.salvage_kept,
                words.aside_how,
                words.aside_kept,
                words.nothing_kept,
                words.kept_opens,
                words.kept_locked,
                words.kept_damaged,
                words.kept_foreign,
                words.kept_newer,
                words.kept_left_out,
                words.kept_stays,
            ]
            .map(|text| text.matches("{}").count())
        };
        assert_eq!(gaps(&EN), gaps(&DE));
        assert_eq!(fill("{} and {}", &["a", "b"]), "a and b");
    }
}
