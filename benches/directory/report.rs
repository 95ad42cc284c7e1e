//! The figures: what was measured, what it is compared with, and what it should be.

use rollcall::domain::clock;
use serde::Serialize;

use crate::{
    failures::Failures,
    load::Run,
    machine::{self, Machine},
    options::Engine,
};

/// A row of the table, as measured.
pub struct Row {
    pub name: &'static str,
    pub engine: Engine,
    pub unit: &'static str,
    pub compared_with: Option<String>,
    pub target: Target,
    pub rounds: Vec<Round>,
}

/// What one round gave.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Round {
    pub value: f64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    pub compared_with: Option<f64>,
}

impl Round {
    /// The rate of a run, and how long its requests took.
    pub fn rate(run: &Run) -> Self {
        Self { value: run.rate(), p50_ms: Some(run.p50_ms()), p99_ms: Some(run.p99_ms()), compared_with: None }
    }

    /// A figure of its own.
    pub fn of(value: f64) -> Self {
        Self { value, ..Self::default() }
    }

    pub fn beside(self, value: f64) -> Self {
        Self { compared_with: Some(value), ..self }
    }
}

/// What a row should be. All of it has to hold.
#[derive(Clone, Copy, Default)]
pub struct Target {
    pub value: Option<Limit>,
    /// Of the value to what it is compared with.
    pub ratio: Option<Limit>,
    /// More of the same, which is hoped for but not asked for.
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

    fn in_words(self, unit: &str) -> String {
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
    /// Not there without a target.
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
        let target = self.target.in_words(self.unit);
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
        // What has no figure misses its target.
        let allows = |limit: Option<Limit>, figure: Option<f64>| {
            limit.is_none_or(|limit| figure.is_some_and(|figure| limit.allows(figure)))
        };
        allows(self.value, Some(value)) && allows(self.ratio, ratio) && allows(self.p99_ms.map(Limit::AtMost), p99_ms)
    }

    fn in_words(&self, unit: &str) -> Option<String> {
        let main = self.value.map(|limit| limit.in_words(unit)).or(self.ratio.map(|limit| limit.in_words("x")));
        let main = main.map(|text| text + &self.aim.map_or(String::new(), |aim| format!(", aiming at {aim}")));
        let p99 = self.p99_ms.map(|limit| format!("p99 <= {limit} ms"));
        let parts: Vec<String> = main.into_iter().chain(p99).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// The middle one, or what is between the two in the middle.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.len().checked_sub(1)? / 2, values.len() / 2);
    Some(f64::midpoint(values[low], values[high]))
}

/// All that is written to the file.
#[derive(Serialize)]
pub struct Report {
    machine: Machine,
    date: String,
    commit: Option<String>,
    /// Whether the counts were too small for the figures to mean anything.
    smoke: bool,
    failed: usize,
    failures: Vec<String>,
    rows: Vec<Figures>,
}

impl Report {
    pub fn new(rows: &[Row], failures: &Failures, smoke: bool) -> Self {
        Self {
            machine: Machine::this(),
            date: clock::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            commit: machine::commit(),
            smoke,
            failed: failures.count(),
            failures: failures.first(),
            rows: rows.iter().map(Row::figures).collect(),
        }
    }
}
