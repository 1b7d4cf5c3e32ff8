//! `talus restore`: everybody back from a backup.

use crate::app;
use crate::args::{Common, RestoreArgs};
use crate::commands::import::take;
use crate::commands::owning::passphrase;
use crate::failure::Failure;
use crate::output::Output;
use crate::words::OwnWords;

pub(crate) fn run(common: &Common, args: &RestoreArgs, out: &mut Output<'_>) -> Result<u8, Failure> {
    let own = OwnWords::of(app::words(common));
    let passphrase = passphrase(args.passphrase_file.as_deref(), own)?;
    take(common, &args.from, Some(&passphrase), args.demo, out)
}
