//! Superusers: members of a superuser group or of one of its descendants.

use sea_orm::{
    ConnectionTrait,
    sea_query::{
        Alias, CaseStatement, CommonTableExpression, Expr, ExprTrait, Query, SelectStatement, SimpleExpr, UnionType,
        WithClause,
    },
};

use super::{
    Result, Violation,
    entities::{group, group_parent, user, user_group},
    error::Stop,
};

/// Recomputes `makes_superuser` of all groups. Every write that changes a group's parents or `is_superuser` must end
/// with this, after [`lock_structure`](super::lock_structure).
pub async fn inherit(connection: &impl ConnectionTrait) -> Result<()> {
    let below = Alias::new("below");
    let start = Query::select()
        .column(group::Column::Id)
        .from(group::Entity)
        .and_where(Expr::col(group::Column::IsSuperuser).eq(true))
        .to_owned();
    let children = Query::select()
        .column((group_parent::Entity, group_parent::Column::GroupId))
        .from(group_parent::Entity)
        .inner_join(
            below.clone(),
            Expr::col((group_parent::Entity, group_parent::Column::ParentId))
                .equals((below.clone(), group::Column::Id)),
        )
        .to_owned();
    let all = Query::select()
        .column(group::Column::Id)
        .from(below.clone())
        .with_cte(recursive(&below, start, children))
        .to_owned();
    let update = Query::update()
        .table(group::Entity)
        .value(group::Column::MakesSuperuser, Expr::col(group::Column::MakesSuperuser).not())
        .and_where(Expr::col(group::Column::MakesSuperuser).ne(Expr::col(group::Column::Id).in_subquery(all)))
        .to_owned();
    connection.execute(&update).await?;
    Ok(())
}

/// Selects 1 if the user is a superuser, else 0.
pub fn is_superuser(user_id: impl Into<SimpleExpr>) -> SimpleExpr {
    let memberships = Query::select()
        .expr(Expr::val(1))
        .from(user_group::Entity)
        .inner_join(
            group::Entity,
            Expr::col((group::Entity, group::Column::Id)).equals((user_group::Entity, user_group::Column::GroupId)),
        )
        .and_where(Expr::col((user_group::Entity, user_group::Column::UserId)).eq(user_id))
        .and_where(Expr::col((group::Entity, group::Column::MakesSuperuser)).eq(true))
        .to_owned();
    CaseStatement::new()
        .case(any(&memberships), Expr::cust("CAST(1 AS bigint)"))
        .finally(Expr::cust("CAST(0 AS bigint)"))
        .into()
}

/// Whether `select`, which selects ones, finds anything. Not `EXISTS`, for which PostgreSQL may read the whole table
/// unless its statistics are fresh.
fn any(select: &SelectStatement) -> SimpleExpr {
    Expr::from(select.clone().limit(1).to_owned()).is_not_null()
}

/// Whether the group is its own ancestor.
pub async fn is_own_ancestor(connection: &impl ConnectionTrait, id: i32) -> Result<bool> {
    let above = Alias::new("above");
    let (group_id, parent_id) = (group_parent::Column::GroupId, group_parent::Column::ParentId);
    let start =
        Query::select().column(parent_id).from(group_parent::Entity).and_where(Expr::col(group_id).eq(id)).to_owned();
    let parents = Query::select()
        .column((group_parent::Entity, parent_id))
        .from(group_parent::Entity)
        .inner_join(
            above.clone(),
            Expr::col((group_parent::Entity, group_id)).equals((above.clone(), group::Column::Id)),
        )
        .to_owned();
    let found = Query::select()
        .column(group::Column::Id)
        .from(above.clone())
        .and_where(Expr::col(group::Column::Id).eq(id))
        .to_owned();
    let query = found.with(recursive(&above, start, parents));
    Ok(connection.query_one(&query).await?.is_some())
}

/// Fails with [`Violation::LastSuperuser`] if no active superuser is left: nobody could undo such a change.
pub async fn check_any_left(connection: &impl ConnectionTrait) -> Result<(), Stop> {
    let members = Query::select()
        .expr(Expr::val(1))
        .from(user_group::Entity)
        .inner_join(
            user::Entity,
            Expr::col((user::Entity, user::Column::Id)).equals((user_group::Entity, user_group::Column::UserId)),
        )
        .and_where(
            Expr::col((user_group::Entity, user_group::Column::GroupId)).equals((group::Entity, group::Column::Id)),
        )
        .and_where(Expr::col((user::Entity, user::Column::IsActive)).eq(true))
        .to_owned();
    let found = Query::select()
        .expr(Expr::val(1))
        .from(group::Entity)
        .and_where(Expr::col((group::Entity, group::Column::MakesSuperuser)).eq(true))
        .and_where(any(&members))
        .limit(1)
        .to_owned();
    if connection.query_one(&found).await?.is_some() { Ok(()) } else { Err(Violation::LastSuperuser.into()) }
}

/// `WITH RECURSIVE name(id) AS (start UNION step)`. UNION drops duplicates, so each group is visited once, however many
/// paths lead to it, and even a circle would end.
fn recursive(name: &Alias, mut start: SelectStatement, step: SelectStatement) -> WithClause {
    start.union(UnionType::Distinct, step);
    let expression =
        CommonTableExpression::new().table_name(name.clone()).column(group::Column::Id).query(start).to_owned();
    WithClause::new().recursive(true).cte(expression).to_owned()
}
