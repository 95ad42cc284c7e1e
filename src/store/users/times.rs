//! Conditions on the times of users.

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{
    ColumnTrait, Condition, DbBackend,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    domain::filter::{TimeFilter, UserFilter},
    store::entities::user::Column,
};

/// Adds the conditions on the times in a filter. Not as conditions of their own, because an empty one is in the statement
/// too.
pub fn restrict(mut all: Condition, backend: DbBackend, filter: &UserFilter) -> Condition {
    all = date_joined(all, backend, &filter.date_joined);
    all = last_updated(all, backend, &filter.last_updated);
    last_login(all, &filter.last_login).add_option(
        filter
            .last_login_is_null
            .map(|is_null| if is_null { Column::LastLogin.is_null() } else { Column::LastLogin.is_not_null() }),
    )
}

/// Compares the time of creation, in whole milliseconds, which is the beginning of the UUID.
fn date_joined(all: Condition, backend: DbBackend, filter: &TimeFilter) -> Condition {
    let not_before = |millisecond: i64| match first_uuid(millisecond) {
        Some(uuid) => by_index(backend, Column::Uuid.gte(uuid)),
        None => Expr::cust("FALSE"),
    };
    let before = |millisecond: i64| match first_uuid(millisecond) {
        Some(uuid) => by_index(backend, Column::Uuid.lt(uuid)),
        None => Expr::cust("TRUE"),
    };
    let floor = |moment: DateTime<Utc>| moment.timestamp_millis();
    let ceiling = |moment: DateTime<Utc>| floor(moment) + i64::from(moment != moment.trunc_subsecs(3));
    let at = |moment| Condition::all().add(not_before(ceiling(moment))).add(before(floor(moment) + 1));
    all.add_option(filter.at.map(at))
        .add_option(filter.after.map(|moment| not_before(floor(moment) + 1)))
        .add_option(filter.before.map(|moment| before(ceiling(moment))))
}

/// The least UUID made in this millisecond since 1970; `None` if there can be none.
fn first_uuid(millisecond: i64) -> Option<Uuid> {
    const TIME: u32 = 48;
    let millisecond = u128::try_from(millisecond).unwrap_or_default();
    (millisecond < 1 << TIME).then(|| Uuid::from_u128(millisecond << (u128::BITS - TIME)))
}

fn last_updated(all: Condition, backend: DbBackend, filter: &TimeFilter) -> Condition {
    let stored = |moment: DateTime<Utc>| moment.timestamp_micros();
    all.add_option(filter.at.map(|moment| Column::LastUpdated.eq(stored(moment))))
        .add_option(filter.after.map(|moment| by_index(backend, Column::LastUpdated.gt(stored(moment)))))
        .add_option(filter.before.map(|moment| by_index(backend, Column::LastUpdated.lt(stored(moment)))))
}

fn last_login(all: Condition, filter: &TimeFilter) -> Condition {
    all.add_option(filter.at.map(|moment| Column::LastLogin.eq(moment)))
        .add_option(filter.after.map(|moment| Column::LastLogin.gt(moment)))
        .add_option(filter.before.map(|moment| Column::LastLogin.lt(moment)))
}

/// A range that is read by the index of its column.
///
/// SQLite takes a range for a quarter of all rows, and would rather read them in the order of the answer until there are
/// enough: all 100,000 of them for the one user that changed, which took 100 ms instead of 3.
fn by_index(backend: DbBackend, range: SimpleExpr) -> SimpleExpr {
    if backend == DbBackend::Sqlite { Expr::cust_with_exprs("likelihood(?, 0.0001)", [range]) } else { range }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

    use super::*;
    use crate::{
        domain::clock,
        store::{by_id::select_users, tests::TestStore},
    };

    #[tokio::test]
    async fn ranges_are_read_by_their_indexes_on_sqlite() {
        let test = TestStore::set_up().await;
        if test.is_postgres() {
            return test.remove().await;
        }
        let since = TimeFilter { after: Some(clock::now()), ..TimeFilter::default() };
        for (filter, index) in [
            (UserFilter { last_updated: since, ..UserFilter::default() }, "users_last_updated"),
            // The unique index of the UUIDs.
            (UserFilter { date_joined: since, ..UserFilter::default() }, "sqlite_autoindex_users_1"),
        ] {
            let select = select_users()
                .filter(restrict(Condition::all(), DbBackend::Sqlite, &filter))
                .order_by_asc(Column::Username);
            let mut statement = select.limit(100).build(DbBackend::Sqlite);
            statement.sql.insert_str(0, "EXPLAIN QUERY PLAN ");
            let plan = test.store.lister.query_all_raw(statement).await.unwrap();
            let plan: Vec<String> = plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            assert!(plan[0].starts_with(&format!("SEARCH users USING INDEX {index} ")), "{plan:?}");
        }
        test.remove().await;
    }
}
