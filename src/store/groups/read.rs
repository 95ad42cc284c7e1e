//! Reads groups, with their parents and members.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationTrait, Select, Statement,
    sea_query::{Alias, Expr, LockType, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    domain::{
        group::{Group, Parent},
        membership::{GroupWithMembers, Members},
        user::User,
    },
    store::{
        IDS_PER_STATEMENT, Result, Store, column,
        connection::Transaction,
        entities::{self, group, user, user_group},
        padded, texts,
    },
};

/// A group joined with its parent.
#[derive(FromQueryResult)]
struct Row {
    id: i32,
    uuid: Uuid,
    name: String,
    is_superuser: bool,
    makes_superuser: bool,
    attributes: sea_orm::JsonValue,
    parent_uuid: Option<Uuid>,
    parent_name: Option<String>,
}

impl From<Row> for Group {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            uuid: row.uuid,
            name: row.name,
            is_superuser: row.is_superuser,
            makes_superuser: row.makes_superuser,
            parent: row.parent_uuid.zip(row.parent_name).map(|(uuid, name)| Parent { uuid, name }),
            attributes: entities::attributes(row.attributes),
        }
    }
}

/// Groups joined with their parents.
fn with_parents() -> Select<group::Entity> {
    let parent = Alias::new("parent");
    let of_parent = |column: group::Column| Expr::col((parent.clone(), column));
    group::Entity::find()
        .select_only()
        .columns([
            group::Column::Id,
            group::Column::Uuid,
            group::Column::Name,
            group::Column::IsSuperuser,
            group::Column::MakesSuperuser,
            group::Column::Attributes,
        ])
        .column_as(of_parent(group::Column::Uuid), "parent_uuid")
        .column_as(of_parent(group::Column::Name), "parent_name")
        .join_as(JoinType::LeftJoin, group::Relation::Parent.def(), parent.clone())
}

/// Returns the groups that users are direct members of, sorted by UUID. A shared group is read only once.
pub(in crate::store) async fn of_users(
    connection: &impl ConnectionTrait,
    user_ids: &[i32],
) -> Result<HashMap<i32, Vec<Group>>> {
    let mut memberships: Vec<(i32, i32)> = Vec::new();
    for chunk in user_ids.chunks(IDS_PER_STATEMENT) {
        let of_chunk = user_group::Entity::find().filter(user_group::Column::UserId.is_in(padded(chunk)));
        memberships.extend(of_chunk.all(connection).await?.into_iter().map(|row| (row.user_id, row.group_id)));
    }
    let ids: Vec<i32> =
        memberships.iter().map(|(_, group_id)| *group_id).collect::<BTreeSet<_>>().into_iter().collect();
    let mut groups: HashMap<i32, Group> = HashMap::new();
    for chunk in ids.chunks(IDS_PER_STATEMENT) {
        let some = with_parents().filter(group::Column::Id.is_in(padded(chunk)));
        groups.extend(some.into_model::<Row>().all(connection).await?.into_iter().map(|row| (row.id, row.into())));
    }
    let mut of_users: HashMap<i32, Vec<Group>> = HashMap::new();
    for (user_id, group_id) in memberships {
        // A group may have been deleted between the two statements.
        of_users.entry(user_id).or_default().extend(groups.get(&group_id).cloned());
    }
    for groups in of_users.values_mut() {
        groups.sort_unstable_by_key(|group| group.uuid);
    }
    Ok(of_users)
}

/// Returns the groups that a user is a direct member of, sorted by UUID.
pub(in crate::store) async fn of_user(connection: &impl ConnectionTrait, user_id: i32) -> Result<Vec<Group>> {
    let backend = connection.get_database_backend();
    let text = texts::cached(("groups of a user", backend, 1), || {
        let own = with_parents()
            .join_rev(JoinType::InnerJoin, user_group::Relation::Group.def())
            .filter(user_group::Column::UserId.eq(user_id))
            .order_by_asc(group::Column::Uuid);
        Ok(own.build(backend).sql)
    })?;
    let statement = Statement::from_sql_and_values(backend, text, [user_id.into()]);
    Ok(Row::find_by_statement(statement).all(connection).await?.into_iter().map(Group::from).collect())
}

/// Returns the groups that exist, by UUID. On PostgreSQL they can't be deleted until the transaction ends.
pub(in crate::store) async fn locked_by_uuid(
    transaction: &Transaction,
    uuids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Group>> {
    let uuids: Vec<Uuid> = uuids.collect::<BTreeSet<_>>().into_iter().collect();
    let backend = transaction.get_database_backend();
    let mut groups = HashMap::new();
    for chunk in uuids.chunks(IDS_PER_STATEMENT) {
        let values: Vec<Uuid> = padded(chunk).collect();
        let text = texts::cached(("groups by UUID", backend, values.len()), || {
            let mut some = with_parents().filter(group::Column::Uuid.is_in(values.iter().copied()));
            QueryTrait::query(&mut some).lock_with_tables(LockType::KeyShare, [group::Entity]);
            Ok(some.build(backend).sql)
        })?;
        let statement = Statement::from_sql_and_values(backend, text, values.into_iter().map(Into::into));
        let rows = Row::find_by_statement(statement).all(transaction).await?;
        groups.extend(rows.into_iter().map(|row| (row.uuid, row.into())));
    }
    Ok(groups)
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
    /// Returns the children of a group, sorted by name.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn children(&self, group_id: i32) -> Result<Vec<Group>> {
        let rows = with_parents().filter(group::Column::ParentId.eq(group_id)).order_by_asc(group::Column::Name);
        Ok(rows.into_model::<Row>().all(&self.reader).await?.into_iter().map(Group::from).collect())
    }

    /// Returns the group with this UUID and its members: only their ids unless `with_member_data`.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn group(&self, uuid: Uuid, with_member_data: bool) -> Result<Option<GroupWithMembers>> {
        group_with_members(&self.reader, group::Column::Uuid.eq(uuid), with_member_data).await
    }
}

pub(super) async fn first_unknown_user(connection: &impl ConnectionTrait, ids: &[i64]) -> Result<Option<usize>> {
    let mut known = BTreeSet::new();
    for chunk in ids.chunks(IDS_PER_STATEMENT) {
        let found = user::Entity::find().filter(user::Column::Id.is_in(padded(chunk)));
        known.extend(column::<_, i32>(connection, found, user::Column::Id).await?.into_iter().map(i64::from));
    }
    Ok(ids.iter().position(|id| !known.contains(id)))
}

pub(super) async fn group_with_members(
    connection: &impl ConnectionTrait,
    which: SimpleExpr,
    with_member_data: bool,
) -> Result<Option<GroupWithMembers>> {
    Ok(groups_with_members(connection, which, with_member_data).await?.into_values().next())
}

/// Returns groups with their members, by id, with a fixed number of statements.
pub(super) async fn groups_with_members(
    connection: &impl ConnectionTrait,
    which: SimpleExpr,
    with_member_data: bool,
) -> Result<HashMap<i32, GroupWithMembers>> {
    let rows = with_parents().filter(which).into_model::<Row>().all(connection).await?;
    let ids: Vec<i32> = rows.iter().map(|row| row.id).collect();
    let mut members: HashMap<i32, Vec<i32>> = HashMap::new();
    let mut users: HashMap<i32, User> = HashMap::new();
    let memberships = user_group::Entity::find().filter(user_group::Column::GroupId.is_in(padded(&ids)));
    for row in memberships.clone().order_by_asc(user_group::Column::UserId).all(connection).await? {
        members.entry(row.group_id).or_default().push(row.user_id);
    }
    if with_member_data {
        let ids = memberships.select_only().column(user_group::Column::UserId).into_query();
        let rows = user::Entity::find().filter(user::Column::Id.in_subquery(ids)).all(connection).await?;
        users.extend(rows.into_iter().map(|row| (row.id, row.into())));
    }
    let groups_with_members = rows.into_iter().map(|row| {
        let (id, ids) = (row.id, members.remove(&row.id).unwrap_or_default());
        let members = if with_member_data {
            Members::Users(ids.iter().filter_map(|id| users.get(id).cloned()).collect())
        } else {
            Members::Ids(ids)
        };
        (id, GroupWithMembers { group: row.into(), members })
    });
    Ok(groups_with_members.collect())
}
