use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, EntityTrait};
use tokio::{sync::oneshot, time::timeout};

use super::{
    budget::Budget,
    creation::{Creation, write_all},
};
use crate::{
    domain::{
        Attributes,
        membership::Profile,
        user::{DEFAULT_PATH, Details, NewUser, User},
    },
    store::{
        Error, Violation,
        connection::Transaction,
        entities::group,
        error::{Stop, is_contended},
        metrics::Metrics,
        tests::TestStore,
    },
};

fn new_user(username: &str) -> NewUser {
    let details = Details {
        username: username.into(),
        name: "Name".into(),
        is_active: true,
        path: DEFAULT_PATH.into(),
        ..Details::default()
    };
    NewUser { details, groups: Vec::new() }
}

/// Creates a group, so that it can be seen whether a job was committed.
async fn create_group(transaction: &Transaction, name: &str) -> Result<(), Error> {
    let group = crate::domain::group::NewGroup {
        name: name.into(),
        is_superuser: false,
        parents: Vec::new(),
        users: Vec::new(),
        attributes: Attributes::default(),
    };
    crate::store::groups::insert(transaction, &group).await?;
    Ok(())
}

/// The names of the groups that the tests created.
async fn groups(test: &TestStore) -> Vec<String> {
    let mut names: Vec<String> = group::Entity::find()
        .all(&test.store.reader)
        .await
        .unwrap()
        .into_iter()
        .map(|group| group.name)
        .filter(|name| name != "authentik Admins")
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_a_job_is_that_jobs_alone() {
    let test = TestStore::set_up().await;
    let job = |number: usize| {
        let store = test.store.clone();
        tokio::spawn(async move {
            store
                .write(number, |transaction, number| {
                    Box::pin(async move {
                        create_group(transaction, &format!("g{number:02}")).await?;
                        assert_ne!(number % 3, 0, "a bug");
                        Ok::<_, Error>(())
                    })
                })
                .await
        })
    };
    let results = join_all((0..30).map(job)).await;
    for (number, result) in results.into_iter().enumerate() {
        match result {
            Ok(written) => {
                written.unwrap();
                assert_ne!(number % 3, 0);
            }
            Err(error) => {
                let message = *error.into_panic().downcast::<String>().unwrap();
                assert!(message.contains("a bug") && number % 3 == 0, "{message}");
            }
        }
    }
    let expected: Vec<String> =
        (0..30).filter(|number| number % 3 != 0).map(|number| format!("g{number:02}")).collect();
    assert_eq!(groups(&test).await, expected);
    let user = test.store.create_user(new_user("later")).await.unwrap().unwrap();
    assert_eq!(user.user.details.username, "later", "the writer lives on");
    test.remove().await;
}

#[tokio::test]
async fn a_user_that_fails_in_a_batch_fails_alone() {
    let budget = Budget::new(&Metrics::default());
    let names = ["a", "panics", "b", "rejected", "c", "failed", "d"];
    let (creations, receivers): (Vec<_>, Vec<_>) =
        names.iter().map(|name| Creation::new(Arc::new(new_user(name)), &budget).unwrap()).unzip();
    let write = |users: Arc<[Arc<NewUser>]>| async move {
        let profile = |new: &Arc<NewUser>| match new.details.username.as_str() {
            "panics" => panic!("a bug"),
            "rejected" => Err(Stop::Constraint),
            "failed" => Err(Stop::Failed(Error::Failed(sea_orm::DbErr::RecordNotInserted))),
            _ => {
                let user = User { id: 1, ..User::new(new.details.clone()) };
                Ok(Some(Profile::new(user, Vec::new())))
            }
        };
        users.iter().map(profile).collect::<Result<Vec<_>, Stop>>()
    };
    write_all(creations, write).await.finish(&Ok(()));
    for (name, receiver) in names.iter().zip(receivers) {
        match (*name, receiver.await.unwrap()) {
            ("panics", Err(panic)) => assert_eq!(*panic.downcast::<&str>().unwrap(), "a bug"),
            ("rejected", Ok(Ok(None))) | ("failed", Ok(Err(Error::Failed(_)))) => {}
            (name, Ok(Ok(Some(profile)))) => assert_eq!(profile.user.details.username, name),
            (name, other) => panic!("{name}: {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_has_begun_ends_without_its_client() {
    let test = TestStore::set_up().await;
    let (started, wait) = oneshot::channel();
    let started = Arc::new(std::sync::Mutex::new(Some(started)));
    let write = test.store.write(started, |transaction, started| {
        Box::pin(async move {
            started.lock().unwrap().take().map(|started| started.send(()));
            // Long enough for the client to leave, also on SQLite, where jobs can't wait for anything.
            std::thread::sleep(Duration::from_millis(200));
            transaction.affect_callers();
            create_group(transaction, "kept").await
        })
    });
    let leaving = async {
        tokio::select! {
            _ = write => panic!("the client leaves first"),
            begun = wait => begun.unwrap(),
        }
    };
    timeout(Duration::from_secs(5), leaving).await.unwrap();
    // Queued behind it on SQLite.
    let result = test.store.write((), |_, ()| Box::pin(async { Ok::<_, Error>(()) })).await;
    result.unwrap();
    for _ in 0..50 {
        if groups(&test).await == ["kept"] {
            return test.remove().await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the job was not committed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_the_database_gives_up_is_run_again() {
    let test = TestStore::set_up().await;
    if !test.is_postgres() {
        // SQLite has one writer.
        return test.remove().await;
    }
    for code in ["40001", "40P01"] {
        let attempts = Arc::new(AtomicU32::new(0));
        let write = test.store.write((attempts.clone(), code), |transaction, (attempts, code)| {
            Box::pin(async move {
                create_group(transaction, code).await?;
                if attempts.fetch_add(1, Ordering::SeqCst) < 2 {
                    let fail = format!("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$");
                    transaction.execute_unprepared(&fail).await?;
                }
                Ok::<_, Error>(())
            })
        });
        write.await.unwrap();
        assert_eq!(attempts.load(Ordering::SeqCst), 3);
    }
    let endless = test.store.write((), |transaction, ()| {
        Box::pin(async move {
            transaction.execute_unprepared("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '40001'; END $$").await?;
            Ok::<_, Error>(())
        })
    });
    match endless.await {
        Err(Error::Unavailable(cause)) => assert!(is_contended(&cause)),
        other => panic!("{other:?}"),
    }
    assert_eq!(groups(&test).await, ["40001", "40P01"]);
    test.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_before_the_commit_is_replaced_and_one_lost_by_it_is_an_unknown_outcome() {
    let test = TestStore::set_up().await;
    if !test.is_postgres() {
        return test.remove().await;
    }
    let attempts = Arc::new(AtomicU32::new(0));
    let write = test.store.write(attempts.clone(), |transaction, attempts| {
        Box::pin(async move {
            create_group(transaction, "again").await?;
            if attempts.fetch_add(1, Ordering::SeqCst) == 0 {
                transaction.execute_unprepared("SELECT pg_terminate_backend(pg_backend_pid())").await?;
            }
            Ok::<_, Error>(())
        })
    });
    write.await.unwrap();
    assert_eq!(attempts.load(Ordering::SeqCst), 2);
    // The job succeeds, but its connection ends before the commit is sent.
    let attempts = Arc::new(AtomicU32::new(0));
    let write = test.store.write(attempts.clone(), |transaction, attempts| {
        Box::pin(async move {
            attempts.fetch_add(1, Ordering::SeqCst);
            create_group(transaction, "unknown").await?;
            let _ = transaction.execute_unprepared("SELECT pg_terminate_backend(pg_backend_pid())").await;
            Ok::<_, Error>(())
        })
    });
    match write.await {
        Err(Error::Uncertain(_)) => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(attempts.load(Ordering::SeqCst), 1, "it may have been stored, so it is not run again");
    assert_eq!(groups(&test).await, ["again"], "no connection in the pool is broken");
    test.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_and_a_closed_store_are_different_errors() {
    let test = TestStore::set_up().await;
    let rest = Budget::new(&Metrics::default());
    let first = rest.take(63 * 1024 * 1024).unwrap();
    assert!(matches!(rest.take(2 * 1024 * 1024), Err(Error::Busy)));
    drop(first);
    drop(rest.take(2 * 1024 * 1024).unwrap());

    let store = test.store.clone();
    test.store.writer.finish().await;
    assert!(matches!(store.create_user(new_user("late")).await, Err(Error::Closed)));
    let write = store.write((), |_, ()| Box::pin(async { Ok::<_, Error>(()) }));
    assert!(matches!(write.await, Err(Error::Closed)));
    test.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_job_leaves_nothing_behind() {
    let test = TestStore::set_up().await;
    let write = |name: &'static str, rejected: bool| {
        test.store.write((name, rejected), |transaction, (name, rejected)| {
            Box::pin(async move {
                create_group(transaction, name).await?;
                if *rejected { Err(Stop::Rule(Violation::Cycle)) } else { Ok(()) }
            })
        })
    };
    let results = tokio::join!(write("a", false), write("b", true), write("c", false));
    assert!(matches!(results, (Ok(()), Err(Stop::Rule(Violation::Cycle)), Ok(()))));
    assert_eq!(groups(&test).await, ["a", "c"]);
    test.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_written_is_unavailable() {
    let test = TestStore::set_up().await;
    if test.is_postgres() {
        return test.remove().await;
    }
    let set = |sql: &'static str| {
        test.store.write(sql, |transaction, sql| {
            Box::pin(async move { Ok::<_, Error>(transaction.execute_unprepared(sql).await.map(|_| ())?) })
        })
    };
    let create = || test.store.write((), |transaction, ()| Box::pin(create_group(transaction, "new")));
    set("PRAGMA query_only = ON").await.unwrap();
    assert!(matches!(create().await, Err(Error::Unavailable(_))));
    // The connection is opened again.
    create().await.unwrap();
    // A full disk ends the whole transaction.
    set("PRAGMA max_page_count = 1").await.unwrap();
    let fill = || {
        test.store.write((), |transaction, ()| {
            Box::pin(async move {
                transaction.execute_unprepared("CREATE TABLE large AS SELECT zeroblob(10000000)").await?;
                Ok::<_, Error>(())
            })
        })
    };
    let (filled, created) = tokio::join!(fill(), test.store.create_user(new_user("beside")));
    assert!(matches!(filled, Err(Error::Unavailable(_))), "{filled:?}");
    assert!(matches!(created, Ok(Ok(_)) | Err(Error::Unavailable(_) | Error::Uncertain(_))), "{created:?}");
    set("PRAGMA max_page_count = 1000000").await.unwrap();
    test.store.create_user(new_user("after")).await.unwrap().unwrap();
    test.remove().await;
}

/// Without forced checkpoints SQLite's log would grow as long as there is always a read that uses it.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_sqlite_stays_small_while_something_is_always_read() {
    let test = TestStore::set_up().await;
    let Some(file) = test.sqlite_file() else { return test.remove().await };
    let execute = |sql: &'static str| {
        test.store.write(sql, |transaction, sql| {
            Box::pin(async move { Ok::<_, Error>(transaction.execute_unprepared(sql).await.map(|_| ())?) })
        })
    };
    execute("CREATE TABLE padding (content)").await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let read = |_| {
        let (file, stop) = (file.clone(), stop.clone());
        std::thread::spawn(move || {
            let connection = rusqlite::Connection::open(&file).unwrap();
            let count = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                SELECT count(*) FROM n, (SELECT count(*) FROM padding)";
            let (mut reads, mut longest) = (0, 0);
            while !stop.load(Ordering::Relaxed) {
                assert_eq!(connection.query_row(count, [], |row| row.get(0)), Ok(20_000));
                longest = longest.max(std::fs::metadata(format!("{file}-wal")).unwrap().len());
                reads += 1;
            }
            (reads, longest)
        })
    };
    let readers: Vec<_> = (0..3).map(read).collect();
    for _ in 0..170 {
        execute("INSERT INTO padding VALUES (randomblob(1000000))").await.unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        let (reads, longest) = reader.join().unwrap();
        assert!(reads > 10, "{reads}");
        assert!(longest < 100_000_000, "{longest} bytes");
    }
    test.remove().await;
}
