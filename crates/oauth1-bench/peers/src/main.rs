//! Times of oauth1-core beside the other Rust libraries that can be called, in turn within one run: only
//! the ratios mean anything on a machine that does other things too.
//!
//! ```text
//! cargo run --release --manifest-path crates/oauth1-bench/peers/Cargo.toml
//! ```
//!
//! `oauth1`, `oauth-client` and `oauth10a` read the clock and make their nonce themselves, so that ours
//! stands there twice: with a stamp that is given, and with one of the system.

use std::{
    borrow::Cow, collections::HashMap, error::Error, hint::black_box, num::NonZeroU64,
    time::Instant,
};

use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, Parameter, ProtocolParameters, RequestView, Signer, Stamp,
    Target, Timestamp, TokenCredentials,
};
use oauth1_request::{Builder, HMAC_SHA1, ParameterList};

mod whole;

const CLIENT: (&str, &str) = ("bWVhc3VyZWQtY2xpZW50MQ", "c2VjcmV0LW9mLXRoZS1jbGllbnQwMDE");
const TOKEN: (&str, &str) = (
    "370773112-bWVhc3VyZWQtdG9rZW4tb2Ytc29tZS1vd25lcjAx",
    "c2VjcmV0LW9mLXRoZS10b2tlbi0wMDE",
);
const NONCE: &str = "7d8f3e4a92bc41d6a0f5e1c8b3729d64";
const TIMESTAMP: u64 = 1_700_000_000;

/// Its name, the method, the URL and what comes with it.
type Workload = (
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// W1 and W2 of the workloads, in the order in which their parameters are signed.
const WORKLOADS: [Workload; 2] = [
    (
        "W1",
        "GET",
        "https://api.example.com/1.1/statuses/home_timeline.json",
        &[("count", "20"), ("include_entities", "true")],
    ),
    (
        "W2",
        "POST",
        "https://api.example.com/1.1/statuses/update.json",
        &[
            ("auto_populate_reply_metadata", "true"),
            ("in_reply_to_status_id", "1180000000000000001"),
            ("lat", "47.376887"),
            ("long", "-8.541694"),
            ("place_id", "df51dec6f4ee2b2c"),
            ("possibly_sensitive", "false"),
            ("status", STATUS),
            ("trim_user", "1"),
        ],
    ),
];

const STATUS: &str = "Señor Müller & friends @ Café Zürich: \"Ladies + Gentlemen, a \
    signed OAuth request!\" (100% true; see http://example.com/a?b=c&d=e#f) — naïve façade, coöperate \
    — 東京の雪はとても静かで美しい ☃❄ and rain, tea or coffee? It's 3/4 past 9, costs $5.50 [really], \
    and we've got all of the time to wait…";

type Operation<'a> = (&'a str, Box<dyn FnMut() + 'a>);

fn main() -> Result<(), Box<dyn Error>> {
    for (name, method, url, pairs) in WORKLOADS {
        let mut operations: Vec<Operation<'_>> = ours(method, url, pairs);
        operations.push(("oauth1-request 0.6.1", oauth1_request(method, url, pairs)));
        operations.push(("oauth1 1.0", oauth1(method, url, pairs)));
        operations.push(("oauth-client 0.8", oauth_client(method, url, pairs)));
        operations.push((whole::OAUTH10A, whole::oauth10a(method, url, pairs)?));
        operations.push((whole::UNSIGNED, whole::unsigned(method, url, pairs)?));
        operations.push((whole::SIGNED, whole::signed(method, url, pairs)?));
        println!("{name}");
        report(&mut operations);
    }
    Ok(())
}

fn ours<'a>(method: &'a str, url: &'a str, pairs: &'a [(&'a str, &'a str)]) -> Vec<Operation<'a>> {
    let client = ClientCredentials::new(CLIENT.0, CLIENT.1);
    let token = TokenCredentials::new(TOKEN.0, TOKEN.1);
    let make = move |stamp: fn() -> Stamp<'static>| {
        let signer = Signer::<HmacSha1>::for_token(&client, &token);
        let pairs: Vec<Parameter<'a>> = pairs.iter().map(|pair| (*pair).into()).collect();
        let (mut slots, mut header) = (Vec::new(), Vec::new());
        move || {
            let target = Target::parse(black_box(url)).expect("a URL");
            let view = RequestView::new(method, target).with_form_pairs(&pairs);
            header.clear();
            signer
                .sign(
                    &view,
                    &ProtocolParameters::NONE,
                    stamp(),
                    &mut slots,
                    &mut header,
                )
                .expect("a signature");
            black_box(&header);
        }
    };
    let given = || Stamp::new(Timestamp::from_unix_seconds(TIMESTAMP), Nonce::new(NONCE));
    let own = || Stamp::now().expect("a random source");
    vec![
        ("oauth1-core", Box::new(make(given))),
        ("oauth1-core, Stamp::now", Box::new(make(own))),
    ]
}

fn oauth1_request<'a>(
    method: &'a str,
    url: &'a str,
    pairs: &'a [(&'a str, &'a str)],
) -> Box<dyn FnMut() + 'a> {
    let token = oauth1_request::Token::from_parts(CLIENT.0, CLIENT.1, TOKEN.0, TOKEN.1);
    let mut builder = Builder::with_token(token, HMAC_SHA1);
    builder.nonce(NONCE).timestamp(NonZeroU64::new(TIMESTAMP));
    let list = ParameterList::new(pairs.to_vec());
    let mut header = String::new();
    Box::new(move || {
        header.clear();
        builder.authorize_with_buf(&mut header, method, black_box(url), &list);
        black_box(&header);
    })
}

fn oauth1<'a>(
    method: &'a str,
    url: &'a str,
    pairs: &'a [(&'a str, &'a str)],
) -> Box<dyn FnMut() + 'a> {
    let client = oauth1::Token::new(CLIENT.0, CLIENT.1);
    let token = oauth1::Token::new(TOKEN.0, TOKEN.1);
    Box::new(move || {
        let map: HashMap<&str, Cow<'_, str>> = pairs
            .iter()
            .map(|(name, value)| (*name, Cow::Borrowed(*value)))
            .collect();
        black_box(oauth1::authorize(
            method,
            black_box(url),
            &client,
            Some(&token),
            Some(map),
        ));
    })
}

fn oauth_client<'a>(
    method: &'a str,
    url: &'a str,
    pairs: &'a [(&'a str, &'a str)],
) -> Box<dyn FnMut() + 'a> {
    let client = oauth_client::Token::new(CLIENT.0, CLIENT.1);
    let token = oauth_client::Token::new(TOKEN.0, TOKEN.1);
    let map: oauth_client::ParamList<'a> = pairs
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    Box::new(move || {
        black_box(oauth_client::authorization_header(
            method,
            black_box(url),
            &client,
            Some(&token),
            Some(&map),
        ));
    })
}

/// Prints medians of 100 rounds in which each operation has its turn.
#[expect(
    clippy::disallowed_methods,
    reason = "a program that measures reads the clock"
)]
fn report(operations: &mut [Operation<'_>]) {
    const ROUNDS: usize = 100;
    const REPEATED: u32 = 200;
    let mut times = vec![Vec::with_capacity(ROUNDS); operations.len()];
    for _ in 0..ROUNDS {
        for (at, (_, operation)) in operations.iter_mut().enumerate() {
            let start = Instant::now();
            for _ in 0..REPEATED {
                operation();
            }
            times[at].push(start.elapsed().as_secs_f64() * 1e9 / f64::from(REPEATED));
        }
    }
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    for (at, (name, _)) in operations.iter().enumerate() {
        let ratios = times[at]
            .iter()
            .zip(&times[0])
            .map(|(this, first)| this / first);
        let (time, ratio) = (median(times[at].clone()), median(ratios.collect()));
        println!("  {name:34} {time:9.0} ns {ratio:7.1}x");
    }
}
