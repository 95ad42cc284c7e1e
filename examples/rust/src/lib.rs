//! The tool under test: creates the users who are missing in authentik.

use std::{collections::BTreeSet, thread, time::Duration};

use serde_json::Value;
use ureq::{Agent, Error};

/// authentik's API: `url` ends in `/api/v3`.
pub struct Api {
    url: String,
    authorization: String,
    agent: Agent,
    /// Called to wait until a busy server may be asked again.
    wait: Box<dyn FnMut(Duration)>,
}

impl Api {
    pub fn new(url: &str, token: &str) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        Self { url: url.into(), authorization: format!("Bearer {token}"), agent, wait: Box::new(thread::sleep) }
    }

    pub fn waiting_by(self, wait: impl FnMut(Duration) + 'static) -> Self {
        Self { wait: Box::new(wait), ..self }
    }

    /// Returns the usernames that were created.
    pub fn sync(&mut self, people: &[Value]) -> Result<Vec<String>, Error> {
        let existing = self.usernames()?;
        let missing: Vec<_> = people.iter().filter(|person| !existing.contains(username(person))).collect();
        for person in &missing {
            match self.call("core/users/", Some(person)) {
                // The connection was lost, but the user may have been created.
                Err(Error::Io(_)) if self.usernames()?.contains(username(person)) => {}
                result => drop(result?),
            }
        }
        Ok(missing.into_iter().map(|person| username(person).to_owned()).collect())
    }

    fn usernames(&mut self) -> Result<BTreeSet<String>, Error> {
        let (mut found, mut page) = (BTreeSet::new(), 1);
        // The number of the next page is 0 on the last one.
        while page != 0 {
            let users = self.call(&format!("core/users/?page_size=100&page={page}"), None)?;
            found.extend(users["results"].as_array().into_iter().flatten().map(|user| username(user).to_owned()));
            page = users["pagination"]["next"].as_u64().unwrap_or(0);
        }
        Ok(found)
    }

    /// Sends a request, up to three times if the server is busy.
    fn call(&mut self, path: &str, body: Option<&Value>) -> Result<Value, Error> {
        let url = format!("{}/{path}", self.url);
        for attempt in 1.. {
            let mut response = match body {
                Some(body) => self.agent.post(&url).header("Authorization", &self.authorization).send_json(body)?,
                None => self.agent.get(&url).header("Authorization", &self.authorization).call()?,
            };
            match response.status().as_u16() {
                429 | 503 if attempt < 3 => {
                    let seconds =
                        response.headers().get("Retry-After").and_then(|value| value.to_str().ok()?.parse().ok());
                    (self.wait)(Duration::from_secs(seconds.unwrap_or(1)));
                }
                200..300 => return response.body_mut().read_json(),
                status => return Err(Error::StatusCode(status)),
            }
        }
        unreachable!("the third attempt returns")
    }
}

fn username(user: &Value) -> &str {
    user["username"].as_str().unwrap_or_default()
}
