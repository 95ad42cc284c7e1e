use chrono::TimeDelta;
use migrations::{Migrator, MigratorTrait};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    domain::{
        clock, filter::UserFilter, group::NewGroup, membership::Around, page::PageRequest, secret::InstanceSecret,
    },
    store::{Error, setup::SetupError, tests::TestStore},
};

/// What every version of the schema can hold. `{a}` to `{c}` stand for UUIDs.
const ROWS: [&str; 4] = [
    "INSERT INTO users (uuid, username, name, email, is_active, last_login, path, type, attributes)
     VALUES ({a}, 'ada', 'Ada LOVELACE', 'ada@example.com', TRUE, '2026-01-02 03:04:05+00:00', 'users', 'internal', '{\"n\": 1}'),
            ({b}, 'straße', 'Anna', '', FALSE, NULL, 'staff/x', 'external', '{}')",
    "INSERT INTO groups (uuid, name, is_superuser, attributes)
     VALUES ({a}, 'top', TRUE, '{}'), ({b}, 'middle', FALSE, '{}'), ({c}, 'apart', FALSE, '{}')",
    "INSERT INTO user_groups (user_id, group_id) VALUES (1, 2), (2, 3)",
    "INSERT INTO tokens (id, identifier, user_id, intent, description, expiring, key_digest, key_sealed)
     VALUES ({a}, 'token', 1, 'api', '', FALSE, {a_bytes}, {b_bytes})",
];

/// Migrates a database to an earlier version and fills it.
async fn fill(test: &TestStore, version: u32) {
    let is_postgres = test.is_postgres();
    let write = test.store.write((version, is_postgres), |transaction, (version, is_postgres)| {
        Box::pin(async move {
            Migrator::up(&transaction.for_migrations().await?, Some(*version)).await?;
            for row in ROWS {
                let mut sql = row.to_owned();
                for (number, name) in ["a", "b", "c"].into_iter().enumerate() {
                    let uuid = Uuid::from_u128(number as u128 + 1);
                    let (id, bytes) = if *is_postgres {
                        (format!("'{uuid}'"), format!("'\\x{}'", uuid.simple()))
                    } else {
                        (format!("X'{}'", uuid.simple()), format!("X'{}'", uuid.simple()))
                    };
                    sql = sql.replace(&format!("{{{name}}}"), &id).replace(&format!("{{{name}_bytes}}"), &bytes);
                }
                if *is_postgres {
                    sql = sql.replace("03:04:05+00:00", "03:04:05+00");
                } else {
                    sql = sql.replace("2026-01-02 03:04:05", "2026-01-02T03:04:05");
                }
                transaction.execute_unprepared(&sql).await?;
            }
            let deleted =
                "INSERT INTO groups (uuid, name, is_superuser, attributes) VALUES ({a}, 'deleted', FALSE, '{}')";
            let deleted = deleted.replace("{a}", if *is_postgres { "gen_random_uuid()" } else { "randomblob(16)" });
            for sql in [&deleted, "DELETE FROM groups WHERE name = 'deleted'"] {
                transaction.execute_unprepared(sql).await?;
            }
            transaction.execute_unprepared("UPDATE users SET password_hash = 'x' WHERE id = 1").await?;
            if *version >= 3 {
                // What the server itself keeps up to date.
                transaction.execute_unprepared("UPDATE groups SET makes_superuser = TRUE WHERE id < 3").await?;
            }
            transaction
                .execute_unprepared(match *version {
                    ..6 => "UPDATE groups SET parent_id = 1 WHERE id = 2",
                    6.. => "INSERT INTO group_parents (group_id, parent_id, position) VALUES (2, 1, 0)",
                })
                .await?;
            if *version >= 2 {
                let texts = [(1, "ada\nada lovelace\nada@example.com"), (2, "strasse\nanna\n")];
                for (id, text) in texts {
                    let sql = format!("UPDATE users SET search_text = '{text}' WHERE id = {id}");
                    transaction.execute_unprepared(&sql).await?;
                }
            }
            Ok::<_, Error>(())
        })
    });
    write.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filled_database_of_every_earlier_version_is_upgraded() {
    let secret = InstanceSecret::new(&"a secret for tests".into());
    for version in 1..=u32::try_from(Migrator::migrations().len()).unwrap() {
        let test = TestStore::open().await;
        fill(&test, version).await;
        assert!(
            !test.store.set_up(&secret, &"key".into()).await.unwrap().is_first_start,
            "{version}: it is not a first start"
        );
        assert!(!test.store.set_up(&secret, &"key".into()).await.unwrap().is_first_start, "{version}: a second start");

        let request = PageRequest { number: 1, size: 10 };
        for search in ["LOVELACE", "ANNA"] {
            let filter = UserFilter { search: vec![search.into()], ..UserFilter::default() };
            let found = test.store.users(&filter, &Vec::new(), request).await.unwrap().unwrap();
            assert_eq!(found.items.len(), 1, "{version}: {search}");
        }
        let all = test.store.users(&UserFilter::default(), &Vec::new(), request).await.unwrap().unwrap();
        assert_eq!(all.count, 2, "{version}");
        let [ada, anna] = all.items.as_slice() else { panic!("{version}: {all:?}") };
        assert_eq!(ada.user.details.last_login.unwrap().to_rfc3339(), "2026-01-02T03:04:05+00:00", "{version}");
        assert_eq!(ada.user.details.attributes.members()["n"], 1, "{version}");
        assert!(ada.is_superuser, "{version}: by the parent of its group");
        assert_eq!((anna.groups[0].name.as_str(), anna.is_superuser), ("apart", false), "{version}");
        let parent = ada.groups[0].parent.as_ref().map(|parent| parent.name.as_str());
        assert_eq!(parent, Some("top"), "{version}");
        let top = test.store.group(Uuid::from_u128(1), Around::default()).await.unwrap().unwrap();
        assert_eq!(top.children.iter().map(|child| child.uuid).collect::<Vec<_>>(), [Uuid::from_u128(2)], "{version}");
        // Nothing tells when they changed, so they count as changed now; only who has a password may have changed it.
        let age = |moment| clock::now() - moment;
        assert!((TimeDelta::zero()..TimeDelta::minutes(1)).contains(&age(ada.user.last_updated)), "{version}");
        assert_eq!(ada.user.password_changed.is_some(), version < 6, "{version}");
        assert_eq!(anna.user.password_change_date(), anna.user.date_joined(), "{version}");
        let group = NewGroup { name: "new".into(), ..NewGroup::default() };
        let group = test.store.create_group(group.into(), Around::default()).await.unwrap().unwrap().unwrap();
        assert!(group.group.id > 4, "{version}: the id of a deleted group is not used again");
        let token = test.store.token("token", None).await.unwrap().unwrap();
        assert_eq!(token.owner.user.details.username, "ada", "{version}");
        test.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_set_up_leaves_nothing_behind() {
    let test = TestStore::open().await;
    fill(&test, 1).await;
    let secret = InstanceSecret::new(&"a secret for tests".into());
    let spoil = |sql: &'static str| {
        test.store.write(sql, |transaction, sql| {
            Box::pin(async move { Ok::<_, Error>(transaction.execute_unprepared(sql).await.map(|_| ())?) })
        })
    };
    // The second migration creates an index of this name.
    spoil("CREATE INDEX users_inactive ON users (id)").await.unwrap();
    let failed = test.store.set_up(&secret, &"key".into()).await.unwrap_err();
    assert!(matches!(failed, SetupError::Store(Error::Failed(_))), "{failed:?}");
    spoil("DROP INDEX users_inactive").await.unwrap();
    assert!(!test.store.set_up(&secret, &"key".into()).await.unwrap().is_first_start);
    test.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_is_refused() {
    let test = TestStore::set_up().await;
    let write = test.store.write((), |transaction, ()| {
        Box::pin(async move {
            let sql = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)";
            Ok::<_, Error>(transaction.execute_unprepared(sql).await.map(|_| ())?)
        })
    });
    write.await.unwrap();
    let refused =
        test.store.set_up(&InstanceSecret::new(&"a secret for tests".into()), &"key".into()).await.unwrap_err();
    assert!(matches!(refused, SetupError::Newer), "{refused:?}");
    test.remove().await;
}
