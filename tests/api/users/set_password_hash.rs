//! `POST /core/users/{id}/set_password_hash/`

use reqwest::Method;
use serde_json::json;

use crate::support::Server;

#[tokio::test]
async fn hashes_that_can_be_verified_are_stored_and_others_refused_by_name() {
    let server = Server::start().await;
    let path = format!("/core/users/{}/set_password_hash/", server.user("ada", json!({})).await.body["pk"]);
    let pbkdf2 = "pbkdf2_sha256$1000$seasalt123$9/GvPDkGD20I8p/vZr1Jr4cALRUOOT7TstsYI1EDOvw=";
    let argon2 = "argon2$argon2id$v=19$m=1024,t=2,p=8$VThubXRjSlUzeW53WlpUNnR3a2xPaQ$AZF4WnDvh5CGjtpPqCGXxHJCUlhalfzfUsECcO65jTo";
    for hash in [pbkdf2, argon2, argon2.strip_prefix("argon2").unwrap()] {
        assert_eq!(server.post(&path, json!({"password": hash})).await.status, 204, "{hash}");
    }
    let unsupported = |algorithm: &str| {
        format!(
            "Password hashes made with \"{algorithm}\" are not supported, only those made with pbkdf2_sha256 or argon2."
        )
    };
    for (hash, expected) in [
        ("bcrypt_sha256$$2b$12$abc", unsupported("bcrypt_sha256")),
        ("$6$salt$digest", unsupported("6")),
        ("correct horse", "This is not a password hash.".into()),
        ("Pa$$word", "This is not a password hash.".into()),
        (&pbkdf2[..40], "This hash is malformed.".into()),
        (&pbkdf2.replace("1000", "99999999"), "This hash takes too much time or memory to verify.".into()),
        (&format!("pbkdf2_sha256$1000${}$x", "s".repeat(600)), "This hash is malformed.".into()),
        ("", "This field may not be blank.".into()),
    ] {
        let response = server.post(&path, json!({"password": hash})).await;
        assert_eq!(response.both(), (400, json!({"password": [expected]})), "{hash}");
    }
    let missing = server.post(&path, json!({})).await;
    assert_eq!(missing.both(), (400, json!({"password": ["This field is required."]})));
    let unknown = server.post("/core/users/999/set_password_hash/", json!({"password": pbkdf2})).await;
    assert_eq!(unknown.both(), (404, json!({"detail": "No User matches the given query."})));
    let plain = server.plain_token().await;
    let request = server.request(Method::POST, &path).bearer_auth(plain).json(&json!({"password": pbkdf2}));
    assert_eq!(server.send(request).await.status, 403);
    server.stop().await;
}
