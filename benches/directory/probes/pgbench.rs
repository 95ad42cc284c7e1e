//! PostgreSQL without HTTP, by pgbench.

use std::{fmt::Write as _, fs, path::PathBuf, process::Command, time::Duration};

use crate::{
    BoxError,
    home::Home,
    load::Run,
    options,
    postgres::Database,
    sample::{self, Sample},
};

/// Inserts one user with two memberships per transaction, over so many connections: the same rows into the same tables
/// as the server.
pub fn create(sample: &Sample<'_>, connections: usize, duration: Duration) -> Result<Run, BoxError> {
    let database = database(&sample.home)?;
    run(database, &creation(sample, database)?, connections, duration)
}

/// Changes the name of one of these users per transaction, one transaction after the other.
pub fn change(home: &Home<'_>, ids: &[i64], duration: Duration) -> Result<Run, BoxError> {
    let (first, last) = ids.iter().min().zip(ids.iter().max()).ok_or("there are no users")?;
    if usize::try_from(last - first)? != ids.len() - 1 {
        return Err("the ids of the users are not consecutive".into());
    }
    let statements = super::change(":user", ":number", " FOR UPDATE").join(";\n");
    let script =
        format!("\\set number :number + 1\n\\set user random({first}, {last})\nBEGIN;\n{statements};\nCOMMIT;\n");
    run(database(home)?, &script, 1, duration)
}

fn database<'h, 'b>(home: &'h Home<'b>) -> Result<&'h Database<'b>, BoxError> {
    home.database().ok_or_else(|| "PostgreSQL is required".into())
}

/// Runs a script repeatedly. The rate leaves out the time for connecting.
fn run(database: &Database<'_>, script: &str, connections: usize, duration: Duration) -> Result<Run, BoxError> {
    let directory = tempfile::tempdir_in(options::temporary())?;
    fs::write(directory.path().join("script"), script)?;
    let (clients, threads) = (connections.to_string(), connections.min(2).to_string());
    let seconds = duration.as_secs().max(1).to_string();
    let output = Command::new(program())
        .current_dir(directory.path())
        .args(["-c", &clients, "-j", &threads, "-M", "prepared", "-n", "-T", &seconds, "-D", "number=0"])
        .args(["--log", "--log-prefix=log", "-f", "script"])
        .arg(database.url())
        .output()
        .map_err(|error| format!("pgbench: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
    let Some(rate) = rate.filter(|_| output.status.success()) else {
        return Err(format!("pgbench: {}{text}", String::from_utf8_lossy(&output.stderr)).into());
    };
    let mut latencies = Vec::new();
    for file in fs::read_dir(directory.path())? {
        let file = file?;
        // One per thread.
        if file.file_name().as_encoded_bytes().starts_with(b"log.") {
            for line in fs::read_to_string(file.path())?.lines() {
                let microseconds = line.split(' ').nth(2).and_then(|field| field.parse().ok());
                latencies.push(Duration::from_micros(microseconds.ok_or_else(|| format!("pgbench: {line}"))?));
            }
        }
    }
    Ok(Run::new(Duration::from_secs_f64(latencies.len() as f64 / rate), latencies))
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

/// Returns the script of a creation. Usernames consist of the client's number and its counter.
fn creation(sample: &Sample<'_>, database: &Database<'_>) -> Result<String, BoxError> {
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
