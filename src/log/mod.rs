//! The log: a line for each event on standard error, as text or as JSON; and the export of traces.
//!
//! A thread of its own writes the lines, so that a reader who stops reading stalls no request. While it can't write, as
//! many lines as [`WAITING_LINES`] wait; further ones are dropped, and counted.

mod traces;

use std::{
    io::{self, IsTerminal},
    str::FromStr,
};

use clap::ValueEnum;
use derive_more::Display;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{LevelFilter, ParseError, Targets},
    fmt,
    layer::SubscriberExt,
    reload,
    util::SubscriberInitExt,
};

use self::traces::Traces;
pub use self::traces::{Collector, ExportError, InvalidCollector};
use crate::{
    store,
    telemetry::{self, TRACES},
};

/// The most lines that wait to be written.
const WAITING_LINES: usize = 10_000;

/// How lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// A JSON object per line.
    Json,
}

/// A valid log filter, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Display)]
pub struct Filter(String);

/// Why a text is no log filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFilter {
    #[error("`{0}` is none of the levels off, error, warn, info, debug and trace")]
    UnknownLevel(String),
    #[error("{0}")]
    Malformed(String),
}

impl From<ParseError> for InvalidFilter {
    fn from(error: ParseError) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl FromStr for Filter {
    type Err = InvalidFilter;

    fn from_str(text: &str) -> Result<Self, InvalidFilter> {
        const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
        for directive in text.split(',').map(str::trim) {
            // The library would take a mistyped level for a module, and log everything of it.
            let level = directive.rsplit_once('=').map_or(directive, |(_, level)| level);
            if !LEVELS.iter().any(|known| known.eq_ignore_ascii_case(level)) {
                return Err(InvalidFilter::UnknownLevel(level.to_owned()));
            }
        }
        EnvFilter::builder().parse(text)?;
        Ok(Self(text.to_owned()))
    }
}

impl Filter {
    fn to_env_filter(&self) -> EnvFilter {
        // The setting comes after the store's, so that it can have its way.
        EnvFilter::new(format!("{},{},{TRACES}=off", store::LOG_FILTER, self.0))
    }
}

/// The log of the process. What waits to be written is written when it is dropped.
pub struct Log {
    set_filter: Box<dyn Fn(EnvFilter) + Send + Sync>,
    dropped: ErrorCounter,
    // Before the writer, which writes what it says.
    _traces: Option<Traces>,
    _writer: WorkerGuard,
}

impl Log {
    /// Begins to log, and to export traces if there is a collector. To be called once.
    ///
    /// # Errors
    ///
    /// If traces can't be exported.
    pub fn start(filter: &Filter, format: Format, collector: Option<&Collector>) -> Result<Self, ExportError> {
        let (lines, writer) =
            NonBlockingBuilder::default().buffered_lines_limit(WAITING_LINES).lossy(true).finish(io::stderr());
        let dropped = lines.error_counter();
        let layer = fmt::layer().with_writer(lines);
        let layer = match format {
            Format::Text => layer.with_ansi(io::stderr().is_terminal()).boxed(),
            Format::Json => layer.json().flatten_event(true).with_span_list(false).boxed(),
        };
        let filter = filter.to_env_filter();
        let traces = collector.map(Traces::start).transpose()?;
        let set_filter = match &traces {
            // One filter for all: with filters of layers, a library that only asks whether something would be logged can
            // make the next span of the thread disappear.
            None => {
                let (filter, handle) = reload::Layer::new(filter);
                tracing_subscriber::registry().with(layer).with(filter).init();
                setter(handle)
            }
            Some(traces) => {
                let (filter, handle) = reload::Layer::new(filter);
                let of_traces = tracing_opentelemetry::layer().with_tracer(traces.tracer());
                let of_traces = of_traces.with_location(false).with_threads(false).with_tracked_inactivity(false);
                let of_traces = of_traces.with_filter(Targets::new().with_target(TRACES, LevelFilter::DEBUG));
                tracing_subscriber::registry().with(layer.with_filter(filter)).with(of_traces).init();
                telemetry::begin_tracing();
                setter(handle)
            }
        };
        Ok(Self { set_filter, dropped, _traces: traces, _writer: writer })
    }

    /// Uses another filter from now on.
    pub fn set_filter(&self, filter: &Filter) {
        (self.set_filter)(filter.to_env_filter());
    }

    /// How many lines were dropped.
    pub fn dropped(&self) -> ErrorCounter {
        self.dropped.clone()
    }
}

fn setter<S: 'static>(handle: reload::Handle<EnvFilter, S>) -> Box<dyn Fn(EnvFilter) + Send + Sync> {
    // It fails only when there is no log any more.
    Box::new(move |filter| drop(handle.reload(filter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_has_levels_alone_or_after_a_module() {
        for text in ["info", "WARN", "off", "warn,rollcall=debug", "rollcall::http=debug, info"] {
            assert!(text.parse::<Filter>().is_ok(), "{text}");
        }
        for (text, level) in
            [("inof", "inof"), ("verbose", "verbose"), ("rollcall", "rollcall"), ("info,", ""), ("rollcall=3x", "3x")]
        {
            assert_eq!(text.parse::<Filter>().unwrap_err(), InvalidFilter::UnknownLevel(level.into()), "{text}");
        }
    }
}
