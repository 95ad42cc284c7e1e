//! PostgreSQL without HTTP: pgbench inserts one user with two memberships per transaction, over 32 connections.

use std::{fmt::Write as _, fs, path::PathBuf, process::Command, time::Duration};

use crate::{
    BoxError,
    bench::CONNECTIONS,
    options,
    sample::{self, Sample},
};

/// Measures transactions per second, with the same rows and tables as the server.
pub fn run(sample: &Sample<'_>, duration: Duration) -> Result<f64, BoxError> {
    let script = tempfile::NamedTempFile::new_in(options::temporary())?;
    fs::write(script.path(), transaction(sample)?)?;
    let database = sample.home.database().ok_or("PostgreSQL is required")?;
    let seconds = duration.as_secs().max(1).to_string();
    let output = Command::new(program())
        .args(["-c", &CONNECTIONS.to_string(), "-j", "2", "-M", "prepared", "-n", "-T", &seconds, "-D", "number=0"])
        .arg("-f")
        .arg(script.path())
        .arg(database.url())
        .output()
        .map_err(|error| format!("pgbench: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    match rate {
        Some(rate) if output.status.success() => Ok(rate),
        _ => Err(format!("pgbench: {}{text}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// Returns the newest of Debian's pgbench programs, or the one on the PATH.
fn program() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let programs = versions.filter_map(|version| {
        let number: u32 = version.file_name().to_str()?.parse().ok()?;
        let program = version.path().join("bin/pgbench");
        program.exists().then_some((number, program))
    });
    programs.max().map_or_else(|| "pgbench".into(), |(_, program)| program)
}

/// Returns the script of a transaction. Usernames consist of the client's number and its counter.
fn transaction(sample: &Sample<'_>) -> Result<String, BoxError> {
    let database = sample.home.database().ok_or("PostgreSQL is required")?;
    let columns = sample::postgres_columns(database, &sample.username)?;
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for column in &columns {
        names.push(format!("\"{}\"", column.name));
        values.push(match &column.value {
            _ if column.name == "uuid" => "gen_random_uuid()".to_owned(),
            Some(value) => {
                let parts: Vec<String> = value.split(&sample.username).map(quoted).collect();
                format!("({})::{}", parts.join(" || 'probe-' || :client_id || '-' || :number || "), column.kind)
            }
            None => "NULL".to_owned(),
        });
    }
    let (names, values) = (names.join(", "), values.join(", "));
    let first = sample.first_group()?;
    let last = first + i64::try_from(sample.groups.len())? - 1;
    let mut script = String::new();
    writeln!(script, "\\set number :number + 1")?;
    writeln!(script, "\\set one random({first}, {last} - 1)")?;
    writeln!(script, "\\set other :one + 1")?;
    writeln!(script, "BEGIN;")?;
    writeln!(script, "INSERT INTO users ({names}) VALUES ({values}) RETURNING id \\gset")?;
    writeln!(script, "INSERT INTO user_groups (user_id, group_id) VALUES (:id, :one), (:id, :other);")?;
    writeln!(script, "COMMIT;")?;
    Ok(script)
}

/// Quotes a string without colons and semicolons, which pgbench would interpret.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n");
    format!("E'{}'", text.replace(':', "\\x3A").replace(';', "\\x3B"))
}
