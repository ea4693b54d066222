//! Every store of this crate through every case that there is.

#![cfg(all(
    feature = "conformance",
    feature = "memory",
    feature = "sqlite",
    feature = "redis"
))]

extern crate alloc;

use alloc::sync::Arc;

use oauth1_store::{
    conformance::{
        self, NONCE_CASES, PROVIDER_CASES, redis_server::RedisCluster, redis_server::RedisServer,
    },
    memory::{MemoryNonces, MemoryStore},
    redis::{Options, RedisStore},
    sqlite::SqliteStore,
};

#[test]
fn there_are_as_many_cases_as_there_were() {
    assert_eq!(NONCE_CASES, 11);
    assert_eq!(PROVIDER_CASES, 11 + 7 + 11 + 10 + 7);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nonces_in_memory() {
    let store = Arc::new(MemoryNonces::new().unwrap());
    assert_eq!(conformance::nonces(&store).await, NONCE_CASES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn memory() {
    let store = Arc::new(MemoryStore::new().unwrap());
    assert_eq!(conformance::provider(&store).await, PROVIDER_CASES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("store.sqlite3")).unwrap();
    // Twice, for a file that is not empty.
    for _ in 0..2 {
        let cases = conformance::provider(&Arc::new(store.clone())).await;
        assert_eq!(cases, PROVIDER_CASES);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn redis() {
    let server = RedisServer::start_with([]).unwrap();
    let store = RedisStore::connect(&server.url()).await.unwrap();
    let cases = conformance::provider(&Arc::new(store)).await;
    assert_eq!(cases, PROVIDER_CASES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_redis_cluster() {
    let cluster = RedisCluster::start().unwrap();
    let urls = cluster.urls();
    // One is named; the others are found.
    let options = Options::new().with_prefix("of a cluster:");
    let store = RedisStore::connect_cluster([urls[1].as_str()], options)
        .await
        .unwrap();
    let cases = conformance::provider(&Arc::new(store)).await;
    assert_eq!(cases, PROVIDER_CASES);
    for node in cluster.nodes() {
        let size = node.command(&["DBSIZE"]).unwrap();
        let keys: u32 = size.trim_start_matches(':').parse().unwrap();
        assert!(keys > 100, "each has its part: {keys}");
    }
}
