//! How far a command has come, at a terminal.

use std::{
    io::{self, IsTerminal},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Failure;
use crate::{http::StopSignals, store::Progress};

/// How often the bar moves while it is not known how much is left.
const TICK: Duration = Duration::from_millis(100);

/// A bar on standard error, if that is a terminal. It disappears when this is dropped.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
    stopped: AtomicBool,
}

impl Bar {
    pub fn new() -> Self {
        let is_shown = io::stderr().is_terminal();
        let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { bar: ProgressBar::with_draw_target(None, target), stopped: AtomicBool::new(false) }
    }

    /// One that SIGINT and SIGTERM stop.
    ///
    /// # Errors
    ///
    /// If the handlers can't be installed.
    pub fn stoppable() -> Result<Arc<Self>, Failure> {
        let (bar, mut signals) = (Arc::new(Self::new()), StopSignals::new()?);
        let stopped = bar.clone();
        tokio::spawn(async move {
            signals.received().await;
            stopped.stopped.store(true, Ordering::Relaxed);
        });
        Ok(bar)
    }
}

impl Progress for Bar {
    fn begin(&self, work: &'static str, total: Option<u64>) {
        // Without a total nothing is said about the share. Both templates are right: a test shows them.
        let template = if total.is_some() { "{msg:<32} {bar:30} {percent:>3}%" } else { "{msg:<32} {spinner}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style.progress_chars("=> "));
        }
        self.bar.reset();
        self.bar.set_message(work);
        match total {
            Some(total) => {
                self.bar.disable_steady_tick();
                self.bar.set_length(total);
            }
            None => self.bar.enable_steady_tick(TICK),
        }
        self.bar.tick();
    }

    fn reached(&self, done: u64) {
        self.bar.set_position(done);
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
