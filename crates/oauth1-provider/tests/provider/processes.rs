//! Two provider processes behind one address and over one Redis: this program starts itself as each.

use std::{
    env,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use http::Request;
use oauth1_core::{HmacSha1, ProtocolParameters, Signer, http::Payload};
use oauth1_provider::Provider;
use oauth1_store::{conformance::redis_server::RedisServer, redis::RedisStore};
use tokio::net::TcpListener;

use crate::{
    browser::Browser,
    harness::{CALLBACK, Clock, Harness, Photos, send, serve},
};

/// Says to a process that it is a provider, and over which store.
const STORE: &str = "OAUTH1_PROVIDER_TEST_STORE";
/// What clients sign, whichever process answers.
const ORIGIN: &str = "http://localhost:8080";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_gives_out_and_spends_holds_at_the_other() {
    if let Ok(url) = env::var(STORE) {
        return provide(&url).await;
    }
    let server = RedisServer::start().unwrap();
    let store = Arc::new(RedisStore::connect(&server.url()).await.unwrap());
    let [first, second] = [0, 1].map(|_| Process::start(&server.url()));
    let here = Harness::at(ORIGIN.into(), first.address, store, Clock::system()).await;
    let there = here.beside(second.address);

    // Each leg at the other process.
    let answer = here.initiate(CALLBACK, "scope=read").await;
    let temporary = answer.temporary();
    let page = Browser::of("jane")
        .page(&there, temporary.identifier())
        .await;
    assert_eq!(page.status, 200, "{}", page.body);
    let redirect = Browser::of("jane").submit(&here, &page, "approve").await;
    assert_eq!(redirect.status, 303, "{}", redirect.body);
    let verifier = redirect.location()["oauth_verifier"].clone();
    let answer = there
        .exchange(&there.client, &temporary, Some(&verifier))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let twice = here
        .exchange(&here.client, &temporary, Some(&verifier))
        .await;
    assert_eq!(twice.status, 401);

    // The token of one works at the other.
    let token = answer.token();
    let signer = Signer::<HmacSha1>::for_token(&here.client, &token);
    for process in [&here, &there] {
        let photos = process.photos(&signer).await;
        assert_eq!(
            (photos.status.as_u16(), photos.body.as_str()),
            (200, "jane: read")
        );
    }

    // A nonce that is spent at one is spent at the other.
    for (one, other) in [(&here, &there), (&there, &here)] {
        let uri = format!("{ORIGIN}/photos");
        let mut request = Request::get(uri).body(String::new()).unwrap();
        signer
            .sign_request(&mut request, Payload::Empty, one.stamp())
            .unwrap();
        let accepted = send(one.address, request.clone()).await;
        assert_eq!(accepted.status, 200, "{}", accepted.body);
        let replayed = send(other.address, request).await;
        assert_eq!(
            (replayed.status.as_u16(), replayed.problem().as_str()),
            (401, "nonce_used")
        );
    }

    // What is given back at one is no more at the other.
    let none = ProtocolParameters::NONE;
    let answer = here.signed(&signer, "/oauth/revoke", &none, "").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(there.photos(&signer).await.status, 401);

    // Without the store nothing is given out.
    drop(server);
    assert_eq!(here.initiate(CALLBACK, "").await.status, 503);
    let page = Browser::of("jane")
        .page(&there, temporary.identifier())
        .await;
    assert_eq!(page.status, 503);
}

/// What each process does until it is killed.
async fn provide(url: &str) {
    let store = RedisStore::connect(url).await.unwrap();
    let provider = Provider::new(ORIGIN, store, Photos).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("listening {}", listener.local_addr().unwrap());
    serve(provider.allow_loopback_without_tls(), listener)
        .await
        .unwrap();
}

struct Process {
    child: Child,
    address: SocketAddr,
}

impl Process {
    fn start(url: &str) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("processes::what_one_process_gives_out_and_spends_holds_at_the_other")
            .env(STORE, url)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        // The test harness may have begun the line.
        let address = lines.find_map(|line| line.split_once("listening ")?.1.parse().ok());
        let address = address.expect("it listens");
        Self { child, address }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
