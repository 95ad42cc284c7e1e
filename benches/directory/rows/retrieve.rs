//! Reads single users by id, compared to the same response without a database.

use super::seeded::Seeded;
use crate::{
    BoxError,
    bench::Bench,
    options::Engine,
    probes::fixed,
    report::{Limit, Round, Row, Target},
    requests,
};

/// The number of distinct users that are read.
const REQUESTS: usize = 8192;

pub fn measure(bench: &Bench, directory: &Seeded<'_>) -> Result<Vec<Row>, BoxError> {
    let least = match directory.engine {
        Engine::Sqlite => 0.3,
        Engine::Postgres => 0.15,
    };
    let mut row = Row {
        name: "retrieve",
        engine: directory.engine,
        unit: "users/s",
        compared_with: Some("a fixed response".into()),
        target: Target { ratio: Some(Limit::AtLeast(least)), ..Target::default() },
        rounds: Vec::new(),
    };
    let mut random = fastrand::Rng::with_seed(20_240_506);
    let ids: Vec<i64> = (0..REQUESTS).map(|_| directory.ids[random.usize(..directory.ids.len())]).collect();
    let requests: Vec<Vec<u8>> = ids.iter().map(|id| requests::get(&format!("/core/users/{id}/"))).collect();
    let starts: Vec<String> = ids.iter().map(|id| format!("{{\"pk\":{id},\"username\":\"seed")).collect();
    let body = bench.fetch(&directory.server, &requests[0])?;
    for round in 1..=bench.rounds {
        let run = bench.read(&directory.server, &requests, |index, response| {
            let is_right = response.status == 200
                && response.body.starts_with(starts[index].as_bytes())
                && response.body.ends_with(b"}");
            if is_right { Ok(()) } else { Err(format!("user {}: {}", ids[index], response.describe())) }
        })?;
        let fixed = fixed::start(&body)?;
        let probe = bench.read(&fixed, &requests, |_, response| fixed::check(response, &body))?.rate();
        fixed.stop()?;
        eprintln!("  round {round}: {:.0}/s, fixed response {probe:.0}/s", run.rate());
        row.rounds.push(Round::rate(&run).compared_to(probe));
    }
    Ok(vec![row])
}
