//! The words of the page, in both languages.

use talus_motion::Side;

pub(super) struct ReportWords {
    pub(super) title: &'static str,
    pub(super) until: &'static str,
    pub(super) unnamed: &'static str,
    pub(super) not_reviewed: &'static str,
    pub(super) measured: &'static str,
    pub(super) sessions: &'static str,
    pub(super) days: &'static str,
    pub(super) sets: &'static str,
    pub(super) reps: &'static str,
    pub(super) strides: &'static str,
    pub(super) strongest_pain: &'static str,
    pub(super) nothing: &'static str,
    pub(super) range: &'static str,
    pub(super) load: &'static str,
    pub(super) tempo: &'static str,
    pub(super) leg: &'static str,
    sides: [&'static str; 2],
    pub(super) cadence: &'static str,
    pub(super) stride_s: &'static str,
    pub(super) stride_m: &'static str,
    pub(super) swing: &'static str,
    pub(super) pain_answers: &'static str,
    pub(super) tests: &'static str,
    pub(super) more: &'static str,
    pub(super) marks: &'static str,
    pub(super) written: &'static str,
}

impl ReportWords {
    pub(super) fn of(language: &str) -> &'static Self {
        if language == "de" { &DE } else { &EN }
    }

    pub(super) fn side(&self, side: Side) -> &'static str {
        let [left, right] = self.sides;
        if side == Side::Left { left } else { right }
    }
}

const EN: ReportWords = ReportWords {
    title: "Training report",
    until: "to",
    unnamed: "Name not given",
    not_reviewed: "Not reviewed by a clinician.",
    measured: "Measured at home by a motion sensor at the ankle. It is no diagnosis.",
    sessions: "sessions",
    days: "days with training",
    sets: "sets done / planned",
    reps: "repetitions",
    strides: "strides",
    strongest_pain: "strongest pain",
    nothing: "No session between these days.",
    range: "Range",
    load: "Load",
    tempo: "One repetition",
    leg: "Leg",
    sides: ["left", "right"],
    cadence: "Steps",
    stride_s: "Stride time",
    stride_m: "Stride length",
    swing: "Swing",
    pain_answers: "Pain as answered after a set",
    tests: "Tests",
    more: "Exercises without room here: {}. All of them are in the export.",
    marks: "● left, ■ right; hollow: some of the session was not measured well or was corrected by hand. Values are medians of a session; a → b are the first and the last session in this time. Load is the weight on one leg.",
    written: "Written",
};

const DE: ReportWords = ReportWords {
    title: "Trainingsbericht",
    until: "bis",
    unnamed: "Name nicht angegeben",
    not_reviewed: "Von niemandem aus Medizin oder Therapie geprüft.",
    measured: "Zu Hause gemessen, mit einem Bewegungssensor am Knöchel. Das ist keine Diagnose.",
    sessions: "Einheiten",
    days: "Tage mit Training",
    sets: "Sätze gemacht / geplant",
    reps: "Wiederholungen",
    strides: "Doppelschritte",
    strongest_pain: "stärkster Schmerz",
    nothing: "Zwischen diesen Tagen gibt es keine Einheit.",
    range: "Bewegungsumfang",
    load: "Gewicht",
    tempo: "Eine Wiederholung",
    leg: "Bein",
    sides: ["links", "rechts"],
    cadence: "Schritte",
    stride_s: "Dauer eines Doppelschritts",
    stride_m: "Länge eines Doppelschritts",
    swing: "Schwungphase",
    pain_answers: "Schmerz, wie nach einem Satz angegeben",
    tests: "Tests",
    more: "Übungen, die hier keinen Platz haben: {}. Alle stehen im Export.",
    marks: "● links, ■ rechts; hohl: Ein Teil der Einheit wurde nicht gut gemessen oder von Hand berichtigt. Werte sind Mediane einer Einheit; a → b sind die erste und die letzte Einheit in dieser Zeit. Gewicht ist das an einem Bein.",
    written: "Geschrieben am",
};
