//! Microbenchmarks of the parts of a request that need no database: `cargo bench --bench parts`.

use std::{collections::HashMap, hint::black_box, sync::Arc};

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures_util::FutureExt;
use poem::{
    Endpoint, Request,
    endpoint::BoxEndpoint,
    http::{Method, StatusCode},
};
use rollcall::{
    api::{
        AdditionalProperties, Autocomplete, JsonObject, Limits, PaginatedUserList, Pagination, Timestamp, User,
        UserGroup, UserRequest, UserTypeEnum,
        runtime::{RouteTable, empty, json_response},
    },
    domain::{
        Attributes,
        avatar::Avatars,
        clock,
        user::{Details, UserType},
    },
};
use serde_json::json;
use uuid::Uuid;

const JSON: &str = "application/json";

/// The number of users in the page.
const PAGE_SIZE: usize = 100;

criterion_group!(benches, read_create_body, write_page);
criterion_main!(benches);

/// Parses the body of a request to create a user.
fn read_create_body(criterion: &mut Criterion) {
    let body = json!({
        "username": "ada.lovelace",
        "name": "Ada Lovelace",
        "email": "ada.lovelace@example.com",
        "path": "users/engineering/berlin",
        "attributes": {"employee": "no. 1815", "department": "Research"},
        "groups": [Uuid::nil(), Uuid::max()],
    });
    let body = body.to_string().into_bytes();
    let endpoint = reader();
    let request = || Request::builder().method(Method::POST).content_type(JSON).body(body.clone());
    let call = |request| endpoint.call(request).now_or_never().expect("nothing to wait for").expect("a response");
    assert_eq!(call(request()).status(), StatusCode::CREATED);
    let mut group = criterion.benchmark_group("create body");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("read", |bencher| bencher.iter_batched(request, call, BatchSize::SmallInput));
    group.finish();
}

/// An endpoint that only parses its body, like the operation that creates users.
fn reader() -> BoxEndpoint<'static> {
    let mut table = HashMap::new();
    let mut routes = RouteTable { api: Arc::new(()), limits: Limits::DEFAULT, table: &mut table };
    routes.add("create", (Method::POST, "/"), &[JSON], |_, call| async move {
        let request = call.body::<UserRequest>().await?.read()?.accept()?;
        black_box(request);
        Ok(empty(StatusCode::CREATED))
    });
    let endpoint = table.remove("/").and_then(|mut methods| methods.remove(&Method::POST));
    endpoint.expect("the route that was added")
}

/// Serializes a page of users in two groups each.
fn write_page(criterion: &mut Criterion) {
    let page = page();
    let mut group = criterion.benchmark_group("page of users");
    group.throughput(Throughput::Elements(PAGE_SIZE as u64));
    group.bench_function("write", |bencher| bencher.iter(|| json_response(StatusCode::OK, black_box(&page))));
    group.finish();
}

fn page() -> PaginatedUserList {
    let count = PAGE_SIZE as u64;
    let pagination = Pagination {
        next: 2,
        previous: 0,
        count: 10 * count,
        current: 1,
        total_pages: 10,
        start_index: 1,
        end_index: count,
    };
    let avatar = avatar();
    let results = (0..PAGE_SIZE).map(|index| user(index, &avatar)).collect();
    PaginatedUserList { pagination, results, autocomplete: Autocomplete { additional: AdditionalProperties::new() } }
}

/// An avatar with initials, the default.
fn avatar() -> String {
    let ada = Details {
        username: "ada.lovelace".into(),
        name: "Ada Lovelace".into(),
        email: String::new(),
        is_active: true,
        last_login: None,
        path: "users".into(),
        kind: UserType::Internal,
        attributes: Attributes::default(),
    };
    "initials".parse::<Avatars>().expect("a valid source").of(&ada)
}

fn user(index: usize, avatar: &str) -> User {
    let groups: Vec<UserGroup> = (0..2).map(|place| group(2 * index + place)).collect();
    User {
        pk: index as i64 + 1,
        username: format!("ada.lovelace-{index}"),
        name: "Ada Lovelace".into(),
        is_active: true,
        last_login: None,
        date_joined: Timestamp(clock::now()),
        is_superuser: false,
        groups: groups.iter().map(|group| group.pk).collect(),
        groups_obj: Some(groups),
        roles: Vec::new(),
        roles_obj: Some(Vec::new()),
        email: format!("ada.lovelace-{index}@example.com"),
        avatar: avatar.into(),
        attributes: object(json!({"employee": format!("no. {index}"), "department": "Research"})),
        uid: format!("{index:064x}"),
        path: "users/engineering/berlin".into(),
        r#type: UserTypeEnum::Internal,
        uuid: Uuid::from_u128(index as u128),
        password_change_date: Timestamp(clock::now()),
        last_updated: Timestamp(clock::now()),
    }
}

fn group(index: usize) -> UserGroup {
    UserGroup {
        pk: Uuid::from_u128(index as u128),
        num_pk: index as i64 + 1,
        name: format!("Bench group {index}"),
        is_superuser: false,
        parent: None,
        parent_name: None,
        attributes: object(json!({"floor": index})),
    }
}

fn object(value: serde_json::Value) -> JsonObject {
    Attributes::from(value.as_object().cloned().unwrap_or_default()).into()
}
