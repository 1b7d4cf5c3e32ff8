//! Talus at a desk: the same use cases in a terminal.
//!
//! Exit codes: 0 done, 1 failed, 2 what was typed makes no sense, 130 after Ctrl-C.
#![forbid(unsafe_code)]

mod app;
mod args;
mod commands;
mod domain;
mod drive;
#[cfg(test)]
mod examples;
mod failure;
mod json;
mod keys;
mod output;
mod place;
mod plain;
mod play;
mod plot;
mod screen;
mod sets;
mod stop;
mod table;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args = args::Args::typed(words::Words::of(&place::language(&place::env)).not_reviewed);
    let language = app::language(&args.common);
    match commands::run(args, &mut output::Output::standard()) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::say(&failure.told(&language));
            ExitCode::from(failure.code())
        }
    }
}
