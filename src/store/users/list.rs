//! Lists of users.

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationTrait, Select, Statement,
    sea_query::{Expr, ExprTrait, IntoCondition, LikeExpr},
};
use uuid::Uuid;

use super::{index, positions::CHANGES, profiles, times};
use crate::{
    domain::{
        case::fold_case,
        filter::{Ordering, UserField, UserFilter},
        membership::Profile,
        page::{Page, PageRequest},
        user::{User, UserType},
    },
    store::{
        self, IDS_PER_STATEMENT, Result, Store,
        by_id::select_users,
        connection::{Lister, ReadRows},
        entities::{group, user, user_group},
    },
};

// Conditions of partial indexes. With bound parameters SQLite wouldn't use those indexes.
const ACTIVE: &str = r#""users"."is_active" = TRUE"#;
const INACTIVE: &str = r#""users"."is_active" = FALSE"#;
const NOT_INTERNAL: &str = r#""users"."type" <> 'internal'"#;

/// The number of users, which triggers keep up to date.
const COUNT: &str = r#"(SELECT CAST(sum("users") AS bigint) FROM "user_counts")"#;

impl Store {
    /// Returns a page of the users that match `filter`, with their groups; `None` if there is no such page.
    ///
    /// # Errors
    ///
    /// If the database fails, or takes too long.
    pub async fn users(
        &self,
        filter: &UserFilter,
        ordering: &Ordering<UserField>,
        request: PageRequest,
    ) -> Result<Option<Page<Profile>>> {
        self.list(async |lister| {
            let select = select_users().filter(condition(&self.lister, filter));
            let select = store::order_by(select, ordering, sort_column, user::Column::Username, None);
            let is_by_username = ordering.iter().all(|field| *field == (UserField::Username, false));
            let page = if *filter == UserFilter::default() {
                self.page_of_all(&lister, select, is_by_username, request).await?
            } else {
                store::page(&lister, select, request).await?
            };
            let Some(page) = page else { return Ok(None) };
            Ok(Some(Page { request, count: page.count, items: profiles(&lister, page.items).await? }))
        })
        .await
    }

    /// Returns a page of all users. Their number is in the rows.
    async fn page_of_all(
        &self,
        lister: &Lister,
        select: Select<user::Entity>,
        is_by_username: bool,
        request: PageRequest,
    ) -> Result<Option<Page<User>>> {
        let select = select.expr(Expr::cust(COUNT)).expr(Expr::cust(CHANGES)).limit(request.size);
        let read = async |select: Select<_>| lister.selected::<(User, i64, i64)>(&select).await;
        let mut rows = Vec::new();
        if let Some(start) = self.positions.start(request.offset()).filter(|_| is_by_username) {
            let from = user::Column::Username.gte(&start.username);
            rows = read(select.clone().filter(from).offset(start.skipped)).await?;
            // If the list has changed since, the page may start elsewhere.
            rows.retain(|(_, _, changes)| *changes == start.changes);
        }
        if rows.is_empty() {
            rows = read(select.offset(request.offset())).await?;
            if let Some((_, _, changes)) = rows.first().filter(|_| is_by_username) {
                self.note_page(request.offset(), *changes);
            }
        }
        let count = match rows.first() {
            Some((_, count, _)) => *count,
            None => count_users(lister).await?,
        };
        let (count, items) = (count.unsigned_abs(), rows.into_iter().map(|(user, ..)| user).collect());
        Ok(request.exists(count).then_some(Page { request, count, items }))
    }

    /// Returns the distinct paths of the users that match `filter`, sorted.
    ///
    /// # Errors
    ///
    /// If the database fails, or takes too long.
    pub async fn paths(&self, filter: &UserFilter) -> Result<Vec<String>> {
        self.list(async |lister| {
            let paths = user::Entity::find().distinct().filter(condition(&self.lister, filter));
            store::column(&lister, paths.order_by_asc(user::Column::Path), user::Column::Path).await
        })
        .await
    }

    /// Returns the index of the first of `names` that no user has.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn first_unknown_username(&self, names: &[String]) -> Result<Option<usize>> {
        let asked = &names[..names.len().min(IDS_PER_STATEMENT)];
        let known = user::Entity::find().filter(user::Column::Username.is_in(store::padded(asked)));
        let known: Vec<String> = store::column(&self.reader, known, user::Column::Username).await?;
        let known: HashSet<String> = known.into_iter().collect();
        Ok(names.iter().position(|name| !known.contains(name)))
    }
}

/// Returns the number of users.
async fn count_users(lister: &Lister) -> Result<i64> {
    let backend = lister.get_database_backend();
    let found = lister.rows(Statement::from_string(backend, format!("SELECT {COUNT}"))).await?;
    Ok(found.into_iter().next().unwrap_or_default())
}

fn sort_column(field: UserField) -> user::Column {
    match field {
        UserField::Id => user::Column::Id,
        UserField::Uuid => user::Column::Uuid,
        UserField::Username => user::Column::Username,
        UserField::Name => user::Column::Name,
        UserField::Email => user::Column::Email,
        UserField::IsActive => user::Column::IsActive,
        UserField::LastLogin => user::Column::LastLogin,
        UserField::DateJoined => user::Column::Uuid,
        UserField::LastUpdated => user::Column::LastUpdated,
        UserField::Path => user::Column::Path,
        UserField::Kind => user::Column::Kind,
    }
}

fn condition(connection: &impl ConnectionTrait, filter: &UserFilter) -> Condition {
    use user::Column;
    let backend = connection.get_database_backend();
    let in_groups = |of: Condition| {
        let members = user_group::Entity::find()
            .select_only()
            .column(user_group::Column::UserId)
            .join(JoinType::InnerJoin, user_group::Relation::Group.def())
            .filter(of);
        Column::Id.in_subquery(members.into_query())
    };
    let kinds = filter.kinds.iter().map(|kind| user::Kind::from(*kind));
    let mut all = Condition::all()
        .add_option(filter.username.as_ref().map(|username| Column::Username.eq(username)))
        .add_option(filter.email.as_ref().map(|email| Column::Email.eq(email)))
        .add_option(filter.name.as_ref().map(|name| Column::Name.eq(name)))
        .add_option(filter.path.as_ref().map(|path| Column::Path.eq(path)))
        .add_option(filter.is_active.map(|is_active| Expr::cust(if is_active { ACTIVE } else { INACTIVE })))
        .add_option(filter.uuid.map(|uuid| Column::Uuid.eq(uuid)))
        .add_option((!filter.kinds.is_empty()).then(|| Column::Kind.is_in(kinds)));
    if !filter.kinds.is_empty() && !filter.kinds.contains(&UserType::Internal) {
        all = all.add(Expr::cust(NOT_INTERNAL));
    }
    all = times::restrict(all, backend, filter);
    if let Some(prefix) = &filter.path_prefix {
        all = all.add(store::starts_with(backend, Column::Path.into_expr(), prefix));
    }
    if let Some(is_member) = filter.in_superuser_group {
        let of_superusers = in_groups(group::Column::IsSuperuser.eq(true).into_condition());
        all = all.add(if is_member { of_superusers } else { of_superusers.not() });
    }
    if !filter.group_names.is_empty() {
        all = all.add(in_groups(group::Column::Name.is_in(&filter.group_names).into_condition()));
    }
    if !filter.group_uuids.is_empty() {
        all = all.add(in_groups(group::Column::Uuid.is_in(filter.group_uuids.iter().copied()).into_condition()));
    }
    all = all.add_option(store::attributes::condition(backend, r#""users"."attributes""#, &filter.attributes));
    for word in filter.search.iter().map(|word| fold_case(word)) {
        let pattern = LikeExpr::new(format!("%{}%", store::like_pattern(&word))).escape('\\');
        let uuid = word.parse::<Uuid>().ok();
        let found = Condition::any().add(Column::SearchText.like(pattern));
        all = all.add(found.add_option(uuid.map(|uuid| Column::Uuid.eq(uuid))));
    }
    if backend == DbBackend::Sqlite {
        all = index::narrow(all, filter);
    }
    all
}
