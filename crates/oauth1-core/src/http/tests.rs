#![cfg(feature = "hmac-sha1")]

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use ::http::{Method, header::HOST};

use super::*;
use crate::{
    ClientCredentials, HmacSha1, Nonce, StandIn, TokenCredentials,
    verify::{Coverage, Lookup, NonceStatus},
};

mod claimed;
mod receiving;
mod refusing;
mod signing;

const FORM: &str = "application/x-www-form-urlencoded";

fn stamp() -> Stamp<'static> {
    Stamp::new(
        Timestamp::from_unix_seconds(1_700_000_000),
        Nonce::new("abc"),
    )
}

fn signer() -> Signer<'static, HmacSha1> {
    let client = ClientCredentials::new("client", "client secret");
    Signer::for_token(&client, &TokenCredentials::new("token", "token secret"))
}

fn request(uri: &str) -> Request<()> {
    Request::post(uri).body(()).unwrap()
}

fn typed(uri: &str, content_type: &str) -> Request<()> {
    Request::post(uri)
        .header(CONTENT_TYPE, content_type)
        .body(())
        .unwrap()
}

/// What a server at `origin` says to the request with this body.
fn verify(request: Request<()>, origin: &str, payload: Payload<'_>) -> Result<Coverage, Rejection> {
    let (parts, ()) = request.into_parts();
    let (policy, mut slots) = (Policy::new(), Vec::new());
    let origin = Origin::parse(origin).unwrap();
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let received = policy.receive_parts(&parts, origin, payload, now, &mut slots)?;
    let signer = signer();
    let authentic = received.authenticate(Lookup::Found(signer.key()), &StandIn::new())?;
    Ok(authentic.accept(NonceStatus::Fresh)?.coverage())
}
