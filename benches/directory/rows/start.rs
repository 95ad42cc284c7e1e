//! The time from the start of the process to its first response, and the idle memory afterwards.

use crate::{
    BoxError,
    bench::Bench,
    home::Home,
    options::Engine,
    process::Process,
    report::{self, Limit, Round, Row, Target},
};

pub fn measure(bench: &Bench, engine: Engine) -> Result<Vec<Row>, BoxError> {
    let row = |name, unit, limit| Row {
        name,
        engine,
        unit,
        compared_with: None,
        target: Target { value: Some(Limit::AtMost(limit)), ..Target::default() },
        rounds: Vec::new(),
    };
    let mut empty = row("start, empty directory", "ms", 300.0);
    let mut existing = row("start, existing directory", "ms", 100.0);
    let mut memory = row("memory, idle", "MiB", 25.0);
    for round in 1..=bench.rounds {
        let (mut firsts, mut agains, mut residents) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..bench.scale.starts {
            let home = Home::new(bench, engine)?;
            let (server, first) = start(bench, &home)?;
            server.stop()?;
            let (server, again) = start(bench, &home)?;
            server.wait_until_idle()?;
            firsts.push(first);
            agains.push(again);
            residents.push(server.resident_mib()?);
            server.stop()?;
        }
        eprintln!("  round {round}: empty {firsts:.0?} ms, existing {agains:.0?} ms, {residents:.1?} MiB");
        for (row, values) in [(&mut empty, firsts), (&mut existing, agains), (&mut memory, residents)] {
            row.rounds.extend(report::median(values).map(Round::of));
        }
    }
    Ok(vec![empty, existing, memory])
}

/// Starts the server and returns the milliseconds until its first response.
fn start(bench: &Bench, home: &Home<'_>) -> Result<(Process, f64), BoxError> {
    let server = home.start()?;
    bench.wait_for_response(&server)?;
    let elapsed = server.started.elapsed();
    Ok((server, elapsed.as_secs_f64() * 1e3))
}
