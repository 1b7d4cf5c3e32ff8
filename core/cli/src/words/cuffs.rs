//! What is said about cuffs while they are paired and looked at, in both languages.

use super::Words;

/// Words about cuffs; `{}` stands for a name, a number or a command.
pub(crate) struct CuffWords {
    pub(crate) shake: &'static str,
    pub(crate) found_it: &'static str,
    pub(crate) which_leg: &'static str,
    pub(crate) paired: &'static str,
    pub(crate) how_to_pair: &'static str,
    pub(crate) connecting: &'static str,
    pub(crate) counting: &'static str,
    pub(crate) no_cuffs: &'static str,
    pub(crate) not_worn: &'static str,
    pub(crate) renamed: &'static str,
    pub(crate) forgotten: &'static str,
    pub(crate) per_second: &'static str,
    pub(crate) up: &'static str,
    pub(crate) still: &'static str,
    pub(crate) moving: &'static str,
}

const EN: CuffWords = CuffWords {
    shake: "Shake the cuff that you want to pair, for two seconds.",
    found_it: "It is {}.",
    which_leg: "Which leg is it for? Type left or right: ",
    paired: "Paired. It is in your list of cuffs: talus cuffs",
    how_to_pair: "Pair one by its name: talus pair --cuff {}. Or by shaking it: talus pair --shake",
    connecting: "Connecting to {}.",
    counting: "Counting for {} seconds.",
    no_cuffs: "No cuff is paired yet. Pair one: talus pair",
    not_worn: "not worn",
    renamed: "Its name is {} now.",
    forgotten: "{} is forgotten. Your sessions with it stay.",
    per_second: "{} samples/s",
    up: "tilt x {}, y {}, z {}",
    still: "still",
    moving: "moving",
};

const DE: CuffWords = CuffWords {
    shake: "Schüttle die Manschette, die du koppeln willst, zwei Sekunden lang.",
    found_it: "Es ist {}.",
    which_leg: "Für welches Bein ist sie? Tippe links oder rechts: ",
    paired: "Gekoppelt. Sie steht in der Liste deiner Manschetten: talus cuffs",
    how_to_pair: "Kopple eine mit ihrem Namen: talus pair --cuff {}. Oder schüttle sie: talus pair --shake",
    connecting: "Verbinde mit {}.",
    counting: "Zähle {} Sekunden lang.",
    no_cuffs: "Noch keine Manschette ist gekoppelt. Kopple eine: talus pair",
    not_worn: "nicht getragen",
    renamed: "Sie heißt jetzt {}.",
    forgotten: "{} ist vergessen. Deine Einheiten damit bleiben.",
    per_second: "{} Werte/s",
    up: "Neigung x {}, y {}, z {}",
    still: "ruhig",
    moving: "bewegt",
};

impl CuffWords {
    /// In the language of the other words.
    pub(crate) fn of(words: &Words) -> &'static Self {
        if words.code == "de" { &DE } else { &EN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_leave_the_same_places_to_fill() {
        let places = |words: &CuffWords| {
            [
                words.found_it,
                words.how_to_pair,
                words.connecting,
                words.renamed,
                words.forgotten,
                words.per_second,
                words.up,
            ]
            .map(|text| text.matches("{}").count())
        };
        assert_eq!(places(CuffWords::of(Words::of("en"))), places(CuffWords::of(Words::of("de"))));
        assert_ne!(CuffWords::of(Words::of("en")).shake, CuffWords::of(Words::of("de")).shake);
    }
}
