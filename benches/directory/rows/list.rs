//! Reads pages of 100 users with their groups: the first page, and random pages.

use memchr::memmem::Finder;
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

const PAGE_SIZE: usize = 100;

/// The number of distinct requests for random pages.
const REQUESTS: usize = 4096;

/// One in so many responses is parsed as JSON after the measurement.
const SAMPLED: usize = 200;

#[derive(Deserialize)]
struct Page {
    pagination: Pagination,
    results: Vec<User>,
}

#[derive(Deserialize)]
struct Pagination {
    count: usize,
    current: usize,
}

pub fn measure(bench: &Bench, directory: &Seeded<'_>) -> Result<Vec<Row>, BoxError> {
    let row = |name, least| Row {
        name,
        engine: directory.engine,
        unit: "pages/s",
        compared_with: None,
        target: Target { value: Some(Limit::AtLeast(least)), p99_ms: Some(60.0), ..Target::default() },
        rounds: Vec::new(),
    };
    let (least_first, least_any) = match directory.engine {
        Engine::Sqlite => (1_500.0, 1_000.0),
        Engine::Postgres => (1_000.0, 600.0),
    };
    let (mut first, mut any) = (row("list first page", least_first), row("list any page", least_any));
    let mut random = fastrand::Rng::with_seed(20_240_506);
    let pages: Vec<usize> = (0..REQUESTS).map(|_| random.usize(1..=directory.count() / PAGE_SIZE)).collect();
    for round in 1..=bench.rounds {
        first.rounds.push(read(bench, directory, &[1])?);
        any.rounds.push(read(bench, directory, &pages)?);
        let rate = |row: &Row| row.rounds.last().map_or(0.0, |round| round.value);
        eprintln!("  round {round}: first page {:.0}/s, any page {:.0}/s", rate(&first), rate(&any));
    }
    Ok(vec![first, any])
}

/// Measures a round of reading these pages.
fn read(bench: &Bench, directory: &Seeded<'_>, pages: &[usize]) -> Result<Round, BoxError> {
    let path = |page: &usize| format!("/core/users/?page_size={PAGE_SIZE}&page={page}");
    let requests: Vec<Vec<u8>> = pages.iter().map(|page| requests::get(&path(page))).collect();
    // Groups have no username, so each user has one.
    let marker = Finder::new("\"username\":");
    let (mut responses, mut samples) = (0, Vec::new());
    let run = bench.read(&directory.server, &requests, |index, response| {
        let users = marker.find_iter(response.body).count();
        if (response.status, users) != (200, PAGE_SIZE) {
            return Err(format!("{users} users in page {}: {}", pages[index], response.describe()));
        }
        if responses % SAMPLED == 0 {
            samples.push((pages[index], response.body.to_vec()));
        }
        responses += 1;
        Ok(())
    })?;
    for (number, body) in samples {
        bench.failures.note(check(number, directory.count(), &body));
    }
    Ok(Round::rate(&run))
}

/// Checks that a page is the requested one, and that all users except the administrator are in two groups.
fn check(number: usize, count: usize, body: &[u8]) -> Result<(), String> {
    let page: Page = serde_json::from_slice(body).map_err(|error| format!("page {number}: {error}"))?;
    let Pagination { count: total, current } = page.pagination;
    let with_two_groups = page.results.iter().filter(|user| user.groups_obj.len() == 2).count();
    let others = if number == 1 { 1 } else { 0 };
    if (total, current) == (count, number) && page.results.len() == PAGE_SIZE && with_two_groups == PAGE_SIZE - others {
        Ok(())
    } else {
        Err(format!("page {number} of {count} users is wrong: page {current} of {total}, {with_two_groups} in groups"))
    }
}
