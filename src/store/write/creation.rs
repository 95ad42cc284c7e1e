//! Users that are queued to be created together.

use std::{panic::AssertUnwindSafe, sync::Arc, thread, time::Instant};

use futures_util::FutureExt;

use super::{
    budget::{Budget, Permit},
    reply::{Receiver, Reply},
};
use crate::{
    domain::{membership::Profile, user::NewUser},
    store::{Error, Result, error::Stop, size},
};

/// The result of a creation: `None` if the user violates a constraint.
pub type Created = Result<Option<Profile>>;

/// A queued user.
pub struct Creation {
    new: Arc<NewUser>,
    reply: Reply<Created>,
    pub queued: Instant,
    permit: Permit,
}

impl Creation {
    pub fn new(new: Arc<NewUser>, budget: &Budget) -> Result<(Self, Receiver<Created>)> {
        let permit = budget.take(size::of_user(&new))?;
        let (reply, receiver) = Reply::channel();
        Ok((Self { new, reply, queued: Instant::now(), permit }, receiver))
    }

    pub fn fail(self, error: Error) {
        self.reply.send(Ok(Err(error)));
    }
}

/// The results of creations, which wait for their commit.
#[must_use]
pub struct Written(Vec<Outcome>);

struct Outcome {
    reply: Reply<Created>,
    result: thread::Result<Created>,
    _permit: Permit,
}

impl Written {
    /// Sends the results; if the commit failed, its error to those that would have been created.
    pub fn finish(self, committed: &Result<()>) {
        for Outcome { reply, result, .. } in self.0 {
            reply.send(match (result, committed) {
                (Ok(Ok(Some(_))), Err(error)) => Ok(Err(error.clone())),
                (result, _) => result,
            });
        }
    }
}

/// Writes a batch with `write`, which writes all given users or none. A batch that fails is tried again in halves, so
/// that in the end only the offending users fail.
pub async fn write_all<W>(
    creations: impl IntoIterator<Item = Creation>,
    write: impl Fn(Arc<[Arc<NewUser>]>) -> W,
) -> Written
where
    W: Future<Output = Result<Vec<Option<Profile>>, Stop>>,
{
    let mut users = Vec::new();
    let mut waiting = Vec::new();
    for Creation { new, reply, permit, .. } in creations {
        // Skip requests whose client has disconnected.
        if !reply.is_closed() {
            users.push(new);
            waiting.push((reply, permit));
        }
    }
    let mut results = Vec::with_capacity(users.len());
    let mut left: Vec<Arc<[Arc<NewUser>]>> = if users.is_empty() { Vec::new() } else { vec![users.into()] };
    while let Some(users) = left.pop() {
        let may_split = users.len() > 1;
        match AssertUnwindSafe(write(users.clone())).catch_unwind().await {
            Ok(Ok(profiles)) => results.extend(profiles.into_iter().map(|profile| Ok(Ok(profile)))),
            Ok(Err(Stop::Failed(error @ (Error::Unavailable(_) | Error::Uncertain(_))))) => {
                results.extend(users.iter().map(|_| Ok(Err(error.clone()))));
            }
            _ if may_split => {
                let (first, second) = users.split_at(users.len() / 2);
                left.extend([second.into(), first.into()]);
            }
            Ok(Err(Stop::Failed(error))) => results.push(Ok(Err(error))),
            Ok(Err(Stop::Constraint | Stop::Rule(_))) => results.push(Ok(Ok(None))),
            Err(panic) => results.push(Err(panic)),
        }
    }
    let waiting = waiting.into_iter().zip(results);
    Written(waiting.map(|((reply, permit), result)| Outcome { reply, result, _permit: permit }).collect())
}
