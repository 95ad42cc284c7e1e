//! The users to create, and the checks of the responses.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{BoxError, bench::Bench, home::Home, load::Run, options::Engine, process::Process, requests};

/// The number of groups in every directory.
const GROUPS: usize = 20;

const GIVEN: [&str; 12] =
    ["Ada", "Jürgen", "Σοφία", "Анна", "محمد", "שרה", "अनिता", "สมชาย", "小明", "さくら", "민준", "Zoë"];
const FAMILY: [&str; 11] =
    ["Lovelace", "Müller", "Παπαδόπουλος", "Шевченко", "العربي", "כהן", "शर्मा", "ใจดี", "歐陽", "髙橋", "남궁"];
const PATHS: [&str; 4] = ["users", "users/engineering/berlin", "staff/Köln/IT", "goauthentik.io/sources/ldap"];
const DEPARTMENTS: [&str; 5] = ["Research", "Vertrieb", "人事部", "Sécurité", "Operations"];

/// The start of the name of a changed user; a number follows.
pub const NEW_NAME: &str = "Zoë Müller-Lovelace ";

/// A user to create.
#[derive(Serialize)]
pub struct Person<'g> {
    pub username: String,
    name: String,
    email: String,
    path: &'static str,
    attributes: Map<String, Value>,
    groups: [&'g str; 2],
}

/// A created group.
#[derive(Deserialize)]
pub struct Group {
    pk: String,
    /// The id in the database.
    #[serde(rename = "num_pk")]
    pub id: i64,
}

/// The checked fields of a user in a response.
#[derive(Deserialize)]
pub struct User {
    pub pk: i64,
    username: String,
    name: String,
    email: String,
    path: String,
    attributes: Map<String, Value>,
    groups: Vec<String>,
    pub groups_obj: Vec<Group>,
}

/// Returns `count` users in two groups each. `series` makes their names unique. The username is part of the email
/// address and of an attribute, so that no two users have the same texts.
pub fn people<'g>(series: &str, count: usize, groups: &'g [Group]) -> Vec<Person<'g>> {
    (0..count).map(|index| person(format!("{series}-{index:07}"), index, groups)).collect()
}

fn person(username: String, index: usize, groups: &[Group]) -> Person<'_> {
    let mut attributes = Map::from_iter([("employee".into(), format!("no. {username}").into())]);
    if index % 2 == 1 {
        attributes.insert("department".into(), DEPARTMENTS[index % DEPARTMENTS.len()].into());
    }
    let first = index % groups.len();
    let second = (first + 1 + index / groups.len() % (groups.len() - 1)) % groups.len();
    Person {
        name: format!("{} {}", GIVEN[index % GIVEN.len()], FAMILY[index % FAMILY.len()]),
        email: format!("{username}@example.com"),
        path: PATHS[index % PATHS.len()],
        attributes,
        groups: [&groups[first].pk, &groups[second].pk],
        username,
    }
}

impl Person<'_> {
    /// Returns the request that creates the user.
    pub fn request(&self) -> Result<Vec<u8>, BoxError> {
        Ok(requests::post("/core/users/", &serde_json::to_vec(self)?))
    }

    /// Changes the name, and returns the request that does so in the directory.
    pub fn rename(&mut self, id: i64) -> Vec<u8> {
        self.name = format!("{NEW_NAME}{id}");
        requests::patch(&format!("/core/users/{id}/"), json!({"name": self.name}).to_string().as_bytes())
    }

    /// Checks a response and returns its user.
    ///
    /// # Errors
    ///
    /// What is wrong with the response.
    pub fn check(&self, response: &[u8]) -> Result<User, String> {
        let wrong = |what: &str| format!("{}: wrong {what}: {}", self.username, String::from_utf8_lossy(response));
        let user: User = serde_json::from_slice(response).map_err(|error| wrong(&error.to_string()))?;
        let is_right = [
            ("username", user.username == self.username),
            ("name", user.name == self.name),
            ("email", user.email == self.email),
            ("path", user.path == self.path),
            ("attributes", user.attributes == self.attributes),
            ("groups", same_members(&user.groups.iter().map(String::as_str).collect::<Vec<_>>(), &self.groups)),
            (
                "groups_obj",
                same_members(&user.groups_obj.iter().map(|group| group.pk.as_str()).collect::<Vec<_>>(), &self.groups),
            ),
        ];
        match is_right.iter().find(|(_, is_right)| !is_right) {
            Some((field, _)) => Err(wrong(field)),
            None => Ok(user),
        }
    }
}

/// Whether both have the same members, in any order.
fn same_members(found: &[&str], sent: &[&str]) -> bool {
    found.len() == sent.len() && sent.iter().all(|pk| found.contains(pk))
}

/// Starts a server on an empty directory and creates the groups.
pub fn start_with_groups<'b>(bench: &'b Bench, engine: Engine) -> Result<(Home<'b>, Process, Vec<Group>), BoxError> {
    let home = Home::new(bench, engine)?;
    let server = home.start()?;
    let body = |index| json!({"name": format!("Bench group {index}"), "attributes": {"floor": index}});
    let request = |index| requests::post("/core/groups/", body(index).to_string().as_bytes());
    let groups = bench.ask(&server, 201, (0..GROUPS).map(request))?;
    Ok((home, server, groups))
}

/// Creates users, and checks every response. Also returns the users' ids.
pub fn create(
    bench: &Bench,
    server: &Process,
    connections: usize,
    people: &[Person<'_>],
) -> Result<(Run, Vec<i64>), BoxError> {
    let requests = people.iter().map(Person::request).collect::<Result<Vec<_>, _>>()?;
    send(bench, server, connections, people, 201, &requests)
}

/// Sends a request for each of these people. The response's status is checked at once, and after the measurement that
/// it has the person. Also returns the users' ids.
pub fn send(
    bench: &Bench,
    server: &Process,
    connections: usize,
    people: &[Person<'_>],
    status: u16,
    requests: &[Vec<u8>],
) -> Result<(Run, Vec<i64>), BoxError> {
    let bodies = RefCell::new(vec![Vec::new(); people.len()]);
    let run = bench.send_all(server, connections, requests, |index, response| {
        if response.status != status {
            return Err(response.describe());
        }
        bodies.borrow_mut()[index].extend_from_slice(response.body);
        Ok(())
    })?;
    let answered = people.iter().zip(bodies.into_inner()).filter(|(_, body)| !body.is_empty());
    let ids = answered.filter_map(|(person, body)| bench.failures.note(person.check(&body)).map(|user| user.pk));
    Ok((run, ids.collect()))
}
