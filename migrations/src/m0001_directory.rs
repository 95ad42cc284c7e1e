//! Users, groups, memberships, tokens, and the fingerprint of the secret key.
//!
//! Users and groups have an integer id, which joins and `num_pk` use, and a UUID. `AUTOINCREMENT` and sequences never
//! reuse an id, so a deleted user's `uid` never becomes another's.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
    Uuid,
    Username,
    Name,
    Email,
    IsActive,
    LastLogin,
    Path,
    Type,
    Attributes,
    PasswordHash,
}

#[derive(DeriveIden)]
enum Groups {
    Table,
    Id,
    Uuid,
    Name,
    IsSuperuser,
    ParentId,
    Attributes,
}

#[derive(DeriveIden)]
enum UserGroups {
    Table,
    UserId,
    GroupId,
}

#[derive(DeriveIden)]
enum Tokens {
    Table,
    Id,
    Identifier,
    UserId,
    Intent,
    Description,
    Expires,
    Expiring,
    KeyDigest,
    KeySealed,
    Managed,
}

#[derive(DeriveIden)]
enum Instance {
    Table,
    Id,
    SecretMark,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let users = Table::create()
            .table(Users::Table)
            .col(pk_auto(Users::Id))
            .col(uuid_uniq(Users::Uuid))
            .col(text(Users::Username).unique_key())
            .col(text(Users::Name))
            .col(text(Users::Email))
            .col(boolean(Users::IsActive))
            .col(timestamp_with_time_zone_null(Users::LastLogin))
            .col(text(Users::Path))
            .col(text(Users::Type))
            .col(json_binary(Users::Attributes))
            .col(text(Users::PasswordHash).default(""))
            .to_owned();
        manager.create_table(users).await?;
        manager.create_index(index("users_email", Users::Table, Users::Email)).await?;
        // For prefix filters: with most collations PostgreSQL can't use an ordinary index for those.
        let path = match manager.get_database_backend() {
            DbBackend::Postgres => r#"CREATE INDEX "users_path" ON "users" ("path" text_pattern_ops)"#,
            _ => r#"CREATE INDEX "users_path" ON "users" ("path")"#,
        };
        manager.get_connection().execute_unprepared(path).await?;

        let groups = Table::create()
            .table(Groups::Table)
            .col(pk_auto(Groups::Id))
            .col(uuid_uniq(Groups::Uuid))
            .col(text(Groups::Name).unique_key())
            .col(boolean(Groups::IsSuperuser))
            .col(integer_null(Groups::ParentId))
            .col(json_binary(Groups::Attributes))
            .foreign_key(
                ForeignKey::create()
                    .from(Groups::Table, Groups::ParentId)
                    .to(Groups::Table, Groups::Id)
                    .on_delete(ForeignKeyAction::SetNull),
            )
            .to_owned();
        manager.create_table(groups).await?;
        manager.create_index(index("groups_parent_id", Groups::Table, Groups::ParentId)).await?;

        let user_groups = Table::create()
            .table(UserGroups::Table)
            .col(integer(UserGroups::UserId))
            .col(integer(UserGroups::GroupId))
            .primary_key(Index::create().col(UserGroups::UserId).col(UserGroups::GroupId))
            .foreign_key(
                ForeignKey::create()
                    .from(UserGroups::Table, UserGroups::UserId)
                    .to(Users::Table, Users::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .foreign_key(
                ForeignKey::create()
                    .from(UserGroups::Table, UserGroups::GroupId)
                    .to(Groups::Table, Groups::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(user_groups).await?;
        manager.create_index(index("user_groups_group_id", UserGroups::Table, UserGroups::GroupId)).await?;

        let tokens = Table::create()
            .table(Tokens::Table)
            .col(uuid(Tokens::Id).primary_key())
            .col(text(Tokens::Identifier).unique_key())
            .col(integer(Tokens::UserId))
            .col(text(Tokens::Intent))
            .col(text(Tokens::Description))
            .col(timestamp_with_time_zone_null(Tokens::Expires))
            .col(boolean(Tokens::Expiring))
            .col(blob(Tokens::KeyDigest).unique_key())
            .col(blob(Tokens::KeySealed))
            .col(text_null(Tokens::Managed).unique_key())
            .foreign_key(
                ForeignKey::create()
                    .from(Tokens::Table, Tokens::UserId)
                    .to(Users::Table, Users::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .to_owned();
        manager.create_table(tokens).await?;
        manager.create_index(index("tokens_user_id", Tokens::Table, Tokens::UserId)).await?;

        let instance = Table::create()
            .table(Instance::Table)
            .col(integer(Instance::Id).primary_key())
            .col(blob(Instance::SecretMark))
            .to_owned();
        manager.create_table(instance).await
    }
}

fn index(name: &str, table: impl IntoIden, column: impl IntoIden) -> IndexCreateStatement {
    Index::create().name(name).table(table.into_iden()).col(column.into_iden()).to_owned()
}
