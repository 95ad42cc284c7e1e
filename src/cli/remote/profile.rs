//! The profile: a file with the server's URL and a token, so that they need not be given with every command.

use std::{
    fs::File,
    io::{self, ErrorKind, Read},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use secrecy::SecretString;

use crate::cli::{Exit, Failure};

/// The permissions of others than the owner.
const OTHERS: u32 = 0o077;

/// What a profile says.
#[derive(Debug, Default)]
pub struct Profile {
    pub url: Option<String>,
    pub token: Option<SecretString>,
    /// Relative to the directory of the profile.
    pub ca_certificate: Option<PathBuf>,
}

/// The path of the profile that is used if no other is named; `None` without a home directory.
pub fn default_path() -> Option<PathBuf> {
    let directory = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let config = directory("XDG_CONFIG_HOME").or_else(|| Some(directory("HOME")?.join(".config")));
    Some(config?.join("rollcall/profile.toml"))
}

impl Profile {
    /// Reads the profile at `path`; or the one at the [default path](default_path), if there is one.
    ///
    /// # Errors
    ///
    /// If it can't be read, others may read it, or it has an unknown key. Without its values, one of which is secret.
    pub fn read(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(file) = path.map(Path::to_owned).or_else(default_path) else { return Ok(Self::default()) };
        match open(&file) {
            Err(error) if path.is_none() && is_missing(&error) => Ok(Self::default()),
            Err(error) => Err(wrong(&file, error)),
            Ok((_, mode)) if mode & OTHERS != 0 => {
                Err(wrong(&file, format!("others may read or change it. Run: chmod 600 {}", file.display())))
            }
            Ok((text, _)) => parse(&file, &text),
        }
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Reads a file, and its mode.
fn open(path: &Path) -> io::Result<(String, u32)> {
    let mut file = File::open(path)?;
    let (mode, mut text) = (file.metadata()?.mode(), String::new());
    file.read_to_string(&mut text)?;
    Ok((text, mode))
}

fn parse(file: &Path, text: &str) -> Result<Profile, Failure> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let before = text.get(..error.span().map_or(0, |span| span.start)).unwrap_or_default();
        wrong(file, format!("line {}: {}", before.matches('\n').count() + 1, error.message()))
    })?;
    let mut profile = Profile::default();
    for (key, value) in table {
        let toml::Value::String(value) = value else { return Err(wrong(file, format!("`{key}` must be a string"))) };
        match key.as_str() {
            "url" => profile.url = Some(value),
            "token" => profile.token = Some(value.into()),
            "ca_certificate" => profile.ca_certificate = Some(file.parent().unwrap_or(file).join(value)),
            _ => {
                let known = "a profile has only `url`, `token` and `ca_certificate`";
                return Err(wrong(file, format!("unknown key `{}`: {known}", key.escape_debug())));
            }
        }
    }
    Ok(profile)
}

fn wrong(file: &Path, cause: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, format!("{}: {cause}", file.display()))
}
