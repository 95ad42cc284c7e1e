//! Writes `src/api/*.rs`, `openapi/rollcall.json` and `openapi/editions/*.json` from `openapi/rollcall.yaml`.
//!
//! With `--check` it writes nothing and fails if a file is stale. What would break the readers of an edition is an error
//! unless `--accept-breaking` is given.

mod breaking;
mod contract;
mod documents;
mod examples;
mod kind;
mod model;
mod operations;
mod overlay;
mod parameters;
mod responses;
mod routes;
mod rust;
mod samples;
mod schemas;
#[cfg(test)]
mod tests;

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context, Result, bail, ensure};
use model::Contract;

const FIX: &str = "cargo run -p codegen";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    WriteBreaking,
    Check,
}

fn main() -> ExitCode {
    let mode = match std::env::args().skip(1).collect::<Vec<_>>().as_slice() {
        [] => Mode::Write,
        [flag] if flag == "--accept-breaking" => Mode::WriteBreaking,
        [flag] if flag == "--check" => Mode::Check,
        _ => {
            eprintln!("usage: {FIX} [-- --check | --accept-breaking]");
            return ExitCode::from(2);
        }
    };
    match run(mode) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mode: Mode) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join("openapi/rollcall.yaml")).context("openapi/rollcall.yaml")?;
    let (contract, json) = Contract::load(&text).context("openapi/rollcall.yaml")?;
    let mut files = documents::all(&root, &contract, json)?;
    files.extend(generate(&contract).context("openapi/rollcall.yaml")?);
    if mode != Mode::WriteBreaking {
        breaking::check(&root, &files)?;
    }
    let mut stale = Vec::new();
    for (path, content) in files {
        let target = root.join(&path);
        if fs::read_to_string(&target).is_ok_and(|present| present == content) {
            continue;
        }
        if mode == Mode::Check {
            stale.push(path.display().to_string());
        } else {
            fs::write(&target, content).with_context(|| path.display().to_string())?;
            println!("wrote {}", path.display());
        }
    }
    ensure!(stale.is_empty(), "stale: {}; run `{FIX}`", stale.join(", "));
    Ok(())
}

/// The generated code, with its paths.
fn generate(contract: &Contract) -> Result<Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    for (name, code) in [
        ("schemas", schemas::emit(contract)?),
        ("operations", operations::emit(contract)?),
        ("routes", routes::emit(contract)?),
    ] {
        let code = format!("// Generated from openapi/rollcall.yaml; change that and run `{FIX}`.\n\n{code}");
        files.push((format!("src/api/{name}.rs").into(), format_rust(&code).with_context(|| name.to_owned())?));
    }
    Ok(files)
}

fn format_rust(code: &str) -> Result<String> {
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rustfmt.toml");
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path", config])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("rustfmt")?;
    rustfmt.stdin.take().context("rustfmt takes no input")?.write_all(code.as_bytes())?;
    let output = rustfmt.wait_with_output()?;
    if !output.status.success() {
        bail!("rustfmt rejected the generated code:\n{code}");
    }
    Ok(String::from_utf8(output.stdout)?)
}
