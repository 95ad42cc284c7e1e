//! Keeps the response to the last request as it was sent: the generated types leave out fields that are null or unknown,
//! and an error that isn't JSON loses its status.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::{Bytes, BytesMut};
use progenitor::progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::{Request, Response, StatusCode, header::HeaderMap};

use crate::Client;

/// The largest body that is read, in bytes. What is longer is cut there, and so can't be parsed.
const MAX_BODY: usize = 256 * 1024 * 1024;

/// A response as it was sent.
#[derive(Clone)]
pub struct Received {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Its `Debug` output is only the status, because a body may hold a key.
impl fmt::Debug for Received {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Received").field("status", &self.status).finish_non_exhaustive()
    }
}

/// The response to the last request of a client and its clones. For clients that send one request at a time.
#[derive(Clone, Debug, Default)]
pub struct LastResponse(Arc<Mutex<Option<Received>>>);

impl LastResponse {
    /// Takes the response; `None` if there was none, or it could not be read to its end.
    pub fn take(&self) -> Option<Received> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Received>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientHooks<LastResponse> for Client {
    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        self.inner().take();
        let mut response = self.client().execute(request).await?;
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await?
            && body.len() < MAX_BODY
        {
            body.extend_from_slice(&chunk);
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let received = Received { status, headers: headers.clone(), body: body.freeze() };
        let mut copy = http::Response::new(received.body.clone());
        (*copy.status_mut(), *copy.headers_mut()) = (status, headers);
        *self.inner().lock() = Some(received);
        Ok(copy.into())
    }
}
