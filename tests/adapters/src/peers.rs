//! The table, and the three legs, on one adapter against a provider made of a peer: oauthlib, or Authlib.

use std::path::Path;

use anyhow::{Context as _, ensure};
use http::StatusCode;
use oauth1_core::{
    ClientCredentials, HmacSha1, HmacSha256, KeyFrom, RsaSha1, Signer, SigningKey,
    TokenCredentials, Transmission,
    exchange::Client,
    flow::{OUT_OF_BAND, Server as Endpoints, Start},
};
use oauth1_foreign::Server as Foreign;

use crate::{
    adapter::Adapter,
    browser::browse,
    case::{Case, Method, Outcome},
    flow::{CALLBACK, FlowDriver, get},
    run::send,
    server::{CLIENT, CLIENT_SECRET, Place, RSA_CLIENT, TOKEN, TOKEN_SECRET, rsa_key},
    table::table,
};

/// A peer whose resource endpoint judges requests.
struct Peer {
    name: &'static str,
    /// Why it has no say in a case.
    beyond: fn(&Case) -> Option<&'static str>,
    /// Names of cases whose requests it refuses, though they are right, and why. Each is tried all the same:
    /// one that is accepted has to go from this list.
    faults: &'static [(&'static str, &'static str)],
    /// How many requests it accepts at least.
    accepted: usize,
}

const OAUTHLIB: Peer = Peer {
    name: "oauthlib",
    beyond: |case| (case.signing.method == Method::RsaPss).then_some("it has no RSA-PSS"),
    faults: OAUTHLIB_FAULTS,
    accepted: 60,
};

const AUTHLIB: Peer = Peer {
    name: "Authlib",
    beyond: |case| match case.signing.method {
        Method::HmacSha1 | Method::RsaSha1 | Method::Plaintext if case.signing.token => None,
        Method::HmacSha1 | Method::RsaSha1 | Method::Plaintext => Some("it wants a token"),
        _ => Some("it has HMAC-SHA1, RSA-SHA1 and PLAINTEXT alone"),
    },
    faults: AUTHLIB_FAULTS,
    accepted: 50,
};

const AUTHLIB_FAULTS: &[(&str, &str)] = &[
    (
        "! ( ) ; : @ , $ in path and query",
        "it takes no query with a dollar sign",
    ),
    ("brackets", "it takes no query with brackets"),
    ("brackets in a form", "it takes no form with brackets"),
    (
        "bytes that are no text",
        "it takes bytes that are no UTF-8 for U+FFFD",
    ),
    (
        "unicode in a form",
        "it takes bytes that are no UTF-8 for U+FFFD",
    ),
    (
        "unencoded unicode in a form",
        "it takes no form with bytes beyond ASCII",
    ),
];

const OAUTHLIB_FAULTS: &[(&str, &str)] = &[
    (
        "a type that only begins like a form's",
        "it takes every type that has a form's name in it for a form",
    ),
    (
        "form in capitals",
        "it takes a form's type in capitals for no form's",
    ),
    (
        "bytes that are no text",
        "it takes bytes that are no UTF-8 for U+FFFD",
    ),
    (
        "unicode in a form",
        "it takes bytes that are no UTF-8 for U+FFFD",
    ),
    (
        "unencoded unicode in a form",
        "it takes no form with bytes beyond ASCII",
    ),
    ("brackets", "it takes no query with brackets"),
    ("brackets in a form", "it takes no form with brackets"),
    (
        "in the query, PLAINTEXT",
        "it decodes protocol parameters in the query twice, and a signature that is a secret has escapes",
    ),
];

/// Sends every request of the [`table`] that oauthlib can judge to its resource endpoint: it must accept
/// all of them, but for its known faults. Prints each, and how many there were.
///
/// # Panics
/// When a request is not answered as expected, or when Python or a package cannot be had.
pub fn run_oauthlib<A: Adapter>(adapter: &A) {
    judge(adapter, &OAUTHLIB);
}

/// The same with Authlib's resource protector.
///
/// # Panics
/// As [`run_oauthlib`].
pub fn run_authlib<A: Adapter>(adapter: &A) {
    judge(adapter, &AUTHLIB);
}

fn judge<A: Adapter>(adapter: &A, peer: &Peer) {
    let provider = start(peer).expect("a provider");
    let name = format!("{}, {}", adapter.name(), peer.name);
    let (mut accepted, mut faults, mut left_out, mut failed) = (0, 0, 0, Vec::new());
    for case in table() {
        let why = adapter.cannot(case).or_else(|| beyond(case));
        if let Some(why) = why.or_else(|| (peer.beyond)(case)) {
            println!("{name}: {} ... left out: {why}", case.name);
            left_out += 1;
            continue;
        }
        let is_accepted = match send(adapter, &origin(&provider, case.place), case) {
            // A HEAD has no body to show.
            Ok(answer) => {
                let shows = answer.body == b"verified" || case.method == "HEAD";
                Ok(answer.status == StatusCode::OK && shows)
            }
            Err(error) if matches!(case.outcome, Outcome::Either(_, _)) => {
                println!("{name}: {} ... left out: {error}", case.name);
                left_out += 1;
                continue;
            }
            Err(error) => Err(error),
        };
        let fault = peer.faults.iter().find(|(fault, _)| *fault == case.name);
        match (is_accepted, fault) {
            (Ok(true), None) => {
                println!("{name}: {} ... accepted", case.name);
                accepted += 1;
            }
            (Ok(false), Some((_, why))) => {
                println!(
                    "{name}: {} ... refused by a fault of its own: {why}",
                    case.name
                );
                faults += 1;
            }
            (outcome, _) => {
                println!("{name}: {} ... FAILED: {outcome:?}", case.name);
                failed.push(case.name);
            }
        }
    }
    let all = table().len();
    println!(
        "{name}: {accepted} of {all} requests accepted, {faults} refused by known faults of its \
         own, {left_out} left out"
    );
    assert!(
        failed.is_empty(),
        "{name}: {failed:?}\n{}",
        provider.errors()
    );
    assert_eq!(accepted + faults + left_out, all);
    assert!(accepted > peer.accepted, "{accepted}");

    // What accepts everything proves nothing.
    let forger = ClientCredentials::new(CLIENT, "another secret");
    let token = TokenCredentials::new(TOKEN, TOKEN_SECRET);
    let client = Client::new(Signer::<HmacSha1>::for_token(&forger, &token));
    let url = origin(&provider, Place::Main) + "/a?b=c";
    let (status, body) = get(adapter, client, &url).expect("an answer");
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{body}");
}

/// Why no peer has a say in a case.
fn beyond(case: &Case) -> Option<&'static str> {
    let scripted = ["/redirect/", "/skewed-", "/drop/"];
    if case.http2 {
        Some("the server of Python's library speaks HTTP/1 alone")
    } else if scripted.iter().any(|path| case.path.starts_with(path)) {
        Some("its provider does not redirect, fail or have another clock")
    } else if !matches!(case.outcome, Outcome::Status(200) | Outcome::Either(200, _)) {
        Some("no request is sent")
    } else {
        None
    }
}

/// Walks the three legs against a provider made of oauthlib, in several ways; prints each, and how many
/// there were.
///
/// # Panics
/// When one of them does not come to its end, or when Python or a package cannot be had.
pub fn run_oauthlib_flow<D: FlowDriver>(driver: &D) {
    let provider = start(&OAUTHLIB).expect("a provider");
    let shared = ClientCredentials::new(CLIENT, CLIENT_SECRET);
    let rsa = ClientCredentials::with_key(RSA_CLIENT, rsa_key());
    let (header, query, form) = (
        Transmission::Header,
        Transmission::Query,
        Transmission::Form,
    );
    let (driver_name, origin) = (driver.name(), origin(&provider, Place::Main));
    let walks = [
        (
            "callback",
            walk::<_, HmacSha1, _>(driver, &origin, &shared, CALLBACK, header),
        ),
        (
            "out of band",
            walk::<_, HmacSha1, _>(driver, &origin, &shared, OUT_OF_BAND, header),
        ),
        (
            "HMAC-SHA256",
            walk::<_, HmacSha256, _>(driver, &origin, &shared, CALLBACK, header),
        ),
        (
            "RSA-SHA1",
            walk::<_, RsaSha1, _>(driver, &origin, &rsa, CALLBACK, header),
        ),
        (
            "in the query",
            walk::<_, HmacSha1, _>(driver, &origin, &shared, OUT_OF_BAND, query),
        ),
        (
            "in the form",
            walk::<_, HmacSha1, _>(driver, &origin, &shared, OUT_OF_BAND, form),
        ),
    ];
    let all = walks.len();
    for (name, outcome) in walks {
        if let Err(why) = outcome {
            panic!(
                "{driver_name}, oauthlib, {name}: {why:#}\n{}",
                provider.errors()
            );
        }
        println!("{driver_name}, oauthlib: three legs, {name} ... ok");
    }
    println!("{driver_name}: {all} of {all} flows with oauthlib's provider came to their end");
}

fn walk<D, K, C>(
    driver: &D,
    origin: &str,
    client: &ClientCredentials<'_, C>,
    callback: &str,
    transmission: Transmission,
) -> anyhow::Result<()>
where
    D: FlowDriver,
    K: SigningKey + KeyFrom<C> + Send + Sync + 'static,
{
    let at = |path: &str| [origin, path].concat();
    let endpoints = Endpoints::new(&at("/initiate"), &at("/authorize"), &at("/token"))?
        .with_transmission(transmission);
    let leg = Start::new(&endpoints, client, callback).request::<K>()?;
    let authorize = driver.complete(leg).context("first leg")?;
    let page = browse(authorize.url())?;
    let authorized = match &page.location {
        Some(back) => authorize.callback(back),
        None => authorize.callback_query(&page.body),
    };
    let authorized = authorized.with_context(|| format!("{page:?}"))?;
    let leg = authorized.request::<K, C>(&endpoints, client)?;
    let granted = driver.complete(leg).context("third leg")?;
    let user = granted.parameters().get("user_id");
    ensure!(user == Some("jane"), "{user:?}");

    let signer = Signer::<K>::for_token(client, granted.credentials());
    let signer = signer.with_transmission(transmission).into_owned();
    let (status, body) = get(driver, Client::new(signer), &at("/photos?size=original"))?;
    ensure!(
        status == StatusCode::OK && body == "verified",
        "{status}: {body}"
    );
    Ok(())
}

fn start(peer: &Peer) -> anyhow::Result<Foreign> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("no folder")?;
    let known = serde_json::json!({
        "client": CLIENT,
        "client_secret": CLIENT_SECRET,
        "rsa_client": RSA_CLIENT,
        "rsa_key": tests.join("vectors/keys/rsa2048.public.pem"),
        "token": TOKEN,
        "token_secret": TOKEN_SECRET,
    });
    let mut command = oauth1_foreign::python()?.command();
    command
        .arg(tests.join("foreign/python/provider.py"))
        .arg(peer.name.to_lowercase())
        .arg(known.to_string());
    Foreign::start(command)
}

fn origin(provider: &Foreign, place: Place) -> String {
    match place {
        Place::Main | Place::Other => format!("http://127.0.0.1:{}", provider.port()),
        Place::Ipv6 => format!("http://[::1]:{}", provider.ports()[1]),
    }
}
