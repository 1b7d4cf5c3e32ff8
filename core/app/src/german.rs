//! Errors in German, keyed by variant: a whole clause that says what is wrong, and one or two sentences of what to do.
//!
//! In English the errors say both themselves. What a parser or the database reports in its own words stays as it is.
//! Every shell tells them through [`AppError::told`]: a terminal, and a phone through the bridge.

use crate::error::{AppError, choice};
use crate::files::{FileError, FileNote, Quantity};
use crate::profile::PersonRefusal;
use std::io;
use std::path::Path;
use talus_coach::trusted::TrustError;
use talus_coach::{PersonError, PlanError, ScreeningError, Texts, UnknownExercise};
use talus_motion::Side;
use talus_store::{AsideState, BundleError, RecordingError, StoreError};

/// What is wrong, and what to do.
pub(crate) fn error(error: &AppError) -> [String; 2] {
    let (what, advice) = match error {
        AppError::Store(error) => return store(error),
        AppError::File(error) => return file(error),
        AppError::Exercise(unknown) | AppError::Plan(PlanError::UnknownExercise(unknown)) => {
            (exercise(unknown), "Nimm eine von diesen, oder lass die Übung weg.")
        }
        AppError::Plan(PlanError::TooHeavy { .. }) => {
            ("der Plan verlangt mehr Gewicht, als Talus zulässt".to_owned(), "Nimm Gewicht vom Knöchel.")
        }
        AppError::Plan(PlanError::AboveCeiling { exercise, side, mass_g, ceiling }) => {
            let texts = Texts::of("de");
            let leg = if *side == Side::Left { "linke" } else { "rechte" };
            let (name, mass) = (texts.exercise(exercise), texts.mass(*mass_g));
            return [
                format!("{mass} sind bei {name} für das {leg} Bein zu viel"),
                format!("{} Beginne eine neue Einheit: sie wird neu festgelegt.", ceiling.reason().say(&texts)),
            ];
        }
        AppError::Plan(_) => ("dem Plan lässt sich nicht folgen".to_owned(), "Ändere den Plan."),
        AppError::Catalogue(_) => {
            ("die mitgelieferten Übungen lassen sich nicht lesen".to_owned(), "Bitte melde das: sie gehören zu Talus.")
        }
        AppError::Unmatched { files, exercises } => (
            format!(
                "{files} {} und {exercises} {} passen nicht zusammen",
                one(*files, "Datei", "Dateien"),
                one(*exercises, "Übung", "Übungen")
            ),
            "Nenn eine Übung für alle Dateien, oder so viele wie Dateien, mit Kommas getrennt.",
        ),
        AppError::Unnamed { file, known } => (
            format!("der Name von {} sagt nicht, welche Übung darin ist. Es gibt {}", file.display(), known.join(", ")),
            "Sag es mit --exercise ID.",
        ),
        AppError::Zone(name) => (
            format!("die Zeitzone {name:?} ist nicht bekannt"),
            "Nimm einen Namen wie Europe/Berlin, oder keinen für die des Systems.",
        ),
        AppError::NothingToResume => (
            "es gibt nichts fortzusetzen: jede Einheit ist beendet".to_owned(),
            "Beginne eine neue, oder sieh in die Liste der Einheiten.",
        ),
        AppError::Source { id, .. } => (
            format!(
                "Einheit {id} lässt sich hier nicht fortsetzen: ihre Messwerte kann dieses Programm nicht noch einmal holen"
            ),
            "Ihre Ergebnisse bleiben, wie sie sind. Beginne eine neue Einheit.",
        ),
        AppError::Pairing { name, .. } => (format!("{name} lässt sich nicht verbinden"), "Versuch es noch einmal."),
        AppError::Person(refusal) => return person(refusal),
        AppError::NoPerson(id) => {
            (format!("im Haushalt gibt es niemanden mit der Kennung {id}"), "Sieh in die Liste der Personen.")
        }
        AppError::NoCuff(name) => {
            (format!("eine Manschette namens {name:?} ist nicht bekannt"), "Sieh in die Liste der Manschetten.")
        }
        AppError::NothingWorn => (
            "es ist keine Manschette an einem Bein, die sich tauschen lässt".to_owned(),
            "Sag zuerst, welche Manschette an welchem Bein ist.",
        ),
        AppError::CuffName(name) => (
            format!("eine Manschette kann nicht {name:?} heißen"),
            "Nimm einen Namen, den keine andere hat, mit mindestens einem Buchstaben.",
        ),
        #[cfg(feature = "radio")]
        AppError::Radio(_) => (
            "Bluetooth ist nicht zu erreichen".to_owned(),
            "Schalte Bluetooth ein und versuch es noch einmal. Demo und Aufnahmen gehen ohne.",
        ),
        AppError::Recording { path, source } => (
            format!("{} lässt sich nicht lesen: {}", path.display(), recording(source)),
            match source {
                RecordingError::Newer { .. } => "Nimm das neuere Talus.",
                RecordingError::Sealed | RecordingError::WrongKey => {
                    "Spiel sie in dem Talus ab, das sie aufgenommen hat. Ihr Name muss der von dort sein."
                }
                _ => "Nenn eine .talus-Aufnahme oder eine Messdatei.",
            },
        ),
        AppError::Io { path, source } => {
            (unreadable(path, source), "Prüf, ob die Datei da ist und ob du sie lesen darfst.")
        }
    };
    [what, advice.to_owned()]
}

fn person(refusal: &PersonRefusal) -> [String; 2] {
    let (what, advice) = match refusal {
        PersonRefusal::Nobody => (
            "es ist noch nicht bekannt, für wen die Last ist".to_owned(),
            "Nenn zuerst Geburtsjahr, Größe und Körpergewicht.",
        ),
        PersonRefusal::Unscreened => (
            "die zwölf Fragen sind noch nicht beantwortet".to_owned(),
            "Beantworte sie zuerst. „Nicht sicher“ ist eine Antwort.",
        ),
        PersonRefusal::Impossible(error) => (
            match error {
                PersonError::Age { years } => format!("ein Alter von {years} Jahren ist nicht 5 bis 110"),
                PersonError::Height { cm } => format!("eine Größe von {cm} cm ist nicht 90 bis 230"),
                PersonError::Mass { kg } => format!("ein Körpergewicht von {kg} kg ist nicht 20 bis 300"),
            },
            "Prüf Zahl und Einheit: Jahre, Zentimeter, Kilogramm.",
        ),
        PersonRefusal::Kit(_) => (
            "die Gewichte passen nicht zueinander".to_owned(),
            "Nenn das leichteste, den Schritt und das schwerste in Gramm.",
        ),
        PersonRefusal::Answers(ScreeningError::Missing { missing }) => (
            format!("{} von 12 Fragen sind nicht beantwortet", missing.len()),
            "Beantworte jede. „Nicht sicher“ ist eine Antwort.",
        ),
        PersonRefusal::Answers(ScreeningError::Pain { pain }) => {
            (format!("ein Schmerz von {pain} ist nicht 0 bis 10"), "Nenn eine Zahl von 0 bis 10.")
        }
        PersonRefusal::Plan(error) => return plan(error),
        PersonRefusal::NotOpen { name, whys } => {
            (format!("{name} geht jetzt nicht: {}", whys.join(" ")), "Nimm eine andere Übung.")
        }
        PersonRefusal::NoProgramme { asked, known } => {
            (format!("es gibt kein Programm {asked:?}, aber {}", known.join(", ")), "Nimm eines von diesen.")
        }
        PersonRefusal::Programme(error) => {
            (format!("das Programm lässt sich nicht aufnehmen: {error}"), "Bitte, wer es gemacht hat, das zu ändern.")
        }
        PersonRefusal::NothingToday => {
            ("heute steht keine Einheit an".to_owned(), "Ruhe zählt auch. Oder wähle selbst Übungen.")
        }
        PersonRefusal::Lift { sets, reps, bar_g } => (
            format!("{sets} Sätze zu {reps} mit {bar_g} g gibt es nicht"),
            "Nenn 1 bis 50 Sätze zu 1 bis 200 Wiederholungen und höchstens 1000 kg.",
        ),
        PersonRefusal::Locked => (
            "heute wurde ein Warnzeichen genannt".to_owned(),
            "Ruf Hilfe, wenn es noch da ist. Morgen ist das Training wieder offen.",
        ),
        PersonRefusal::NothingWorn => (
            "an keinem der genannten Beine sitzt eine Manschette".to_owned(),
            "Verbinde eine und sag, an welchem Bein sie ist, oder nimm das andere Bein.",
        ),
    };
    [what, advice.to_owned()]
}

fn plan(error: &TrustError) -> [String; 2] {
    let (what, advice) = match error {
        TrustError::NotAPlan => ("das ist kein Plan".to_owned(), "Lass ihn dir noch einmal geben."),
        TrustError::Large => ("das ist zu groß für einen Plan".to_owned(), "Lass ihn dir noch einmal geben."),
        TrustError::Text { reason } => {
            (format!("der Plan lässt sich nicht lesen: {reason}"), "Lass ihn dir noch einmal geben.")
        }
        TrustError::Unsigned => {
            ("niemand hat den Plan unterschrieben".to_owned(), "Bitte darum, ihn zu unterschreiben.")
        }
        TrustError::Forged => (
            "die Unterschrift passt nicht zum Plan".to_owned(),
            "Er wurde unterwegs verändert oder beschädigt. Lass ihn dir noch einmal geben.",
        ),
        TrustError::Stranger { words } => (
            format!("von wem der Plan ist, ist hier noch nicht bekannt ({words})"),
            "Lest euch zuerst die sechs Wörter vor.",
        ),
        TrustError::NotYet { from } => (format!("der Plan beginnt am {from}"), "Bitte um einen neuen."),
        TrustError::Over { until } => (format!("der Plan endete am {until}"), "Bitte um einen neuen."),
    };
    [what, advice.to_owned()]
}

fn exercise(unknown: &UnknownExercise) -> String {
    format!("es gibt keine Übung {:?}, aber {}", unknown.asked, choice(unknown).join(", "))
}

/// A number that is not negative, with the decimal comma.
fn number(value: f64, places: usize) -> String {
    format!("{value:.places$}").replace('.', ",")
}

fn one(count: usize, single: &'static str, many: &'static str) -> &'static str {
    if count == 1 { single } else { many }
}

fn system(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "so eine Datei oder so einen Ordner gibt es nicht".to_owned(),
        io::ErrorKind::PermissionDenied => "du darfst das nicht".to_owned(),
        io::ErrorKind::IsADirectory => "das ist ein Ordner".to_owned(),
        io::ErrorKind::NotADirectory => "ein Teil des Pfads ist eine Datei, kein Ordner".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "dort lässt sich nichts schreiben".to_owned(),
        io::ErrorKind::AlreadyExists => "dort gibt es schon etwas mit diesem Namen".to_owned(),
        io::ErrorKind::InvalidData => "das ist kein Text".to_owned(),
        _ => talus_store::system_words(error),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    format!("{} lässt sich nicht lesen: {}", path.display(), system(error))
}

fn recording(error: &RecordingError) -> String {
    match error {
        RecordingError::NotARecording => "sie beginnt nicht mit dem Zeichen einer Talus-Aufnahme".to_owned(),
        RecordingError::Newer { found } => format!("ihr Format ist Version {found}, neuer als dieses Talus"),
        RecordingError::TooLarge { bytes, .. } => format!("sie hat {bytes} Bytes, mehr als eine Aufnahme haben darf"),
        RecordingError::Sealed => "sie ist verschlüsselt, und hier gibt es keinen Schlüssel".to_owned(),
        RecordingError::WrongKey => "sie ist mit einem anderen Schlüssel verschlüsselt".to_owned(),
        RecordingError::Sealing(_) => "sie lässt sich nicht verschlüsseln".to_owned(),
        RecordingError::Plan(_) => "der Plan der Einheit lässt sich nicht schreiben".to_owned(),
    }
}

/// Why what was set aside does not come back, and what to do.
fn not_back(state: AsideState) -> (&'static str, &'static str) {
    const BACKUP: &str = "Eine Sicherung bringt zurück, was darin war. Es bleibt, wo es ist.";
    match state {
        AsideState::Opens => ("es ist in Gebrauch", BACKUP),
        AsideState::Locked => (
            "der Schlüssel öffnet es nicht",
            "Es kommt mit dem Schlüssel zurück, mit dem es verschlüsselt ist. Ohne ihn bringt eine Sicherung zurück, was darin ist. Es bleibt, wo es ist.",
        ),
        AsideState::Damaged => ("es ist beschädigt", BACKUP),
        AsideState::Foreign => ("das ist kein Verlauf, der hier beiseitegelegt wurde", BACKUP),
        AsideState::Newer => ("es ist von einem neueren Talus", "Nimm das neuere Talus. Es bleibt, wo es ist."),
    }
}

fn store(error: &StoreError) -> [String; 2] {
    let (what, advice) = match error {
        StoreError::Foreign { path } => (
            format!("{} ist keine Datenbank von Talus", path.display()),
            "Nimm eine andere Datei für die Datenbank. Diese wurde nicht verändert.",
        ),
        StoreError::Newer { path, .. } => (
            format!("{} ist von einem neueren Talus", path.display()),
            "Nimm das neuere Talus. Die Datei wurde nicht verändert.",
        ),
        StoreError::Damaged { path, reason } => (
            format!("die Datenbank {} ist beschädigt ({reason})", path.display()),
            "Repariere sie: Was noch lesbar ist, kommt in eine neue, und diese wird aufgehoben. Oder spiel eine Sicherung zurück.",
        ),
        StoreError::Sound { path } => {
            (format!("in {} ist nichts beschädigt", path.display()), "Öffne sie wie immer. Sie wurde nicht verändert.")
        }
        StoreError::Opens { path } => (
            format!("{} lässt sich öffnen und bleibt, wo sie ist", path.display()),
            "Öffne sie wie immer. Sie wurde nicht verändert.",
        ),
        StoreError::NotBack { path, state } => {
            let (why, advice) = not_back(*state);
            (format!("was in {} liegt, kommt nicht zurück: {why}", path.display()), advice)
        }
        StoreError::Locked { path } => (
            format!("{} ist verschlüsselt, und es wurde kein Schlüssel genannt", path.display()),
            "Öffne sie in dem Talus, das sie angelegt hat und den Schlüssel hat. Die Datei wurde nicht verändert.",
        ),
        StoreError::WrongKey { path } => (
            format!("der Schlüssel öffnet {} nicht", path.display()),
            "Ist der Schlüssel verloren, leg diesen Verlauf beiseite und fang neu an; eine Sicherung bringt zurück, was in ihr ist. Die Datei wurde nicht verändert.",
        ),
        StoreError::NotEncrypted { path } => (
            format!("{} ist nicht verschlüsselt", path.display()),
            "Nimm eine andere Datei für die Datenbank. Diese wurde nicht verändert.",
        ),
        StoreError::EncryptionUnavailable { path } => (
            format!("dieses Talus kann {} nicht verschlüsseln", path.display()),
            "Nimm ein Talus, das verschlüsseln kann. Nichts wurde geschrieben.",
        ),
        StoreError::NoAccess { path, source } => (
            format!("{} lässt sich nicht benutzen: {}", path.display(), system(source)),
            "Prüf, ob es den Ordner gibt und ob du dort schreiben darfst.",
        ),
        StoreError::Full { path } => (
            format!("{} lässt sich nicht schreiben: der Speicher ist voll", path.display()),
            "Schaff Platz. Was als gesichert angezeigt wurde, ist sicher.",
        ),
        StoreError::WithoutRaw { path, .. } => (
            format!("nicht alle Signale passten in {}; die Ergebnisse sind gespeichert", path.display()),
            "Schaff Platz vor der nächsten Einheit.",
        ),
        StoreError::Vanished { path } => (
            format!("{} wurde verschoben oder gelöscht", path.display()),
            "Leg die Datei zurück, wo sie war. Was als gesichert angezeigt wurde, ist darin.",
        ),
        StoreError::InUse { path } => (
            format!("in {} nimmt gerade ein anderes Talus auf", path.display()),
            "Beende erst die andere Einheit, oder nimm eine andere Datenbank. Zurückblicken geht solange.",
        ),
        StoreError::Busy { path } => (
            format!("in {} wird gerade von anderer Seite geschrieben", path.display()),
            "Versuch es gleich noch einmal. Nichts wurde verändert.",
        ),
        StoreError::StillInLog { path } => (
            format!(
                "in {} liest gerade ein anderes Talus: die letzten Reste des Gelöschten stehen noch da",
                path.display()
            ),
            "Es ist gelöscht, und niemand sieht es mehr. Beende das andere Talus und öffne dieses neu, dann gehen auch die Reste.",
        ),
        StoreError::NoSession { asked } => {
            (format!("es gibt keine Einheit namens {asked:?}"), "Sieh in die Liste der Einheiten.")
        }
        StoreError::Ambiguous { asked, count } => {
            (format!("{count} Einheiten beginnen mit {asked:?}"), "Nenn mehr vom Namen der Einheit.")
        }
        StoreError::Finished { id } => (format!("Einheit {id} ist schon beendet"), "Beginne eine neue Einheit."),
        StoreError::NoRecording { id, path } => (
            format!("die Aufnahme der Einheit {id} ist nicht da: {}", path.display()),
            "Die Ergebnisse der Einheit sind noch da; abspielen lässt sie sich nicht.",
        ),
        StoreError::Recording(source @ RecordingError::Newer { .. }) => {
            (format!("die Aufnahme lässt sich nicht lesen: {}", recording(source)), "Nimm das neuere Talus.")
        }
        StoreError::Recording(source) => (
            format!("die Aufnahme macht Schwierigkeiten: {}", recording(source)),
            "Heb die Datei auf. Die Ergebnisse der Einheit sind noch da.",
        ),
        StoreError::Refused { what, reason } => (
            format!("{what} lässt sich nicht aufheben: {reason}"),
            "Sonst ging nichts verloren. Bitte melde es zusammen mit der Aufnahme.",
        ),
        StoreError::Bundle(error) => return bundle(error),
        StoreError::Stopped => ("das Aufnehmen hat aufgehört".to_owned(), "Setz die Einheit fort."),
        StoreError::Database { path, source } => (
            format!("die Datenbank {} macht Schwierigkeiten: {source}", path.display()),
            "Versuch es noch einmal. Bleibt es so, heb eine Kopie der Datei auf und melde es.",
        ),
    };
    [what, advice.to_owned()]
}

fn bundle(error: &BundleError) -> [String; 2] {
    let (what, advice) = match error {
        BundleError::Foreign => (
            "das ist weder ein Bündel noch eine Sicherung von Talus".to_owned(),
            "Nimm eine Datei, die Talus ausgegeben oder gesichert hat.",
        ),
        BundleError::Newer { found, known } => (
            format!("das Bündel ist von einem neueren Talus ({found}, dieses kennt {known})"),
            "Nimm das neuere Talus. Hier wurde nichts verändert.",
        ),
        BundleError::Damaged { part, reason } => (
            format!("{part} im Bündel lässt sich nicht lesen: {reason}"),
            "Nimm eine andere Kopie der Datei. Hier wurde nichts verändert.",
        ),
        BundleError::TooLarge { part, reason } => (
            format!("{part} im Bündel lässt sich nicht auspacken: {reason}"),
            "Nimm eine Datei, die Talus geschrieben hat. Hier wurde nichts verändert.",
        ),
        BundleError::NeedsPassphrase => (
            "die Sicherung ist verschlüsselt, und es wurde kein Passwort genannt".to_owned(),
            "Nenn das Passwort, mit dem sie gemacht wurde.",
        ),
        BundleError::WrongPassphrase => (
            "das Passwort öffnet die Sicherung nicht".to_owned(),
            "Versuch es noch einmal. Ohne das richtige kann sie niemand lesen, und hier wurde nichts verändert.",
        ),
        BundleError::ShortPassphrase { least } => (
            format!("das Passwort hat weniger als {least} Zeichen"),
            "Nimm mehrere Wörter, die nur du so zusammenstellst.",
        ),
        BundleError::Sealing(reason) => {
            (format!("die Sicherung lässt sich nicht verschlüsseln: {reason}"), "Versuch es noch einmal.")
        }
        BundleError::Unwritable(reason) => (
            format!("das Bündel lässt sich nicht schreiben: {reason}"),
            "Lass die Aufnahmen weg, oder nimm eine Person nach der anderen.",
        ),
        BundleError::Cancelled => {
            ("es wurde angehalten".to_owned(), "Nichts wurde verändert. Fang wieder an, wann du willst.")
        }
    };
    [what, advice.to_owned()]
}

fn file(error: &FileError) -> [String; 2] {
    let bad = |file: &Path, what: String| format!("{} lässt sich nicht lesen: {what}", file.display());
    let (what, advice) = match error {
        FileError::Missing { file } => (bad(file, "es gibt sie nicht".into()), "Prüf Namen und Ordner."),
        FileError::Folder { file } => (bad(file, "das ist ein Ordner".into()), "Nenn die Dateien darin."),
        FileError::NoAccess { file, source } => (unreadable(file, source), "Prüf, ob du die Datei lesen darfst."),
        FileError::TooLarge { file, .. } => {
            (bad(file, "sie ist zu lang".into()), "Teil die Aufnahme in kürzere Dateien.")
        }
        FileError::Empty { file, .. } => {
            (bad(file, "es stehen keine Messwerte darin".into()), "Prüf, ob die Aufnahme ganz gesichert wurde.")
        }
        FileError::NotText { file, line, .. } => (
            bad(file, format!("Zeile {line} ist kein lesbarer Text")),
            "Sichere sie als CSV in UTF-8, eine Zeile je Messung.",
        ),
        FileError::NoHeader { file, line, found } => (
            bad(file, format!("in Zeile {line} fehlen die Namen der Spalten, dort steht {found:?}")),
            "Setz eine Zeile mit Namen vor die Zahlen: t_s,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z.",
        ),
        FileError::Columns { file, found, .. } => (
            bad(file, format!("eine nötige Spalte fehlt oder ist nicht eindeutig unter {}", found.join(", "))),
            "Sag mit --input-map DATEI, welche Spalte was ist.",
        ),
        FileError::RowLength { file, line, expected, found } => (
            bad(file, format!("Zeile {line} hat {found} Werte statt {expected}")),
            "Prüf diese Zeile. Jede braucht einen Wert für jeden Namen der ersten Zeile.",
        ),
        FileError::Number { file, line, column, found, .. } => (
            bad(file, format!("Zeile {line}, Spalte {column}: {found:?} passt dort nicht")),
            "Prüf diesen Wert. Ein fehlender Messwert darf leer oder nan sein, eine fehlende Zeit nicht.",
        ),
        FileError::NotMeasured { file, rows } => (
            bad(file, format!("keine ihrer {rows} Zeilen hat sechs brauchbare Zahlen")),
            "Prüf, ob der Sensor an war, oder wähl andere Spalten mit --input-map DATEI.",
        ),
        FileError::TooShort { file, rows, least } => {
            (bad(file, format!("sie hat {rows} von mindestens {least} Zeilen")), "Nimm mindestens eine Sekunde auf.")
        }
        FileError::TimeOrder { file, line, rows, of } => (
            bad(file, format!("in {rows} von {of} Zeilen läuft die Zeit nicht vorwärts, zuerst in Zeile {line}")),
            "Ordne die Zeilen nach der Zeit. Sind die Zeiten zu grob, gib rate_hz mit --input-map DATEI an.",
        ),
        FileError::NoTime { file, found } => (
            bad(file, format!("unter {} ist keine Zeit, und die Messrate ist nicht bekannt", found.join(", "))),
            "Gib die Spalte der Zeit oder rate_hz mit --input-map DATEI an.",
        ),
        FileError::Rate { file, rate_hz } => (
            bad(file, format!("{} Messungen je Sekunde statt 12,5 bis 1000", number(*rate_hz, 3))),
            "Prüf die Einheit der Zeit, und gib sie mit --input-map DATEI an.",
        ),
        FileError::Units { file, quantity, .. } => (
            bad(file, format!("die Einheit {} ist nicht sicher", of(*quantity))),
            "Gib die Einheiten mit --input-map DATEI an.",
        ),
        FileError::Half { file, quantity, .. } => (
            {
                let only = if *quantity == Quantity::Acceleration { "die Beschleunigung" } else { "die Drehrate" };
                bad(file, format!("darin ist nur {only}, und die andere Datei der Aufnahme ist nicht zu finden"))
            },
            "Leg beide Dateien in einen Ordner, mit den Namen aus der App: …_Accelerometer_….csv, …_Gyroscope_….csv.",
        ),
        FileError::Apart { file, other, shared_s, longest_s } => (
            format!(
                "{} und {} haben nur {} von {} s gemeinsam",
                file.display(),
                other.display(),
                number(*shared_s, 1),
                number(*longest_s, 1)
            ),
            "Prüf, ob beide Dateien von derselben Aufnahme sind.",
        ),
        FileError::Map { file, line, reason } => {
            let line = line.map(|line| format!("Zeile {line}: ")).unwrap_or_default();
            (
                bad(file, format!("{line}{reason}")),
                "Berichtige die Angaben. Es gibt rate_hz, [columns] t, acc, gyr und [units] t, acc, gyr.",
            )
        }
    };
    [what, advice.to_owned()]
}

fn of(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Time => "der Zeit",
        Quantity::Acceleration => "der Beschleunigung",
        Quantity::Turning => "der Drehrate",
    }
}

/// What was found in a file and did not keep it from being read.
pub(crate) fn note(note: &FileNote) -> String {
    let rows = |count: usize| format!("{count} {}", one(count, "Zeile", "Zeilen"));
    match note {
        FileNote::TimesRepeated { rows: count, line } => {
            format!("{} mit der Zeit der Zeile davor ausgelassen, zuerst Zeile {line}", rows(*count))
        }
        FileNote::TimeRanBack { rows: count, line } => {
            format!("{} mit einer früheren Zeit ausgelassen, zuerst Zeile {line}", rows(*count))
        }
        FileNote::Gaps { gaps, missing, longest_s, line } => format!(
            "{gaps} {}, zusammen {missing} {}, die längste {} s, zuerst vor Zeile {line}",
            one(*gaps, "Lücke", "Lücken"),
            if *missing == 1 { "Messung" } else { "Messungen" },
            number(*longest_s, 3)
        ),
        FileNote::ValuesMissing { rows: count, line } => {
            format!("{} ohne sechs Zahlen, zuerst Zeile {line}", rows(*count))
        }
        FileNote::CutShort { line } => format!("Zeile {line} ausgelassen: sie endet in der Mitte"),
        FileNote::UnitGuessed { quantity, unit } => format!("Einheit {} nach den Zahlen: {unit}", of(*quantity)),
        FileNote::UnitContradicted { quantity, usual, unit } => {
            format!("Einheit {} nach den Zahlen: {unit}; üblich ist in solchen Dateien {usual}", of(*quantity))
        }
        FileNote::RateKnown { rate_hz } => {
            format!("keine Spalte für die Zeit, {} Messungen je Sekunde angenommen", number(*rate_hz, 1))
        }
        FileNote::BeyondSensors { rows: count, line } => {
            format!("{} mit mehr, als ein Sensor misst, ausgelassen, zuerst Zeile {line}", rows(*count))
        }
        FileNote::Joined { file, rate_hz } => {
            format!("zusammengefügt mit {file}, mit {} Messungen je Sekunde", number(*rate_hz, 1))
        }
        FileNote::OfOther { file, note } => format!("{file}: {}", self::note(note)),
        FileNote::Outside { rows: count } => {
            format!("{} an den Enden ausgelassen, die nur eine der zwei Dateien hat", rows(*count))
        }
        FileNote::NotInBoth { rows: count } => {
            format!("{} ohne sechs Zahlen: dort hat eine der zwei Dateien eine Lücke", rows(*count))
        }
        FileNote::GravityOdd { mps2 } => {
            format!("die Schwerkraft liest sich in Ruhe als {} m/s2: die Einheit kann falsch sein", number(*mps2, 2))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_wrong_is_said_in_german_with_what_to_do() {
        let path = || "messung.csv".into();
        let denied = || io::Error::from(io::ErrorKind::PermissionDenied);
        for (error, expected) in [
            (
                AppError::from(FileError::Missing { file: path() }),
                "messung.csv lässt sich nicht lesen: es gibt sie nicht",
            ),
            (AppError::Unmatched { files: 1, exercises: 2 }, "1 Datei und 2 Übungen passen nicht zusammen"),
            (
                AppError::Io { path: path(), source: denied() },
                "messung.csv lässt sich nicht lesen: du darfst das nicht",
            ),
            (StoreError::NoSession { asked: "x".into() }.into(), "es gibt keine Einheit namens \"x\""),
            (
                StoreError::Busy { path: "talus.db".into() }.into(),
                "in talus.db wird gerade von anderer Seite geschrieben",
            ),
            (StoreError::WrongKey { path: "talus.db".into() }.into(), "der Schlüssel öffnet talus.db nicht"),
            (
                StoreError::Locked { path: "talus.db".into() }.into(),
                "talus.db ist verschlüsselt, und es wurde kein Schlüssel genannt",
            ),
            (
                FileError::Rate { file: path(), rate_hz: 2000.5 }.into(),
                "messung.csv lässt sich nicht lesen: 2000,500 Messungen je Sekunde statt 12,5 bis 1000",
            ),
        ] {
            let [what, advice] = error.told("de");
            assert_eq!(what, expected);
            assert!(advice.ends_with('.') && advice != error.advice(), "{advice}");
            assert_eq!(error.told("en"), [error.to_string(), error.advice()]);
            assert_eq!(error.told("de-AT"), error.told("de"));
        }
    }

    #[test]
    fn notes_of_a_file_are_said_in_both_languages() {
        let note = FileNote::Gaps { gaps: 1, missing: 1, longest_s: 0.25, line: 7 };
        assert_eq!(note.told("de"), "1 Lücke, zusammen 1 Messung, die längste 0,250 s, zuerst vor Zeile 7");
        assert_eq!(note.told("en"), "1 gap of 1 sample in all, the longest 0.250 s, first before line 7");
    }
}
