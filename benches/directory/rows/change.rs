//! Changes the names of users, compared to the same transaction in the engine.

use crate::{
    BoxError,
    bench::{Bench, CONNECTIONS},
    options::Engine,
    people,
    probes::{pgbench, transaction},
    report::{Limit, Round, Row, Target},
};

const COMPARED_WITH: &str = "one transaction at a time";

pub fn measure(bench: &Bench, engine: Engine) -> Result<Vec<Row>, BoxError> {
    let least = match engine {
        Engine::Sqlite => 2.0,
        Engine::Postgres => 1.2,
    };
    let mut change = Row {
        name: "change",
        engine,
        unit: "users/s",
        compared_with: Some(COMPARED_WITH.into()),
        target: Target { ratio: Some(Limit::AtLeast(least)), ..Target::default() },
        rounds: Vec::new(),
    };
    let mut cpu = Row {
        name: "CPU per change",
        engine,
        unit: "us",
        compared_with: None,
        target: Target::default(),
        rounds: Vec::new(),
    };
    let mut random = fastrand::Rng::with_seed(20_240_506);
    for round in 1..=bench.rounds {
        let (home, server, groups) = people::start_with_groups(bench, engine)?;
        let people = people::people("bench", bench.scale.changed, &groups);
        let (_, ids) = people::create(bench, &server, CONNECTIONS, &people)?;
        if ids.len() != people.len() {
            return Err("not all users could be created".into());
        }
        // Until all are indexed, because a change costs more then.
        server.wait_until_idle()?;
        let mut users: Vec<_> = people.into_iter().zip(ids).collect();
        random.shuffle(&mut users);
        let requests: Vec<Vec<u8>> = users.iter_mut().map(|(person, id)| person.rename(*id)).collect();
        let (people, ids): (Vec<_>, Vec<i64>) = users.into_iter().unzip();
        let (run, _) = people::send(bench, &server, CONNECTIONS, &people, 200, &requests)?;
        server.stop()?;

        // The same users, so that rows and indexes are of the same size.
        let probe = match engine {
            Engine::Sqlite => transaction::change(&home.sqlite_file(), &ids, bench.scale.probing)?,
            Engine::Postgres => pgbench::change(&home, &ids, bench.scale.probing)?,
        };
        eprintln!("  round {round}: {:.0} users/s, {COMPARED_WITH}: {:.0}/s", run.rate(), probe.rate());
        change.rounds.push(Round::rate(&run).compared_to(probe.rate()));
        cpu.rounds.push(Round::of(run.cpu_us()));
    }
    Ok(vec![change, cpu])
}
