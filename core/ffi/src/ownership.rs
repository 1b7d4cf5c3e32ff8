//! What is somebody's own: everything given out in one file and taken back, watched and stopped through a [`Work`].

use crate::error::{Failure, Refusal, TalusError};
use crate::household::Talus;
use crate::pump::{NO_STATE, lock};
use futures::channel::oneshot;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread::Builder;
use talus_app::{AppError, ExportWish as AppWish, Passphrase, store};

/// Something that takes its time. Made before the call that works on it, and asked from anywhere meanwhile.
#[derive(uniffi::Object)]
pub struct Work {
    job: talus_app::Job,
}

#[uniffi::export]
impl Work {
    /// Work that nobody has begun.
    #[allow(clippy::new_without_default)] // the other side of the bridge knows no Default
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { job: talus_app::Job::new() })
    }

    /// How much of it is done, 0 to 1; absent until that is known. It never runs back.
    pub fn progress(&self) -> Option<f32> {
        let (done, of) = self.job.progress();
        (of > 0).then(|| (done as f64 / of as f64).min(1.0) as f32)
    }

    /// Asks it to stop: the call that works on it throws [`TalusError::Cancelled`] and has changed nothing. What was done
    /// already stays done.
    pub fn cancel(&self) {
        self.job.cancel();
    }
}

/// What is given out.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct ExportWish {
    /// Everybody of the household instead of the chosen person; a backup always holds everybody.
    pub everyone: bool,
    /// Recordings too: everything else is small beside them; a backup always holds them.
    pub recordings: bool,
    /// With a passphrase of at least eight characters it is a backup that only opens with it; without, a bundle that
    /// anyone can read.
    pub passphrase: Option<String>,
}

/// Without the passphrase: what is written down anywhere must not hold it.
impl std::fmt::Debug for ExportWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExportWish")
            .field("everyone", &self.everyone)
            .field("recordings", &self.recordings)
            .field("sealed", &self.passphrase.is_some())
            .finish()
    }
}

/// What was given out.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Exported {
    /// Size of the file.
    pub bytes: u64,
    /// People in it.
    pub people: u32,
    /// Sessions in it.
    pub sessions: u64,
    /// Recordings in it.
    pub recordings: u64,
    /// Ids of sessions whose recording is here, was asked for, and is not in it: it cannot be read, or another key sealed
    /// it. To be told: the file has not everything.
    pub left_out: Vec<String>,
}

/// What is in a file, before anything of it is taken in.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Contents {
    /// Whether it is an encrypted backup.
    pub sealed: bool,
    /// When it was written, milliseconds since 1970, UTC.
    pub written_utc_ms: i64,
    /// Names of the people in it.
    pub people: Vec<String>,
    /// Sessions in it.
    pub sessions: u64,
    /// Recordings in it.
    pub recordings: u64,
    /// Its size unpacked, bytes.
    pub bytes: u64,
}

/// What was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Imported {
    /// People who were not here before.
    pub people: u32,
    /// Sessions that were not here before.
    pub sessions_new: u64,
    /// Sessions that were newer there.
    pub sessions_renewed: u64,
    /// Sessions that are the same or newer here, and stayed.
    pub sessions_kept: u64,
    /// Recordings that came with them.
    pub recordings: u64,
}

impl From<talus_app::Imported> for Imported {
    fn from(imported: talus_app::Imported) -> Self {
        Self {
            people: imported.people,
            sessions_new: imported.sessions_new,
            sessions_renewed: imported.sessions_renewed,
            sessions_kept: imported.sessions_kept,
            recordings: imported.recordings,
        }
    }
}

fn passphrase(text: Option<String>) -> Result<Option<Passphrase>, AppError> {
    text.map(Passphrase::new).transpose().map_err(|error| store::StoreError::from(error).into())
}

/// One after the other: work that was let go of is still on its way out of a file that the next may be about to write.
static TURN: Mutex<()> = Mutex::new(());

/// Stops a job when whoever waited for it is gone: a cancelled coroutine lets go of the call.
struct StopsWhenLeft(talus_app::Job);

impl Drop for StopsWhenLeft {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Runs what takes its time on a thread of its own.
pub(crate) async fn apart<T: Send + 'static>(
    work: &Work,
    what: impl FnOnce(&talus_app::Job) -> Result<T, AppError> + Send + 'static,
) -> Result<T, Failure> {
    let (told, answer) = oneshot::channel();
    let working = work.job.clone();
    // One that was done is not stopped by this any more.
    let _left = StopsWhenLeft(working.clone());
    Builder::new()
        .name("talus-job".to_owned())
        .spawn(move || {
            let turn = lock(&TURN);
            let done = what(&working);
            drop(turn);
            // Nobody may be waiting any more.
            let _ = told.send(done);
        })
        .map_err(|error| Refusal::Defect(error.to_string()))?;
    Ok(answer.await.map_err(|_| Refusal::Defect(NO_STATE.to_owned()))??)
}

#[uniffi::export]
impl Talus {
    /// Writes everything to a file: a bundle, or with a passphrase a backup. There is the whole of it or, after an error,
    /// what was there before. A call that is let go of stops.
    ///
    /// # Errors
    /// [`TalusError::Cancelled`], [`TalusError::Invalid`] for a passphrase that is too short, [`TalusError::StorageFull`],
    /// [`TalusError::Storage`].
    pub async fn export(&self, to: String, wish: ExportWish, work: Arc<Work>) -> Result<Exported, TalusError> {
        let ExportWish { everyone, recordings, passphrase: sealed } = wish;
        let sealed = self.told(passphrase(sealed))?;
        let (app, to) = (self.app.clone(), PathBuf::from(to));
        let done = apart(&work, move |job| {
            let done = match &sealed {
                Some(passphrase) => app.backup(&to, passphrase, job)?,
                None => app.export(AppWish { everyone, recordings }, &to, job)?,
            };
            Ok(Exported {
                bytes: done.bytes,
                people: done.people,
                sessions: done.sessions,
                recordings: done.recordings,
                left_out: done.left_out.iter().map(ToString::to_string).collect(),
            })
        })
        .await;
        self.told(done)
    }

    /// What is in a bundle or backup and how large it is; takes nothing in.
    ///
    /// # Errors
    /// [`TalusError::PassphraseNeeded`], [`TalusError::PassphraseWrong`], [`TalusError::NewerFile`],
    /// [`TalusError::UnreadableFile`].
    pub fn look_into(&self, from: String, passphrase: Option<String>) -> Result<Contents, TalusError> {
        let passphrase = self.told(self::passphrase(passphrase))?;
        let contents = self.told(talus_app::Talus::look_into(&PathBuf::from(from), passphrase.as_ref()))?;
        Ok(Contents {
            sealed: contents.sealed,
            written_utc_ms: contents.written_utc_ms,
            people: contents.people,
            sessions: contents.sessions,
            recordings: contents.recordings,
            bytes: contents.bytes,
        })
    }

    /// Takes in a bundle or backup: what is not here yet is added, of what is here the newer stays, nothing is doubled. A
    /// call that is let go of stops. Afterwards, ask who is there: the chosen person may be one of those who came.
    ///
    /// # Errors
    /// As [`Talus::look_into`], and [`TalusError::Cancelled`], [`TalusError::StorageFull`], [`TalusError::Storage`];
    /// nothing has changed then.
    pub async fn take_in(
        &self,
        from: String,
        passphrase: Option<String>,
        work: Arc<Work>,
    ) -> Result<Imported, TalusError> {
        let passphrase = self.told(self::passphrase(passphrase))?;
        let (app, from) = (self.app.clone(), PathBuf::from(from));
        self.told(apart(&work, move |job| Ok(app.import(&from, passphrase.as_ref(), job)?.into())).await)
    }
}
