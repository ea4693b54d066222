//! The lines of the attack list that concern a provider, numbered as they are there. Each case is sent
//! over a socket and has its answer: status and `oauth_problem`.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use http::Request;
use oauth1_core::{
    HmacSha1, ProtocolParameters, Signer, TemporaryCredentials, http::Payload, verify::Policy,
};
use oauth1_store::{
    ProviderStore, conformance::redis_server::RedisServer, memory::MemoryStore, redis::RedisStore,
    sqlite::SqliteStore,
};
use tokio::task::JoinSet;

use self::cases::{Attack, CASES, INITIATE, REVOKE, TOKEN};
use crate::{
    browser::{Browser, encode},
    harness::{Answer, CALLBACK, Harness, send},
};

mod attempts;
mod cases;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_has_its_answer_in_memory() {
    every_case_has_its_answer(MemoryStore::new().unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_has_its_answer_with_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    every_case_has_its_answer(SqliteStore::open(folder.path().join("store")).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_has_its_answer_with_redis() {
    let server = RedisServer::start().unwrap();
    every_case_has_its_answer(RedisStore::connect(&server.url()).await.unwrap()).await;
}

async fn every_case_has_its_answer(store: impl ProviderStore) {
    let provider = Harness::start(store, |provider| {
        provider.with_policy(Policy::new().with_methods(&["HMAC-SHA1", "RSA-SHA256"]))
    })
    .await;
    let mut wrong = Vec::new();
    let mut lines = BTreeMap::<u8, usize>::new();
    for &(line, what, attack, status, problem) in CASES {
        let answer = provider.suffer(attack).await;
        let got = (answer.status.as_u16(), answer.problem());
        if got != (status, problem.to_owned()) {
            wrong.push(format!(
                "{line} {what}: {got:?} in place of {status} {problem}"
            ));
        }
        for secret in [provider.client.key(), provider.other.key()] {
            assert!(!format!("{answer:?}").contains(secret.expose()), "{what}");
        }
        assert!(!answer.headers.contains_key("set-cookie"), "{what}");
        *lines.entry(line).or_default() += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!((lines.len(), CASES.len()), (15, 71), "{lines:?}");
    println!(
        "attack list: {} cases of {} lines at the provider",
        CASES.len(),
        lines.len()
    );
}

/// 46 and 47: nothing in an answer tells an unknown client or token from a bad signature.
#[tokio::test]
async fn the_unknown_is_answered_as_the_badly_signed() {
    let provider = Harness::memory().await;
    let unknown = provider.suffer(Attack::UnknownClient).await;
    let token = provider.suffer(Attack::UnknownToken(TOKEN, "nobody")).await;
    let bad = provider
        .suffer(Attack::SignedWithTokenSecret(INITIATE))
        .await;
    let shown = |answer: &Answer| {
        let mut headers = answer.headers.clone();
        headers.remove("date");
        (answer.status, headers, answer.body.clone())
    };
    assert_eq!(shown(&unknown), shown(&bad));
    assert_eq!(shown(&token), shown(&bad));
}

/// 79, the server's side: what a reply is, exactly.
#[tokio::test]
async fn a_reply_is_a_form_that_nobody_can_misread() {
    let provider = Harness::memory().await;
    let answer = provider.initiate(CALLBACK, "").await;
    let names: Vec<_> = answer
        .body
        .split('&')
        .map(|pair| pair.split('=').next().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "oauth_token",
            "oauth_token_secret",
            "oauth_callback_confirmed"
        ]
    );
    assert!(answer.body.is_ascii() && answer.body.len() < 256);
    assert_eq!(
        answer.header("content-type"),
        "application/x-www-form-urlencoded"
    );
    let answer = provider.token_answer("").await;
    let names: Vec<_> = answer
        .body
        .split('&')
        .map(|pair| pair.split('=').next().unwrap())
        .collect();
    assert_eq!(names, ["oauth_token", "oauth_token_secret", "screen_name"]);
}

/// 89: of exchanges at once, one wins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_exchanges_at_once_exactly_one_wins() {
    let provider = Harness::memory().await;
    let temporary = provider.temporary(CALLBACK).await;
    let verifier = provider.approve(&temporary).await;
    let signer = Signer::<HmacSha1>::for_temporary(&provider.client, &temporary);
    let parameters = ProtocolParameters::NONE.with_verifier(&verifier);
    let mut all = JoinSet::new();
    for _ in 0..32 {
        let uri = format!("{}{TOKEN}", provider.origin);
        let mut request = Request::post(uri).body(String::new()).unwrap();
        signer
            .sign_request_with(&mut request, Payload::Empty, &parameters, provider.stamp())
            .unwrap();
        all.spawn(send(provider.address, request));
    }
    let answers = all.join_all().await;
    let accepted = answers.iter().filter(|answer| answer.status == 200).count();
    let refused = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!((accepted, refused), (1, 31));
}

/// 64: of decisions at once, one is taken down.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_decisions_at_once_exactly_one_counts() {
    let provider = Arc::new(Harness::memory().await);
    let temporary = provider.temporary(CALLBACK).await;
    let page = Browser::of("jane")
        .page(&provider, temporary.identifier())
        .await;
    let mut all = JoinSet::new();
    for at in 0..32 {
        let mut pairs = page.form_pairs();
        let decision = if at % 2 == 0 { "approve" } else { "deny" };
        pairs.push(("decision".into(), decision.into()));
        let provider = Arc::clone(&provider);
        all.spawn(async move {
            let form = encode(&pairs);
            Browser::of("jane")
                .post(&provider, &form, &[])
                .await
                .status
                .as_u16()
        });
    }
    let answers = all.join_all().await;
    let taken = answers.iter().filter(|&&status| status == 303).count();
    let late = answers.iter().filter(|&&status| status == 409).count();
    assert_eq!((taken, late), (1, 31));
}

/// 90: 160 bits and 256 bits of letters and digits, never the same.
#[tokio::test]
async fn identifiers_and_secrets_cannot_be_guessed() {
    let provider = Harness::memory().await;
    let (mut seen, mut letters) = (HashSet::new(), HashSet::new());
    for _ in 0..200 {
        let answer = provider.initiate("oob", "").await;
        let (identifier, secret) = (answer.get("oauth_token"), answer.get("oauth_token_secret"));
        // Five bits a letter.
        assert!(identifier.len() * 5 >= 128 && secret.len() * 5 >= 128);
        letters.extend(identifier.bytes().chain(secret.bytes()));
        assert!(seen.insert(identifier) && seen.insert(secret));
    }
    assert_eq!(letters.len(), 32);
}

/// What temporary credentials of nobody are.
#[tokio::test]
async fn made_up_temporary_credentials_are_nobodys() {
    let provider = Harness::memory().await;
    let made_up = TemporaryCredentials::new("nobody", "secret");
    let answer = provider
        .exchange(&provider.client, &made_up, Some("guess"))
        .await;
    assert_eq!(
        (answer.status.as_u16(), answer.problem().as_str()),
        (401, "signature_invalid")
    );
    for path in [INITIATE, TOKEN, REVOKE] {
        let request = Request::post(format!("{}{path}", provider.origin));
        let answer = provider.send(request.body(String::new()).unwrap()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("www-authenticate")),
            (401, "OAuth realm=\"Photos\"")
        );
    }
}
