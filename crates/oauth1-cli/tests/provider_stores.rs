//! Clients in the stores of `oauth1 provider`, and what else uses these stores.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{fs, os::unix::fs::PermissionsExt as _, process::Command};

use oauth1_store::conformance::redis_server::RedisServer;

use crate::{
    serving::{Serving, authorized, command, curl, folder, provider, showing_service, stored},
    support::{stderr, stdout},
};

#[path = "support/serving.rs"]
mod serving;
mod support;

#[test]
fn clients_of_a_store_are_managed() {
    let folder = folder("clients");
    let client = |arguments: &[&str]| {
        let all = [
            &["provider", "client"],
            arguments,
            &["--store", "s.sqlite3"],
        ]
        .concat();
        let output = command(&folder, &all).output().unwrap();
        (
            output.status.code(),
            format!("{}{}", stdout(&output), stderr(&output)),
        )
    };
    let (status, told) = client(&[
        "create",
        "Printer",
        "--callback",
        "https://a.example/",
        "--secret-file",
        "first",
    ]);
    assert_eq!(status, Some(0), "{told}");
    let identifier = told.split_ascii_whitespace().nth(1).unwrap().to_owned();
    let first = fs::read_to_string(folder.join("first")).unwrap();
    assert!(!told.contains(first.trim()), "{told}");
    let mode = fs::metadata(folder.join("first"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let (_, list) = client(&["list"]);
    assert!(
        list.contains(&identifier) && list.contains("Printer"),
        "{list}"
    );
    let (status, told) = client(&["rotate", &identifier, "--show-secret"]);
    assert_eq!(status, Some(0));
    assert!(
        !told.contains(first.trim()) && told.contains("secret"),
        "{told}"
    );
    assert_eq!(client(&["rotate", &identifier]).0, Some(2));
    assert_eq!(client(&["revoke", &identifier]).0, Some(0));
    assert!(client(&["list"]).1.contains("revoked"));
    assert_eq!(client(&["revoke", "nobody"]).0, Some(1));
    assert_eq!(client(&["create", "", "--show-secret"]).0, Some(1));
}

#[test]
fn processes_share_a_store_on_a_redis_server() {
    let redis = RedisServer::start().unwrap();
    let store = ["--store", &redis.url()].map(str::to_owned);
    let store = [store[0].as_str(), store[1].as_str()];
    let folder = folder("redis");
    let _provider = provider(&folder, &store);
    authorized(&folder);
    let client = stored(&folder)["client_key"].as_str().unwrap().to_owned();
    let list = || {
        let all = [&["provider", "client", "list"], &store[..]].concat();
        let output = command(&folder, &all).output().unwrap();
        assert_eq!((stderr(&output), output.status.code()), ("", Some(0)));
        stdout(&output).to_owned()
    };
    let listed = list();
    assert!(
        listed.contains(&client) && listed.contains("Development"),
        "{listed}"
    );

    // Two proxies at one service, as behind a load balancer.
    let behind = showing_service();
    let proxy = |arguments: &[&str]| {
        let all = [
            &[
                "proxy",
                "--verify",
                "--listen",
                "127.0.0.1:0",
                "--to",
                &behind,
            ],
            &store[..],
            arguments,
        ]
        .concat();
        Serving::start(command(&folder, &all))
    };
    let first = proxy(&[]);
    let second = proxy(&["--origin", &first.origin]);
    let url = format!("{}/x?y=z", first.origin);
    let output = command(&folder, &["GET", &url, "-p", "development"])
        .output()
        .unwrap();
    let head = stdout(&output).to_ascii_lowercase();
    assert!(
        head.contains(&format!("x-oauth-client: {client}\r\n")),
        "{head}{}",
        stderr(&output)
    );

    let signed = || {
        let dry = command(&folder, &["GET", &url, "-p", "development", "--dry-run"])
            .output()
            .unwrap();
        stdout(&dry).replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ")
    };
    let status = |command: &str| {
        let output = Command::new("sh").args(["-c", command]).output().unwrap();
        stdout(&output).to_owned()
    };
    // What one has let through is a replay to the other.
    let request = signed();
    let replay = request.replace(&first.origin, &second.origin);
    assert_ne!(request, replay);
    assert_eq!([status(&request), status(&replay)], ["200", "401"]);
    let other = signed().replace(&first.origin, &second.origin);
    assert_eq!([status(&other), status(&other)], ["200", "401"]);
    assert_eq!(
        curl(&["-o", "/dev/null", "-w", "%{http_code}", &url]),
        "401"
    );

    // Whoever revokes a client revokes it everywhere.
    let revoke = [&["provider", "client", "revoke", &client], &store[..]].concat();
    let output = command(&folder, &revoke).output().unwrap();
    assert_eq!((stderr(&output), output.status.code()), ("", Some(0)));
    assert!(list().contains("revoked"));
    assert_eq!(status(&signed()), "401");
    drop(redis);

    // The server is gone: it is said so, and nobody is let through.
    let refused = status(&signed());
    assert!(refused.starts_with('5'), "{refused}");
    let gone = [
        "provider",
        "client",
        "list",
        "--store",
        "redis://127.0.0.1:9",
    ];
    let output = command(&folder, &gone).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--store: "), "{}", stderr(&output));
}
