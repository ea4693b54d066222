extern crate std;

use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Debug;

use ::http::{HeaderMap, HeaderValue, Request, StatusCode, header::AUTHORIZATION};

use super::*;
use crate::{
    credentials::{ClientCredentials, TokenCredentials},
    form,
    method::shared::{SharedSecrets, StandIn},
    problem::Problem,
    stamp::{Nonce, Timestamp},
    target::Origin,
    verify::{Lookup, NonceStatus, Policy},
};

mod callbacks;
mod echoes;
mod legs;
mod renewals;
mod replies;
mod starting;
mod storing;

use crate::HmacSha1;

/// What no output may show.
const HUSH: &str = "hush-hush";

fn server() -> Server {
    Server::new(
        "https://photos.example.net/initiate",
        "https://photos.example.net/authorize",
        "https://photos.example.net/token",
    )
    .unwrap()
}

fn client() -> ClientCredentials<'static> {
    ClientCredentials::new("the-client", HUSH)
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn stamp() -> Stamp<'static> {
    Stamp::new(at(137_131_200), Nonce::new("wIjqoS"))
}

/// What a leg makes of a form, answered with status 200.
fn answer<L: Leg>(leg: L, body: &str) -> Result<L::Next, FlowError> {
    leg.receive(StatusCode::OK, &HeaderMap::new(), body.as_bytes())
}

fn await_temporary() -> AwaitTemporary<HmacSha1> {
    Start::new(&server(), &client(), "https://printer.example.com/ready")
        .request()
        .unwrap()
}

const TEMPORARY: &str =
    "oauth_token=for-now&oauth_token_secret=hush-hush&oauth_callback_confirmed=true";

fn authorize() -> Authorize {
    answer(await_temporary(), TEMPORARY).unwrap()
}

const GRANTED: &str = "oauth_token=for-ever&oauth_token_secret=hush-hush&oauth_session_handle=\
                       hush-hush-handle&oauth_expires_in=3600&oauth_authorization_expires_in=86400\
                       &user_id=7&hint=hush-hush";

fn session(now: Timestamp) -> Session {
    let granted = Granted::from_text(GRANTED.as_bytes()).unwrap();
    granted.session(now).unwrap()
}

fn problem(name: &str) -> Option<Box<Problem>> {
    let form = format!("oauth_problem={name}");
    Problem::from_form(form.as_bytes()).map(Box::new)
}

/// Signs what a leg sends, verifies it with these secrets, and gives it back with its decoded
/// protocol parameters.
fn signed<K: SigningKey>(
    outgoing: &Outgoing<K>,
    secrets: &SharedSecrets<'_>,
) -> (Request<Vec<u8>>, Vec<(String, String)>) {
    let request = outgoing.sign(stamp()).unwrap();
    let (parts, body) = request.clone().into_parts();
    let payload = match body.as_slice() {
        [] => Payload::Empty,
        bytes => Payload::Bytes(bytes),
    };
    let uri = &parts.uri;
    let origin = format!(
        "{}://{}",
        uri.scheme_str().unwrap(),
        uri.authority().unwrap()
    );
    let origin = Origin::parse(&origin).unwrap();
    let policy = Policy::new();
    let mut slots = Vec::new();
    let received = policy
        .receive_parts(&parts, origin, payload, at(137_131_200), &mut slots)
        .unwrap();
    let authentic = received
        .authenticate(Lookup::Found(secrets), &StandIn::new())
        .unwrap();
    authentic.accept(NonceStatus::Fresh).unwrap();

    let header = parts.headers[AUTHORIZATION].as_bytes();
    let header = crate::authorization::AuthorizationHeader::parse(header).unwrap();
    let pairs = header.parameters().filter_map(|parameter| match parameter {
        Ok(crate::authorization::HeaderParameter::Pair { name, value }) => {
            Some((name.to_string_lossy(), value.to_string_lossy()))
        }
        _ => None,
    });
    let pairs = pairs.collect();
    (request, pairs)
}

fn find<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs
        .iter()
        .find(|pair| pair.0 == name)
        .map(|pair| pair.1.as_str())
}

fn form_pairs(form: &[u8]) -> Vec<(String, String)> {
    let pairs = form::pairs(form);
    pairs
        .map(|(name, value)| (name.to_string_lossy(), value.to_string_lossy()))
        .collect()
}

/// Something is shown, and no secret.
fn assert_hidden(value: &dyn Debug) {
    let text = format!("{value:?} {value:#?}");
    assert!(text.len() > " ".len());
    assert!(!text.contains("hush"), "{text}");
}
