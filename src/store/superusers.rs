//! Who is a superuser: a member of a superuser group, or of a group below one.

use std::collections::HashSet;

use sea_orm::{
    ConnectionTrait,
    sea_query::{
        Alias, CommonTableExpression, Expr, ExprTrait, IntoIden, Query, SelectStatement, UnionType, WithClause,
        WithQuery,
    },
};

use super::{
    IDS_PER_STATEMENT, Objection, Problem, Result,
    entities::{group, user, user_group},
};

/// Those of the users that are superusers.
pub async fn among(connection: &impl ConnectionTrait, user_ids: &[i32]) -> Result<HashSet<i32>> {
    let lineage = Alias::new("lineage");
    let user_id = user_group::Column::UserId;
    let mut found = HashSet::new();
    for chunk in user_ids.chunks(IDS_PER_STATEMENT) {
        let own = Query::select()
            .column((user_group::Entity, user_id))
            .columns([group::Column::ParentId, group::Column::IsSuperuser].map(|column| (group::Entity, column)))
            .from(group::Entity)
            .inner_join(
                user_group::Entity,
                Expr::col((user_group::Entity, user_group::Column::GroupId)).equals((group::Entity, group::Column::Id)),
            )
            .and_where(Expr::col((user_group::Entity, user_id)).is_in(chunk.iter().copied()))
            .to_owned();
        let ancestors = Query::select()
            .column((lineage.clone(), user_id))
            .columns([group::Column::ParentId, group::Column::IsSuperuser].map(|column| (group::Entity, column)))
            .from(group::Entity)
            .inner_join(
                lineage.clone(),
                Expr::col((group::Entity, group::Column::Id)).equals((lineage.clone(), group::Column::ParentId)),
            )
            .to_owned();
        let superusers = Query::select()
            .distinct()
            .column(user_id)
            .from(lineage.clone())
            .and_where(Expr::col(group::Column::IsSuperuser).eq(true))
            .to_owned();
        let columns =
            [user_id.into_iden(), group::Column::ParentId.into_iden(), group::Column::IsSuperuser.into_iden()];
        for row in connection.query_all(&recursive(&lineage, columns, own, ancestors, superusers)).await? {
            found.insert(row.try_get_by_index::<i32>(0)?);
        }
    }
    Ok(found)
}

/// Whether the group `descendant` is the group `ancestor`, or stands below it.
pub async fn stands_below(connection: &impl ConnectionTrait, descendant: i32, ancestor: i32) -> Result<bool> {
    let lineage = Alias::new("lineage");
    let columns = [group::Column::Id, group::Column::ParentId];
    let start = Query::select()
        .columns(columns)
        .from(group::Entity)
        .and_where(Expr::col(group::Column::Id).eq(descendant))
        .to_owned();
    let ancestors = Query::select()
        .columns(columns.map(|column| (group::Entity, column)))
        .from(group::Entity)
        .inner_join(
            lineage.clone(),
            Expr::col((group::Entity, group::Column::Id)).equals((lineage.clone(), group::Column::ParentId)),
        )
        .to_owned();
    let found = Query::select()
        .column(group::Column::Id)
        .from(lineage.clone())
        .and_where(Expr::col(group::Column::Id).eq(ancestor))
        .to_owned();
    let query = recursive(&lineage, columns.map(IntoIden::into_iden), start, ancestors, found);
    Ok(connection.query_one(&query).await?.is_some())
}

/// What stands against a change that leaves the directory without an active superuser: nobody could undo it.
pub async fn objection(connection: &impl ConnectionTrait) -> Result<Option<Objection>> {
    let below = Alias::new("below");
    let start = Query::select()
        .column(group::Column::Id)
        .from(group::Entity)
        .and_where(Expr::col(group::Column::IsSuperuser).eq(true))
        .to_owned();
    let children = Query::select()
        .column((group::Entity, group::Column::Id))
        .from(group::Entity)
        .inner_join(
            below.clone(),
            Expr::col((group::Entity, group::Column::ParentId)).equals((below.clone(), group::Column::Id)),
        )
        .to_owned();
    let found = Query::select()
        .expr(Expr::val(1))
        .from(below.clone())
        .inner_join(
            user_group::Entity,
            Expr::col((user_group::Entity, user_group::Column::GroupId)).equals((below.clone(), group::Column::Id)),
        )
        .inner_join(
            user::Entity,
            Expr::col((user::Entity, user::Column::Id)).equals((user_group::Entity, user_group::Column::UserId)),
        )
        .and_where(Expr::col((user::Entity, user::Column::IsActive)).eq(true))
        .limit(1)
        .to_owned();
    let query = recursive(&below, [group::Column::Id.into_iden()], start, children, found);
    let left = connection.query_one(&query).await?.is_some();
    Ok((!left).then_some(Objection { field: "non_field_errors", problem: Problem::LastSuperuser }))
}

/// `WITH RECURSIVE name(columns) AS (start UNION step) select`. UNION drops what was seen, so even a cycle would end.
fn recursive(
    name: &Alias,
    columns: impl IntoIterator<Item = sea_orm::sea_query::DynIden>,
    mut start: SelectStatement,
    step: SelectStatement,
    select: SelectStatement,
) -> WithQuery {
    start.union(UnionType::Distinct, step);
    let expression = CommonTableExpression::new().table_name(name.clone()).columns(columns).query(start).to_owned();
    select.with(WithClause::new().recursive(true).cte(expression).to_owned())
}
