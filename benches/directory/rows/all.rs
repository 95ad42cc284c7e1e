//! Reads all users page by page, like a client that synchronises.

use std::{collections::HashSet, time::Instant};

use serde::Deserialize;

use super::seeded::Seeded;
use crate::{
    BoxError,
    bench::Bench,
    options::Engine,
    people::User,
    report::{Limit, Round, Row, Target},
    requests,
};

#[derive(Deserialize)]
struct Page {
    results: Vec<User>,
}

pub fn measure(bench: &Bench, directory: &Seeded<'_>) -> Result<Vec<Row>, BoxError> {
    let most = match directory.engine {
        Engine::Sqlite => 0.1,
        Engine::Postgres => 0.2,
    };
    let mut row = Row {
        name: "all",
        engine: directory.engine,
        unit: "s",
        compared_with: None,
        target: Target { value: Some(Limit::AtMost(most)), ..Target::default() },
        rounds: Vec::new(),
    };
    for round in 1..=bench.rounds {
        let mut bodies = Vec::new();
        let start = Instant::now();
        bench.follow(&directory.server, page(1), |response| {
            if response.status != 200 {
                return Err(response.describe());
            }
            bodies.push(response.body.to_vec());
            let next = next(response.body).ok_or_else(|| format!("no next page in {}", response.describe()))?;
            Ok((next > 0).then(|| page(next)))
        })?;
        let seconds = start.elapsed().as_secs_f64();
        let mut ids = HashSet::new();
        for body in &bodies {
            let page: Page = serde_json::from_slice(body)?;
            ids.extend(page.results.iter().map(|user| user.pk));
        }
        if ids.len() != directory.count() {
            return Err(format!("{} of {} users were listed", ids.len(), directory.count()).into());
        }
        eprintln!("  round {round}: {} users in {} pages, {seconds:.2} s", ids.len(), bodies.len());
        row.rounds.push(Round::of(seconds));
    }
    Ok(vec![row])
}

fn page(number: u64) -> Vec<u8> {
    requests::get(&format!("/core/users/?page_size=500&page={number}"))
}

/// Finds the number after the first `"next":`. Parsing the page as JSON would take processor time from the server.
fn next(body: &[u8]) -> Option<u64> {
    const NAME: &[u8] = b"\"next\":";
    let start = memchr::memmem::find(body, NAME)? + NAME.len();
    let digits = body[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    str::from_utf8(&body[start..start + digits]).ok()?.parse().ok()
}
