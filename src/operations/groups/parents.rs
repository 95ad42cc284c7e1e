//! The parents in a request for a group: `parent` for one, `parents` for any number.

use uuid::Uuid;

use crate::{
    api::{FieldErrors, MaybeUndefined, UuidRef},
    domain::limits::ObjectLimits,
    operations::given,
    store::Violation,
};

/// What a request says of parents.
#[derive(Clone, Debug)]
pub struct GivenParents {
    /// `None` if they stay as they are.
    references: Option<Vec<UuidRef>>,
    /// The field to which errors belong.
    field: &'static str,
    /// Whether `parent` is not the first of `parents`.
    is_contradictory: bool,
}

impl GivenParents {
    pub fn new(parent: MaybeUndefined<UuidRef>, parents: Option<Vec<UuidRef>>) -> Self {
        let only = given(parent);
        let Some(all) = parents else {
            let references = only.map(|only| only.into_iter().collect());
            return Self { references, field: "parent", is_contradictory: false };
        };
        let first = all.first().map(|first| first.uuid);
        let is_contradictory = only.is_some_and(|only| only.map(|only| only.uuid) != first);
        Self { references: Some(all), field: "parents", is_contradictory }
    }

    /// The UUIDs of the parents; `None` if they stay as they are.
    pub fn uuids(&self) -> Option<Vec<Uuid>> {
        Some(self.references.as_ref()?.iter().map(|parent| parent.uuid).collect())
    }

    /// Whether this group is among the parents.
    pub fn include(&self, group: Uuid) -> bool {
        self.references.iter().flatten().any(|parent| parent.uuid == group)
    }

    /// The error for a group among its own parents. The message is authentik's.
    pub fn own(&self) -> FieldErrors {
        FieldErrors::one(self.field, "Cannot set group as parent of itself.")
    }

    /// Checks that both fields say the same, and that there are not too many parents.
    pub fn check(&self, limits: ObjectLimits) -> FieldErrors {
        let mut errors = FieldErrors::default();
        errors.check(self.field, limits.check_groups(self.references.as_ref().map_or(0, Vec::len)));
        if self.is_contradictory {
            errors.add("parent", "This must be the first of the parents.");
            errors.add("parents", "The first must be the parent.");
        }
        errors
    }

    /// The error, with its field, for a rule that the parents violate.
    pub fn error(&self, violation: Violation) -> Option<(&'static str, String)> {
        let message = match violation {
            Violation::UnknownParent(place) => self.references.as_ref()?.get(place)?.unknown(),
            Violation::Cycle => "A group cannot be its own ancestor.".to_owned(),
            _ => return None,
        };
        Some((self.field, message))
    }
}
