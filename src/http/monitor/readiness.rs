//! Whether the server can do its work.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use poem::{IntoResponse, Response, http::StatusCode};
use serde::Serialize;
use tokio::sync::Mutex;

use super::json_response;
use crate::operations::App;

/// How long an answer of the store counts, so that those who ask, who need no token, can't keep it busy.
const VALIDITY: Duration = Duration::from_millis(500);

#[derive(Debug, Default)]
pub struct Readiness {
    is_stopping: AtomicBool,
    /// Whether the store answered, and when.
    last: Mutex<Option<(bool, Instant)>>,
}

#[derive(Serialize)]
struct Status {
    status: &'static str,
}

impl Readiness {
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// 200 if the store answers, and the server isn't stopping; otherwise 503.
    pub async fn response(&self, app: &App) -> Response {
        if self.is_stopping.load(Ordering::Relaxed) {
            return bad("stopping");
        }
        if self.store_answers(app).await { good() } else { bad("the database doesn't answer") }
    }

    /// Those who ask at the same time wait for the same answer.
    async fn store_answers(&self, app: &App) -> bool {
        let mut last = self.last.lock().await;
        if let Some((answers, at)) = *last
            && at.elapsed() < VALIDITY
        {
            return answers;
        }
        let answers = app.is_ready().await;
        *last = Some((answers, Instant::now()));
        answers
    }
}

pub fn good() -> Response {
    json_response(StatusCode::OK, &Status { status: "ok" })
}

fn bad(status: &'static str) -> Response {
    json_response(StatusCode::SERVICE_UNAVAILABLE, &Status { status }).with_header("retry-after", "1").into_response()
}
