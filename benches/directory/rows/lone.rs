//! A single client that creates users one after the other. Batching must not delay it.

use crate::{
    BoxError,
    bench::Bench,
    options::Engine,
    people,
    probes::{fixed, pgbench, transaction},
    report::{Limit, Round, Row, Target},
    requests,
    sample::Sample,
};

pub fn measure(bench: &Bench, engine: Engine) -> Result<Vec<Row>, BoxError> {
    let most = match engine {
        Engine::Sqlite => 1.3,
        Engine::Postgres => 1.5,
    };
    let mut row = Row {
        name: "lone",
        engine,
        unit: "ms",
        compared_with: Some("one transaction + one fixed response".into()),
        target: Target { ratio: Some(Limit::AtMost(most)), ..Target::default() },
        rounds: Vec::new(),
    };
    for round in 1..=bench.rounds {
        let (_home, server, groups) = people::start_with_groups(bench, engine)?;
        let people = people::people("bench", bench.scale.lone, &groups);
        let (run, ids) = people::create(bench, &server, 1, &people)?;
        let id = ids.last().ok_or("no user was created")?;
        let response = bench.fetch(&server, &requests::get(&format!("/core/users/{id}/")))?;
        server.stop()?;

        let sample = Sample::new(bench, engine)?;
        let transaction = match engine {
            Engine::Sqlite => transaction::create(&sample, bench.scale.probing)?,
            Engine::Postgres => pgbench::create(&sample, 1, bench.scale.probing)?,
        };
        let transaction = transaction.p50_ms();

        let fixed = fixed::start(&response)?;
        let requests = people.iter().map(people::Person::request).collect::<Result<Vec<_>, _>>()?;
        let exchange = bench.send_all(&fixed, 1, &requests, |_, got| fixed::check(got, &response))?.p50_ms();
        fixed.stop()?;

        eprintln!("  round {round}: {:.2} ms, transaction {transaction:.2} + response {exchange:.2} ms", run.p50_ms());
        row.rounds.push(Round { value: run.p50_ms(), ..Round::rate(&run) }.compared_to(transaction + exchange));
    }
    Ok(vec![row])
}
