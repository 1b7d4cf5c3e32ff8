//! Where the shared recordings are: `../shared/data` beside the checkout, never in it.
//!
//! Included by path (`#[path = "…/tests/shared_data.rs"] mod shared_data;`) from the tests of every crate, so that all
//! of them skip in the same visible way: one line on the real standard error, which the test harness does not
//! capture and `./test` counts.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder `name` of the shared recordings; `None`, said aloud for `test`, where it is absent.
pub fn shared_data(test: &str, name: &str) -> Option<PathBuf> {
    // The manifest of any member lies below the checkout: the first ancestor with a sibling `shared/data` has it.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = here.ancestors().skip(1).map(|up| up.join("shared/data").join(name)).find(|folder| folder.is_dir());
    if found.is_none() {
        let line =
            format!("SKIPPED {test}: ../shared/data/{name} is absent; put the shared folder beside the checkout\n");
        // Not being able to say so must not fail the test.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
    found
}
