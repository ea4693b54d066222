use alloc::sync::Arc;
use std::{fs, path::PathBuf};

use oauth1_core::Secret;
use rusqlite::params;
use tempfile::TempDir;

use super::*;
use crate::{
    Client, ClientKey, ClientStore as _, Creation, Insert, NonceStore as _, SpentNonce, Token,
    TokenStore as _,
};
use oauth1_core::Timestamp;

const NOW: u64 = 1_700_000_000;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW + seconds)
}

fn nonce(timestamp: u64, text: &str) -> SpentNonce {
    SpentNonce::new("client", None, at(timestamp), text, at(timestamp + 300))
}

fn client(identifier: &str) -> Client {
    let key = ClientKey::Shared(Secret::from("kd94hf93k423kf44").into_owned());
    Client::new(identifier, key, at(0))
}

fn file() -> (TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.sqlite3");
    (directory, path)
}

fn open() -> (TempDir, SqliteStore) {
    let (directory, path) = file();
    let store = SqliteStore::open(path).unwrap();
    (directory, store)
}

async fn count(store: &SqliteStore, table: &'static str) -> i64 {
    let sql = alloc::format!("SELECT count(*) FROM {table}");
    store
        .read(move |connection| {
            connection
                .query_row(&sql, [], |row| row.get(0))
                .map_err(failure)
        })
        .await
        .unwrap()
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let (directory, path) = file();
    let store = SqliteStore::open(&path).unwrap();
    let answer = store.check_and_insert(nonce(0, "a"), at(0)).await;
    assert_eq!(answer.unwrap(), Insert::Fresh);
    let modes: Vec<_> = fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert_eq!(modes, [0o600; 3], "the file, its log and its index");

    for mode in [0o640, 0o604, 0o620, 0o666] {
        let (_directory, path) = file();
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let refused = SqliteStore::open(&path).unwrap_err();
        assert!(
            matches!(refused, StoreError::Unavailable(_)),
            "{mode:o}: {refused:?}"
        );
    }
}

#[test]
fn a_path_that_cannot_be_is_unavailable() {
    let (directory, path) = file();
    for path in [
        directory.path().to_owned(),
        path.join("below a file that is not there"),
    ] {
        let refused = SqliteStore::open(&path).unwrap_err();
        assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    }
}

#[test]
fn the_file_of_another_program_or_of_a_later_version_is_left_alone() {
    type Make = dyn Fn(&Connection);
    let other: [(&str, &Make); 3] = [
        ("another program", &|connection| {
            connection.execute_batch("CREATE TABLE theirs (a)").unwrap();
        }),
        ("another program's mark", &|connection| {
            connection.pragma_update(None, "application_id", 7).unwrap();
        }),
        ("a later version", &|connection| {
            connection
                .pragma_update(None, "application_id", 0x4f41_7531)
                .unwrap();
            connection.pragma_update(None, "user_version", 2).unwrap();
        }),
    ];
    for (what, make) in other {
        let (_directory, path) = file();
        // Private, as ours are.
        drop(schema::create(&path, Duration::ZERO).unwrap());
        fs::write(&path, "").unwrap();
        make(&Connection::open(&path).unwrap());
        let before = fs::read(&path).unwrap();
        let refused = SqliteStore::open(&path).unwrap_err();
        assert!(
            matches!(refused, StoreError::Corrupt(_)),
            "{what}: {refused:?}"
        );
        let connection = Connection::open(&path).unwrap();
        let ours: i64 = connection
            .query_row(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'nonces'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(ours, 0, "{what}");
        assert!(!before.is_empty());
    }
    let (_directory, path) = file();
    drop(schema::create(&path, Duration::ZERO).unwrap());
    fs::write(
        &path,
        "no database, but more than a hundred bytes of text. ".repeat(50),
    )
    .unwrap();
    let refused = SqliteStore::open(&path).unwrap_err();
    assert!(matches!(refused, StoreError::Corrupt(_)), "{refused:?}");
}

#[tokio::test]
async fn what_was_kept_is_there_when_it_is_opened_again() {
    let (_directory, path) = file();
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(
        store.create_client(client("printer")).await.unwrap(),
        Creation::Created
    );
    let answer = store.check_and_insert(nonce(0, "a"), at(0)).await;
    assert_eq!(answer.unwrap(), Insert::Fresh);
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    assert!(store.client("printer").await.unwrap().is_some());
    let answer = store.check_and_insert(nonce(0, "a"), at(1)).await;
    assert_eq!(answer.unwrap(), Insert::Replayed);
}

#[tokio::test]
async fn what_is_answered_waits_for_the_disk() {
    let (_directory, store) = open();
    let settings = store
        .write(|connection| {
            let pragma = |name| {
                connection
                    .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            };
            let settings = ["journal_mode", "synchronous", "secure_delete"].map(pragma);
            Ok(settings.map(Result::unwrap))
        })
        .await
        .unwrap();
    // FULL is 2, FAST is 2.
    assert_eq!(
        settings,
        ["wal".to_owned().into(), 2_i64.into(), 2_i64.into()]
    );
}

#[tokio::test]
async fn a_locked_file_is_unavailable_and_nothing_is_spent() {
    let (_directory, path) = file();
    let options = Options::new().with_busy_timeout(Duration::from_millis(50));
    let store = SqliteStore::open_with(&path, options).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let locked = store.check_and_insert(nonce(0, "a"), at(0)).await;
    assert!(
        matches!(locked, Err(StoreError::Unavailable(_))),
        "{locked:?}"
    );
    other.execute_batch("ROLLBACK").unwrap();
    let answer = store.check_and_insert(nonce(0, "a"), at(0)).await;
    assert_eq!(answer.unwrap(), Insert::Fresh);
}

#[tokio::test]
async fn whoever_no_longer_waits_spends_nothing() {
    let (_directory, path) = file();
    let options = Options::new()
        .with_busy_timeout(Duration::from_secs(20))
        .with_answer_timeout(Duration::from_millis(50));
    let store = SqliteStore::open_with(&path, options).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // The first is with the thread, which waits for the lock; the second waits behind it.
    for text in ["a", "b"] {
        let late = store.check_and_insert(nonce(0, text), at(0)).await;
        assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
    }
    other.execute_batch("ROLLBACK").unwrap();
    let patient = SqliteStore::open(&path).unwrap();
    let answer = patient.check_and_insert(nonce(0, "b"), at(0)).await;
    assert_eq!(answer.unwrap(), Insert::Fresh);
}

#[tokio::test]
async fn a_queue_that_is_full_refuses_at_once() {
    let (_directory, path) = file();
    let options = Options::new()
        .with_busy_timeout(Duration::from_millis(500))
        .with_queue(1);
    let store = Arc::new(SqliteStore::open_with(&path, options).unwrap());
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for at_once in 0..20 {
        let store = Arc::clone(&store);
        let nonce = nonce(0, &alloc::format!("{at_once}"));
        calls.spawn(async move { store.check_and_insert(nonce, at(0)).await });
    }
    for answer in calls.join_all().await {
        assert!(
            matches!(answer, Err(StoreError::Unavailable(_))),
            "{answer:?}"
        );
    }
    assert_eq!(count(&store, "nonces").await, 0);
}

#[tokio::test]
async fn a_full_disk_is_unavailable_and_loses_nothing() {
    let (_directory, store) = open();
    let limit = |pages: i64| {
        store.write(move |connection| {
            (connection
                .pragma_update_and_check(None, "max_page_count", pages, |row| row.get::<_, i64>(0)))
            .map_err(failure)
        })
    };
    // As small as what is there: no page more can be had.
    limit(1).await.unwrap();
    let mut fresh = Vec::new();
    let mut refused = None;
    for number in 0..5_000 {
        let text = alloc::format!("{number}");
        match store.check_and_insert(nonce(0, &text), at(0)).await {
            Ok(insert) => {
                assert_eq!(insert, Insert::Fresh);
                fresh.push(text);
            }
            Err(error) => {
                refused = Some((text, error));
                break;
            }
        }
    }
    let (refused, error) = refused.expect("it became full");
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    for text in &fresh {
        match store.check_and_insert(nonce(0, text), at(1)).await {
            Ok(insert) => assert_eq!(insert, Insert::Replayed, "{text}"),
            Err(error) => assert!(matches!(error, StoreError::Unavailable(_))),
        }
    }
    limit(1_000_000).await.unwrap();
    for text in &fresh {
        let answer = store.check_and_insert(nonce(0, text), at(1)).await;
        assert_eq!(answer.unwrap(), Insert::Replayed, "{text}");
    }
    let answer = store.check_and_insert(nonce(0, &refused), at(1)).await;
    assert_eq!(answer.unwrap(), Insert::Fresh, "it was not spent");
}

#[tokio::test]
async fn what_has_expired_is_removed_as_others_come() {
    let (_directory, store) = open();
    for second in 0..20 {
        for number in 0..50 {
            let nonce = nonce(second * 400, &alloc::format!("{number}"));
            let answer = store.check_and_insert(nonce, at(second * 400)).await;
            assert_eq!(answer.unwrap(), Insert::Fresh);
        }
    }
    // Those of one window, and what has come since the last removal.
    assert!(count(&store, "nonces").await <= 50 + 64);

    for number in 0..10 {
        let identifier = alloc::format!("token {number}");
        let secret = Secret::from("pfkkdhi9sl3r4s00").into_owned();
        let mut token = Token::new(identifier, secret, "printer", "jane", at(0));
        token.expires = Some(at(10 * number));
        let inserted = store.insert_token(token, at(10 * number)).await;
        assert_eq!(inserted.unwrap(), Creation::Created);
    }
    assert!(count(&store, "tokens").await <= 2);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_corrupt_and_harms_no_other() {
    let (_directory, store) = open();
    store
        .write(|connection| {
            let insert = "INSERT INTO clients VALUES (?1, ?2)";
            let record = r#"{"identifier":"planted","key":{"shared":5},"secret":"planted"}"#;
            (connection.execute(insert, params!["planted", record])).map_err(failure)
        })
        .await
        .unwrap();
    let change = || {
        let key = ClientKey::Shared(Secret::from("rotated").into_owned());
        store.replace_client_key("planted", key)
    };
    // All in one transaction, as like as not.
    let (broken, created, fresh) = tokio::join!(
        change(),
        store.create_client(client("printer")),
        store.check_and_insert(nonce(0, "a"), at(0)),
    );
    let error = broken.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt(_)), "{error:?}");
    assert!(!alloc::format!("{error:?} {error}").contains("planted"));
    assert_eq!(created.unwrap(), Creation::Created);
    assert_eq!(fresh.unwrap(), Insert::Fresh);
    assert!(store.client("printer").await.unwrap().is_some());
}

#[tokio::test]
async fn a_deleted_secret_is_overwritten() {
    let (_directory, path) = file();
    let store = SqliteStore::open(&path).unwrap();
    let secret = Secret::from("a-secret-that-stands-out").into_owned();
    let token = Token::new("token", secret, "printer", "jane", at(0));
    assert_eq!(
        store.insert_token(token, at(0)).await.unwrap(),
        Creation::Created
    );
    let _ = store.revoke_token("token").await.unwrap();
    drop(store);
    let connection = Connection::open(&path).unwrap();
    connection
        .pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()))
        .unwrap();
    let file = fs::read(&path).unwrap();
    let stands_out = b"a-secret-that-stands-out";
    assert!(
        !file
            .windows(stands_out.len())
            .any(|window| window == stands_out)
    );
}
