//! Taking a bundle in. Nothing of the household changes before all of it was read, checked and staged.

use super::desk::Desk;
use super::export::failed_on;
use super::merge::{MergeError, merge};
use super::parse::{Intake, Refused};
use super::shape::{Shape, TABLES, named, shape};
use super::{
    BUNDLE_VERSION, BundleError, Contents, DOCUMENT_MAX, DOCUMENTS_MAX, FILES_MAX, Imported, Job, Manifest, Part,
    RATIO_MAX,
};
use crate::backup::{Passphrase, SealedReader};
use crate::db::glance::Glance;
use crate::db::open::{migrate, migrations, newest_schema, workbench};
use crate::db::{course, history, household, person, programme, totals};
use crate::files::{if_there, read_file};
use crate::lock::WriterLock;
use crate::recording::transcode::transcode;
use crate::recording::{FILE_MAX, read_sealed};
use crate::seal::Seal;
use crate::{SessionId, Store, StoreError};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom};
use std::path::Path;
use zip::{CompressionMethod, ZipArchive};

/// Something a zip can be read from.
trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// A bundle that was opened and looked over.
struct Opened {
    zip: ZipArchive<Box<dyn Source>>,
    sealed: bool,
    manifest: Manifest,
    /// Where each part stands, in the order of the file.
    parts: Vec<(usize, Part, u64)>,
}

pub(super) fn is_bundle(file: &Path) -> bool {
    magic_of(file).is_ok_and(|magic| magic == crate::backup::MAGIC || magic.starts_with(ZIP))
}

/// The first bytes of a file. Somebody may have given the database itself.
fn magic_of(file: &Path) -> io::Result<Vec<u8>> {
    let mut magic = Vec::new();
    Glance::at(file)?.take(8).read_to_end(&mut magic)?;
    Ok(magic)
}

/// First bytes of a zip with something in it.
const ZIP: &[u8] = b"PK\x03\x04";

pub(super) fn look_into(from: &Path, passphrase: Option<&Passphrase>) -> Result<Contents, StoreError> {
    let opened = Opened::open(from, passphrase)?;
    Ok(Contents {
        sealed: opened.sealed,
        written_utc_ms: opened.manifest.written_utc_ms,
        sessions: opened.manifest.sessions,
        recordings: opened.manifest.recordings,
        bytes: opened.parts.iter().map(|(.., bytes)| bytes).sum(),
        people: opened.manifest.people.into_iter().map(|line| line.name).collect(),
    })
}

pub(super) fn import(
    store: &Store,
    from: &Path,
    passphrase: Option<&Passphrase>,
    job: &Job,
) -> Result<Imported, StoreError> {
    let lock = WriterLock::take(store.path())?;
    let mut opened = Opened::open(from, passphrase)?;
    let bytes: u64 = opened.parts.iter().map(|(.., bytes)| bytes).sum();
    // What merging takes is in proportion to sessions; how a byte compares to one is a guess that only the bar shows.
    job.begin(bytes + opened.manifest.sessions * 2);
    let desk = Desk::make(store)?;
    let staged = opened.stage(store, &desk, job)?;
    let wanted = opened.recordings(store, &desk, &staged, job)?;
    let mut imported = Imported::default();
    settle(store, &staged, &desk, &wanted, job, &mut imported)?;
    // Before anybody else may have one.
    drop(desk);
    drop(lock);
    job.end();
    Ok(imported)
}

impl Opened {
    fn open(from: &Path, passphrase: Option<&Passphrase>) -> Result<Self, StoreError> {
        let io = |error| StoreError::io(from, error);
        let magic = magic_of(from).map_err(io)?;
        let sealed = magic == crate::backup::MAGIC;
        let source: Box<dyn Source> = if sealed {
            let passphrase = passphrase.ok_or(BundleError::NeedsPassphrase)?;
            {
                let reader = SealedReader::open(BufReader::new(File::open(from).map_err(io)?), passphrase);
                Box::new(reader.map_err(|failed| failed_on(from, failed))?)
            }
        } else if magic.starts_with(ZIP) {
            Box::new(BufReader::new(File::open(from).map_err(io)?))
        } else {
            return Err(BundleError::Foreign.into());
        };
        Self::look_over(source, sealed)
    }

    /// Every limit that needs no unpacking.
    fn look_over(mut source: Box<dyn Source>, sealed: bool) -> Result<Self, StoreError> {
        let list = "its list of files";
        files_of(&mut source).and_then(|files| match files {
            Some(files) if files > FILES_MAX => Err(BundleError::too_large(list, &format!("{files} files"))),
            Some(_) => Ok(()),
            None => Err(BundleError::damaged(list, "it ends early")),
        })?;
        let mut zip = ZipArchive::new(source).map_err(|error| BundleError::damaged(list, &error))?;
        if zip.has_duplicate_names() {
            return Err(BundleError::damaged(list, "two files have one name").into());
        }
        let mut parts = Vec::new();
        let (mut documents, mut manifest) = (0u64, None);
        for at in 0..zip.len() {
            let entry = zip.by_index_data(at).map_err(|error| BundleError::damaged(list, &error))?;
            let name = entry.name().map_err(|error| BundleError::damaged(list, &error))?.into_owned();
            let Some(part) = Part::of(&name) else {
                return Err(BundleError::damaged(&name, "no bundle has a file of this name").into());
            };
            let packed = match entry.compression() {
                CompressionMethod::Stored => entry.size(),
                CompressionMethod::Deflated => entry.compressed_size(),
                _ => return Err(BundleError::damaged(&name, "it is packed in a way no bundle is").into()),
            };
            if entry.encrypted() || entry.is_symlink() {
                return Err(BundleError::damaged(&name, "it is no plain file").into());
            }
            let size = entry.size();
            match part {
                Part::Extra => continue,
                Part::Recording(_) if entry.compression() != CompressionMethod::Stored => {
                    return Err(BundleError::damaged(&name, "it is packed").into());
                }
                Part::Recording(_) if size > FILE_MAX => {
                    return Err(BundleError::too_large(&name, &format!("{size} bytes")).into());
                }
                Part::Recording(_) => {}
                _ => {
                    documents = documents.saturating_add(size);
                    // Small files may repeat themselves as they like.
                    if size > DOCUMENT_MAX || (size > 1 << 16 && size / RATIO_MAX > packed) {
                        return Err(BundleError::too_large(&name, &format!("{size} bytes from {packed}")).into());
                    }
                }
            }
            if part == Part::Manifest {
                manifest = Some(at);
            }
            parts.push((at, part, size));
        }
        if documents > DOCUMENTS_MAX {
            return Err(BundleError::too_large("all of it", &format!("{documents} bytes")).into());
        }
        let at = manifest.ok_or(BundleError::Foreign)?;
        let mut text = Vec::new();
        read_part(&mut zip, at, "manifest.json", 1 << 20, &mut text)?;
        let manifest = manifest_of(&text)?;
        let mut opened = Self { zip, sealed, manifest, parts };
        // Whoever is referred to comes first.
        opened.parts.sort_by_key(|(at, part, _)| (rank(*part), *at));
        let count = |wanted: fn(&Part) -> bool| opened.parts.iter().filter(|(_, part, _)| wanted(part)).count() as u64;
        if count(|part| matches!(part, Part::Session(_))) != opened.manifest.sessions
            || count(|part| matches!(part, Part::Person(_))) != opened.manifest.people.len() as u64
            || count(|part| matches!(part, Part::Recording(_))) > opened.manifest.recordings
            || count(|part| matches!(part, Part::Household)) != 1
        {
            return Err(BundleError::damaged(list, "it is not what the manifest says").into());
        }
        Ok(opened)
    }

    /// Reads every document into a database of the schema it was written with, and brings that to today's.
    fn stage(&mut self, store: &Store, desk: &Desk, job: &Job) -> Result<Connection, StoreError> {
        let path = desk.folder.join("staged.db");
        let database = |error| StoreError::database(&path, error);
        let mut staged = workbench(&path, store.key(), self.manifest.schema)?;
        let roots = roots(&staged).map_err(database)?;
        let of = |name: &str| {
            roots
                .iter()
                .find(|shape| shape.table.name == name)
                .ok_or_else(|| BundleError::damaged("manifest.json", "its schema has no people"))
        };
        let (cuffs, sessions, people) = (of("cuff")?, of("session")?, of("profile")?);
        staged.execute_batch("BEGIN").map_err(database)?;
        let mut intake = Intake::new(&staged);
        let refused = |refused| match refused {
            Refused::Bundle(error) => StoreError::from(error),
            Refused::Database(error) => StoreError::database(&path, error),
        };
        let mut text = Vec::new();
        for (at, part, size) in &self.parts {
            let (shape, name, id) = match part {
                Part::Household => (cuffs, "household.json".to_owned(), None),
                Part::Person(id) => (people, format!("people/{id}.json"), Some(id.0)),
                Part::Session(id) => (sessions, format!("sessions/{id}.json"), Some(id.0)),
                _ => continue,
            };
            read_part(&mut self.zip, *at, &name, DOCUMENT_MAX, &mut text)?;
            match id {
                None => intake.take_list(&name, shape, &text).map_err(refused)?,
                Some(id) => {
                    if intake.take(&name, shape, &text).map_err(refused)? != Some(id) {
                        return Err(BundleError::damaged(&name, "it is about another one than its name says").into());
                    }
                }
            }
            job.on(*size)?;
        }
        drop(intake);
        staged.execute_batch("COMMIT").map_err(database)?;
        self.check_people(&staged).map_err(database)??;
        migrate(&mut staged, &migrations()).map_err(database)?;
        totals::rebuild(&staged).map_err(|error| BundleError::damaged("sessions", &error))?;
        self.check_about(&staged)?;
        self.check_sessions(&staged, store, job)?;
        Ok(staged)
    }

    /// Whether people and their sessions are those the manifest names.
    fn check_people(&self, staged: &Connection) -> rusqlite::Result<Result<(), BundleError>> {
        let known: BTreeMap<_, _> = self.manifest.people.iter().map(|line| (line.uid.0, line.sessions)).collect();
        let mut statement =
            staged.prepare("SELECT uid, (SELECT count(*) FROM session WHERE profile_id = profile.id) FROM profile")?;
        let found: BTreeMap<[u8; 16], u64> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?
            .collect::<rusqlite::Result<_>>()?;
        let same = found == known && known.len() == self.manifest.people.len();
        Ok(if same { Ok(()) } else { Err(BundleError::damaged("people", "they are not who the manifest says")) })
    }

    /// Whether what is known of people reads as the app will read it.
    fn check_about(&self, staged: &Connection) -> Result<(), BundleError> {
        for line in &self.manifest.people {
            let read = household::worn(staged, line.uid)
                .and_then(|_| person::about(staged, line.uid))
                .and_then(|_| person::authors(staged, line.uid))
                .and_then(|_| person::plan(staged, line.uid))
                .and_then(|_| person::check_ins(staged, line.uid, i64::MIN))
                .and_then(|_| course::tests(staged, line.uid, None))
                .and_then(|_| programme::all(staged, Some(line.uid)));
            read.map_err(|error| BundleError::damaged(&format!("people/{}.json", line.uid), &error))?;
        }
        household::cuffs(staged).map(|_| ()).map_err(|error| BundleError::damaged("household.json", &error))
    }

    /// Whether every session reads as the app will read it.
    fn check_sessions(&self, staged: &Connection, store: &Store, job: &Job) -> Result<(), StoreError> {
        for (_, part, _) in &self.parts {
            let Part::Session(id) = part else { continue };
            let name = format!("sessions/{id}.json");
            let read = history::session(staged, store.recordings(), *id, true).and_then(|detail| {
                history::head(staged, *id)?;
                history::bookmark_of(staged, *id)?;
                Ok(detail)
            });
            match read {
                Ok(Some(_)) => job.on(1)?,
                Ok(None) => return Err(BundleError::damaged(&name, "it has no current results").into()),
                Err(error) => return Err(BundleError::damaged(&name, &error).into()),
            }
        }
        Ok(())
    }

    /// Brings the recordings that will be needed as far as the desk.
    fn recordings(
        &mut self,
        store: &Store,
        desk: &Desk,
        staged: &Connection,
        job: &Job,
    ) -> Result<BTreeMap<SessionId, Reach>, StoreError> {
        let mut wanted = BTreeMap::new();
        let parts = self.parts.clone();
        for (at, part, size) in parts {
            let Part::Recording(id) = part else { continue };
            let name = format!("recordings/{id}.talus");
            let entry = self.zip.by_index(at).map_err(|error| BundleError::damaged(&name, &error))?;
            let mut entry = entry.take(size + 1);
            let reach = is_wanted(staged, store, id)?;
            let further = reach.is_some() && lay(store, desk, id, &mut entry, None, &name)?;
            // Its checksum is looked at where it ends, also of one that is not needed: a bundle is whole or it is not.
            io::copy(&mut entry, &mut io::sink()).map_err(|error| damaged_or_io(&name, error))?;
            wanted.extend(reach.filter(|_| further).map(|reach| (id, reach)));
            job.on(size)?;
        }
        Ok(wanted)
    }
}

/// Brings a recording as far as the desk, from one seal to the household's; whether it reads further than the one that is
/// here. Rows can be gone, or behind: of two recordings that one stays.
pub(super) fn lay(
    store: &Store,
    desk: &Desk,
    id: SessionId,
    mut from: impl Read,
    open: Option<&Seal>,
    name: &str,
) -> Result<bool, StoreError> {
    let path = desk.ready(id);
    let io = |error| StoreError::io(&path, error);
    let mut out = BufWriter::new(File::create(&path).map_err(io)?);
    let mut seal = store.seal(id)?;
    transcode(&mut from, &mut out, open, seal.as_mut()).map_err(|error| damaged_or_io(name, error))?;
    let file = out.into_inner().map_err(|error| io(error.into_error()))?;
    file.sync_all().map_err(io)?;
    check_recording(&path, store, id, name)?;
    let here = store.recording_path(id);
    Ok(!here.exists() || reads(store, id, &path)? > reads(store, id, &here)?)
}

/// How far a session goes: finished, then how many inputs it has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(super) struct Reach {
    pub(super) finished: bool,
    pub(super) next: i64,
}

impl Reach {
    /// That of a session in `db`; `None` where it is not there.
    pub(super) fn of(db: &Connection, id: SessionId) -> rusqlite::Result<Option<Self>> {
        db.prepare_cached("SELECT state = 'finished', raw_next FROM session WHERE uid = ?1")?
            .query_row([id.0], |row| Ok(Self { finished: row.get(0)?, next: row.get(1)? }))
            .optional()
    }
}

/// What the rows say of a recording of the bundle: how far its session goes there, where the session here goes less far,
/// is not there, or has no recording any more.
pub(super) fn is_wanted(staged: &Connection, store: &Store, id: SessionId) -> Result<Option<Reach>, StoreError> {
    let damaged = |reason: &dyn std::fmt::Display| BundleError::damaged(&id.to_string(), &reason.to_string());
    let in_bundle = Reach::of(staged, id).map_err(|error| damaged(&error))?;
    let in_bundle = in_bundle.ok_or_else(|| damaged(&"a recording without its session"))?;
    let wanted = match store.ask(|db| Reach::of(db, id))? {
        None => true,
        Some(here) => in_bundle > here || (in_bundle == here && !store.recording_path(id).exists()),
    };
    Ok(wanted.then_some(in_bundle))
}

/// How far a recording reads: its inputs, then whether it was finished. `None` where there is none or it does not read.
fn reads(store: &Store, id: SessionId, path: &Path) -> Result<Option<(usize, bool)>, StoreError> {
    let found = if_there(read_file(path)).map_err(|error| StoreError::io(path, error))?;
    let Some(bytes) = found else { return Ok(None) };
    let reading = read_sealed(&bytes, store.seal(id)?.as_ref());
    Ok(reading.ok().map(|reading| (reading.inputs.len(), reading.ended.is_some())))
}

/// Whether the first chunk tells of the session it should be: the rest is read with the care every recording is.
fn check_recording(path: &Path, store: &Store, id: SessionId, name: &str) -> Result<(), StoreError> {
    let mut first = Vec::new();
    // No head is longer than a chunk.
    File::open(path)
        .and_then(|file| file.take((1 << 20) + 64).read_to_end(&mut first))
        .map_err(|error| StoreError::io(path, error))?;
    let reading = read_sealed(&first, store.seal(id)?.as_ref()).map_err(|error| BundleError::damaged(name, &error))?;
    match reading.head {
        Some(head) if head.id == id => Ok(()),
        Some(_) => Err(BundleError::damaged(name, "it is of another session").into()),
        None => Err(BundleError::damaged(name, "it does not say of which session it is").into()),
    }
}

/// The step that changes something: recordings in their place, then one transaction.
pub(super) fn settle(
    store: &Store,
    staged: &Connection,
    desk: &Desk,
    wanted: &BTreeMap<SessionId, Reach>,
    job: &Job,
    imported: &mut Imported,
) -> Result<(), StoreError> {
    store.ask(|db| db.execute_batch("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = 1"))?;
    let merged = store
        .ask(roots)
        .and_then(|roots| {
            merge(staged, store.connection(), &roots, job, imported).map_err(|error| match error {
                MergeError::Store(error) => error,
                MergeError::Database(error) => store.refused("the bundle", error),
            })
        })
        .and_then(|_| desk.place(store, wanted));
    // From here on it is the household's: a recording that is there without its rows would come back by itself.
    match merged.and_then(|()| store.ask(|db| db.execute_batch("COMMIT"))) {
        Ok(()) => {
            desk.keep();
            imported.recordings = wanted.len() as u64;
            Ok(())
        }
        Err(error) => {
            let _ = store.ask(|db| db.execute_batch("ROLLBACK"));
            desk.give_back(store);
            Err(error)
        }
    }
}

/// Shapes of the tables whose rows belong to nobody, in the schema of `db`.
fn roots(db: &Connection) -> rusqlite::Result<Vec<Shape>> {
    let mut all = Vec::new();
    for table in TABLES.iter().filter(|table| table.owner.is_none()) {
        all.extend(named(table.name).map(|table| shape(db, table)).transpose()?.flatten());
    }
    Ok(all)
}

/// In which order parts are taken.
fn rank(part: Part) -> u8 {
    match part {
        Part::Manifest => 0,
        Part::Household => 1,
        Part::Session(_) => 2,
        Part::Person(_) => 3,
        Part::Recording(_) => 4,
        Part::Extra => 5,
    }
}

fn manifest_of(text: &[u8]) -> Result<Manifest, BundleError> {
    /// What a manifest of any version has.
    #[derive(serde::Deserialize)]
    struct Any {
        talus: String,
        schema: Option<i64>,
    }
    let name = "manifest.json";
    let any: Any = serde_json::from_slice(text).map_err(|error| BundleError::damaged(name, &error))?;
    let ours = any.talus.strip_prefix("bundle/").and_then(|version| version.parse::<u32>().ok());
    let newest = newest_schema();
    match ours {
        None | Some(0) => return Err(BundleError::Foreign),
        Some(BUNDLE_VERSION) => {}
        Some(found) => {
            let (found, known) = (format!("bundle {found}"), format!("bundle {BUNDLE_VERSION}"));
            return Err(BundleError::Newer { found, known });
        }
    }
    if let Some(found) = any.schema.filter(|schema| *schema > newest) {
        return Err(BundleError::Newer { found: format!("schema {found}"), known: format!("schema {newest}") });
    }
    let manifest: Manifest = serde_json::from_slice(text).map_err(|error| BundleError::damaged(name, &error))?;
    if manifest.schema < 1 {
        return Err(BundleError::damaged(name, "there is no such schema"));
    }
    Ok(manifest)
}

/// Reads one file whole, never more than it said and never more than `most`; a changed byte is found by its checksum.
fn read_part(
    zip: &mut ZipArchive<Box<dyn Source>>,
    at: usize,
    name: &str,
    most: u64,
    text: &mut Vec<u8>,
) -> Result<(), StoreError> {
    text.clear();
    let entry = zip.by_index(at).map_err(|error| BundleError::damaged(name, &error))?;
    let said = entry.size();
    if said > most {
        return Err(BundleError::too_large(name, &format!("{said} bytes")).into());
    }
    entry.take(said + 1).read_to_end(text).map_err(|error| damaged_or_io(name, error))?;
    if text.len() as u64 == said {
        Ok(())
    } else {
        Err(BundleError::damaged(name, "it has another length than it says").into())
    }
}

/// What reading a part said: about its bytes, or about the disk.
fn damaged_or_io(name: &str, error: io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::PermissionDenied => {
            StoreError::io(Path::new(name), error)
        }
        _ => BundleError::damaged(name, &error).into(),
    }
}

/// How many files a zip says it has, from its last bytes, which in a bundle stand at the very end and directly behind
/// the list they tell of. Looked at before anything is made of the list. `None` where it is not so.
fn files_of(source: &mut dyn Source) -> Result<Option<u64>, BundleError> {
    let damaged = |error: io::Error| BundleError::damaged("its list of files", &error);
    let length = source.seek(SeekFrom::End(0)).map_err(damaged)?;
    // End of central directory: 22 bytes without a comment; before it, where needed, the locator of the larger record
    // (20 bytes) and that record (56), as APPNOTE.TXT 6.3.10 says in 4.3.14 to 4.3.16.
    let mut end = [0; 98];
    let Some(begin) = length.checked_sub(end.len() as u64) else { return Ok(None) };
    source.seek(SeekFrom::Start(begin)).and_then(|_| source.read_exact(&mut end)).map_err(damaged)?;
    source.seek(SeekFrom::Start(0)).map_err(damaged)?;
    let number = |at: usize, bytes: usize| {
        end.get(at..at + bytes).unwrap_or_default().iter().rev().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte))
    };
    if number(76, 4) != 0x0605_4b50 || number(96, 2) != 0 {
        return Ok(None);
    }
    let large = number(56, 4) == 0x0706_4b50 && number(0, 4) == 0x0606_4b50;
    let (files, size, offset, after) = if large {
        (number(32, 8), number(40, 8), number(48, 8), begin)
    } else {
        (number(86, 2), number(88, 4), number(92, 4), length.saturating_sub(22))
    };
    Ok((offset.checked_add(size) == Some(after)).then_some(files))
}
