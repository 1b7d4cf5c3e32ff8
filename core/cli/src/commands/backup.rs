//! `talus backup`: everybody, with recordings, behind a passphrase.

use crate::app;
use crate::args::{BackupArgs, Common};
use crate::commands::owning::{self, fresh, left_out, new_passphrase, size, told, watched};
use crate::failure::Failure;
use crate::output::Output;
use crate::table::wrap;
use crate::words::{OwnWords, fill};

pub(crate) fn run(common: &Common, args: &BackupArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let Some(talus) = app::open_to_look(common, args.demo)? else {
        return app::nothing_yet(common, &owning::given_out("backup/1", None), out);
    };
    let own = OwnWords::of(words);
    fresh(&args.to, args.replace)?;
    let passphrase = new_passphrase(args.passphrase_file.as_deref(), own)?;
    let exported = watched(|job| talus.backup(&args.to, &passphrase, job))?;
    if common.json {
        out.json(&owning::given_out("backup/1", Some((&args.to, &exported))))?;
        return Ok(0);
    }
    let what = [
        told(u64::from(exported.people), own.people),
        told(exported.sessions, own.sessions),
        told(exported.recordings, own.recordings),
        size(exported.bytes, words),
    ];
    out.lines(wrap(&fill(own.backed_up, &[&args.to.display().to_string(), &what.join(", ")]), out.width()))?;
    if let Some(left_out) = left_out(&exported, own) {
        out.lines(wrap(&left_out, out.width()))?;
    }
    out.lines(wrap(own.nobody_can, out.width()))?;
    Ok(0)
}
