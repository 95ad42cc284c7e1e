//! Derives malformed requests from the contract, and valid ones at its limits: at least one for each constraint on each
//! property and parameter. Rejected requests must name what is malformed, and change nothing.
//!
//! A constraint from which no cases are derived fails the tests.

mod bodies;
mod case;
mod contract;
mod exceptions;
mod parameters;
mod values;
mod world;

use std::{
    collections::{BTreeMap, HashSet},
    sync::LazyLock,
};

use self::{case::Case, contract::OPERATIONS, world::World};

/// The least number of cases for each constraint, so that none stops being tested unnoticed.
const FLOORS: &[(&str, usize)] = &[
    ("additionalProperties", 12),
    ("content type", 98),
    ("enum", 70),
    ("example", 75),
    ("format", 145),
    ("items", 139),
    ("json", 98),
    ("maxLength", 30),
    ("minLength", 36),
    ("nullable", 74),
    ("pattern", 18),
    ("required", 41),
    ("size", 28),
    ("type", 919),
];

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let derive = |operation| bodies::cases(operation).into_iter().chain(parameters::cases(operation));
    let mut cases = OPERATIONS.iter().flat_map(derive).collect::<Vec<_>>();
    exceptions::apply(&mut cases);
    cases
});

#[test]
fn cases_are_derived_for_each_constraint() {
    let (mut counts, mut names) = (BTreeMap::new(), HashSet::new());
    for case in CASES.iter() {
        *counts.entry(case.keyword).or_insert(0) += 1;
        assert!(names.insert(case.name()), "two cases are called {}", case.name());
    }
    assert!(counts.keys().all(|keyword| FLOORS.iter().any(|(known, _)| known == keyword)), "{counts:?}");
    for (keyword, floor) in FLOORS {
        assert!(counts.get(keyword).is_some_and(|count| count >= floor), "less than {floor} of {keyword}: {counts:?}");
    }
}

/// Tests the cases of operations with or without a body, below a path.
async fn test_cases(is_with_body: bool, path: &str) {
    let is_tested =
        |case: &&Case| case.operation.body.is_some() == is_with_body && case.operation.path.starts_with(path);
    let cases: Vec<&Case> = CASES.iter().filter(is_tested).collect();
    assert!(!cases.is_empty());
    let mut world = if is_with_body { World::of_targets().await } else { World::of_examples().await };
    let mut failures = Vec::new();
    for cases in cases.chunk_by(|one, next| one.is_rejected() && next.is_rejected()) {
        for case in cases {
            let result = world.try_case(case).await;
            if is_with_body && (result.is_err() || !case.is_rejected()) {
                world.reset().await;
            }
            failures.extend(result.err().map(|error| format!("{}: {error}", case.name())));
        }
        if world.is_changed().await {
            let [first, last] = [cases.first(), cases.last()].map(|case| case.unwrap().name());
            failures.push(format!("{first} to {last}: one of these was rejected, but changed something"));
            world.reset().await;
        }
    }
    world.stop().await;
    assert!(failures.is_empty(), "{} of {} cases failed:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

#[tokio::test]
async fn malformed_requests_about_users_are_rejected() {
    test_cases(true, "/core/users/").await;
}

#[tokio::test]
async fn malformed_requests_about_groups_are_rejected() {
    test_cases(true, "/core/groups/").await;
}

#[tokio::test]
async fn malformed_requests_about_tokens_are_rejected() {
    test_cases(true, "/core/tokens/").await;
}

#[tokio::test]
async fn malformed_requests_without_a_body_are_rejected() {
    test_cases(false, "/").await;
}
