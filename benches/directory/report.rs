//! The figures: measurements, comparisons and targets.

use rollcall::domain::clock;
use serde::Serialize;

use crate::{
    failures::Failures,
    load::Run,
    machine::{self, Machine},
    options::{Engine, Options},
};

/// A row of the table with its measurements.
pub struct Row {
    pub name: &'static str,
    pub engine: Engine,
    pub unit: &'static str,
    pub compared_with: Option<String>,
    pub target: Target,
    pub rounds: Vec<Round>,
}

/// The measurements of one round.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Round {
    pub value: f64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    pub compared_with: Option<f64>,
}

impl Round {
    /// The rate and latencies of a run.
    pub fn rate(run: &Run) -> Self {
        Self { value: run.rate(), p50_ms: Some(run.p50_ms()), p99_ms: Some(run.p99_ms()), compared_with: None }
    }

    /// A single figure.
    pub fn of(value: f64) -> Self {
        Self { value, ..Self::default() }
    }

    pub fn compared_to(self, value: f64) -> Self {
        Self { compared_with: Some(value), ..self }
    }
}

/// The target of a row. All limits must be met.
#[derive(Clone, Copy, Default)]
pub struct Target {
    pub value: Option<Limit>,
    /// Limit of the ratio to the comparison.
    pub ratio: Option<Limit>,
    /// A more ambitious ratio, which is not required.
    pub aim: Option<f64>,
    pub p99_ms: Option<f64>,
}

#[derive(Clone, Copy)]
pub enum Limit {
    AtLeast(f64),
    AtMost(f64),
}

impl Limit {
    fn allows(self, value: f64) -> bool {
        match self {
            Self::AtLeast(limit) => value >= limit,
            Self::AtMost(limit) => value <= limit,
        }
    }

    fn describe(self, unit: &str) -> String {
        match self {
            Self::AtLeast(limit) => format!(">= {limit} {unit}"),
            Self::AtMost(limit) => format!("<= {limit} {unit}"),
        }
    }
}

/// A row with the medians of its rounds.
#[derive(Serialize)]
pub struct Figures {
    pub name: &'static str,
    pub engine: &'static str,
    pub unit: &'static str,
    pub value: f64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    pub compared_with: Option<Compared>,
    pub ratio: Option<f64>,
    pub target: Option<String>,
    /// `None` without a target.
    pub met: Option<bool>,
    rounds: Vec<Round>,
}

#[derive(Serialize)]
pub struct Compared {
    pub name: String,
    pub value: f64,
}

impl Row {
    pub fn figures(&self) -> Figures {
        let median_of = |pick: fn(&Round) -> Option<f64>| median(self.rounds.iter().filter_map(pick).collect());
        let value = median_of(|round| Some(round.value)).unwrap_or_default();
        let p99_ms = median_of(|round| round.p99_ms);
        let compared_with = median_of(|round| round.compared_with);
        let ratio = compared_with.map(|other| value / other);
        let target = self.target.describe(self.unit);
        let met = self.target.is_met(value, ratio, p99_ms);
        Figures {
            name: self.name,
            engine: self.engine.name(),
            unit: self.unit,
            value,
            p50_ms: median_of(|round| round.p50_ms),
            p99_ms,
            compared_with: self.compared_with.clone().zip(compared_with).map(|(name, value)| Compared { name, value }),
            ratio,
            met: target.is_some().then_some(met),
            target,
            rounds: self.rounds.clone(),
        }
    }
}

impl Target {
    fn is_met(&self, value: f64, ratio: Option<f64>, p99_ms: Option<f64>) -> bool {
        // A missing figure misses its target.
        let allows = |limit: Option<Limit>, figure: Option<f64>| {
            limit.is_none_or(|limit| figure.is_some_and(|figure| limit.allows(figure)))
        };
        allows(self.value, Some(value)) && allows(self.ratio, ratio) && allows(self.p99_ms.map(Limit::AtMost), p99_ms)
    }

    fn describe(&self, unit: &str) -> Option<String> {
        let main = self.value.map(|limit| limit.describe(unit)).or(self.ratio.map(|limit| limit.describe("x")));
        let main = main.map(|text| text + &self.aim.map_or(String::new(), |aim| format!(", aiming at {aim}")));
        let p99 = self.p99_ms.map(|limit| format!("p99 <= {limit} ms"));
        let parts: Vec<String> = main.into_iter().chain(p99).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// Returns the median.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some(f64::midpoint(values[low], values[high]))
}

/// The content of the output file.
#[derive(Serialize)]
pub struct Report {
    machine: Machine,
    date: String,
    /// `None` if the server may be of another one.
    commit: Option<String>,
    /// Whether the counts were too small for meaningful figures.
    smoke: bool,
    failed: usize,
    failures: Vec<String>,
    rows: Vec<Figures>,
}

impl Report {
    pub fn new(rows: &[Row], failures: &Failures, options: &Options) -> Self {
        Self {
            machine: Machine::current(),
            date: clock::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            commit: options.server.is_none().then(machine::commit).flatten(),
            smoke: options.smoke,
            failed: failures.count(),
            failures: failures.first(),
            rows: rows.iter().map(Row::figures).collect(),
        }
    }
}
