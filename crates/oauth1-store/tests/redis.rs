//! What only a Redis server can do to a store: go away, come back, be slow, be full, be reached over
//! TLS.

#![cfg(all(feature = "conformance", feature = "redis"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

extern crate alloc;

use alloc::sync::Arc;
use core::{future::poll_fn, task::Poll, time::Duration};
use std::{fs, process::Command, time::Instant};

use oauth1_core::{Secret, Timestamp};
use oauth1_store::{
    Bound, Client, ClientKey, ClientStore as _, CredentialStore as _, Insert, NonceStore as _,
    SpentNonce, StoreError, TokenStore as _,
    conformance::redis_server::RedisServer,
    redis::{Options, RedisStore},
};
use tokio::runtime::Builder;

fn now() -> Timestamp {
    Timestamp::now()
}

fn after(time: Timestamp, seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(time.unix_seconds() + seconds)
}

fn nonce(time: Timestamp, text: &str) -> SpentNonce {
    SpentNonce::new("client", Some("token"), time, text, after(time, 300))
}

async fn connect(server: &RedisServer) -> RedisStore {
    RedisStore::connect(&server.url()).await.unwrap()
}

/// The clock, which only shows here that nothing waits for ever.
#[expect(clippy::disallowed_methods, reason = "a test that measures")]
fn clock() -> Instant {
    Instant::now()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_is_no_pass_and_one_that_is_back_remembers() {
    let mut server = RedisServer::start().unwrap();
    let (store, time) = (Arc::new(connect(&server).await), now());

    // The server is killed while nonces are spent.
    let mut tasks = tokio::task::JoinSet::new();
    for at in 0..400 {
        let store = Arc::clone(&store);
        tasks.spawn(async move {
            (
                at,
                store
                    .check_and_insert(nonce(time, &format!("{at}")), time)
                    .await,
            )
        });
    }
    let mut fresh = Vec::new();
    let mut refused = 0;
    let mut killed = false;
    while let Some(task) = tasks.join_next().await {
        match task.unwrap() {
            (at, Ok(Insert::Fresh)) => fresh.push(at),
            (_, Err(StoreError::Unavailable(_))) => refused += 1,
            (at, other) => panic!("{at}: {other:?}"),
        }
        if fresh.len() == 50 && !killed {
            server.kill().unwrap();
            killed = true;
        }
    }
    assert_eq!(fresh.len() + refused, 400);

    // While it is away nothing passes, old or new, and nobody waits long.
    let began = clock();
    for text in ["0", "new"] {
        let answer = store.check_and_insert(nonce(time, text), time).await;
        assert!(
            matches!(answer, Err(StoreError::Unavailable(_))),
            "{answer:?}"
        );
    }
    let answer = store.find("client", None, time).await;
    assert!(
        matches!(answer, Err(StoreError::Unavailable(_))),
        "{answer:?}"
    );
    assert!(began.elapsed() < Duration::from_secs(10));

    // It is back: the same store goes on, and what was fresh is a replay.
    server.restart().unwrap();
    let first = loop {
        match store.check_and_insert(nonce(time, "first"), time).await {
            Err(StoreError::Unavailable(_)) if began.elapsed() < Duration::from_secs(60) => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            answer => break answer.unwrap(),
        }
    };
    // An attempt may have been made whose answer was lost.
    assert!(matches!(first, Insert::Fresh | Insert::Replayed));
    for at in fresh {
        let answer = store
            .check_and_insert(nonce(time, &format!("{at}")), time)
            .await;
        assert_eq!(answer.unwrap(), Insert::Replayed, "{at}");
    }
    let answer = store.check_and_insert(nonce(time, "second"), time).await;
    assert_eq!(answer.unwrap(), Insert::Fresh);
}

#[tokio::test]
async fn a_server_that_is_slow_is_no_pass() {
    let server = RedisServer::start_with([]).unwrap();
    let options = Options::new().with_answer_timeout(Duration::from_millis(300));
    let store = RedisStore::connect_with(&server.url(), options)
        .await
        .unwrap();
    let time = now();
    server.pause().unwrap();
    let began = clock();
    for text in ["a", "b"] {
        let answer = store.check_and_insert(nonce(time, text), time).await;
        assert!(
            matches!(answer, Err(StoreError::Unavailable(_))),
            "{answer:?}"
        );
    }
    let waited = began.elapsed();
    assert!(waited >= Duration::from_millis(300), "{waited:?}");
    assert!(waited < Duration::from_secs(20), "{waited:?}");
    server.resume().unwrap();
    let answer = loop {
        match store.check_and_insert(nonce(time, "c"), time).await {
            Err(StoreError::Unavailable(_)) if began.elapsed() < Duration::from_secs(60) => {}
            answer => break answer.unwrap(),
        }
    };
    assert!(matches!(answer, Insert::Fresh | Insert::Replayed));
    let again = store.check_and_insert(nonce(time, "c"), time).await;
    assert_eq!(again.unwrap(), Insert::Replayed);
}

#[test]
fn a_runtime_that_ends_leaves_nobody_waiting() {
    let server = RedisServer::start().unwrap();
    let runtime = |mut builder: Builder| builder.enable_all().build().unwrap();
    let home = runtime(Builder::new_multi_thread());
    let (store, time) = (home.block_on(connect(&server)), now());

    // It ends before the task that is to send the nonce has had its turn.
    let other = runtime(Builder::new_current_thread());
    let asking = store.clone();
    let mut asked =
        Box::pin(async move { asking.check_and_insert(nonce(time, "first"), time).await });
    let waits = other.block_on(poll_fn(|context| {
        Poll::Ready(asked.as_mut().poll(context).is_pending())
    }));
    assert!(waits);
    drop(other);

    let answer = home.block_on(asked);
    assert!(
        matches!(answer, Err(StoreError::Unavailable(_))),
        "{answer:?}"
    );
    let answer = home.block_on(store.check_and_insert(nonce(time, "second"), time));
    assert_eq!(answer.unwrap(), Insert::Fresh);
}

#[tokio::test]
async fn a_nonce_expires_when_its_window_is_over_and_the_margin_of_clocks() {
    let server = RedisServer::start_with([]).unwrap();
    let options = Options::new()
        .with_prefix("of nonces:")
        .with_clock_margin(Duration::from_secs(100));
    let store = RedisStore::connect_with(&server.url(), options)
        .await
        .unwrap();
    let time = now();
    // Its timestamp is ahead: 300 seconds until it is reached, and 300 more.
    let ahead = nonce(after(time, 300), "ahead");
    let answer = store.check_and_insert(ahead, time).await;
    assert_eq!(answer.unwrap(), Insert::Fresh);
    let key = server
        .command(&["EVAL", "return redis.call('KEYS', '*')[1]", "0"])
        .unwrap();
    assert!(key.starts_with('$'), "one key: {key}");
    let ttl = server.command(&[
        "EVAL",
        "return redis.call('PTTL', redis.call('KEYS', '*')[1])",
        "0",
    ]);
    let ttl: u64 = ttl.unwrap().trim_start_matches(':').parse().unwrap();
    // 601 seconds, the last one included, and the margin; less what has passed since.
    assert!((671_000..=701_000).contains(&ttl), "{ttl}");
    let name = server.command(&["EVAL", "return {ok = redis.call('KEYS', '*')[1]}", "0"]);
    assert!(name.unwrap().starts_with("+of nonces:1:nonce:"));
}

#[tokio::test]
async fn a_server_that_evicts_is_refused() {
    for (policy, refused) in [
        ("noeviction", false),
        ("allkeys-lru", true),
        ("volatile-ttl", true),
    ] {
        let arguments = ["--maxmemory", "64mb", "--maxmemory-policy", policy];
        let server = RedisServer::start_with(arguments).unwrap();
        let store = RedisStore::connect(&server.url()).await;
        assert_eq!(store.is_err(), refused, "{policy}");
        if let Err(error) = store {
            assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
            let why = format!("{error:?}");
            assert!(why.contains(policy), "{why}");
        }
        let options = Options::new().assume_no_eviction();
        let store = RedisStore::connect_with(&server.url(), options).await;
        assert!(store.is_ok(), "{policy}");
    }
    // Without a bound there is no eviction.
    let server = RedisServer::start_with(["--maxmemory-policy", "allkeys-lru"]).unwrap();
    assert!(RedisStore::connect(&server.url()).await.is_ok());
}

#[tokio::test]
async fn a_server_that_is_full_or_read_only_is_no_pass() {
    let server = RedisServer::start_with([]).unwrap();
    let (store, time) = (connect(&server).await, now());
    assert_eq!(
        server
            .command(&["CONFIG", "SET", "maxmemory", "1"])
            .unwrap(),
        "+OK"
    );
    let answer = store.check_and_insert(nonce(time, "full"), time).await;
    assert!(
        matches!(answer, Err(StoreError::Full(Bound::Store))),
        "{answer:?}"
    );
    assert_eq!(
        server
            .command(&["CONFIG", "SET", "maxmemory", "0"])
            .unwrap(),
        "+OK"
    );
    let answer = store.check_and_insert(nonce(time, "full"), time).await;
    assert_eq!(answer.unwrap(), Insert::Fresh);

    let primary = RedisServer::start_with([]).unwrap();
    let port = format!("{}", primary.port());
    assert_eq!(
        server.command(&["REPLICAOF", "127.0.0.1", &port]).unwrap(),
        "+OK"
    );
    let answer = store.check_and_insert(nonce(time, "read-only"), time).await;
    assert!(
        matches!(answer, Err(StoreError::Unavailable(_))),
        "{answer:?}"
    );
}

#[tokio::test]
async fn what_others_wrote_is_corrupt_and_no_pass() {
    let server = RedisServer::start_with([]).unwrap();
    let (store, time) = (connect(&server).await, now());
    let record = r#"{"identifier":"planted","secret":5}"#;
    for (key, value) in [
        ("1:client:planted", record),
        ("1:token:planted", "not JSON"),
    ] {
        let key = format!("oauth1:{key}");
        assert_eq!(server.command(&["SET", &key, value]).unwrap(), "+OK");
    }
    assert_eq!(
        server
            .command(&["LPUSH", "oauth1:1:client:list", "x"])
            .unwrap(),
        ":1"
    );
    for identifier in ["planted", "list"] {
        let answer = store.client(identifier).await;
        let Err(error @ StoreError::Corrupt(_)) = answer else {
            panic!("{answer:?}");
        };
        assert!(
            !format!("{error:?} {error}").contains("planted"),
            "{error:?}"
        );
    }
    let answer = store.token("planted", time).await;
    assert!(matches!(answer, Err(StoreError::Corrupt(_))), "{answer:?}");
}

#[tokio::test]
async fn no_error_shows_a_password_or_a_secret() {
    let server = RedisServer::start_with(["--requirepass", "kd94hf93k423kf44"]).unwrap();
    let port = server.port();
    for url in [
        format!("redis://:wrong-password@127.0.0.1:{port}"),
        format!("redis://127.0.0.1:{port}"),
        format!("redis://:wrong-password@127.0.0.1:{port}/not-a-number"),
        format!("nonsense://:wrong-password@127.0.0.1:{port}"),
        "redis://:wrong-password@127.0.0.1:1".to_owned(),
    ] {
        let error = RedisStore::connect(&url).await.unwrap_err();
        assert!(
            matches!(error, StoreError::Unavailable(_)),
            "{url}: {error:?}"
        );
        let shown = format!("{error:?} {error}");
        assert!(!shown.contains("wrong-password"), "{shown}");
    }
    let url = format!("redis://:kd94hf93k423kf44@127.0.0.1:{port}");
    let store = RedisStore::connect(&url).await.unwrap();
    assert!(!format!("{store:?}").contains("kd94hf93k423kf44"));
    let key = ClientKey::Shared(Secret::from(String::from("pfkkdhi9sl3r4s00")));
    let created = store.create_client(Client::new("client", key, now())).await;
    assert!(created.is_ok());
    let client = store.client("client").await.unwrap().unwrap();
    assert!(!format!("{client:?}").contains("pfkkdhi9sl3r4s00"));
}

#[tokio::test]
async fn tls_is_spoken_with_a_certificate_that_is_trusted_and_no_other() {
    let directory = tempfile::tempdir().unwrap();
    let (certificate, key) = self_signed(directory.path());
    // A port that is free now.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let port = format!("{port}");
    let arguments = [
        "--tls-port",
        &port,
        "--tls-cert-file",
        &certificate,
        "--tls-key-file",
        &key,
        "--tls-auth-clients",
        "no",
    ];
    let server = RedisServer::start_with(arguments).unwrap();
    let url = format!("rediss://localhost:{port}");

    let untrusted = RedisStore::connect(&url).await;
    assert!(
        matches!(untrusted, Err(StoreError::Unavailable(_))),
        "{untrusted:?}"
    );
    let options = Options::new().with_root_certificates(fs::read(&certificate).unwrap());
    let other_name = format!("rediss://127.0.0.1:{port}");
    let misnamed = RedisStore::connect_with(&other_name, options.clone()).await;
    assert!(
        matches!(misnamed, Err(StoreError::Unavailable(_))),
        "{misnamed:?}"
    );
    let plain = RedisStore::connect(&format!("redis://localhost:{port}")).await;
    assert!(plain.is_err(), "no TLS where TLS is spoken");

    let store = RedisStore::connect_with(&url, options).await.unwrap();
    let time = now();
    let answer = store.check_and_insert(nonce(time, "over TLS"), time).await;
    assert_eq!(answer.unwrap(), Insert::Fresh);
    let plain = connect(&server).await;
    let answer = plain.check_and_insert(nonce(time, "over TLS"), time).await;
    assert_eq!(answer.unwrap(), Insert::Replayed);
}

/// A certificate for `localhost` and its key, made by `openssl`.
fn self_signed(directory: &std::path::Path) -> (String, String) {
    let path = |name: &str| directory.join(name).display().to_string();
    let (certificate, key) = (path("cert.pem"), path("key.pem"));
    let output = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args([
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", &key, "-out", &certificate])
        .output()
        .expect("openssl is missing. Debian, Ubuntu: apt-get install openssl");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    (certificate, key)
}
