//! Creates users with two memberships each, compared to the same transaction in the engine.

use serde::Deserialize;

use crate::{
    BoxError,
    bench::{Bench, CONNECTIONS},
    load::Run,
    options::Engine,
    people,
    probes::{pgbench, transaction},
    process::Process,
    report::{Limit, Round, Row, Target},
    requests,
    sample::Sample,
};

pub fn measure(bench: &Bench, engine: Engine) -> Result<Vec<Row>, BoxError> {
    let (least, aim, p99_ms, cpu_us, compared_with) = match engine {
        Engine::Sqlite => (2.5, Some(3.5), Some(25.0), Some(75.0), "one transaction at a time"),
        Engine::Postgres => (1.5, None, None, None, "pgbench"),
    };
    let mut create = Row {
        name: "create",
        engine,
        unit: "users/s",
        compared_with: Some(compared_with.into()),
        target: Target { ratio: Some(Limit::AtLeast(least)), aim, p99_ms, ..Target::default() },
        rounds: Vec::new(),
    };
    let mut cpu = Row {
        name: "CPU per create",
        engine,
        unit: "us",
        compared_with: None,
        target: Target { value: cpu_us.map(Limit::AtMost), ..Target::default() },
        rounds: Vec::new(),
    };
    let mut memory = Row {
        name: "memory after create",
        engine,
        unit: "MiB",
        compared_with: None,
        target: Target::default(),
        rounds: Vec::new(),
    };
    for round in 1..=bench.rounds {
        let (run, resident) = serve(bench, engine)?;
        let probe = probe(bench, engine)?.rate();
        eprintln!("  round {round}: {:.0} users/s, {compared_with}: {probe:.0}/s", run.rate());
        create.rounds.push(Round::rate(&run).compared_to(probe));
        cpu.rounds.push(Round::of(run.cpu_us()));
        memory.rounds.push(Round::of(resident));
    }
    Ok(vec![create, cpu, memory])
}

/// Measures a round of the server, and its memory afterwards.
fn serve(bench: &Bench, engine: Engine) -> Result<(Run, f64), BoxError> {
    let (_home, server, groups) = people::start_with_groups(bench, engine)?;
    let people = people::people("bench", bench.scale.created, &groups);
    let (run, ids) = people::create(bench, &server, CONNECTIONS, &people)?;
    let resident = server.resident_mib()?;
    check_count(bench, &server, ids.len() + 1)?;
    server.stop()?;
    Ok((run, resident))
}

/// Measures a round of the engine.
fn probe(bench: &Bench, engine: Engine) -> Result<Run, BoxError> {
    let sample = Sample::new(bench, engine)?;
    match engine {
        Engine::Sqlite => transaction::create(&sample, bench.scale.probing),
        // Leave out the time for connecting and planning.
        Engine::Postgres => pgbench::create(&sample, CONNECTIONS, bench.scale.probing * 5 / 3),
    }
}

/// Checks that the directory has exactly the acknowledged users and the administrator.
fn check_count(bench: &Bench, server: &Process, expected: usize) -> Result<(), BoxError> {
    #[derive(Deserialize)]
    struct Page {
        pagination: Pagination,
    }
    #[derive(Deserialize)]
    struct Pagination {
        count: usize,
    }
    let pages: Vec<Page> = bench.ask(server, 200, [requests::get("/core/users/?page_size=1")])?;
    match pages.first().map(|page| page.pagination.count) {
        Some(count) if count == expected => Ok(()),
        count => Err(format!("the directory should have {expected} users, but has {count:?}").into()),
    }
}
