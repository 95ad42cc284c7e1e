//! Reads groups, with what is around them.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IdenStatic, JoinType, QueryFilter, QuerySelect,
    QueryTrait, RelationTrait, Select,
    sea_query::{Alias, Expr, ExprTrait, LockType, Order, Query, SelectStatement},
};
use uuid::Uuid;

use super::parents::{Direction, related};
use crate::{
    domain::{
        group::{Group, Parent},
        membership::{Around, GroupWithMembers, Members},
    },
    store::{
        IDS_PER_STATEMENT, Result, Store,
        by_id::{rows_by, rows_of, users_by_id},
        column,
        connection::{FromRow, ReadRows, Row, Transaction},
        entities::{group, group_parent, user, user_group},
        padded,
    },
};

impl FromRow for Group {
    fn from_row(row: &mut Row<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            id: row.next()?,
            uuid: row.next()?,
            name: row.next()?,
            is_superuser: row.next()?,
            makes_superuser: row.next()?,
            attributes: row.next()?,
            parent: row.next::<Option<Uuid>>()?.zip(row.next()?).map(|(uuid, name)| Parent { uuid, name }),
        })
    }
}

/// The number of columns from which a [`Group`] is read: its own, and two of its first parent.
pub(in crate::store) const COLUMNS: usize = group::COLUMNS.len() + 2;

/// Selects groups for [`Group`]'s `FromRow`, without the first parents, which [`with_around`] adds.
pub(super) fn select_groups() -> Select<group::Entity> {
    let select = group::Entity::find().select_only().columns(group::COLUMNS);
    ["parent_uuid", "parent_name"].into_iter().fold(select, |select, name| select.expr_as(Expr::cust("NULL"), name))
}

/// Selects the groups that a user is a direct member of, after `leading` expressions.
pub(in crate::store) fn select_of_user(
    backend: DbBackend,
    leading: impl Iterator<Item = Expr>,
    user_id: i32,
) -> SelectStatement {
    let select = with_parent(leading.fold(group::Entity::find().select_only(), QuerySelect::expr), backend);
    let is_member = user_group::Column::UserId.eq(user_id);
    if backend == DbBackend::Postgres {
        // For a join, PostgreSQL would read all groups unless its statistics are fresh.
        let ids = user_group::Entity::find().select_only().column(user_group::Column::GroupId).filter(is_member);
        let is_one = Expr::cust_with_exprs(r#""groups"."id" = ANY(ARRAY($1))"#, [ids.into_query().into()]);
        return select.filter(is_one).into_query();
    }
    select.join_rev(JoinType::InnerJoin, user_group::Relation::Group.def()).filter(is_member).into_query()
}

/// Selects the columns of groups and of their first parents.
fn with_parent(select: Select<group::Entity>, backend: DbBackend) -> Select<group::Entity> {
    use group_parent::Column::{GroupId, ParentId, Position};
    let parent = Alias::new("parent");
    let of_parent = [group::Column::Uuid, group::Column::Name].map(|column| (parent.clone(), column));
    let of_group = Expr::col((group_parent::Entity, GroupId)).equals((group::Entity, group::Column::Id));
    let is_first = of_group.and(Expr::col((group_parent::Entity, Position)).eq(Expr::cust("0")));
    let is_parent = Expr::col((parent.clone(), group::Column::Id)).equals((group_parent::Entity, ParentId));
    let mut select = select.columns(group::COLUMNS);
    let query = QueryTrait::query(&mut select).columns(of_parent.clone());
    if backend == DbBackend::Postgres {
        // For other joins, PostgreSQL would read the whole tables unless its statistics are fresh. `ORDER BY` keeps it
        // from merging the inner query with the outer one, like `OFFSET 0`, but without a parameter.
        let first_parent = Query::select()
            .columns(of_parent)
            .from(group_parent::Entity)
            .join_as(JoinType::InnerJoin, group::Entity, parent.clone(), is_parent)
            .and_where(is_first)
            .order_by((group_parent::Entity, Position), Order::Asc)
            .to_owned();
        query.join_lateral(JoinType::LeftJoin, first_parent, parent, Expr::cust("TRUE"));
    } else {
        query.left_join(group_parent::Entity, is_first).join_as(JoinType::LeftJoin, group::Entity, parent, is_parent);
    }
    select
}

/// Returns the groups that users are direct members of, sorted by UUID. A shared group is read only once.
pub(in crate::store) async fn of_users(
    connection: &impl ReadRows,
    user_ids: &[i32],
) -> Result<HashMap<i32, Vec<Arc<Group>>>> {
    let memberships = memberships(connection, user_group::Column::UserId, user_ids).await?;
    let ids: BTreeSet<i32> = memberships.iter().map(|(_, group_id)| *group_id).collect();
    let ids: Vec<i32> = ids.into_iter().collect();
    let select = || with_parent(group::Entity::find().select_only(), connection.get_database_backend());
    let groups: Vec<Group> = rows_by(connection, "groups by id", select, group::Column::Id, &ids).await?;
    let groups: HashMap<i32, Arc<Group>> = groups.into_iter().map(|group| (group.id, Arc::new(group))).collect();
    let mut of_users: HashMap<i32, Vec<Arc<Group>>> = HashMap::new();
    for (user_id, group_id) in memberships {
        // A group may have been deleted between the two statements.
        of_users.entry(user_id).or_default().extend(groups.get(&group_id).cloned());
    }
    for groups in of_users.values_mut() {
        groups.sort_unstable_by_key(|group| group.uuid);
    }
    Ok(of_users)
}

/// Returns the memberships of users or of groups, as pairs of user id and group id.
async fn memberships(connection: &impl ReadRows, of: user_group::Column, ids: &[i32]) -> Result<Vec<(i32, i32)>> {
    rows_of(connection, &format!("SELECT user_id, group_id FROM user_groups WHERE {}", of.as_str()), ids).await
}

/// Returns the groups that exist, by UUID. On PostgreSQL they can't be deleted until the transaction ends.
pub(in crate::store) async fn locked_by_uuid(
    transaction: &Transaction,
    uuids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Arc<Group>>> {
    let uuids: Vec<Uuid> = uuids.collect::<BTreeSet<_>>().into_iter().collect();
    let locked = || {
        let mut select = with_parent(group::Entity::find().select_only(), transaction.get_database_backend());
        QueryTrait::query(&mut select).lock_with_tables(LockType::KeyShare, [group::Entity]);
        select
    };
    let groups: Vec<Group> = rows_by(transaction, "groups by UUID", locked, group::Column::Uuid, &uuids).await?;
    Ok(groups.into_iter().map(|group| (group.uuid, Arc::new(group))).collect())
}

/// Returns the index of the first of `uuids` that no group has.
pub(in crate::store) async fn first_unknown(
    connection: &impl ConnectionTrait,
    uuids: &[Uuid],
) -> Result<Option<usize>> {
    let mut known = BTreeSet::new();
    for chunk in uuids.chunks(IDS_PER_STATEMENT) {
        let found = group::Entity::find().filter(group::Column::Uuid.is_in(padded(chunk)));
        known.extend(column::<_, Uuid>(connection, found, group::Column::Uuid).await?);
    }
    Ok(uuids.iter().position(|uuid| !known.contains(uuid)))
}

impl Store {
    /// Returns the id of the group with this UUID.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn group_id(&self, uuid: Uuid) -> Result<Option<i32>> {
        id_of(&self.reader, uuid).await
    }

    /// Returns the group with this UUID, with the ids of what is around it, and more as told.
    ///
    /// # Errors
    ///
    /// If the database fails, or takes too long.
    pub async fn group(&self, uuid: Uuid, around: Around) -> Result<Option<GroupWithMembers>> {
        self.list(async |lister| group(&lister, uuid, around).await).await
    }

    /// Like [`group`](Self::group), for a group that has just been changed: from the primary, for as long as it takes.
    pub(super) async fn changed_group(&self, uuid: Uuid, around: Around) -> Result<Option<GroupWithMembers>> {
        group(&self.lister, uuid, around).await
    }
}

async fn group(connection: &impl ReadRows, uuid: Uuid, around: Around) -> Result<Option<GroupWithMembers>> {
    let groups = connection.selected(&select_groups().filter(group::Column::Uuid.eq(uuid))).await?;
    Ok(with_around(connection, groups, around).await?.pop())
}

/// Returns the id of the group with this UUID.
pub(super) async fn id_of(connection: &impl ReadRows, uuid: Uuid) -> Result<Option<i32>> {
    let found = group::Entity::find().select_only().column(group::Column::Id).filter(group::Column::Uuid.eq(uuid));
    Ok(connection.selected(&found).await?.pop())
}

pub(super) async fn first_unknown_user(connection: &impl ReadRows, ids: &[i64]) -> Result<Option<usize>> {
    let mut known = BTreeSet::new();
    for chunk in ids.chunks(IDS_PER_STATEMENT) {
        let found = user::Entity::find().filter(user::Column::Id.is_in(padded(chunk)));
        known.extend(column::<_, i32>(connection, found, user::Column::Id).await?.into_iter().map(i64::from));
    }
    Ok(ids.iter().position(|id| !known.contains(id)))
}

/// Adds what is around groups, with a number of statements that depends only on how many there are.
pub(super) async fn with_around(
    connection: &impl ReadRows,
    groups: Vec<Group>,
    around: Around,
) -> Result<Vec<GroupWithMembers>> {
    let ids: Vec<i32> = groups.iter().map(|group| group.id).collect();
    let mut members: HashMap<i32, Vec<i32>> = HashMap::new();
    for (user_id, group_id) in memberships(connection, user_group::Column::GroupId, &ids).await? {
        members.entry(group_id).or_default().push(user_id);
    }
    let users = if around.members {
        let ids: BTreeSet<i32> = members.values().flatten().copied().collect();
        users_by_id(connection, &ids.into_iter().collect::<Vec<_>>()).await?
    } else {
        HashMap::new()
    };
    let mut parents = related(connection, Direction::Parents, &ids, around.parents).await?;
    let mut children = related(connection, Direction::Children, &ids, around.children).await?;
    let with_around = |mut group: Group| {
        let mut ids = members.remove(&group.id).unwrap_or_default();
        ids.sort_unstable();
        let members = if around.members {
            // A user may have been deleted between the two statements.
            Members::Users(ids.iter().filter_map(|id| users.get(id).cloned()).collect())
        } else {
            Members::Ids(ids)
        };
        let parents = parents.remove(&group.id).unwrap_or_default();
        group.parent = parents.first().map(|first| Parent { uuid: first.uuid, name: first.name.clone() });
        let children = children.remove(&group.id).unwrap_or_default();
        GroupWithMembers { group, members, parents, children }
    };
    Ok(groups.into_iter().map(with_around).collect())
}
