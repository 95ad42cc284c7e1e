//! Groups: storing and reading them, and what membership in them means.

use std::collections::BTreeSet;

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationTrait, Select,
    sea_query::{Alias, CommonTableExpression, Expr, ExprTrait, IntoIden, OnConflict, Query, UnionType, WithClause},
};
use uuid::Uuid;

use super::{
    Error, IDS_PER_STATEMENT, Objection, Problem, Result, Store,
    entities::{self, group, user, user_group},
};
use crate::domain::{
    group::{Group, Members, NewGroup, Parent, Roster},
    random,
    user::User,
};

/// A group beside its parent.
#[derive(FromQueryResult)]
struct Row {
    id: i32,
    uuid: Uuid,
    name: String,
    is_superuser: bool,
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
            parent: row.parent_uuid.zip(row.parent_name).map(|(uuid, name)| Parent { uuid, name }),
            attributes: entities::attributes(row.attributes),
        }
    }
}

/// Groups, each beside its parent.
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
            group::Column::Attributes,
        ])
        .column_as(of_parent(group::Column::Uuid), "parent_uuid")
        .column_as(of_parent(group::Column::Name), "parent_name")
        .join_as(JoinType::LeftJoin, group::Relation::Parent.def(), parent.clone())
}

/// The groups that a user is a direct member of, by UUID.
pub(super) async fn of_user(connection: &impl ConnectionTrait, user_id: i32) -> Result<Vec<Group>> {
    let memberships = user_group::Entity::find()
        .select_only()
        .column(user_group::Column::GroupId)
        .filter(user_group::Column::UserId.eq(user_id))
        .into_query();
    let rows = with_parents()
        .filter(group::Column::Id.in_subquery(memberships))
        .order_by_asc(group::Column::Uuid)
        .into_model::<Row>()
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Group::from).collect())
}

/// Whether one of the user's groups, or an ancestor of one, is a superuser group.
pub(super) async fn make_superuser(connection: &impl ConnectionTrait, user_id: i32) -> Result<bool> {
    let lineage = Alias::new("lineage");
    let columns = [group::Column::Id, group::Column::ParentId, group::Column::IsSuperuser];
    let mut own = Query::select();
    own.columns(columns.map(|column| (group::Entity, column)))
        .from(group::Entity)
        .inner_join(
            user_group::Entity,
            Expr::col((user_group::Entity, user_group::Column::GroupId)).equals((group::Entity, group::Column::Id)),
        )
        .and_where(Expr::col((user_group::Entity, user_group::Column::UserId)).eq(user_id));
    let mut ancestors = Query::select();
    ancestors.columns(columns.map(|column| (group::Entity, column))).from(group::Entity).inner_join(
        lineage.clone(),
        Expr::col((group::Entity, group::Column::Id)).equals((lineage.clone(), group::Column::ParentId)),
    );
    // UNION drops what was seen already, so even a cycle would end.
    own.union(UnionType::Distinct, ancestors);
    let expression = CommonTableExpression::new()
        .table_name(lineage.clone())
        .columns(columns.map(IntoIden::into_iden))
        .query(own)
        .to_owned();
    let found = Query::select()
        .expr(Expr::val(1))
        .from(lineage)
        .and_where(Expr::col(group::Column::IsSuperuser).eq(true))
        .limit(1)
        .to_owned();
    let query = found.with(WithClause::new().recursive(true).cte(expression).to_owned());
    Ok(connection.query_one(&query).await?.is_some())
}

/// The place of the first of `uuids` that no group has.
pub(super) async fn first_unknown(connection: &impl ConnectionTrait, uuids: &[Uuid]) -> Result<Option<usize>> {
    let mut known = BTreeSet::new();
    for chunk in uuids.chunks(IDS_PER_STATEMENT) {
        let found = group::Entity::find()
            .select_only()
            .column(group::Column::Uuid)
            .filter(group::Column::Uuid.is_in(chunk.iter().copied()))
            .into_tuple::<Uuid>()
            .all(connection)
            .await?;
        known.extend(found);
    }
    Ok(uuids.iter().position(|uuid| !known.contains(uuid)))
}

impl Store {
    /// Stores a group with its members, in one transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the name is taken, or the parent or a member does not exist.
    pub async fn create_group(&self, new: &NewGroup) -> Result<Roster> {
        match self.try_create_group(new).await {
            Err(error) if error.is_dangling() => Err(Error::Refused(self.objections_to_group(new).await?)),
            result => result,
        }
    }

    async fn try_create_group(&self, new: &NewGroup) -> Result<Roster> {
        let transaction = self.begin().await?;
        let parent_id = match new.parent {
            None => None,
            Some(parent) => match id_of(&transaction, parent).await? {
                Some(id) => Some(id),
                None => {
                    transaction.rollback().await?;
                    return Err(Error::Refused(self.objections_to_group(new).await?));
                }
            },
        };
        let Some(id) = insert(&transaction, new, parent_id).await? else {
            transaction.rollback().await?;
            let mut objections = self.objections_to_group(new).await?;
            if objections.is_empty() {
                // Whoever had the name gave it up just now; the refusal stands.
                objections.push(Objection { field: "name", problem: Problem::Taken });
            }
            return Err(Error::Refused(objections));
        };
        if !add_members(&transaction, id, &new.users).await? {
            transaction.rollback().await?;
            return Err(Error::Refused(self.objections_to_group(new).await?));
        }
        let roster = roster(&transaction, group::Column::Id.eq(id), true).await?;
        transaction.commit().await?;
        roster.ok_or_else(|| Error::Failed(sea_orm::DbErr::RecordNotInserted))
    }

    /// Everything that stands against storing a group. Only for telling the client: what counts is the insert.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn objections_to_group(&self, new: &NewGroup) -> Result<Vec<Objection>> {
        let mut objections = Vec::new();
        let named = group::Entity::find().filter(group::Column::Name.eq(&new.name));
        if !new.name.is_empty() && named.one(&self.reader).await?.is_some() {
            objections.push(Objection { field: "name", problem: Problem::Taken });
        }
        if let Some(parent) = new.parent
            && id_of(&self.reader, parent).await?.is_none()
        {
            objections.push(Objection { field: "parent", problem: Problem::Missing(0) });
        }
        if let Some(place) = first_unknown_user(&self.reader, &new.users).await? {
            objections.push(Objection { field: "users", problem: Problem::Missing(place) });
        }
        Ok(objections)
    }

    /// The group with this UUID and its members; their data only with `describe_members`.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn group(&self, uuid: Uuid, describe_members: bool) -> Result<Option<Roster>> {
        roster(&self.reader, group::Column::Uuid.eq(uuid), describe_members).await
    }
}

async fn id_of(connection: &impl ConnectionTrait, uuid: Uuid) -> Result<Option<i32>> {
    let found = group::Entity::find().select_only().column(group::Column::Id).filter(group::Column::Uuid.eq(uuid));
    Ok(found.into_tuple().one(connection).await?)
}

/// Inserts the group itself; `None` when its name is taken.
pub(super) async fn insert(
    connection: &impl ConnectionTrait,
    new: &NewGroup,
    parent_id: Option<i32>,
) -> Result<Option<i32>> {
    use sea_orm::ActiveValue::{NotSet, Set};
    let row = group::ActiveModel {
        id: NotSet,
        uuid: Set(random::uuid()),
        name: Set(new.name.clone()),
        is_superuser: Set(new.is_superuser),
        parent_id: Set(parent_id),
        attributes: Set(new.attributes.clone().into()),
    };
    let mut insert = group::Entity::insert(row)
        .on_conflict(OnConflict::column(group::Column::Name).do_nothing().to_owned())
        .into_query();
    insert.returning(Query::returning().column(group::Column::Id));
    Ok(connection.query_one(&insert).await?.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Makes users members; `false` when one does not exist.
pub(super) async fn add_members(connection: &impl ConnectionTrait, group_id: i32, users: &[i64]) -> Result<bool> {
    let wanted: BTreeSet<i64> = users.iter().copied().collect();
    let wanted: Vec<i64> = wanted.into_iter().collect();
    let mut added = 0;
    for chunk in wanted.chunks(IDS_PER_STATEMENT) {
        let known = Query::select()
            .column(user::Column::Id)
            .expr(Expr::val(group_id))
            .from(user::Entity)
            .and_where(Expr::col(user::Column::Id).is_in(chunk.iter().copied()))
            .to_owned();
        added += super::insert_memberships(connection, known).await?;
    }
    Ok(added == wanted.len() as u64)
}

async fn first_unknown_user(connection: &impl ConnectionTrait, ids: &[i64]) -> Result<Option<usize>> {
    let mut known = BTreeSet::new();
    for chunk in ids.chunks(IDS_PER_STATEMENT) {
        let found = user::Entity::find()
            .select_only()
            .column(user::Column::Id)
            .filter(user::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple::<i32>()
            .all(connection)
            .await?;
        known.extend(found.into_iter().map(i64::from));
    }
    Ok(ids.iter().position(|id| !known.contains(id)))
}

async fn roster(
    connection: &impl ConnectionTrait,
    which: sea_orm::sea_query::SimpleExpr,
    describe_members: bool,
) -> Result<Option<Roster>> {
    let Some(row) = with_parents().filter(which).into_model::<Row>().one(connection).await? else { return Ok(None) };
    let memberships = user_group::Entity::find()
        .select_only()
        .column(user_group::Column::UserId)
        .filter(user_group::Column::GroupId.eq(row.id));
    let members = if describe_members {
        let rows = user::Entity::find()
            .filter(user::Column::Id.in_subquery(memberships.into_query()))
            .order_by_asc(user::Column::Id)
            .all(connection)
            .await?;
        Members::Users(rows.into_iter().map(User::from).collect())
    } else {
        Members::Ids(memberships.order_by_asc(user_group::Column::UserId).into_tuple().all(connection).await?)
    };
    Ok(Some(Roster { group: row.into(), members }))
}
