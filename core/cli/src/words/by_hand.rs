//! What is said about changes by hand, in both languages.

use super::{Words, badge, fill};
use talus_app::store::{Edit, SetEdit};

/// Words about changes; `{}` stands for a name, a number or a text.
pub(crate) struct ByHandWords {
    pub(crate) exercise: &'static str,
    pub(crate) count: &'static str,
    pub(crate) weight: &'static str,
    pub(crate) leg: &'static str,
    pub(crate) no_reserve: &'static str,
    pub(crate) no_pain: &'static str,
    pub(crate) removed: [&'static str; 2],
    pub(crate) starred: [&'static str; 2],
    pub(crate) note: &'static str,
    pub(crate) no_note: &'static str,
    pub(crate) no_tags: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) undo_with: &'static str,
    pub(crate) takes_back: &'static str,
    pub(crate) taken_back: &'static str,
    pub(crate) lies_on_none: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) undo: &'static str,
    pub(crate) undone: &'static str,
    // with the results of another engine
    pub(crate) goes_with: &'static str,
    pub(crate) fits_none: &'static str,
    pub(crate) fits_again: &'static str,
}

const EN: ByHandWords = ByHandWords {
    exercise: "exercise {}",
    count: "count {}",
    weight: "weight {}",
    leg: "it was leg {}",
    no_reserve: "effort not answered",
    no_pain: "pain not answered",
    removed: ["a set again", "not a set"],
    starred: ["recording kept as long as others", "recording kept for good"],
    note: "note “{}”",
    no_note: "no note",
    no_tags: "no tags",
    nothing: "Nothing was changed by hand.",
    undo_with: "To take it back: {}",
    takes_back: "takes change {} back",
    taken_back: "taken back",
    lies_on_none: "fits no set, changes nothing",
    unknown: "something this Talus does not know",
    undo: "an undo",
    undone: "Taken back: change {}, {}.",
    goes_with: "Your change of set {} · {} ({}) goes with it: there it is set {}.",
    fits_none: "Your change of set {} · {} ({}) fits no set there. It is kept and changes nothing.",
    fits_again: "Your change of set {} · {} ({}) fits a set again: set {}.",
};

const DE: ByHandWords = ByHandWords {
    exercise: "Übung {}",
    count: "Anzahl {}",
    weight: "Gewicht {}",
    leg: "es war Bein {}",
    no_reserve: "Anstrengung ohne Antwort",
    no_pain: "Schmerz ohne Antwort",
    removed: ["wieder ein Satz", "kein Satz"],
    starred: ["Aufnahme bleibt so lange wie andere", "Aufnahme bleibt für immer"],
    note: "Notiz „{}“",
    no_note: "keine Notiz",
    no_tags: "keine Schlagwörter",
    nothing: "Nichts wurde von Hand geändert.",
    undo_with: "So nimmst du es zurück: {}",
    takes_back: "nimmt Änderung {} zurück",
    taken_back: "zurückgenommen",
    lies_on_none: "passt zu keinem Satz, ändert nichts",
    unknown: "etwas, das dieses Talus nicht kennt",
    undo: "ein Zurücknehmen",
    undone: "Zurückgenommen: Änderung {}, {}.",
    goes_with: "Deine Änderung an Satz {} · {} ({}) geht mit: Dort ist es Satz {}.",
    fits_none: "Deine Änderung an Satz {} · {} ({}) passt dort zu keinem Satz. Sie bleibt und ändert nichts.",
    fits_again: "Deine Änderung an Satz {} · {} ({}) passt wieder zu einem Satz: Satz {}.",
};

impl ByHandWords {
    pub(crate) fn of(words: &Words) -> &'static Self {
        if words.code == "de" { &DE } else { &EN }
    }

    /// What was changed, without where. `name` gives an exercise its name.
    pub(crate) fn what(&self, edit: &Edit, name: &dyn Fn(&str) -> String, words: &Words) -> String {
        match edit {
            Edit::Starred(on) => self.starred[usize::from(*on)].to_owned(),
            Edit::Note(text) if text.is_empty() => self.no_note.to_owned(),
            Edit::Note(text) => fill(self.note, &[&text.replace(['\n', '\t'], " ")]),
            Edit::Tags(tags) if tags.is_empty() => self.no_tags.to_owned(),
            Edit::Tags(tags) => tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" "),
            Edit::Set { change, .. } => match change {
                SetEdit::Exercise(id) => fill(self.exercise, &[&name(id)]),
                SetEdit::Count(count) => fill(self.count, &[&count.to_string()]),
                SetEdit::Mass(grams) => fill(self.weight, &[&words.mass(*grams)]),
                SetEdit::Side(side) => fill(self.leg, &[badge(*side)]),
                SetEdit::Reserve(None) => self.no_reserve.to_owned(),
                SetEdit::Reserve(Some(given)) => words.in_reserve.replacen("{}", &given.to_string(), 1),
                SetEdit::Pain(None) => self.no_pain.to_owned(),
                SetEdit::Pain(Some(given)) => words.pain_was.replacen("{}", &given.to_string(), 1),
                SetEdit::Removed(gone) => self.removed[usize::from(*gone)].to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_take_as_much_in_both_languages() {
        let gaps = |words: &ByHandWords| {
            [
                words.exercise,
                words.count,
                words.weight,
                words.leg,
                words.note,
                words.undo_with,
                words.takes_back,
                words.undone,
                words.goes_with,
                words.fits_none,
                words.fits_again,
            ]
            .map(|text| text.matches("{}").count())
        };
        assert_eq!(gaps(&EN), gaps(&DE));
    }

    #[test]
    fn a_change_is_told_in_both_languages() {
        let set = |change| Edit::Set { set_index: 0, side: talus_app::motion::Side::Left, change };
        for (edit, en, de) in [
            (set(SetEdit::Mass(1500)), "weight 1.5 kg", "Gewicht 1,5 kg"),
            (set(SetEdit::Removed(true)), "not a set", "kein Satz"),
            (set(SetEdit::Side(talus_app::motion::Side::Right)), "it was leg ◆ R", "es war Bein ◆ R"),
            (set(SetEdit::Exercise("x".to_owned())), "exercise X", "Übung X"),
            (Edit::Tags(vec!["a".to_owned(), "b".to_owned()]), "#a #b", "#a #b"),
            (Edit::Note("one\ntwo".to_owned()), "note “one two”", "Notiz „one two“"),
            (Edit::Starred(false), "recording kept as long as others", "Aufnahme bleibt so lange wie andere"),
        ] {
            for (language, expected) in [("en", en), ("de", de)] {
                let words = Words::of(language);
                let told = ByHandWords::of(words).what(&edit, &|id| id.to_uppercase(), words);
                assert_eq!(told.replace(['\u{a0}', '\u{202f}'], " "), expected);
            }
        }
    }
}
