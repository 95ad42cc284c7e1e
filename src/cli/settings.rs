//! `rollcall config`: the settings in effect, and where each comes from.

use clap::{Arg, ArgMatches, Args};
use serde_json::{Value, json};

use super::{
    Failure,
    arguments::{FileArgument, HIDDEN, Parsed, Place, innermost, known_settings},
    output,
    table::Table,
};
use crate::{config::Settings, store::DatabaseUrl};

/// The columns of the table.
const HEADER: [&str; 3] = ["SETTING", "VALUE", "SOURCE"];

#[derive(Debug, Args)]
pub struct ConfigCommand {
    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    settings: Settings,

    #[command(flatten)]
    _file: FileArgument,
}

/// A setting, as it is shown.
struct Shown {
    name: String,
    /// `None` if it has none.
    value: Option<String>,
    place: Place,
}

/// Prints the settings that `rollcall serve` with the same arguments would use. Secrets are hidden.
///
/// # Errors
///
/// If the output can't be written.
pub fn print(command: &ConfigCommand, parsed: &Parsed) -> Result<(), Failure> {
    let matches = innermost(&parsed.matches);
    let known = known_settings();
    let show = |setting| Shown {
        name: Arg::get_id(setting).to_string(),
        value: value(setting, matches),
        place: parsed.places.of(setting),
    };
    let shown: Vec<Shown> = known.get_arguments().map(show).collect();
    if command.json {
        return output::print_json(&as_json(&shown));
    }
    let row =
        |setting: Shown| vec![setting.name, setting.value.unwrap_or_else(|| "none".into()), setting.place.to_string()];
    Table::new(&HEADER).print(shown.into_iter().map(row).collect())
}

fn value(setting: &Arg, matches: &ArgMatches) -> Option<String> {
    let id = setting.get_id().as_str();
    let values = matches.get_raw(id)?;
    if let Ok(Some(url)) = matches.try_get_one::<DatabaseUrl>(id) {
        return Some(url.without_password());
    }
    if setting.is_hide_env_values_set() {
        return Some(HIDDEN.into());
    }
    values.map(|value| value.to_string_lossy().into_owned()).next().filter(|value| !value.is_empty())
}

fn as_json(shown: &[Shown]) -> String {
    let place = |place: &Place| match place {
        Place::CommandLine => json!({"kind": "command line"}),
        Place::Variable(name) => json!({"kind": "variable", "name": name}),
        Place::File(path, line) => json!({"kind": "file", "path": path, "line": line}),
        Place::Default => json!({"kind": "default"}),
    };
    let object =
        |setting: &Shown| (setting.name.clone(), json!({"value": setting.value, "source": place(&setting.place)}));
    let settings: serde_json::Map<String, Value> = shown.iter().map(object).collect();
    format!("{:#}\n", Value::Object(settings))
}
