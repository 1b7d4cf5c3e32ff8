//! The programmes there are, of ours and shared ones, and tests, walks and stages beside them: what each needs, and why one is
//! closed.

use crate::book::Grade;
use crate::error::TalusError;
use crate::household::Talus;
use crate::words::word;
use talus_app::coach::catalogue::{self, Legs};

/// A programme to choose.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Programme {
    /// Its id.
    pub id: String,
    /// Its name, rendered.
    pub name: String,
    /// Sessions in seven days.
    pub per_week: u32,
    /// Whether it is the one that is followed.
    pub followed: bool,
    /// What it needs first and this person does not have, a sentence each; empty where it may begin.
    pub needs: Vec<String>,
    /// Whom it is for, rendered; empty for a shared one.
    pub whom: String,
    /// Weeks, or stages where it waits for a plan.
    pub weeks: u32,
    /// Whether it is single sets spread over the day instead of sessions.
    pub snacks: bool,
    /// Whether only a plan from someone the person trusts opens it.
    pub needs_plan: bool,
    /// Whether somebody shared it: Talus has not checked it.
    pub shared: bool,
    /// Whether it is shared and this person has it: such a one can be put away. One that only others of the household have
    /// cannot.
    #[uniffi(default = false)]
    pub own: bool,
    /// How good the evidence for its structure is.
    pub grade: Grade,
    /// Ids of its exercises, each once, in the order in which its parts name them.
    pub exercises: Vec<String>,
}

word! {
    /// What kind of protocol it is.
    ProtocolKind from catalogue::ProtocolKind {
        /// Finds a load.
        Load,
        /// Walking.
        Walk,
        /// Standing steadily.
        Balance,
        /// A test of function.
        Function,
        /// How far a joint goes.
        Range,
        /// Stages of a plan from someone the person trusts.
        Stages,
    }
}

/// A test, a walk, a drill or the stages of a plan.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ProtocolLine {
    /// Its id.
    pub id: String,
    /// Its name, rendered.
    pub name: String,
    /// What comes out of it, rendered.
    pub what: String,
    /// What kind it is.
    pub kind: ProtocolKind,
    /// Whether a cuff measures it: then it can be begun as a test.
    pub measured: bool,
    /// Whether it is the balance ladder, whose rung the core chooses.
    pub ladder: bool,
    /// Whether this week of the programme asks for it.
    pub due: bool,
    /// Why it is not open to this person now, a sentence each, rendered; empty where it is.
    pub whys: Vec<String>,
    /// What keeps it safe, then how it is done, a sentence each, rendered.
    pub steps: Vec<String>,
    /// How often it is tried.
    pub tries: u8,
    /// Whether each leg has a result of its own.
    pub each_leg: bool,
    /// Whether a weight is worn in a part of it.
    pub weight: bool,
    /// Whether only a plan from someone the person trusts opens it.
    pub needs_plan: bool,
    /// Whether somebody qualified must be there.
    pub supervised: bool,
    /// How good the evidence for it is.
    pub grade: Grade,
}

/// What is done about a programme that people share.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum SharedProgramme {
    /// It is kept from its file, and can be followed.
    TakeIn {
        /// The file's text.
        text: String,
    },
    /// It is kept no longer; who followed it follows none.
    PutAway {
        /// Its id.
        id: String,
    },
    /// It becomes a file to share; one of ours too.
    Share {
        /// Its id.
        id: String,
    },
}

#[uniffi::export]
impl Talus {
    /// The programmes there are, and what each still needs.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] before the person is described and has answered; [`TalusError::Storage`].
    pub fn programmes(&self) -> Result<Vec<Programme>, TalusError> {
        let (book, texts) = (self.app.catalogue(), self.app.texts());
        let own = self.told(self.app.own_programmes())?;
        let line = |line: talus_app::ProgrammeLine| {
            let talus_app::ProgrammeLine { id, name, per_week, followed, needs } = line;
            // Whatever has a line is there.
            let of = book.programme(&id)?;
            let shared = self.app.is_shared_programme(&id);
            let mut exercises: Vec<String> = Vec::new();
            for work in of.parts.iter().flat_map(|part| &part.work) {
                if !exercises.contains(&work.exercise) {
                    exercises.push(work.exercise.clone());
                }
            }
            let whom = if shared { String::new() } else { texts.say(&format!("programme.{id}.whom"), &[]) };
            Some(Programme {
                name,
                per_week,
                followed,
                needs,
                whom,
                weeks: of.weeks.len() as u32,
                snacks: of.snacks,
                needs_plan: of.needs.plan,
                shared,
                own: own.contains(&id),
                grade: of.grade.into(),
                exercises,
                id,
            })
        };
        Ok(self.told(self.app.programmes())?.into_iter().filter_map(line).collect())
    }

    /// Tests, walks, drills and stages of a plan, those first that are due; and why one is closed.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] before the person is described and has answered; [`TalusError::Storage`].
    pub fn protocols(&self) -> Result<Vec<ProtocolLine>, TalusError> {
        let (book, texts) = (self.app.catalogue(), self.app.texts());
        let line = |line: talus_app::ProtocolLine| {
            let talus_app::ProtocolLine { id, measured, due, whys } = line;
            let of = book.protocol(&id)?;
            Some(ProtocolLine {
                name: texts.say(&format!("protocol.{id}.name"), &[]),
                what: texts.say(&format!("protocol.{id}.what"), &[]),
                kind: of.kind.into(),
                measured,
                ladder: of.is_ladder(),
                due,
                whys,
                steps: of.lines(texts),
                tries: of.trials,
                each_leg: of.legs == Legs::Each,
                weight: of.weight,
                needs_plan: of.needs_plan,
                supervised: of.supervised,
                grade: of.grade.into(),
                id,
            })
        };
        Ok(self.told(self.app.protocol_lines())?.into_iter().filter_map(line).collect())
    }

    /// Takes in, puts away or gives out a programme that people share. Gives its id, or the text of its file.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] where it is no programme, asks for more than one may, goes by the id of one of ours, or is not
    /// there; [`TalusError::Storage`].
    // The bridge hands over what it made.
    #[allow(clippy::needless_pass_by_value)]
    pub fn shared_programme(&self, what: SharedProgramme) -> Result<String, TalusError> {
        match what {
            SharedProgramme::TakeIn { text } => self.told(self.app.take_programme(&text)),
            SharedProgramme::PutAway { id } => self.told(self.app.put_away_programme(&id)).map(|()| id),
            SharedProgramme::Share { id } => self.told(self.app.programme_to_share(&id)),
        }
    }
}
