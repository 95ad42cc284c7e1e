//! Approximate sizes in memory, in bytes, which limit how much is queued.

use crate::domain::{
    Attributes,
    group::{GroupChange, NewGroup},
    token::{NewToken, TokenChange},
    user::{NewUser, UserChange},
};

/// The size of a user to be created.
pub fn of_user(new: &NewUser) -> usize {
    let details = &new.details;
    of_texts([&details.username, &details.name, &details.email, &details.path])
        + of_attributes(&details.attributes)
        + size_of_val(new.groups.as_slice())
}

/// The size of a change to a user.
pub fn of_user_change(change: &UserChange) -> usize {
    let texts = [&change.username, &change.name, &change.email, &change.path];
    of_texts(texts.into_iter().flatten())
        + change.attributes.as_ref().map_or(0, of_attributes)
        + change.groups.as_ref().map_or(0, |groups| size_of_val(groups.as_slice()))
}

/// The size of a group to be created.
pub fn of_group(new: &NewGroup) -> usize {
    new.name.len()
        + of_attributes(&new.attributes)
        + size_of_val(new.users.as_slice())
        + size_of_val(new.parents.as_slice())
}

/// The size of a change to a group.
pub fn of_group_change(change: &GroupChange) -> usize {
    of_texts(&change.name)
        + change.attributes.as_ref().map_or(0, of_attributes)
        + change.users.as_ref().map_or(0, |users| size_of_val(users.as_slice()))
        + change.parents.as_ref().map_or(0, |parents| size_of_val(parents.as_slice()))
}

/// The size of a token to be created.
pub fn of_token(new: &NewToken) -> usize {
    of_texts([&new.identifier, &new.description].into_iter().chain(&new.managed))
}

/// The size of a change to a token.
pub fn of_token_change(change: &TokenChange) -> usize {
    let texts = [&change.identifier, &change.description].into_iter().flatten();
    of_texts(texts.chain(change.managed.iter().flatten()))
}

fn of_texts<'t>(texts: impl IntoIterator<Item = &'t String>) -> usize {
    texts.into_iter().map(String::len).sum()
}

fn of_attributes(attributes: &Attributes) -> usize {
    attributes.text().len()
}
