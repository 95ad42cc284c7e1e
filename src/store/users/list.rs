//! Lists of users.

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationTrait, Select,
    sea_query::{Alias, Expr, IntoCondition, LikeExpr, Query},
};
use uuid::Uuid;

use super::{index, profiles};
use crate::{
    domain::{
        filter::{Ordering, UserField, UserFilter, fold_case},
        membership::Profile,
        page::{Page, PageRequest},
        user::{User, UserType},
    },
    store::{
        self, IDS_PER_STATEMENT, Result, Store,
        entities::{group, user, user_group},
    },
};

// Conditions of partial indexes. With bound parameters SQLite wouldn't use those indexes.
const ACTIVE: &str = r#""users"."is_active" = TRUE"#;
const INACTIVE: &str = r#""users"."is_active" = FALSE"#;
const NOT_INTERNAL: &str = r#""users"."type" <> 'internal'"#;

impl Store {
    /// Returns a page of the users that match `filter`, with their groups; `None` if there is no such page.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn users(
        &self,
        filter: &UserFilter,
        ordering: &Ordering<UserField>,
        request: PageRequest,
    ) -> Result<Option<Page<Profile>>> {
        let select = user::Entity::find().filter(condition(&self.lister, filter));
        let select = store::order_by(select, ordering, sort_column, user::Column::Username);
        let is_unfiltered = *filter == UserFilter::default();
        let count = async |select: Select<_>| {
            if is_unfiltered { self.count_users().await } else { store::count(&self.lister, select).await }
        };
        let Some(page) = store::page(&self.lister, select, request, count).await? else { return Ok(None) };
        let items = profiles(&self.lister, page.items.into_iter().map(User::from).collect()).await?;
        Ok(Some(Page { request, count: page.count, items }))
    }

    /// Returns the number of users, which triggers keep up to date.
    async fn count_users(&self) -> Result<u64> {
        let sum = Query::select()
            .expr_as(Expr::cust(r#"CAST(sum("users") AS bigint)"#), store::NUMBER)
            .from(Alias::new("user_counts"))
            .to_owned();
        store::query_u64(&self.lister, &sum).await
    }

    /// Returns the distinct paths of the users that match `filter`, sorted.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn paths(&self, filter: &UserFilter) -> Result<Vec<String>> {
        let paths =
            user::Entity::find().distinct().filter(condition(&self.lister, filter)).order_by_asc(user::Column::Path);
        store::column(&self.lister, paths, user::Column::Path).await
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

fn sort_column(field: UserField) -> user::Column {
    match field {
        UserField::Id => user::Column::Id,
        UserField::Uuid => user::Column::Uuid,
        UserField::Username => user::Column::Username,
        UserField::Name => user::Column::Name,
        UserField::Email => user::Column::Email,
        UserField::IsActive => user::Column::IsActive,
        UserField::LastLogin => user::Column::LastLogin,
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
    if let Some(prefix) = &filter.path_prefix {
        all = all.add(store::starts_with(backend, Column::Path.into_expr(), prefix));
    }
    if let Some(is_superuser) = filter.has_group_with_superuser {
        all = all.add(in_groups(group::Column::IsSuperuser.eq(is_superuser).into_condition()));
    }
    if !filter.group_names.is_empty() {
        all = all.add(in_groups(group::Column::Name.is_in(&filter.group_names).into_condition()));
    }
    if !filter.group_uuids.is_empty() {
        all = all.add(in_groups(group::Column::Uuid.is_in(filter.group_uuids.iter().copied()).into_condition()));
    }
    for test in &filter.attributes {
        all = all.add(store::attributes::condition(backend, r#""users"."attributes""#, test));
    }
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
