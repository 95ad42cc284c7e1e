//! Creates users in a large directory, compared to a small one.

use crate::{
    BoxError,
    bench::{Bench, CONNECTIONS},
    grow::grow,
    options::Engine,
    people,
    report::{Limit, Round, Row, Target},
    sample::Sample,
};

pub fn measure(bench: &Bench, engine: Engine) -> Result<Vec<Row>, BoxError> {
    let [few, many] = bench.scale.grown;
    let mut row = Row {
        name: "growth",
        engine,
        unit: "users/s",
        compared_with: Some(format!("{few} users present, not {many}")),
        target: Target { ratio: Some(Limit::AtLeast(0.8)), ..Target::default() },
        rounds: Vec::new(),
    };
    let large = Sample::new(bench, engine)?;
    grow(&large, engine, many)?;
    eprintln!("  {many} users are there");
    for round in 1..=bench.rounds {
        let run = create(bench, &large, &format!("round{round}"))?;
        let small = Sample::new(bench, engine)?;
        grow(&small, engine, few)?;
        let beside = create(bench, &small, "round")?.value;
        eprintln!("  round {round}: {:.0}/s, with {few} users {beside:.0}/s", run.value);
        row.rounds.push(run.compared_to(beside));
    }
    Ok(vec![row])
}

fn create(bench: &Bench, sample: &Sample<'_>, series: &str) -> Result<Round, BoxError> {
    let server = sample.home.start()?;
    bench.wait_for_response(&server)?;
    server.wait_until_idle()?;
    let people = people::people(series, bench.scale.created, &sample.groups);
    let (run, _) = people::create(bench, &server, CONNECTIONS, &people)?;
    server.stop()?;
    Ok(Round::rate(&run))
}
