//! Going back to the seed.

use std::{
    cell::Cell,
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::{SEED, StandIn, usernames};

/// Everything in the directory.
async fn contents(stand_in: &StandIn) -> Vec<Value> {
    let mut all = Vec::new();
    for list in ["users/?ordering=pk", "groups/?include_users=true", "tokens/"] {
        all.push(stand_in.get(&format!("/core/{list}")).await);
    }
    all.push(stand_in.get("/core/tokens/sync/view_key/").await);
    all
}

#[tokio::test]
async fn everything_is_as_in_the_seed_again() {
    let stand_in =
        StandIn::with_seed(&format!("{SEED}\nfaults: [{{operation: core_users_list, status: 500, skip: 9}}]"));
    let before = contents(&stand_in).await;
    for _ in 0..3 {
        let (status, created) = stand_in.create("new").await;
        assert_eq!((status, &created["pk"]), (201, &json!(4)), "ids begin anew, too");
        stand_in.set_fault(json!({"operation": "core_groups_list", "drop": true})).await;
        let ada = json!({"username": "renamed"});
        assert_eq!(stand_in.api(Method::PATCH, "/core/users/2/", ada).await.0, 200);
        let key = json!({"key": "another-key"});
        assert_eq!(stand_in.api(Method::POST, "/core/tokens/sync/set_key/", key).await.0, 204);
        let group = before[1]["results"][1]["pk"].as_str().unwrap();
        assert_eq!(stand_in.api(Method::DELETE, &format!("/core/groups/{group}/"), Value::Null).await.0, 204);
        assert_eq!(stand_in.api(Method::DELETE, "/core/users/3/", Value::Null).await.0, 204);
        assert_eq!(stand_in.control(Method::PUT, "time", json!({"advance": 1e8})).await.0, 200);

        stand_in.reset().await;
        let me = async |key: &str| stand_in.send_as(key, Method::GET, "/api/v3/core/users/me/", Value::Null).await.0;
        assert_eq!((me("the-key-of-ada").await, me("another-key").await), (200, 403));
        assert_eq!(stand_in.requests("").await.len(), 2, "only those since the reset");
        assert_eq!(contents(&stand_in).await, before);
        assert_eq!(usernames(&stand_in.get("/core/users/?search=new").await), [""; 0]);
        let (_, faults) = stand_in.control(Method::GET, "faults", Value::Null).await;
        assert_eq!((faults["faults"].as_array().unwrap().len(), &faults["faults"][0]["used"]), (1, &json!(0)));
    }
}

/// What a process holds: open files, threads, and memory in KiB.
fn held(stand_in: &StandIn) -> [usize; 3] {
    let process = format!("/proc/{}", stand_in.child.id());
    let status = fs::read_to_string(format!("{process}/status")).unwrap();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    [fs::read_dir(format!("{process}/fd")).unwrap().count(), field("Threads:"), field("VmRSS:")]
}

#[tokio::test]
async fn many_resets_leave_nothing_behind() {
    let stand_in = StandIn::with_seed(SEED);
    let took = Cell::new(Duration::ZERO);
    let work = async || {
        for _ in 0..100 {
            let start = Instant::now();
            stand_in.reset().await;
            took.set(took.get() + start.elapsed());
            assert_eq!(stand_in.create("new").await.0, 201);
            assert_eq!(usernames(&stand_in.get("/core/users/?search=new").await), ["new"]);
        }
        // The last ones may still be closing.
        tokio::time::sleep(Duration::from_millis(300)).await;
    };
    work().await;
    let before = held(&stand_in);
    for _ in 0..3 {
        work().await;
    }
    let after = held(&stand_in);
    // A release build takes less than 2 ms for each; this may be a debug build with other tests beside it.
    let took = took.get() / 400;
    assert!(took < Duration::from_millis(50), "{took:?} for a reset");
    // An instance has some files, a thread, and a megabyte. Threads for lists end a while after they were used.
    let more = [8, 8, 24 * 1024];
    for (place, what) in ["files", "threads", "KiB"].into_iter().enumerate() {
        assert!(after[place] <= before[place] + more[place], "{what}: {before:?}, then {after:?}");
    }
    let directory = stand_in.temporary.path().join(&stand_in.temporary_files()[0]);
    assert!(fs::read_dir(directory).unwrap().count() <= 5, "the lock, the seed, and a database with its log");
}

#[tokio::test(flavor = "multi_thread")]
async fn resets_that_race_with_requests_break_no_response() {
    let stand_in = Arc::new(StandIn::with_seed(SEED));
    let is_over = Arc::new(AtomicBool::new(false));
    let client = |number: usize| {
        let (stand_in, is_over) = (stand_in.clone(), is_over.clone());
        async move {
            let mut served = 0;
            while !is_over.load(Ordering::Relaxed) {
                let name = format!("user-{number}-{served}");
                let (status, body) = stand_in.create(&name).await;
                // Another client may have the name of an earlier time.
                assert!([201, 400].contains(&status), "{status} {body}");
                let (status, body) = stand_in.api(Method::GET, "/core/users/?search=user", Value::Null).await;
                assert_eq!(status, 200, "{body}");
                let path = format!("/core/users/{}/", 4 + number);
                let (status, body) = stand_in.api(Method::PATCH, &path, json!({"name": name})).await;
                assert!([200, 404].contains(&status), "{status} {body}");
                let me = stand_in.send_as("the-key-of-ada", Method::GET, "/api/v3/core/users/me/", Value::Null);
                assert_eq!(me.await.0, 200);
                served += 4;
            }
            served
        }
    };
    let clients: Vec<_> = (0..16).map(|number| tokio::spawn(client(number))).collect();
    for _ in 0..200 {
        stand_in.reset().await;
    }
    is_over.store(true, Ordering::Relaxed);
    let served: Vec<usize> = join_all(clients).await.into_iter().map(Result::unwrap).collect();
    assert!(served.iter().all(|served| *served > 0), "{served:?}");
}

#[tokio::test]
async fn a_request_in_flight_does_not_hold_up_a_reset() {
    let stand_in = Arc::new(StandIn::with_seed(SEED));
    stand_in.set_fault(json!({"operation": "core_users_create", "delay": 60})).await;
    let creating = tokio::spawn({
        let stand_in = stand_in.clone();
        async move { stand_in.create("late").await }
    });
    while stand_in.requests("").await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stand_in.reset().await;
    assert_eq!(creating.await.unwrap().0, 201, "the delay ends, and the request is carried out on the old data");
    assert_eq!(usernames(&stand_in.get("/core/users/?ordering=pk").await), ["akadmin", "ada", "root"]);
    assert_eq!(stand_in.requests("?operation=core_users_create").await, [] as [Value; 0]);
}
