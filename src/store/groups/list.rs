//! Lists of groups.

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, QueryTrait,
    RelationTrait, sea_query::IntoCondition,
};
use uuid::Uuid;

use super::read::{first_unknown, first_unknown_user, select_groups, with_around};
use crate::{
    domain::{
        filter::{GroupField, GroupFilter, Ordering},
        membership::{Around, GroupWithMembers},
        page::{Page, PageRequest},
    },
    store::{
        self, IDS_PER_STATEMENT, Result, Store,
        entities::{group, user, user_group},
    },
};

impl Store {
    /// Returns a page of the groups that match `filter`, with the ids of what is around each, and more as told; `None` if
    /// there is no such page.
    ///
    /// # Errors
    ///
    /// If the database fails, or takes too long.
    pub async fn groups(
        &self,
        filter: &GroupFilter,
        ordering: &Ordering<GroupField>,
        request: PageRequest,
        around: Around,
    ) -> Result<Option<Page<GroupWithMembers>>> {
        self.list(async |lister| {
            let select = select_groups().filter(condition(&self.lister, filter));
            let select = store::order_by(select, ordering, sort_column, group::Column::Name, None);
            let Some(page) = store::page(&lister, select, request).await? else { return Ok(None) };
            let items = with_around(&lister, page.items, around).await?;
            Ok(Some(Page { request, count: page.count, items }))
        })
        .await
    }

    /// Returns the index of the first of `uuids` that no group has.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn first_unknown_group(&self, uuids: &[Uuid]) -> Result<Option<usize>> {
        first_unknown(&self.reader, uuids).await
    }

    /// Returns the index of the first of `names` that no group has.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn first_unknown_group_name(&self, names: &[String]) -> Result<Option<usize>> {
        let asked = &names[..names.len().min(IDS_PER_STATEMENT)];
        let known = group::Entity::find().filter(group::Column::Name.is_in(store::padded(asked)));
        let known: Vec<String> = store::column(&self.reader, known, group::Column::Name).await?;
        let known: HashSet<String> = known.into_iter().collect();
        Ok(names.iter().position(|name| !known.contains(name)))
    }

    /// Returns the index of the first of `ids` that no user has.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn first_unknown_user_id(&self, ids: &[i64]) -> Result<Option<usize>> {
        first_unknown_user(&self.reader, ids).await
    }
}

fn sort_column(field: GroupField) -> group::Column {
    match field {
        GroupField::Uuid => group::Column::Uuid,
        GroupField::Id => group::Column::Id,
        GroupField::Name => group::Column::Name,
        GroupField::IsSuperuser => group::Column::IsSuperuser,
    }
}

fn condition(connection: &impl ConnectionTrait, filter: &GroupFilter) -> Condition {
    use group::Column;
    let backend = connection.get_database_backend();
    let with_member = |of: Condition| {
        let memberships = user_group::Entity::find()
            .select_only()
            .column(user_group::Column::GroupId)
            .join(JoinType::InnerJoin, user_group::Relation::User.def())
            .filter(of);
        Column::Id.in_subquery(memberships.into_query())
    };
    let mut all = Condition::all()
        .add_option(filter.name.as_ref().map(|name| Column::Name.eq(name)))
        .add_option(filter.is_superuser.map(|is_superuser| Column::IsSuperuser.eq(is_superuser)));
    if !filter.member_ids.is_empty() {
        all = all.add(with_member(user::Column::Id.is_in(filter.member_ids.iter().copied()).into_condition()));
    }
    if !filter.member_names.is_empty() {
        all = all.add(with_member(user::Column::Username.is_in(&filter.member_names).into_condition()));
    }
    all = all.add_option(store::attributes::condition(backend, r#""groups"."attributes""#, &filter.attributes));
    for word in &filter.search {
        all = all.add(store::ilike(backend, Column::Name.into_expr(), format!("%{}%", store::like_pattern(word))));
    }
    all
}
