//! A store on an empty database, for the tests of this module's parts.

use std::num::NonZeroUsize;

use super::{DatabaseUrl, ReadLimits, Store};
use crate::domain::secret::InstanceSecret;

#[expect(dead_code, reason = "the test suite uses the rest")]
#[path = "../../tests/support/database.rs"]
mod database;

use self::database::Database;

/// A store, whose database is to be removed in the end.
pub struct TestStore {
    pub store: Store,
    database: Database,
}

impl TestStore {
    pub async fn open() -> Self {
        let database = Database::create().await;
        let store =
            Store::open(&database.url.parse().unwrap(), NonZeroUsize::new(8).unwrap(), ReadLimits::DEFAULT).unwrap();
        Self { store, database }
    }

    /// Also sets it up.
    pub async fn set_up() -> Self {
        let test = Self::open().await;
        test.store.set_up(&InstanceSecret::new(&"a secret for tests".into()), &"key".into()).await.unwrap();
        test
    }

    /// Another store on the same database, for which there is a pooler; `None` on SQLite.
    pub fn behind_pooler(&self) -> Option<Store> {
        let (url, _) = self.database.url.split_once('?').unwrap_or((&self.database.url, ""));
        let connections = NonZeroUsize::new(8).unwrap();
        let open = || Store::open(&format!("{url}?pgbouncer=true").parse().unwrap(), connections, ReadLimits::DEFAULT);
        self.is_postgres().then(|| open().unwrap())
    }

    pub fn is_postgres(&self) -> bool {
        self.database.is_postgres()
    }

    pub fn url(&self) -> DatabaseUrl {
        self.database.url.parse().unwrap()
    }

    /// The path of the database, on SQLite.
    pub fn sqlite_file(&self) -> Option<String> {
        self.database.url.strip_prefix("sqlite:").map(Into::into)
    }

    pub async fn remove(self) {
        self.store.close().await;
        self.database.remove().await;
    }
}
