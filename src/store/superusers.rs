//! Superusers: members of a superuser group or of one of its descendants.

use sea_orm::{
    ConnectionTrait,
    sea_query::{
        Alias, CaseStatement, CommonTableExpression, Expr, ExprTrait, IntoIden, Query, SelectStatement, SimpleExpr,
        UnionType, WithClause,
    },
};

use super::{
    Result, Violation,
    entities::{group, user, user_group},
    error::Stop,
};

/// Recomputes `makes_superuser` of all groups. Every write that changes a group's parent or `is_superuser` must end
/// with this, after [`lock_structure`](super::lock_structure).
pub async fn inherit(connection: &impl ConnectionTrait) -> Result<()> {
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
    let all = Query::select()
        .column(group::Column::Id)
        .from(below.clone())
        .with_cte(recursive(&below, [group::Column::Id.into_iden()], start, children))
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

/// Whether `descendant` is the group `ancestor` or one of its descendants.
pub async fn is_same_or_below(connection: &impl ConnectionTrait, descendant: i32, ancestor: i32) -> Result<bool> {
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
    let query = found.with(recursive(&lineage, columns.map(IntoIden::into_iden), start, ancestors));
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

/// `WITH RECURSIVE name(columns) AS (start UNION step)`. UNION drops duplicates, so even a cycle would end.
fn recursive(
    name: &Alias,
    columns: impl IntoIterator<Item = sea_orm::sea_query::DynIden>,
    mut start: SelectStatement,
    step: SelectStatement,
) -> WithClause {
    start.union(UnionType::Distinct, step);
    let expression = CommonTableExpression::new().table_name(name.clone()).columns(columns).query(start).to_owned();
    WithClause::new().recursive(true).cte(expression).to_owned()
}
