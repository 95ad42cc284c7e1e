//! Requests of the administrator.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::{program::http_client, target::TOKEN};

/// How long a response may take. A server that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(15);

/// What became of a request.
#[derive(Debug)]
pub enum Answer {
    /// It succeeded.
    Done(Value),
    /// It got a 503.
    Refused,
    /// There was no response, or not all of it.
    Gone,
}

/// A client with one connection, if its requests follow one another.
pub struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    pub fn new(url: &str) -> Self {
        let http = http_client().timeout(PATIENCE).build().unwrap();
        Self { http, url: format!("{url}/api/v3") }
    }

    /// Panics if the response is anything else than an [`Answer`].
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.http.request(method.clone(), format!("{}{path}", self.url)).bearer_auth(TOKEN);
        let request = if let Some(body) = body { request.json(body) } else { request };
        let gone = |error: reqwest::Error| {
            assert!(!error.is_timeout(), "{method} {path} is not answered");
            Answer::Gone
        };
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return gone(error),
        };
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = match response.bytes().await {
            Ok(bytes) => bytes,
            Err(error) => return gone(error),
        };
        match status {
            204 => Answer::Done(Value::Null),
            200..300 => Answer::Done(serde_json::from_slice(&bytes).unwrap()),
            503 => {
                assert!(headers.contains_key("retry-after"), "{method} {path}: {headers:?}");
                Answer::Refused
            }
            _ => panic!("{method} {path}: {status} {}", String::from_utf8_lossy(&bytes)),
        }
    }

    /// What is there.
    pub async fn get(&self, path: &str) -> Value {
        match self.send(Method::GET, path, None).await {
            Answer::Done(value) => value,
            answer => panic!("GET {path}: {answer:?}"),
        }
    }

    /// Creates something. Returns its id.
    pub async fn create(&self, path: &str, body: &Value) -> Value {
        match self.send(Method::POST, path, Some(body)).await {
            Answer::Done(value) => value["pk"].clone(),
            answer => panic!("POST {path}: {answer:?}"),
        }
    }

    /// All pages of a list. Its path has parameters already.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let mut all = Vec::new();
        for page in 1.. {
            let mut list = self.get(&format!("{path}&page_size=200&page={page}")).await;
            all.append(list["results"].as_array_mut().unwrap());
            if list["pagination"]["next"] == 0 {
                assert_eq!(list["pagination"]["count"], all.len(), "{path}");
                break;
            }
        }
        all
    }

    /// The number of objects that a list says it has.
    pub async fn count(&self, path: &str) -> i64 {
        self.get(path).await["pagination"]["count"].as_i64().unwrap()
    }
}
