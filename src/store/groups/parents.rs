//! Which groups are directly above and below a group.

use std::collections::{HashMap, HashSet};

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use uuid::Uuid;

use crate::{
    domain::membership::{RelatedDetails, RelatedGroup},
    store::{
        self, Result, Violation,
        by_id::{rows_by, rows_of},
        connection::{FromRow, ReadRows, Row, Transaction},
        entities::{group, group_parent},
        error::Stop,
        rows::insert_all,
        superusers,
    },
};

/// The maximum number of parents written per statement.
const PARENTS_PER_STATEMENT: usize = 1_024;

/// Returns the ids of the groups with these UUIDs, in their order; `None` if one doesn't exist.
pub async fn ids_of(connection: &impl ReadRows, uuids: &[Uuid]) -> Result<Option<Vec<i32>>> {
    let select = || group::Entity::find().select_only().columns([group::Column::Uuid, group::Column::Id]);
    let found: Vec<(Uuid, i32)> = rows_by(connection, "ids of groups", select, group::Column::Uuid, uuids).await?;
    let ids: HashMap<Uuid, i32> = found.into_iter().collect();
    Ok(uuids.iter().map(|uuid| ids.get(uuid).copied()).collect())
}

/// Replaces the parents of a group. Rejected if it would be its own ancestor. The caller holds the
/// [lock of the structure](crate::store::lock_structure), so that no other write can close a circle meanwhile.
pub async fn replace(transaction: &Transaction, group_id: i32, parent_ids: Vec<i32>) -> Result<(), Stop> {
    group_parent::Entity::delete_many().filter(group_parent::Column::GroupId.eq(group_id)).exec(transaction).await?;
    insert(transaction, group_id, parent_ids).await?;
    if superusers::is_own_ancestor(transaction, group_id).await? { Err(Violation::Cycle.into()) } else { Ok(()) }
}

/// Gives parents to a group that has none. Of several mentions of a group the first counts.
pub async fn insert(transaction: &Transaction, group_id: i32, mut parent_ids: Vec<i32>) -> Result<()> {
    let mut seen = HashSet::new();
    parent_ids.retain(|id| seen.insert(*id));
    let row = |(position, parent_id)| group_parent::ActiveModel {
        group_id: Set(group_id),
        parent_id: Set(parent_id),
        position: Set(position),
    };
    let rows: Vec<_> = (0..).zip(parent_ids).map(row).collect();
    for chunk in rows.chunks(PARENTS_PER_STATEMENT) {
        insert_all::<group_parent::Entity>(transaction, chunk.to_vec()).await?;
    }
    Ok(())
}

/// Moves the later parents of the groups below one place up, before the group is deleted.
pub async fn close_gaps(transaction: &Transaction, group_id: i32) -> Result<()> {
    use group_parent::Column::{GroupId, ParentId, Position};
    let gone = Alias::new("gone");
    let position = Query::select()
        .column((gone.clone(), Position))
        .from_as(group_parent::Entity, gone.clone())
        .and_where(Expr::col((gone.clone(), ParentId)).eq(group_id))
        .and_where(Expr::col((gone, GroupId)).equals((group_parent::Entity, GroupId)))
        .to_owned();
    let children =
        Query::select().column(GroupId).from(group_parent::Entity).and_where(ParentId.eq(group_id)).to_owned();
    group_parent::Entity::update_many()
        .col_expr(Position, Expr::col(Position).sub(1))
        .filter(GroupId.in_subquery(children))
        .filter(Expr::col((group_parent::Entity, Position)).gt(Expr::from(position)))
        .exec(transaction)
        .await?;
    Ok(())
}

/// A direction from a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Parents,
    Children,
}

/// A group in a direction, with the id of the one that it was found from and its place in the order.
struct Found {
    from: i32,
    place: i32,
    group: RelatedGroup,
}

impl FromRow for Found {
    fn from_row(row: &mut Row<'_>) -> Result<Self, DbErr> {
        let (from, place, uuid, name) = (row.next()?, row.next()?, row.next()?, row.next()?);
        let details = match row.next::<Option<bool>>()? {
            None => None,
            Some(is_superuser) => Some(RelatedDetails { is_superuser, attributes: row.next()? }),
        };
        Ok(Self { from, place, group: RelatedGroup { uuid, name, details } })
    }
}

/// Returns the groups directly above or below groups, by their ids: only UUIDs and names unless `with_details`.
pub async fn related(
    connection: &impl ReadRows,
    direction: Direction,
    ids: &[i32],
    with_details: bool,
) -> Result<HashMap<i32, Vec<RelatedGroup>>> {
    let (near, far, place) = match direction {
        Direction::Parents => ("group_id", "parent_id", "edges.position"),
        Direction::Children => ("parent_id", "group_id", "0"),
    };
    let details = if with_details { "far.is_superuser, far.attributes" } else { "NULL" };
    let join = if store::is_postgres(connection) {
        // Like that of `rows_of`.
        format!("CROSS JOIN LATERAL (SELECT * FROM groups WHERE id = edges.{far} OFFSET 0) AS far")
    } else {
        format!("INNER JOIN groups AS far ON far.id = edges.{far}")
    };
    let select = format!(
        "SELECT edges.{near}, {place} AS place, far.uuid, far.name, {details} FROM group_parents AS edges {join} \
         WHERE edges.{near}"
    );
    let mut found: Vec<Found> = rows_of(connection, &select, ids).await?;
    found.sort_unstable_by_key(|found| (found.place, found.group.uuid));
    let mut related: HashMap<i32, Vec<RelatedGroup>> = HashMap::new();
    for Found { from, group, .. } in found {
        related.entry(from).or_default().push(group);
    }
    Ok(related)
}
