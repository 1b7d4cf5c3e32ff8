//! Where the databases are, and what the system says about language and time zone.

use crate::failure::Failure;
use std::path::PathBuf;

/// How the environment is asked: the process's own, or a made-up one in tests.
pub(crate) type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The process's environment; empty counts as unset.
pub(crate) fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The default database: your own, or the demo's, which is kept apart.
pub(crate) fn database(demo: bool, env: Env<'_>) -> Result<PathBuf, Failure> {
    let base = folder(env)
        .ok_or_else(|| Failure::new("find your home folder: HOME is not set", "Name the database: --database FILE."))?;
    Ok(if demo { base.join("demo").join("demo.db") } else { base.join("talus.db") })
}

fn folder(env: Env<'_>) -> Option<PathBuf> {
    // A relative XDG_DATA_HOME is to be ignored (XDG Base Directory Specification 0.8).
    if let Some(data) = env("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute()) {
        return Some(data.join("talus"));
    }
    if cfg!(windows) {
        return env("LOCALAPPDATA").map(|data| PathBuf::from(data).join("Talus"));
    }
    let home = PathBuf::from(env("HOME")?);
    Some(if cfg!(target_os = "macos") {
        home.join("Library/Application Support/Talus")
    } else {
        home.join(".local/share/talus")
    })
}

/// The language of the system's messages, as a tag such as `de`; `en` when it says nothing.
pub(crate) fn language(env: Env<'_>) -> String {
    let said = env("LC_ALL").or_else(|| env("LC_MESSAGES")).or_else(|| env("LANG")).unwrap_or_default();
    if said.to_ascii_lowercase().starts_with("de") { "de" } else { "en" }.to_owned()
}

/// The IANA name of the time zone, where the system says it.
pub(crate) fn zone(env: Env<'_>) -> Option<String> {
    let named = |text: &str| {
        let name = text.trim().trim_start_matches(':');
        (name.contains('/') && !name.starts_with('/')).then(|| name.to_owned())
    };
    if let Some(zone) = env("TZ") {
        return if zone == "UTC" { Some(zone) } else { named(&zone) };
    }
    let link = std::fs::read_link("/etc/localtime").ok();
    let from_link = link.and_then(|path| Some(path.to_str()?.split_once("zoneinfo/")?.1.to_owned()));
    from_link.or_else(|| named(&std::fs::read_to_string("/etc/timezone").ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made_up<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_demo_has_its_own_database_beside_yours() {
        let xdg = made_up(&[("XDG_DATA_HOME", "/data"), ("HOME", "/home/ada")]);
        assert_eq!(database(false, &xdg), Ok(PathBuf::from("/data/talus/talus.db")));
        assert_eq!(database(true, &xdg), Ok(PathBuf::from("/data/talus/demo/demo.db")));
        let home = made_up(&[("XDG_DATA_HOME", "relative"), ("HOME", "/home/ada")]);
        assert_eq!(database(false, &home), Ok(PathBuf::from("/home/ada/.local/share/talus/talus.db")));
        assert!(database(false, &made_up(&[])).unwrap_err().advice.contains("--database"));
    }

    #[test]
    fn the_systems_language_is_german_or_else_english() {
        for (value, expected) in [("de_AT.UTF-8", "de"), ("C.UTF-8", "en"), ("fr_FR", "en"), ("", "en")] {
            assert_eq!(language(&made_up(&[("LANG", value)])), expected);
        }
        assert_eq!(language(&made_up(&[("LC_ALL", "en_GB"), ("LANG", "de_DE")])), "en");
    }

    #[test]
    fn a_zone_is_a_name_and_not_a_rule_or_a_path() {
        assert_eq!(zone(&made_up(&[("TZ", ":Europe/Vienna")])), Some("Europe/Vienna".into()));
        assert_eq!(zone(&made_up(&[("TZ", "UTC")])), Some("UTC".into()));
        assert_eq!(zone(&made_up(&[("TZ", "CET-1CEST")])), None);
        assert_eq!(zone(&made_up(&[("TZ", "/etc/localtime")])), None);
    }
}
