//! What can be typed after `talus`: one grammar, told by clap, which also exits with 2 on a misuse.

use crate::commands::delete::DeleteArgs;
use crate::commands::edit::EditArgs;
use crate::commands::log::LogArgs;
use crate::commands::people::PeopleArgs;
use crate::commands::programme::ProgrammeArgs;
use crate::commands::retention::RetentionArgs;
use crate::commands::undo::UndoArgs;
use crate::domain::Side;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// The companion app for ankle cuffs, at a desk.
#[derive(Debug, Parser)]
#[command(name = "talus", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What every command understands.
#[derive(Debug, Default, Clone, clap::Args)]
pub(crate) struct Common {
    /// The database to use instead of your own (or the demo's)
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) database: Option<PathBuf>,
    /// Language of names, cues and labels: en or de (otherwise the one of the system)
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = language)]
    pub(crate) language: Option<String>,
    /// Weights in kilograms or pounds; kilograms when left out
    #[arg(long, global = true, value_enum, value_name = "UNIT")]
    pub(crate) unit: Option<Unit>,
    /// Lines of plain text instead of a screen; also chosen by a pipe
    #[arg(long, global = true)]
    pub(crate) plain: bool,
    /// JSON with stable names and units instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// The unit weights are told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unit {
    Kg,
    Lb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Two simulated cuffs: found, paired, calibrated, then a guided session and its history
    Demo {
        #[command(flatten)]
        pace: PaceArgs,
        /// Number the simulated leg and cuffs are drawn from; equal numbers give equal sessions
        #[arg(long, default_value_t = SEED, value_name = "N")]
        seed: u64,
    },
    /// Recorded sensor files become a session, through the same path as a cuff
    Replay {
        /// Recorded files (CSV, or a .talus recording), one after the other
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// What is done in each file, in their order, separated by commas
        #[arg(long, value_name = "ID", value_delimiter = ',')]
        exercise: Vec<String>,
        /// The leg the sensor sat on, where the files do not say
        #[arg(long, value_enum)]
        side: Option<Leg>,
        /// Says which column is what, where talus cannot tell
        #[arg(long, value_name = "FILE")]
        input_map: Option<PathBuf>,
        #[command(flatten)]
        pace: PaceArgs,
    },
    /// A session with your cuffs, or one that was left before its end taken up again
    Session(SessionArgs),
    /// The programmes there are; follow one, take in or give away a shared one, say when to be reminded
    Programme(ProgrammeArgs),
    /// Main lifts you did beside cuff work, and your week; without a lift, what is logged
    Log(LogArgs),
    /// Your sessions so far, with plots
    History {
        /// Only this exercise
        #[arg(long, value_name = "ID")]
        exercise: Option<String>,
        /// Most sessions to list, newest first
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000), value_name = "N")]
        limit: u32,
        /// Look in the demo's database
        #[arg(long)]
        demo: bool,
    },
    /// One session in detail: sets, repetitions, strides
    Show {
        /// The session's name, how it begins, or "last"
        #[arg(default_value = "last", value_name = "ID")]
        session: String,
        /// Look in the demo's database
        #[arg(long)]
        demo: bool,
    },
    /// Recorded sessions once more through today's engine: what would change, and with --yes the change
    Rescore {
        /// The session's name, how it begins, or "last"; every session of an older engine when left out
        #[arg(value_name = "ID")]
        session: Option<String>,
        /// Make the new results the current ones; the old ones are kept beside them
        #[arg(long)]
        yes: bool,
        /// Look in the demo's database
        #[arg(long)]
        demo: bool,
    },
    /// Correct a session by hand: a set's count or weight, a star, a note, tags; without a change, list those so far
    Edit(EditArgs),
    /// Take a change by hand back
    Undo(UndoArgs),
    /// Delete a session for good
    Delete(DeleteArgs),
    /// Who lives in the household; delete somebody with everything that is theirs
    People(PeopleArgs),
    /// Which recordings are older or more than is kept; with --yes they go, results stay
    Retention(RetentionArgs),
    /// Everything of yours in one file that other programs can read
    Export(ExportArgs),
    /// Take a bundle or backup back in, or recordings of other programs as sessions
    #[command(after_help = RECORDINGS)]
    Import(ImportArgs),
    /// Everybody's everything in one file that only a passphrase opens
    Backup(BackupArgs),
    /// Bring everybody back from a backup; of what is here the newer stays
    Restore(RestoreArgs),
    /// A new database of what still reads in a damaged one, which is kept aside
    Salvage {
        /// Take nothing of it over: for a history whose key is lost. A backup brings back what is in it
        #[arg(long)]
        begin_anew: bool,
        /// What was set aside earlier, and what is in it
        #[arg(long, conflicts_with = "begin_anew")]
        kept: bool,
        /// Take what was set aside in this folder into the history that is here now
        #[arg(long, value_name = "FOLDER", conflicts_with_all = ["begin_anew", "kept"])]
        bring_back: Option<PathBuf>,
        /// Without asking
        #[arg(long)]
        yes: bool,
        /// The demo's database
        #[arg(long)]
        demo: bool,
    },
    /// What the motion engine sees in one recorded file, without a session
    Analyse {
        #[command(subcommand)]
        what: Analysis,
    },
    /// How right talus is on recordings with a reference; exits with 1 where a bar does not hold
    Validate {
        /// The folder that holds the sets
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The page of figures, as in docs/accuracy.md
        #[arg(long, conflicts_with = "json")]
        page: bool,
    },
    /// The catalogue of exercises, rules and sources that this talus has
    Catalogue {
        #[command(subcommand)]
        what: CatalogueWhat,
    },
    /// A plan for somebody who trusts you: made, signed, checked
    Plan {
        #[command(subcommand)]
        what: PlanWhat,
    },
    /// List the cuffs nearby by Bluetooth, or pair one: by its name, or by shaking it
    Pair(PairArgs),
    /// Your cuffs: who is called what and sits where
    Cuffs {
        #[command(subcommand)]
        act: Option<CuffsAct>,
        /// Look in the demo's database
        #[arg(long, global = true)]
        demo: bool,
    },
    /// One cuff, a line a second: rate, loss, battery, orientation
    Stream(StreamArgs),
    /// Streams for a while and says what was counted on the way, as JSON; names nobody
    Diagnostics(DiagnosticsArgs),
    /// Whether a cuff keeps the Cuff Motion Profile, clause by clause; for whoever makes cuffs
    Conformance {
        /// The cuff's name in the air; without it, the first one that is heard
        cuff: Option<String>,
        /// A simulated cuff
        #[arg(long)]
        demo: bool,
    },
    /// Journeys in bad air and on failing disks, drawn from seeds; exits with 1 where one breaks a promise
    #[cfg(feature = "storm")]
    Storm {
        /// How many journeys
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000_000), value_name = "N")]
        seeds: u64,
        /// The first one's seed
        #[arg(long, default_value_t = 0, value_name = "SEED")]
        from: u64,
    },
}

/// Which recordings are known by themselves.
const RECORDINGS: &str = "\
Known by themselves: exports of Movella DOT and x-IMU3, and the two files a recording that MetaBase writes for a
MetaMotion (…_Accelerometer_….csv with …_Gyroscope_….csv beside it; name either or both). Any other CSV with time,
accelerometer and gyroscope is read by the names of its columns, or as --input-map says.";

#[derive(Debug, clap::Args)]
pub(crate) struct SessionArgs {
    /// What to do, in this order; when left out, today's session of your programme, or a usual choice. After the word
    /// "test" they are tests, "first" for the ten minutes of a first session, "due" for those of your week; without a
    /// name, a list of them
    #[arg(value_name = "EXERCISE", conflicts_with = "resume")]
    pub(crate) exercises: Vec<String>,
    /// Take up a session by its name or how it begins; the last unfinished one when left out
    #[arg(long, num_args = 0..=1, default_missing_value = "last", value_name = "ID")]
    pub(crate) resume: Option<String>,
    /// A JSON file that says who trains; otherwise you are asked once
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    pub(crate) person: Option<PathBuf>,
    /// Follow this programme from now on
    #[arg(long, value_name = "ID", conflicts_with = "resume")]
    pub(crate) programme: Option<String>,
    /// A signed plan from someone you trust, to be kept to from now on
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    pub(crate) plan: Option<PathBuf>,
    /// The six words of the plan's author, as they read them to you
    #[arg(long, value_name = "WORDS", requires = "plan")]
    pub(crate) words: Option<String>,
    /// Pain now, 0 to 10, for who cannot be asked
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=10), conflicts_with = "resume")]
    pub(crate) pain: Option<u8>,
    /// A function test: with your cuffs, or from recordings of it, a --file for each try
    #[arg(long, value_name = "TEST", conflicts_with_all = ["resume", "exercises"])]
    pub(crate) test: Option<String>,
    /// A recorded try of the test
    #[arg(long, value_name = "FILE", requires = "test")]
    pub(crate) file: Vec<PathBuf>,
    /// The leg the test is about, where the files do not say
    #[arg(long, value_enum, requires = "test")]
    pub(crate) side: Option<Leg>,
    /// Simulated cuffs on a simulated leg, and the demo's database
    #[arg(long)]
    pub(crate) demo: bool,
    #[command(flatten)]
    pub(crate) pace: PaceArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PairArgs {
    /// How long to look, and to wait for each step
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=120), value_name = "SECONDS")]
    pub(crate) seconds: u32,
    /// Pair the cuff of this name
    #[arg(long, value_name = "NAME", conflicts_with = "shake")]
    pub(crate) cuff: Option<String>,
    /// Pair the cuff that is shaken: connects those nearby and waits
    #[arg(long)]
    pub(crate) shake: bool,
    /// The leg it is for, where the cuff does not say or says another
    #[arg(long, value_enum)]
    pub(crate) side: Option<Leg>,
    /// Weight on that leg, where the cuff does not say or says another
    #[arg(long, value_name = "KG", value_parser = weight)]
    pub(crate) weight: Option<f64>,
    /// Simulated cuffs instead of Bluetooth
    #[arg(long)]
    pub(crate) demo: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// The file to write; named after the day when left out
    #[arg(value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Everybody of the household
    #[arg(long, conflicts_with = "report")]
    pub(crate) everyone: bool,
    /// Recordings too; everything else is small beside them
    #[arg(long, conflicts_with = "report")]
    pub(crate) recordings: bool,
    /// One page for somebody who treats you, as HTML, instead of everything
    #[arg(long)]
    pub(crate) report: bool,
    /// First day of the page; 90 days before the last when left out
    #[arg(long, value_name = "YYYY-MM-DD", requires = "report", value_parser = day)]
    pub(crate) from: Option<String>,
    /// Last day of the page; today when left out
    #[arg(long, value_name = "YYYY-MM-DD", requires = "report", value_parser = day)]
    pub(crate) until: Option<String>,
    /// Replace a file of that name
    #[arg(long)]
    pub(crate) replace: bool,
    /// Look in the demo's database
    #[arg(long)]
    pub(crate) demo: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// A bundle, a backup, or recorded files (CSV) one after the other
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What is done in each recorded file, in their order, separated by commas
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) exercise: Vec<String>,
    /// The leg the sensor sat on, where the files do not say
    #[arg(long, value_enum)]
    pub(crate) side: Option<Leg>,
    /// Says which column is what, where talus cannot tell
    #[arg(long, value_name = "FILE")]
    pub(crate) input_map: Option<PathBuf>,
    /// A file with the passphrase of a backup, instead of typing it
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Into the demo's database
    #[arg(long)]
    pub(crate) demo: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct BackupArgs {
    /// The file to write
    #[arg(value_name = "FILE")]
    pub(crate) to: PathBuf,
    /// A file with the passphrase, instead of typing it
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Replace a file of that name
    #[arg(long)]
    pub(crate) replace: bool,
    /// Look in the demo's database
    #[arg(long)]
    pub(crate) demo: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    pub(crate) from: PathBuf,
    /// A file with the passphrase, instead of typing it
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Into the demo's database
    #[arg(long)]
    pub(crate) demo: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CuffsAct {
    /// Give a cuff another name
    Rename {
        /// Its name now, or its number
        #[arg(value_name = "CUFF")]
        cuff: String,
        /// Its name from now on
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Forget a cuff; sessions that were done with it stay
    Forget {
        /// Its name or number
        #[arg(value_name = "CUFF")]
        cuff: String,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct StreamArgs {
    /// The cuff of this name; otherwise the nearest
    #[arg(long, value_name = "NAME")]
    pub(crate) cuff: Option<String>,
    /// How long; otherwise until Ctrl-C
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=86_400), value_name = "SECONDS")]
    pub(crate) seconds: Option<u32>,
    /// Simulated cuffs instead of Bluetooth
    #[arg(long)]
    pub(crate) demo: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DiagnosticsArgs {
    /// The cuff of this name; otherwise all that are near, at most four
    #[arg(long, value_name = "NAME")]
    pub(crate) cuff: Option<String>,
    /// How long to stream
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u32).range(1..=3600), value_name = "SECONDS")]
    pub(crate) seconds: u32,
    /// Simulated cuffs instead of Bluetooth
    #[arg(long)]
    pub(crate) demo: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PlanWhat {
    /// A plan to fill in, on standard output
    New {
        /// Your name, as the person knows you
        #[arg(long, value_name = "NAME")]
        by: String,
        /// First day
        #[arg(long, value_name = "YYYY-MM-DD")]
        from: String,
        /// Last day, at most 180 days after the first
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: String,
    },
    /// Check a plan, sign it in its file, and say the six words to read to the person
    Sign {
        /// The plan
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Your secret key; made where there is none
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Say whether a plan's signature fits, whose it is and what it allows
    Check {
        /// The plan
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogueWhat {
    /// Read every file of it and say what it holds, and what nobody has reviewed or verified
    Check,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Analysis {
    /// Repetitions
    Reps {
        #[command(flatten)]
        file: FileArgs,
        /// The exercise that is done; told from the file's name, or a general one, when left out
        #[arg(long, value_name = "ID")]
        exercise: Option<String>,
    },
    /// Orientation, one CSV row for each sample: t_s,qw,qx,qy,qz,rest
    Orient {
        #[command(flatten)]
        file: FileArgs,
        /// Look at the whole recording from both ends; more exact than what is possible while it is made
        #[arg(long, conflicts_with = "chunk")]
        offline: bool,
    },
    /// Scale, axes and bias of the sensor, from poses it lay still in
    Calibrate {
        #[command(flatten)]
        file: FileArgs,
        /// JSON that marks six poses and three turns; without it, any nine poses or more do for the accelerometer
        #[arg(long, value_name = "FILE")]
        sections: Option<PathBuf>,
    },
    /// Sway while standing, or a function test
    Balance {
        #[command(flatten)]
        file: FileArgs,
        /// What the person did
        #[arg(long, value_enum, default_value = "stand")]
        test: Tested,
        /// Seconds a chair stand test takes, from the first movement
        #[arg(long, value_name = "S", default_value_t = 30.0)]
        seconds: f64,
        /// The way that was walked, in metres
        #[arg(long, value_name = "M", default_value_t = 10.0)]
        way: f64,
    },
    /// Initial contacts, foot offs and strides
    Gait {
        #[command(flatten)]
        file: FileArgs,
    },
}

/// What a person did in a recording of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Tested {
    /// Stood on this leg, or on both
    Stand,
    /// Stood on the other leg, this foot in the air
    FootUp,
    /// Got up from a chair and sat down, as often as possible
    ChairStand,
    /// Got up, walked out and back, sat down
    UpAndGo,
    /// Walked a measured way
    Walk,
    /// Rose on the toes
    HeelRises,
    /// Brought the knee to the wall
    KneeToWall,
    /// Moved the leg as far as it goes
    Range,
}

#[derive(Debug, clap::Args)]
pub(crate) struct FileArgs {
    /// The recorded file
    #[arg(value_name = "FILE")]
    pub(crate) path: PathBuf,
    /// Hand the samples over in chunks of so many; changes nothing, and is there to show it
    #[arg(long, value_name = "N")]
    pub(crate) chunk: Option<NonZeroUsize>,
    /// The leg the sensor sat on, where the file does not say
    #[arg(long, value_enum)]
    pub(crate) side: Option<Leg>,
    /// Says which column is what, where talus cannot tell
    #[arg(long, value_name = "FILE")]
    pub(crate) input_map: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(crate) struct PaceArgs {
    /// How many times faster than life, or "max"
    #[arg(long, value_name = "X", value_parser = speed)]
    pub(crate) speed: Option<Speed>,
}

/// How fast session time runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Speed {
    /// This many times faster than life.
    Times(f64),
    /// As fast as the machine can.
    Max,
}

/// A leg, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Leg {
    Left,
    Right,
}

impl Args {
    /// What was typed; where it makes no sense, says so and ends the program. `last` is the last line of the help.
    pub(crate) fn typed(last: &str) -> Self {
        let matches = Self::grammar(last).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }

    fn grammar(last: &str) -> clap::Command {
        let demo = "Without a command, talus shows the demo: two simulated cuffs and a guided session.";
        Self::command().after_help(format!("{demo}\n{last}"))
    }

    /// The command; the demo where none is given.
    pub(crate) fn chosen(self) -> Command {
        self.command.unwrap_or(Command::Demo { pace: PaceArgs::default(), seed: SEED })
    }
}

/// The demo's seed unless another is asked for.
const SEED: u64 = 1;

impl From<Leg> for Side {
    fn from(leg: Leg) -> Self {
        match leg {
            Leg::Left => Self::Left,
            Leg::Right => Self::Right,
        }
    }
}

fn speed(text: &str) -> Result<Speed, String> {
    if text.eq_ignore_ascii_case("max") {
        return Ok(Speed::Max);
    }
    match text.trim_end_matches(['x', 'X', '×']).parse::<f64>() {
        Ok(times) if (0.1..=1000.0).contains(&times) => Ok(Speed::Times(times)),
        _ => Err("a number from 0.1 to 1000, or max, is expected".to_owned()),
    }
}

fn day(text: &str) -> Result<String, String> {
    if talus_app::is_day(text) { Ok(text.to_owned()) } else { Err("a day such as 2026-03-01 is expected".to_owned()) }
}

fn weight(text: &str) -> Result<f64, String> {
    match text.replacen(',', ".", 1).parse::<f64>() {
        Ok(kg) if (0.0..=5.0).contains(&kg) => Ok(kg),
        _ => Err("a weight from 0 to 5 kg is expected".to_owned()),
    }
}

fn language(text: &str) -> Result<String, String> {
    match text.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "en" => Ok("en".to_owned()),
        "de" => Ok("de".to_owned()),
        _ => Err("Talus speaks en and de".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(std::iter::once("talus").chain(line.split_whitespace()))
    }

    #[test]
    fn the_grammar_holds_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_help_ends_with_what_it_was_given() {
        let help = Args::grammar("Not reviewed by a clinician.").render_help().to_string();
        assert!(help.trim_end().ends_with("session.\nNot reviewed by a clinician."), "{help}");
    }

    #[test]
    fn nothing_after_the_name_is_the_demo_and_common_options_stand_anywhere() {
        assert!(parse("").unwrap().command.is_none());
        for line in ["--plain demo --speed 20 --seed 7", "demo --speed 20x --plain --seed 7"] {
            let args = parse(line).unwrap();
            assert!(args.common.plain);
            let Some(Command::Demo { pace, seed }) = args.command else { panic!("{line}") };
            assert_eq!((pace.speed, seed), (Some(Speed::Times(20.0)), 7));
        }
    }

    #[test]
    fn a_replay_takes_files_and_exercises_in_their_order() {
        let args = parse("replay a.csv b.csv --exercise knee_ext_seated,side_abd --side right --speed max").unwrap();
        let Some(Command::Replay { files, exercise, side, pace, .. }) = args.command else { panic!("no replay") };
        assert_eq!(files, [PathBuf::from("a.csv"), PathBuf::from("b.csv")]);
        assert_eq!(exercise, ["knee_ext_seated", "side_abd"]);
        assert_eq!((side.map(Side::from), pace.speed), (Some(Side::Right), Some(Speed::Max)));
    }

    #[test]
    fn resume_means_the_last_one_unless_it_is_named() {
        for (line, expected) in
            [("session --resume", Some("last")), ("session --resume 019a", Some("019a")), ("session", None)]
        {
            let Some(Command::Session(SessionArgs { resume, .. })) = parse(line).unwrap().command else {
                panic!("{line}")
            };
            assert_eq!(resume.as_deref(), expected);
        }
        let Some(Command::Session(args)) = parse("session knee_ext_seated side_abd --pain 2").unwrap().command else {
            panic!("no session")
        };
        assert_eq!((args.exercises.len(), args.pain), (2, Some(2)));
        for wrong in ["session --pain 11", "session --words x", "session --resume last knee_ext_seated"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_would() {
        for (line, expected) in [
            ("demo --speed 0", "0.1 to 1000"),
            ("demo --speed NaN", "0.1 to 1000"),
            ("demo --speed fast", "0.1 to 1000"),
            ("demo --language fr", "en and de"),
            ("replay", "FILE"),
            ("pair --seconds 0", "1..=120"),
            ("pair --weight 6", "0 to 5 kg"),
            ("pair --shake --cuff a", "cannot be used with"),
            ("cuffs rename a", "NAME"),
            ("histroy", "history"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.to_string().contains(expected), "{line}: {error}");
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }
}
