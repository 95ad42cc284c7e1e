//! Users and groups, through pipes.

use serde_json::json;

use super::{Ran, command, run};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_created_shown_changed_and_deleted_by_its_name() {
    let server = Server::start().await;
    let user = |arguments: &[&str]| run(&server, &[&["user"], arguments].concat());
    assert_eq!(run(&server, &["group", "create", "Staff"]).text(), "created group Staff\n");
    let options = [
        ["--name", "Ada Lovelace"],
        ["--email", "ada@example.com"],
        ["--group", "Staff"],
        ["--group", "authentik Admins"],
        ["--path", "staff/berlin"],
        ["--type", "external"],
        ["--attributes", r#"{"badge": 4711}"#],
    ];
    let created = user(&[&["create", "ada"], options.as_flattened()].concat());
    assert_eq!(created.text(), "created user ada (pk 2)\n");

    let shown = user(&["show", "ada"]).text().to_owned();
    for line in [
        "pk                    2\n",
        "username              ada\n",
        "name                  Ada Lovelace\n",
        "email                 ada@example.com\n",
        "active                yes\n",
        "superuser             yes\n",
        "type                  external\n",
        "path                  staff/berlin\n",
        "groups                authentik Admins, Staff\n",
        "attributes            {\"badge\":4711}\n",
        "last_login            -\n",
    ] {
        assert!(shown.contains(line), "{line}{shown}");
    }
    let object = server.get("/core/users/2/").await.body;
    assert_eq!(user(&["show", "ada", "--json"]).json(), object, "the object of the API, also what is null");
    assert!(object.as_object().unwrap().contains_key("last_login"));

    let with_password = Ran::with_input(&mut command(&server, &["user", "set-password", "ada"]), "correct horse\r\n");
    assert_eq!(with_password.text(), "set the password of user ada (pk 2)\n");
    assert_ne!(server.get("/core/users/2/").await.body["password_change_date"], object["password_change_date"]);

    assert_eq!(user(&["deactivate", "ada"]).text(), "deactivated user ada (pk 2)\n");
    assert_eq!(server.get("/core/users/2/").await.body["is_active"], json!(false));
    let question = "standard input is not a terminal, so confirmation is impossible; use --yes";
    user(&["delete", "ada"]).assert_fails(2, question);
    assert_eq!(user(&["delete", "ada", "--yes"]).text(), "deleted user ada (pk 2)\n");
    assert_eq!(server.get("/core/users/2/").await.status, 404);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn json_has_the_object_that_something_was_done_to() {
    let server = Server::start().await;
    let user = |arguments: &[&str]| run(&server, &[&["user", "--json"], arguments].concat());
    let created = user(&["create", "ada", "--inactive"]).json();
    assert_eq!(
        (&created["username"], &created["is_active"], &created["name"]),
        (&json!("ada"), &json!(false), &json!(""))
    );
    assert_eq!(created, server.get("/core/users/2/").await.body);
    let changed = Ran::with_input(&mut command(&server, &["user", "set-password", "ada", "--json"]), "correct horse");
    assert_eq!(changed.json()["pk"], 2);
    assert_eq!(user(&["create", "bob"]).json()["is_active"], true);
    assert_eq!(user(&["deactivate", "bob"]).json()["is_active"], false);
    let group = run(&server, &["group", "create", "Staff", "--json"]).json();
    assert_eq!(run(&server, &["group", "add", "--json", "Staff", "ada", "bob"]).json()["users"], json!([2, 3]));
    assert_eq!(run(&server, &["group", "remove", "--json", "Staff", "bob"]).json()["users"], json!([2]));
    assert_eq!(run(&server, &["group", "show", "Staff", "--json"]).json()["users_obj"][0]["username"], "ada");
    assert_eq!(run(&server, &["group", "delete", "Staff", "--json", "--yes"]).json()["pk"], group["pk"]);
    assert_eq!(user(&["delete", "--yes", "ada"]).json()["username"], "ada");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_gets_parents_and_members() {
    let server = Server::start().await;
    let group = |arguments: &[&str]| run(&server, &[&["group"], arguments].concat());
    for name in ["ada", "bob", "eve"] {
        run(&server, &["user", "create", name]).text();
    }
    group(&["create", "Company"]).text();
    let options =
        ["--parent", "Company", "--parent", "authentik Admins", "--superuser", "--attributes", r#"{"a": [1]}"#];
    group(&[&["create", "Staff"], &options[..]].concat()).text();
    let added = group(&["add", "Staff", "ada", "bob", "eve"]);
    assert_eq!(added.text(), "added ada (pk 2) to Staff\nadded bob (pk 3) to Staff\nadded eve (pk 4) to Staff\n");
    assert_eq!(group(&["remove", "Staff", "bob"]).text(), "removed bob (pk 3) from Staff\n");

    let shown = group(&["show", "Staff"]).text().to_owned();
    for line in ["superuser   yes\n", "parents     Company, authentik Admins\n", "members     2\n", "{\"a\":[1]}\n"] {
        assert!(shown.contains(line), "{line}{shown}");
    }
    let members: Vec<&str> = shown.lines().skip_while(|line| !line.starts_with("PK")).collect();
    assert_eq!(members.len(), 3, "{shown}");
    assert!(members[1].starts_with("2   ada ") && members[2].starts_with("4   eve "), "{shown}");
    assert_eq!(
        group(&["list"]).text(),
        "NAME              MEMBERS  SUPERUSER  PARENTS\n\
         Company           0        no\n\
         Staff             2        yes        Company, authentik Admins\n\
         authentik Admins  1        yes\n"
    );
    assert_eq!(group(&["list", "--search", "taff", "--json"]).json()[0]["name"], "Staff");

    group(&["add", "Staff", "bob", "nobody"]).assert_fails(5, "there is no user \"nobody\"");
    assert_eq!(
        server.get("/core/groups/?name=Staff").await.body["results"][0]["users"],
        json!([2, 4]),
        "none is added"
    );
    group(&["delete", "Staff"]).assert_fails_with(2, "use --yes");
    assert_eq!(group(&["delete", "Staff", "-y"]).text(), "deleted group Staff\n");
    group(&["show", "Staff"]).assert_fails(5, "there is no group \"Staff\"");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_may_have_spaces_any_letters_and_a_dash_at_their_start() {
    let server = Server::start().await;
    for (number, name) in
        ["王 小明", "Ада Лавлейс", "a/b?c=d&e#f%20", "-ada", "--yes", "é 👩\u{200d}💻", "\"'"].iter().enumerate()
    {
        let group = format!("group of {name}");
        run(&server, &["group", "create", &group]).text();
        let created = run(&server, &["user", "create", "--group", &group, "--", name]);
        assert_eq!(created.text(), format!("created user {name} (pk {})\n", number + 2));
        assert!(
            run(&server, &["user", "show", "--", name]).text().contains(&format!("username              {name}\n"))
        );
        assert_eq!(run(&server, &["user", "list", "--group", &group, "--json"]).json()[0]["username"], **name);
        run(&server, &["group", "remove", &group, "--", name]).text();
        run(&server, &["token", "create", &format!("--user={name}"), "--identifier", "t"]);
        assert_eq!(run(&server, &["token", "list", &format!("--user={name}"), "--json"]).json()[0]["identifier"], "t");
        run(&server, &["user", "delete", "--yes", "--", name]).text();
        run(&server, &["group", "delete", "--yes", &group]).text();
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_created_with_a_password_from_a_pipe() {
    let server = Server::start().await;
    let create = |name: &str, input: &str| {
        Ran::with_input(&mut command(&server, &["user", "create", name, "--password-stdin"]), input)
    };
    assert_eq!(create("ada", "correct horse\nmore\n").text(), "created user ada (pk 2)\n");
    create("bob", "\n").assert_fails(2, "the password is empty");
    create("bob", "").assert_fails(2, "the password is empty");
    create("bob", &"x".repeat(100_000)).assert_fails(2, "standard input: the line is too long");
    assert_eq!(server.get("/core/users/?username=bob").await.body["pagination"]["count"], 0, "nothing was created");
    // The server of the tests wants 8 characters.
    create("eve", "short\n")
        .assert_fails_with(6, "created user eve (pk 3), but without its password: the server refused it: password: ");
    server.stop().await;
}
