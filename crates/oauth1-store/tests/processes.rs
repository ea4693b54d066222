//! One store, several processes: this program starts itself as each of them.

#![cfg(all(feature = "conformance", feature = "sqlite", feature = "redis"))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

extern crate alloc;

use alloc::{collections::BTreeMap, sync::Arc};
use std::{
    env,
    io::{self, BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use oauth1_core::Timestamp;
use oauth1_store::{
    Insert, NonceStore as _, SpentNonce, StoreError, conformance::redis_server::RedisServer,
    redis::RedisStore, sqlite::SqliteStore,
};

/// What a process is to do: a role, and the store.
const ROLE: &str = "OAUTH1_STORE_TEST_ROLE";
const STORE: &str = "OAUTH1_STORE_TEST_STORE";
/// The timestamp of all nonces.
const TIME: &str = "OAUTH1_STORE_TEST_TIME";

const PROCESSES: usize = 4;
const NONCES: usize = 40;
/// How many tasks of each process send the same nonce.
const TASKS: usize = 50;
/// How many nonces are spent before the process is killed.
const SPENT: usize = 200;

#[test]
fn of_replays_from_several_processes_sqlite_accepts_one() {
    if let Some(role) = role() {
        return play(&role);
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("store.sqlite3");
    race(
        &sqlite_url(&file),
        "of_replays_from_several_processes_sqlite_accepts_one",
    );
}

#[test]
fn of_replays_from_several_processes_redis_accepts_one() {
    if let Some(role) = role() {
        return play(&role);
    }
    let server = RedisServer::start_with([]).unwrap();
    race(
        &server.url(),
        "of_replays_from_several_processes_redis_accepts_one",
    );
}

#[test]
fn what_a_killed_process_has_spent_in_sqlite_stays_spent() {
    if let Some(role) = role() {
        return play(&role);
    }
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("store.sqlite3");
    kill_and_replay(
        &sqlite_url(&file),
        "what_a_killed_process_has_spent_in_sqlite_stays_spent",
    );
}

#[test]
fn what_a_killed_process_has_spent_in_redis_stays_spent() {
    if let Some(role) = role() {
        return play(&role);
    }
    let server = RedisServer::start_with([]).unwrap();
    kill_and_replay(
        &server.url(),
        "what_a_killed_process_has_spent_in_redis_stays_spent",
    );
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

/// All processes send all nonces at once, and many times each.
fn race(store: &str, test: &str) {
    let time = Timestamp::now();
    let mut processes: Vec<_> = (0..PROCESSES)
        .map(|_| Process::start("race", store, test, time))
        .collect();
    for process in &mut processes {
        assert_eq!(process.line().as_deref(), Some("ready"));
    }
    for process in &mut processes {
        process.go();
    }
    let mut fresh = BTreeMap::new();
    let mut replayed = 0;
    for process in &mut processes {
        while let Some(line) = process.line() {
            match line.split_once(' ') {
                Some(("fresh", at)) => *fresh.entry(at.to_owned()).or_insert(0) += 1,
                Some(("replayed", _)) => replayed += 1,
                _ => panic!("{line}"),
            }
        }
        assert!(process.child.wait().unwrap().success());
    }
    assert_eq!(fresh.len(), NONCES, "each nonce was accepted");
    assert!(
        fresh.values().all(|&times| times == 1),
        "and once: {fresh:?}"
    );
    assert_eq!(replayed, (PROCESSES * TASKS - 1) * NONCES);
}

/// One process is killed while it spends; another replays all that the first was told is fresh.
fn kill_and_replay(store: &str, test: &str) {
    let time = Timestamp::now();
    let mut spender = Process::start("spend", store, test, time);
    assert_eq!(spender.line().as_deref(), Some("ready"));
    spender.go();
    let mut spent = Vec::new();
    while spent.len() < SPENT {
        spent.extend(spender.line());
    }
    spender.child.kill().unwrap();
    // What it had said before it was killed counts too.
    spent.extend(core::iter::from_fn(|| spender.line()));
    spender.child.wait().unwrap();
    // The last line may be cut short.
    let spent = spent
        .iter()
        .filter_map(|line| line.strip_prefix("fresh ")?.strip_suffix('.'))
        .count();
    assert!(spent >= SPENT);

    let mut replayer = Process::start("replay", store, test, time);
    assert_eq!(replayer.line().as_deref(), Some("ready"));
    replayer.go();
    for at in 0..spent {
        assert_eq!(replayer.line(), Some(format!("replayed {at}")));
    }
    // One more may have been spent without having been said; those after it were not.
    let after = (spent..).map(|_| replayer.line().unwrap());
    let fresh = after
        .take(2)
        .filter(|line| line.starts_with("fresh"))
        .count();
    assert!(fresh >= 1, "it has not just refused everything");
    replayer.child.kill().unwrap();
    replayer.child.wait().unwrap();
}

/// Another run of this program, in which the same test plays a role.
struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(role: &str, store: &str, test: &str, time: Timestamp) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture", "--test-threads=1"])
            .env(ROLE, role)
            .env(STORE, store)
            .env(TIME, time.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    fn go(&mut self) {
        let input = self.child.stdin.as_mut().unwrap();
        input.write_all(b"go\n").unwrap();
    }

    /// What it says next: the harness of the tests says other things in between.
    fn line(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            if let Some((_, said)) = line.trim_end().split_once("said: ") {
                return Some(said.to_owned());
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn role() -> Option<String> {
    env::var(ROLE).ok()
}

fn say(what: &str) {
    let mut output = io::stdout().lock();
    writeln!(output, "said: {what}").unwrap();
    output.flush().unwrap();
}

enum Store {
    Sqlite(SqliteStore),
    Redis(RedisStore),
}

impl Store {
    async fn open() -> Self {
        let url = env::var(STORE).unwrap();
        match url.strip_prefix("sqlite:") {
            Some(file) => Self::Sqlite(SqliteStore::open(file).unwrap()),
            None => Self::Redis(RedisStore::connect(&url).await.unwrap()),
        }
    }

    async fn put(&self, at: usize, time: Timestamp) -> Result<Insert, StoreError> {
        let until = Timestamp::from_unix_seconds(time.unix_seconds() + 300);
        let nonce = SpentNonce::new("client", Some("token"), time, &format!("{at}"), until);
        match self {
            Self::Sqlite(store) => store.check_and_insert(nonce, time).await,
            Self::Redis(store) => store.check_and_insert(nonce, time).await,
        }
    }
}

fn word(insert: Insert) -> &'static str {
    match insert {
        Insert::Fresh => "fresh",
        Insert::Replayed => "replayed",
    }
}

fn play(role: &str) {
    let time = env::var(TIME).unwrap().parse().unwrap();
    let time = Timestamp::from_unix_seconds(time);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Arc::new(Store::open().await);
        say("ready");
        let mut go = String::new();
        io::stdin().read_line(&mut go).unwrap();
        match role {
            "race" => {
                for at in 0..NONCES {
                    let mut tasks = tokio::task::JoinSet::new();
                    for _ in 0..TASKS {
                        let store = Arc::clone(&store);
                        tasks.spawn(async move { store.put(at, time).await });
                    }
                    for answer in tasks.join_all().await {
                        say(&format!("{} {at}", word(answer.unwrap())));
                    }
                }
            }
            "spend" => {
                for at in 0.. {
                    let answer = store.put(at, time).await.unwrap();
                    say(&format!("{} {at}.", word(answer)));
                }
            }
            "replay" => {
                for at in 0.. {
                    let answer = store.put(at, time).await.unwrap();
                    say(&format!("{} {at}", word(answer)));
                }
            }
            other => panic!("{other}"),
        }
    });
}
