//! The texts in which users are searched.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{Examined, Finding, Wrong};
use crate::store::entities::user::{self, Column};

/// The number of users read by a statement.
const BATCH: u64 = 2_000;

impl Examined<'_> {
    /// Checks that the text in which a user is searched is that of its other fields.
    pub(super) async fn check_search_texts(&mut self) -> Result<Finding, DbErr> {
        self.progress.begin("checking users", Some(self.users));
        let (mut last, mut done, mut wrong) = (None, 0, Wrong::default());
        loop {
            let columns = [Column::Id, Column::Username, Column::Name, Column::Email, Column::SearchText];
            let select = user::Entity::find().select_only().columns(columns).order_by_asc(Column::Id).limit(BATCH);
            let select = select.filter(Column::Id.gt(last.unwrap_or(i32::MIN)));
            let before = done;
            let check = |(id, (username, name, email), text): (i32, (String, String, String), String)| {
                (last, done) = (Some(id), done + 1);
                if text != user::search_text(&username, &name, &email) {
                    wrong.add(format!("pk {id}"));
                }
            };
            self.connection.visit(select.build(self.backend()), check).await?;
            self.progress.reached(done);
            if done == before {
                let bad = "the texts of these users for searches don't match their other fields";
                return Ok(Finding::of(&wrong, "users' texts for searches match their other fields", bad));
            }
        }
    }
}
