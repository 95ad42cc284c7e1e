//! `POST /core/users/`

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADMIN, BODY_LIMIT, NOBODY, Server};

const PATH: &str = "/core/users/";

#[tokio::test]
async fn a_user_with_only_the_required_fields_gets_the_defaults() {
    let server = Server::start().await;
    let response = server.post(PATH, json!({"username": " ada\t", "name": "Ada"})).await;
    assert_eq!(response.status, 201);
    let user = &response.body;
    for (field, value) in [
        ("username", json!("ada")),
        ("name", json!("Ada")),
        ("is_active", json!(true)),
        ("last_login", Value::Null),
        ("is_superuser", json!(false)),
        ("groups", json!([])),
        ("groups_obj", json!([])),
        ("email", json!("")),
        ("attributes", json!({})),
        ("path", json!("users")),
        ("type", json!("internal")),
    ] {
        assert_eq!(user[field], value, "{field}");
    }
    assert_eq!(user["uid"].as_str().unwrap().len(), 64);
    assert!(user["avatar"].as_str().unwrap().starts_with("data:image/svg+xml;base64,"));
    assert_eq!(server.get(&format!("{PATH}{}/", user["pk"])).await.body, *user);
    server.stop().await;
}

#[tokio::test]
async fn every_field_is_stored_and_returned() {
    let server = Server::start().await;
    let root = server.group(json!({"name": "root", "is_superuser": true, "attributes": {"a": 1}})).await;
    let child = server.group(json!({"name": "child", "parent": root})).await;
    let other = server.group(json!({"name": "other"})).await;
    let attributes = json!({
        "": [1, 2.5, null, true, "x", {"ü": {"$x": "\u{1f600}"}}],
        "big": i64::MAX, "bigger": u64::MAX, "small": i64::MIN, "exact": 9_007_199_254_740_993_i64, "float": 0.1,
        "beyond": 123_456_789_012_345_678_901_234_567_890_f64
    });
    let body = json!({
        "username": "grace", "name": "  Grace  Hopper\n", "email": "grace@example.com", "is_active": false,
        "last_login": "2024-05-06T07:08:09.123456789+02:00", "groups": [child, other, child],
        "attributes": attributes, "path": "staff/navy", "type": "external",
        "pk": 77, "uid": "x", "is_superuser": false, "groups_obj": [{}], "password": "ignored"
    });
    let response = server.post(PATH, body).await;
    assert_eq!(response.status, 201, "{}", response.body);
    let user = &response.body;
    for (field, value) in [
        ("name", json!("Grace  Hopper")),
        ("email", json!("grace@example.com")),
        ("is_active", json!(false)),
        ("last_login", json!("2024-05-06T05:08:09.123456Z")),
        ("is_superuser", json!(true)),
        ("groups", json!([child, other])),
        ("attributes", attributes),
        ("path", json!("staff/navy")),
        ("type", json!("external")),
    ] {
        assert_eq!(user[field], value, "{field}");
    }
    let described = &user["groups_obj"][0];
    for (field, value) in [
        ("pk", json!(child)),
        ("name", json!("child")),
        ("is_superuser", json!(false)),
        ("parent", json!(root)),
        ("parent_name", json!("root")),
        ("attributes", json!({})),
    ] {
        assert_eq!(described[field], value, "groups_obj {field}");
    }
    let group = server.get(&format!("/core/groups/{child}/")).await.body;
    assert_eq!(described["num_pk"], group["num_pk"], "num_pk is stable");
    let read = server.get(&format!("{PATH}{}/", user["pk"])).await;
    assert_eq!(read.body, *user);
    // Not as an integer of 30 digits.
    assert!(String::from_utf8(read.bytes).unwrap().contains("1.2345678901234568e+29"), "{}", read.body);
    server.stop().await;
}

#[tokio::test]
async fn an_invalid_field_is_reported_in_authentiks_words() {
    let server = Server::start().await;
    server.user("taken", json!({})).await;
    let too_long = "é".repeat(151);
    let not_null = "This field may not be null.";
    let wrong_time = "Datetime has wrong format. Use one of these formats instead: \
                      YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].";
    let not_an_object = "Value must be a dictionary, and not have any duplicate keys.";
    let unknown = |text: &str| format!("Invalid pk \"{text}\" - object does not exist.");
    let mut deep = json!(1);
    (0..200).for_each(|_| deep = json!([deep.take()]));
    for (field, value, message) in [
        ("username", json!(null), not_null),
        ("username", json!("\u{1c}\u{a0} \t"), "This field may not be blank."),
        ("username", json!(too_long), "Ensure this field has no more than 150 characters."),
        ("username", json!("a\0b"), "Null characters are not allowed."),
        ("username", json!(5), "Not a valid string."),
        ("username", json!("taken"), "This field must be unique."),
        ("name", json!(null), not_null),
        ("name", json!([]), "Not a valid string."),
        ("email", json!("user@example"), "Enter a valid email address."),
        ("email", json!(true), "Enter a valid email address."),
        ("email", json!(format!("{}@x.org", "l".repeat(249))), "Ensure this field has no more than 254 characters."),
        ("is_active", json!("true"), "Must be a valid boolean."),
        ("is_active", json!(1), "Must be a valid boolean."),
        ("last_login", json!("yesterday"), wrong_time),
        ("last_login", json!(1_714_979_289), wrong_time),
        ("last_login", json!("0001-01-01T00:00:00+02:00"), "Datetime value out of range."),
        ("groups", json!("x"), "Expected a list of items but got type \"str\"."),
        ("groups", json!(null), not_null),
        ("groups", json!(["nope"]), "“nope” is not a valid UUID."),
        ("groups", json!([true]), "Incorrect type. Expected pk value, received bool."),
        ("groups", json!([["x"]]), "“['x']” is not a valid UUID."),
        ("groups", json!([{"pk": "x"}]), "“{'pk': 'x'}” is not a valid UUID."),
        ("groups", json!([NOBODY.to_uppercase()]), &unknown(&NOBODY.to_uppercase())),
        ("groups", json!([format!("{{{NOBODY}}}")]), &unknown(&format!("{{{NOBODY}}}"))),
        ("groups", json!([5]), &unknown("5")),
        ("attributes", json!([]), not_an_object),
        ("attributes", json!("{}"), not_an_object),
        ("attributes", json!({"a": ["\0"]}), "Null characters are not allowed."),
        ("attributes", json!({"a": deep}), "Value may not be nested more than 127 levels deep."),
        ("path", json!(" "), "This field may not be blank."),
        ("path", json!(" /a "), "No leading or trailing slashes allowed."),
        ("path", json!("a//b"), "No empty segments in user path allowed."),
        ("path", json!("p".repeat(641)), "Ensure this field has no more than 640 characters."),
        ("type", json!("robot"), "\"robot\" is not a valid choice."),
        ("type", json!(true), "\"True\" is not a valid choice."),
        ("type", json!("internal_service_account"), "Setting a user to internal service account is not allowed."),
    ] {
        let mut body = json!({"username": "new", "name": "Name"});
        body[field] = value.clone();
        let response = server.post(PATH, body).await;
        assert_eq!(response.both(), (400, json!({field: [message]})), "{field}: {value}");
    }
    assert_eq!(server.user("new", json!({})).await.status, 201, "nothing was stored before");
    server.stop().await;
}

#[tokio::test]
async fn all_invalid_fields_are_reported_together() {
    let server = Server::start().await;
    server.user("taken", json!({})).await;
    let response = server.post(PATH, json!({})).await;
    let required = json!(["This field is required."]);
    assert_eq!(response.both(), (400, json!({"username": required, "name": required})));

    // Rules of the schema, the domain and the database together.
    let body = json!({"username": "taken", "name": null, "email": "x", "path": "/", "groups": [NOBODY], "type": "x"});
    let response = server.post(PATH, body).await;
    assert_eq!(
        response.both(),
        (
            400,
            json!({
                "username": ["This field must be unique."],
                "name": ["This field may not be null."],
                "email": ["Enter a valid email address."],
                "path": ["No leading or trailing slashes allowed."],
                "groups": [format!("Invalid pk \"{NOBODY}\" - object does not exist.")],
                "type": ["\"x\" is not a valid choice."],
            })
        )
    );

    // Only the database can detect these.
    let response = server.user("taken", json!({"groups": [NOBODY]})).await;
    assert_eq!(response.body.as_object().unwrap().len(), 2, "{}", response.body);

    // Two errors in one field.
    let body =
        json!({"username": format!("\0{}", "x".repeat(150)), "name": "", "email": format!("\0{}", "x".repeat(254))});
    let response = server.post(PATH, body).await;
    assert_eq!(
        response.body,
        json!({
            "username": ["Ensure this field has no more than 150 characters.", "Null characters are not allowed."],
            "email": [
                "Ensure this field has no more than 254 characters.",
                "Null characters are not allowed.",
                "Enter a valid email address."
            ],
        })
    );
    server.stop().await;
}

#[tokio::test]
async fn a_username_of_150_code_points_fits() {
    let server = Server::start().await;
    let longest = "😀".repeat(150);
    assert_eq!(server.user(&longest, json!({"name": ""})).await.body["username"], json!(longest));
    server.stop().await;
}

/// Names are unlimited, unlike index entries.
#[tokio::test]
async fn a_name_of_10000_characters_fits() {
    let server = Server::start().await;
    let name: String = (0..10_000_u32).filter_map(|n| char::from_u32(0x4e00 + n * 7_919 % 20_000)).collect();
    let response = server.post("/core/users/", json!({"username": "long", "name": name})).await;
    assert_eq!((response.status, &response.body["name"]), (201, &json!(name)));
    let found = server.get(&format!("/core/users/?name={}", &response.body["name"].as_str().unwrap()[..30])).await;
    assert_eq!(found.body["pagination"]["count"], 0);
    server.stop().await;
}

#[tokio::test]
async fn the_longest_path_fits_in_any_script() {
    let server = Server::start().await;
    // Distinct characters, so that the engine can't compress them to fit its index.
    let path: String = (0..640_u32).map(|n| char::from_u32(0x1_0000 + n * 97).unwrap()).collect();
    assert_eq!(server.user("deep", json!({"path": path})).await.body["path"], json!(path));
    server.stop().await;
}

#[tokio::test]
async fn a_malformed_body_is_reported() {
    let server = Server::start().await;
    let parse_error = |what: &str| json!({"detail": format!("JSON parse error - {what}")});
    let non_field = |what: &str| json!({"non_field_errors": [what]});
    let required = json!({"username": ["This field is required."], "name": ["This field is required."]});
    for (body, expected) in [
        ("", required.clone()),
        ("null", non_field("No data provided")),
        ("true", non_field("Invalid data. Expected a dictionary, but got bool.")),
        ("\"text\"", non_field("Invalid data. Expected a dictionary, but got str.")),
        ("[{}]", non_field("Invalid data. Expected a dictionary, but got list.")),
        ("1.5", non_field("Invalid data. Expected a dictionary, but got float.")),
        ("{", parse_error("unexpected end of data: line 1 column 2 (char 1)")),
        ("hello", parse_error("unexpected character: line 1 column 1 (char 0)")),
        (
            r#"{"username":"b","name":"n","attributes":{"a":"\ud800"}}"#,
            parse_error("no low surrogate in string: line 1 column 53 (char 52)"),
        ),
        (
            r#"{"username":"b-0381","name":1e999}"#,
            parse_error("number is infinity when parsed as double: line 1 column 29 (char 28)"),
        ),
    ] {
        assert_eq!(server.post_bytes(PATH, body).await.both(), (400, expected), "{body}");
    }
    let not_utf8 = server.post_bytes(PATH, *b"{\"username\":\"\xff\",\"name\":\"n\"}").await;
    assert_eq!(not_utf8.status, 400);
    let deep = format!(r#"{{"username":"deep","name":"n","x":{}1{}}}"#, "[".repeat(1000), "]".repeat(1000));
    assert_eq!(server.post_bytes(PATH, deep).await.status, 201, "what is ignored may be deep");
    server.stop().await;
}

#[tokio::test]
async fn only_json_of_limited_size_is_read() {
    let server = Server::start().await;
    let post = |kind: Option<&str>, body: &str| {
        let request = server.request(Method::POST, PATH).bearer_auth(ADMIN).body(body.to_owned());
        server.send(match kind {
            Some(kind) => request.header("content-type", kind),
            None => request,
        })
    };
    let good = r#"{"username":"u","name":"n"}"#;
    for (kind, quoted) in
        [(Some("text/plain"), "text/plain"), (None, ""), (Some("application/vnd.api+json"), "application/vnd.api+json")]
    {
        let detail = json!({"detail": format!("Unsupported media type \"{quoted}\" in request.")});
        assert_eq!(post(kind, good).await.both(), (415, detail));
    }
    let detail = json!({"detail": "Unsupported charset \"klingon\" in request."});
    assert_eq!(post(Some("Application/JSON; charset=klingon"), good).await.both(), (415, detail));
    assert_eq!(post(Some("Application/JSON; charset=\"UTF-8\""), good).await.status, 201);

    let large = |size: usize| json!({"username": "big", "name": "n", "unknown": "x".repeat(size)});
    let detail = json!({"detail": format!("Request body is larger than {BODY_LIMIT} bytes.")});
    assert_eq!(server.post(PATH, large(BODY_LIMIT)).await.both(), (413, detail));
    assert_eq!(server.post(PATH, large(20 * BODY_LIMIT)).await.status, 413);
    assert_eq!(server.post(PATH, large(BODY_LIMIT - 100)).await.status, 201);
    server.stop().await;
}

/// Their size is that of the JSON without spaces, in bytes.
#[tokio::test]
async fn attributes_of_262144_bytes_fit() {
    let server = Server::start().await;
    let user = format!("{PATH}{}/", server.user("ada", json!({})).await.body["pk"]);
    let around = json!({"a": ""}).to_string().len();
    let too_large = json!({"attributes": ["Ensure this field has no more than 262144 bytes."]});
    for (character, size) in [("x", 1), ("é", 2), ("😀", 4)] {
        let fitting = (262_144 - around) / size;
        for (number, fits) in [(fitting, true), (fitting + 1, false)] {
            let body = json!({"username": "ada", "name": "n", "attributes": {"a": character.repeat(number)}});
            for response in [server.patch(&user, body.clone()).await, server.put(&user, body.clone()).await] {
                match fits {
                    true => assert!(response.status == 200 && response.body["attributes"] == body["attributes"]),
                    false => assert_eq!(response.both(), (400, too_large.clone())),
                }
            }
        }
    }
    let fields = json!({"attributes": {"a": "x".repeat(262_144)}});
    assert_eq!(server.user("new", fields.clone()).await.both(), (400, too_large.clone()));
    // With the errors that only the database can detect.
    let both = json!({"attributes": too_large["attributes"], "username": ["This field must be unique."]});
    assert_eq!(server.user("ada", fields).await.both(), (400, both));
    server.stop().await;
}

#[tokio::test]
async fn a_request_may_name_1000_groups() {
    let server = Server::start().await;
    let user = format!("{PATH}{}/", server.user("ada", json!({})).await.body["pk"]);
    let group = server.group(json!({"name": "g"})).await;
    assert_eq!(server.patch(&user, json!({"groups": vec![&group; 1_000]})).await.body["groups"], json!([group]));
    let too_many = json!({"groups": ["Ensure this field has no more than 1000 elements."]});
    let body = json!({"username": "new", "name": "n", "groups": vec![&group; 1_001]});
    assert_eq!(server.post(PATH, body.clone()).await.both(), (400, too_many.clone()));
    assert_eq!(server.patch(&user, body.clone()).await.both(), (400, too_many.clone()));
    assert_eq!(server.put(&user, body).await.both(), (400, too_many));
    server.stop().await;
}

#[tokio::test]
async fn only_superusers_may_create_users_and_permission_comes_before_the_body() {
    let server = Server::start().await;
    let token = server.plain_token().await;
    let denied = json!({"detail": "You do not have permission to perform this action."});
    let request = || server.request(Method::POST, PATH).header("content-type", "application/json").body("{");
    assert_eq!(server.send(request().bearer_auth(token)).await.both(), (403, denied));
    let missing = json!({"detail": "Authentication credentials were not provided."});
    assert_eq!(server.send(request()).await.both(), (403, missing));
    server.stop().await;
}

#[tokio::test]
async fn of_200_racing_for_one_name_exactly_one_wins() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "racers"})).await;
    let responses = join_all((0..200).map(|_| server.user("one", json!({"groups": [group]})))).await;
    let created = responses.iter().filter(|response| response.status == 201).count();
    let taken = json!({"username": ["This field must be unique."]});
    let rejected = responses.iter().filter(|response| response.both() == (400, taken.clone())).count();
    assert_eq!((created, rejected), (1, 199));
    let members = server.get(&format!("/core/groups/{group}/")).await.body["users"].as_array().unwrap().len();
    assert_eq!(members, 1, "the losers left no membership");
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_left_behind_when_a_group_is_unknown() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g"})).await;
    let response = server.user("half", json!({"groups": [group, NOBODY]})).await;
    assert_eq!(response.status, 400);
    assert_eq!(server.get(&format!("/core/groups/{group}/")).await.body["users"], json!([]));
    assert_eq!(server.user("half", json!({"groups": [group]})).await.status, 201, "the name is still free");
    server.stop().await;
}

#[tokio::test]
async fn a_group_makes_superusers_through_any_ancestor() {
    let server = Server::start().await;
    let mut parent = server.group(json!({"name": "top", "is_superuser": true})).await;
    for depth in 0..5 {
        parent = server.group(json!({"name": format!("level {depth}"), "parent": parent})).await;
    }
    let beside = server.group(json!({"name": "beside"})).await;
    let below = server.group(json!({"name": "below", "parent": beside})).await;
    assert_eq!(server.user("heir", json!({"groups": [below, parent]})).await.body["is_superuser"], json!(true));
    assert_eq!(server.user("none", json!({"groups": [below]})).await.body["is_superuser"], json!(false));
    server.stop().await;
}

#[tokio::test]
async fn groups_are_included_unless_declined() {
    let server = Server::start().await;
    let group = server.group(json!({"name": "g"})).await;
    let body = json!({"username": "u", "name": "n", "groups": [group]});
    let response = server.post(&format!("{PATH}?include_groups=false&unknown=1"), body).await;
    assert_eq!((&response.body["groups"], &response.body["groups_obj"]), (&json!([group]), &Value::Null));
    server.stop().await;
}

#[tokio::test]
async fn avatars_come_from_the_configured_sources() {
    let server = Server::with_avatars("attributes.picture,https://pictures.example/%(username)s").await;
    let own = server.user("a b", json!({"attributes": {"picture": "https://example.com/p.png"}})).await;
    assert_eq!(own.body["avatar"], json!("https://example.com/p.png"));
    let by_name = server.user("a/b", json!({})).await;
    assert_eq!(by_name.body["avatar"], json!("https://pictures.example/a%2Fb"));
    server.stop().await;
}

/// Statements besides BEGIN and COMMIT: one each for groups, user and memberships.
#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_groups() {
    let server = Server::start().await;
    let mut groups = Vec::new();
    for number in 0..20 {
        groups.push(server.group(json!({"name": format!("g{number}")})).await);
    }
    let (alone, _) = server.count_statements(server.user("alone", json!({}))).await;
    let (few, _) = server.count_statements(server.user("few", json!({"groups": groups[..2]}))).await;
    let (many, _) = server.count_statements(server.user("many", json!({"groups": groups}))).await;
    assert_eq!((alone, few, many), (1, 3, 3));
    server.stop().await;
}
