//! Limits on what clients may store, beyond the contract's schema. They are settings of the server.

/// How much a request may store.
#[derive(Clone, Copy, Debug)]
pub struct ObjectLimits {
    /// The largest attributes of a user or group, in bytes of JSON without spaces.
    pub attributes: usize,
    /// The most groups that one request may name for a user, or as parents of a group.
    pub groups: usize,
    /// The fewest characters of a token's key that a client sets.
    pub token_key: usize,
}

/// What exceeds a limit. The second message is that of Django REST framework for lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    #[error("Ensure this field has no more than {0} bytes.")]
    Bytes(usize),
    #[error("Ensure this field has no more than {0} elements.")]
    Elements(usize),
}

impl ObjectLimits {
    /// The defaults of the settings.
    pub const DEFAULT: Self = Self { attributes: 256 * 1024, groups: 1_000, token_key: 8 };

    /// Checks the size of attributes, in bytes.
    ///
    /// # Errors
    ///
    /// If they are too large.
    pub fn check_attributes(&self, bytes: usize) -> Result<(), TooMuch> {
        if bytes > self.attributes { Err(TooMuch::Bytes(self.attributes)) } else { Ok(()) }
    }

    /// Checks the number of groups in a request.
    ///
    /// # Errors
    ///
    /// If there are too many.
    pub fn check_groups(&self, number: usize) -> Result<(), TooMuch> {
        if number > self.groups { Err(TooMuch::Elements(self.groups)) } else { Ok(()) }
    }
}
