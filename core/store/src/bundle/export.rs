//! Writing a bundle, one file after the other: memory holds one session at a time, however many there are.

use super::shape::{Shape, named, shape};
use super::write::put_document;
use super::{BUNDLE_VERSION, BundleError, Exported, Job, Manifest, PersonLine, csv, fit};
use crate::backup::{Failed, Passphrase, SealedWriter};
use crate::db::open::{folder_of, sync_folder, version};
use crate::db::{glance, history};
use crate::files::{beside, if_there, read_file};
use crate::leftovers::Note;
use crate::recording::goes_out;
use crate::recording::transcode::transcode;
use crate::{ProfileId, SessionId, Store, StoreError};
use rusqlite::params;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// What goes into a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportWish {
    /// Whose; `None` for everybody of the household.
    pub profile: Option<ProfileId>,
    /// Whether recordings go with it: everything else is small beside them.
    pub recordings: bool,
    /// Now, milliseconds since 1970, UTC: the store has no clock.
    pub written_utc_ms: i64,
}

/// A file that is only there once it is whole.
struct Fresh {
    part: PathBuf,
    to: PathBuf,
    /// Goes last: until then somebody may have to be told what to clear.
    _note: Option<Note>,
}

impl Fresh {
    fn create(db: &Path, to: &Path) -> Result<(Self, File), StoreError> {
        let from_anywhere = std::path::absolute(to).map_err(|error| StoreError::io(to, error))?;
        if glance::is_open(to) || to == db {
            // Somebody mistook the history for an older export.
            return Err(StoreError::io(to, io::ErrorKind::AlreadyExists.into()));
        }
        let (note, part) = Note::part_of(db, &from_anywhere);
        let file = File::options().read(true).write(true).create_new(true).open(&part);
        let file = file.map_err(|error| StoreError::io(to, error))?;
        Ok((Self { part, to: to.to_owned(), _note: note }, file))
    }

    fn finish(self, file: &File) -> Result<u64, StoreError> {
        let io = |error| StoreError::io(&self.to, error);
        file.sync_all().map_err(io)?;
        let bytes = file.metadata().map_err(io)?.len();
        fs::rename(&self.part, &self.to).map_err(io)?;
        sync_folder(&folder_of(&self.to)).map_err(io)?;
        Ok(bytes)
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // Gone already where it became what it should.
        let _ = fs::remove_file(&self.part);
    }
}

pub(super) fn export(
    store: &Store,
    wish: &ExportWish,
    to: &Path,
    passphrase: Option<&Passphrase>,
    job: &Job,
) -> Result<Exported, StoreError> {
    let (fresh, file) = Fresh::create(store.path(), to)?;
    let picture = Picture::take(store)?;
    let written = match passphrase {
        None => {
            let zip = ZipWriter::new(BufWriter::new(&file));
            Writing { store, wish, zip, to, part: &fresh.part, job, buffer: Vec::new() }.all(true).and_then(
                |(exported, out)| {
                    out.into_inner().map_err(|error| StoreError::io(to, error.into_error()))?;
                    Ok(exported)
                },
            )
        }
        Some(passphrase) => {
            let sealed =
                SealedWriter::new(BufWriter::new(&file), passphrase).map_err(|failed| failed_on(to, failed))?;
            let zip = ZipWriter::new_stream(sealed);
            // Nothing but what comes back: tables for other programs would be there unread.
            Writing { store, wish, zip, to, part: &fresh.part, job, buffer: Vec::new() }.all(false).and_then(
                |(exported, out)| {
                    let out = out.into_inner().finish().map_err(|error| StoreError::io(to, error))?;
                    out.into_inner().map_err(|error| StoreError::io(to, error.into_error()))?;
                    Ok(exported)
                },
            )
        }
    };
    drop(picture);
    let exported = written?;
    job.on(0)?;
    let bytes = fresh.finish(&file)?;
    job.end();
    Ok(Exported { bytes, ..exported })
}

/// One picture of everything, whatever is written meanwhile. Whichever way it ends, the store is free again.
struct Picture<'a>(&'a Store);

impl<'a> Picture<'a> {
    fn take(store: &'a Store) -> Result<Self, StoreError> {
        store.ask(|db| db.execute_batch("BEGIN")).map(|()| Self(store))
    }
}

impl Drop for Picture<'_> {
    fn drop(&mut self) {
        // It only read.
        let _ = self.0.ask(|db| db.execute_batch("ROLLBACK"));
    }
}

struct Writing<'a, W: Write + Seek> {
    store: &'a Store,
    wish: &'a ExportWish,
    zip: ZipWriter<W>,
    to: &'a Path,
    part: &'a Path,
    job: &'a Job,
    buffer: Vec<u8>,
}

/// One session to be written.
struct Line {
    row: i64,
    id: SessionId,
    local_day: String,
}

impl<W: Write + Seek> Writing<'_, W> {
    fn all(mut self, for_others: bool) -> Result<(Exported, W), StoreError> {
        let store = self.store;
        let people = self.people()?;
        let lines = self.lines(&people)?;
        let there: Vec<SessionId> = if self.wish.recordings {
            lines.iter().map(|line| line.id).filter(|id| store.recording_path(*id).exists()).collect()
        } else {
            Vec::new()
        };
        // A recording is looked at, then written.
        self.job.begin(lines.len() as u64 * if for_others { 2 } else { 1 } + there.len() as u64 * 2);
        let (recorded, left_out) = self.sorted(&there)?;
        let manifest = Manifest {
            talus: format!("bundle/{BUNDLE_VERSION}"),
            schema: store.ask(version)?,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            written_utc_ms: self.wish.written_utc_ms,
            people: people.iter().map(|(_, line)| line.clone()).collect(),
            sessions: lines.len() as u64,
            recordings: recorded.len() as u64,
        };
        self.buffer = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
        self.put("manifest.json")?;
        if for_others {
            self.buffer.extend_from_slice(READ_ME.as_bytes());
            self.put("read-me.txt")?;
        }
        self.household(&people)?;
        let shape = self.shape("session")?;
        for line in &lines {
            let buffer = &mut self.buffer;
            store.ask(|db| put_document(db, &shape, line.row, buffer))?;
            self.put(&format!("sessions/{}.json", line.id))?;
            self.job.on(1)?;
        }
        for id in &recorded {
            self.recording(*id)?;
            self.job.on(1)?;
        }
        if for_others {
            self.for_others(&lines)?;
        }
        let exported = Exported {
            bytes: 0,
            people: people.len() as u32,
            sessions: lines.len() as u64,
            recordings: recorded.len() as u64,
            left_out,
        };
        let out = self.zip.finish().map_err(|error| zip_error(self.to, error))?;
        Ok((exported, out))
    }

    /// Which recordings can go out, and which cannot: one that is damaged at its beginning, or that another key sealed,
    /// would be refused wherever the bundle is taken in, and all the rest with it.
    fn sorted(&self, there: &[SessionId]) -> Result<(Vec<SessionId>, Vec<SessionId>), StoreError> {
        let (mut recorded, mut left_out) = (Vec::new(), Vec::new());
        for id in there {
            match if_there(read_file(&self.store.recording_path(*id))) {
                // Deleted since it was looked for.
                Ok(None) => {}
                Ok(Some(bytes)) if goes_out(&bytes, self.store.seal(*id)?.as_ref(), *id) => recorded.push(*id),
                Ok(_) | Err(_) => {
                    left_out.push(*id);
                    self.job.on(1)?;
                }
            }
            self.job.on(1)?;
        }
        Ok((recorded, left_out))
    }

    fn shape(&self, name: &str) -> Result<Shape, StoreError> {
        let missing =
            || StoreError::Refused { what: name.to_owned(), reason: "the database has no such table".to_owned() };
        let table = named(name).ok_or_else(missing)?;
        self.store.ask(|db| shape(db, table))?.ok_or_else(missing)
    }

    fn people(&self) -> Result<Vec<(i64, PersonLine)>, StoreError> {
        let wanted = self.wish.profile;
        let people: Vec<(i64, PersonLine)> = self.store.ask(|db| {
            db.prepare(
                "SELECT id, uid, name, (SELECT count(*) FROM session WHERE profile_id = profile.id) FROM profile
                 WHERE ?1 IS NULL OR uid = ?1 ORDER BY uid",
            )?
            .query_map([wanted.map(|id| id.0)], |row| {
                Ok((
                    row.get(0)?,
                    PersonLine {
                        uid: ProfileId(row.get(1)?),
                        name: row.get(2)?,
                        sessions: row.get::<_, i64>(3)?.unsigned_abs(),
                    },
                ))
            })?
            .collect()
        })?;
        match wanted {
            Some(id) if people.is_empty() => {
                let reason = format!("there is no profile {id}");
                Err(StoreError::Refused { what: "the bundle".to_owned(), reason })
            }
            _ => Ok(people),
        }
    }

    fn lines(&self, people: &[(i64, PersonLine)]) -> Result<Vec<Line>, StoreError> {
        let all = self.store.ask(|db| {
            db.prepare("SELECT id, uid, local_day, profile_id FROM session ORDER BY started_utc_ms, uid")?
                .query_map([], |row| {
                    let line = Line { row: row.get(0)?, id: SessionId(row.get(1)?), local_day: row.get(2)? };
                    Ok((line, row.get::<_, i64>(3)?))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        Ok(all
            .into_iter()
            .filter(|(_, whose)| people.iter().any(|(id, _)| id == whose))
            .map(|(line, _)| line)
            .collect())
    }

    /// Cuffs, and people with what is theirs beside sessions.
    fn household(&mut self, people: &[(i64, PersonLine)]) -> Result<(), StoreError> {
        let shape = self.shape("cuff")?;
        // One person takes only the cuffs they ever wore.
        let wanted = self.wish.profile.and(people.first()).map(|(id, _)| *id);
        let cuffs: Vec<i64> = self.store.ask(|db| {
            db.prepare(
                "SELECT id FROM cuff WHERE ?1 IS NULL
                 OR id IN (SELECT cuff_id FROM wear WHERE profile_id = ?1) ORDER BY uid",
            )?
            .query_map(params![wanted], |row| row.get(0))?
            .collect()
        })?;
        self.buffer.push(b'[');
        for (at, cuff) in cuffs.into_iter().enumerate() {
            self.buffer.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
            let buffer = &mut self.buffer;
            self.store.ask(|db| put_document(db, &shape, cuff, buffer))?;
        }
        self.buffer.extend_from_slice(b"\n]\n");
        self.put("household.json")?;
        let shape = self.shape("profile")?;
        for (id, line) in people {
            let buffer = &mut self.buffer;
            self.store.ask(|db| put_document(db, &shape, *id, buffer))?;
            self.put(&format!("people/{}.json", line.uid))?;
        }
        Ok(())
    }

    fn recording(&mut self, id: SessionId) -> Result<(), StoreError> {
        let path = self.store.recording_path(id);
        let found = if_there(File::open(&path)).map_err(|error| StoreError::io(&path, error))?;
        // Deleted since it was looked for.
        let Some(file) = found else { return Ok(()) };
        self.start(&format!("recordings/{id}.talus"), CompressionMethod::Stored)?;
        let seal = self.store.seal(id)?;
        transcode(file, &mut self.zip, seal.as_ref(), None).map(|_| ()).map_err(|error| StoreError::io(&path, error))
    }

    /// What other programs read: tables of sets, repetitions and strides, and a FIT file for each session.
    fn for_others(&mut self, lines: &[Line]) -> Result<(), StoreError> {
        let store = self.store;
        let to = self.to;
        let io = |error| StoreError::io(to, error);
        let mut tables = csv::Tables::create(|name| beside(self.part, &format!("-{name}"))).map_err(io)?;
        for line in lines {
            let recordings = store.recordings();
            if let Some(detail) = store.ask(|db| history::session(db, recordings, line.id, true))? {
                tables.add(&detail).map_err(io)?;
                self.buffer = fit::activity(&detail);
                self.put(&format!("fit/{}-{}.fit", line.local_day, line.id))?;
            }
            self.job.on(1)?;
        }
        for (name, mut table) in tables.finish().map_err(io)? {
            self.start(&format!("csv/{name}.csv"), CompressionMethod::Deflated)?;
            io::copy(&mut table, &mut self.zip).map_err(io)?;
        }
        Ok(())
    }

    fn start(&mut self, name: &str, method: CompressionMethod) -> Result<(), StoreError> {
        // Always the same time: equal contents are equal bytes.
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .compression_level((method == CompressionMethod::Deflated).then_some(LEVEL))
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o600);
        self.zip.start_file(name, options).map_err(|error| zip_error(self.to, error))
    }

    /// Writes the buffer as one file and empties it.
    fn put(&mut self, name: &str) -> Result<(), StoreError> {
        self.start(name, CompressionMethod::Deflated)?;
        self.zip.write_all(&self.buffer).map_err(|error| StoreError::io(self.to, error))?;
        self.buffer.clear();
        Ok(())
    }
}

/// What a backup's own writer or reader said of `path`.
pub(super) fn failed_on(path: &Path, failed: Failed) -> StoreError {
    match failed {
        Failed::Bundle(error) => error.into(),
        Failed::Io(error) => StoreError::io(path, error),
    }
}

/// Numbers shrink little more with a higher one, and take several times as long.
const LEVEL: i64 = 1;

fn zip_error(path: &Path, error: zip::result::ZipError) -> StoreError {
    match error {
        zip::result::ZipError::Io(error) => StoreError::io(path, error),
        other => BundleError::Unwritable(other.to_string()).into(),
    }
}

const READ_ME: &str = "This is what Talus knows about you. It is yours.

manifest.json      what is in here, and when it was written
household.json     the cuffs
people/            people, calibrations, who wore which cuff where
sessions/          one file a session: plan, sets, repetitions, strides, edits
recordings/        what the sensors measured (only if you asked for it)
csv/               the same sets, repetitions and strides for a spreadsheet
fit/               the same sessions for other training programs

`talus import` takes the file back in as it is. The form is described in docs/data-format.md.

Das ist, was Talus über dich weiß. Es gehört dir. `talus import` nimmt die Datei wieder auf, so wie sie ist.
csv/ ist für eine Tabelle, fit/ für andere Trainingsprogramme.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_that_ends_early_leaves_no_transaction_behind() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("talus.db")).unwrap();
        let free = || store.ask(|db| Ok(db.is_autocommit())).unwrap();
        let early = || -> Result<(), StoreError> {
            let _picture = Picture::take(&store)?;
            assert!(!free());
            Err(BundleError::Sealing("no random bytes".to_owned()).into())
        };
        assert!(early().is_err() && free());
    }

    #[test]
    fn what_a_zip_cannot_hold_is_not_called_encryption() {
        let error = zip_error(Path::new("a.zip"), zip::result::ZipError::InvalidArchive("too large".into()));
        assert!(matches!(&error, StoreError::Bundle(BundleError::Unwritable(_))), "{error}");
        assert!(error.to_string().starts_with("write the bundle: "), "{error}");
    }
}
