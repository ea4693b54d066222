//! The libraries that take what `reqwest` has: `oauth10a` its URL, `reqwest-oauth1` a whole request.

use std::{error::Error, hint::black_box};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use oauth10a::signer::{SignatureMethod, Signer};
use reqwest::{Client, Method, Url};
use reqwest_oauth1::{OAuthClientProvider as _, OAuthParameters, Secrets};
use sha1::{Sha1, digest::InvalidLength};

use super::{CLIENT, NONCE, TIMESTAMP, TOKEN};

/// It signs the query alone, so that a form is given to it as one.
pub(crate) const OAUTH10A: &str = "oauth10a 3.0, all as a query";
/// What of the next is no signature.
pub(crate) const UNSIGNED: &str = "reqwest 0.12, the unsigned request";
pub(crate) const SIGNED: &str = "reqwest-oauth1 0.3, the request";

type Made<'a> = Result<Box<dyn FnMut() + 'a>, Box<dyn Error>>;

/// `oauth10a` has HMAC-SHA512 alone, and takes others.
#[derive(Debug)]
struct HmacSha1;

impl SignatureMethod for HmacSha1 {
    type Error = InvalidLength;

    const SIGNATURE_METHOD: &'static str = "HMAC-SHA1";

    fn digest(key: &str, base_string: &str) -> Result<String, Self::Error> {
        let mut hmac = Hmac::<Sha1>::new_from_slice(key.as_bytes())?;
        hmac.update(base_string.as_bytes());
        Ok(STANDARD.encode(hmac.finalize().into_bytes()))
    }
}

pub(crate) fn oauth10a<'a>(method: &str, url: &'a str, pairs: &'a [(&str, &str)]) -> Made<'a> {
    let method: Method = method.parse()?;
    let url = Url::parse_with_params(url, pairs)?;
    Ok(Box::new(move || {
        let signer = Signer::<HmacSha1>::new(TOKEN.0, TOKEN.1, CLIENT.0, CLIENT.1).expect("a time");
        black_box(signer.sign(&method, black_box(&url)).expect("a signature"));
    }))
}

pub(crate) fn unsigned<'a>(method: &str, url: &'a str, pairs: &'a [(&str, &str)]) -> Made<'a> {
    let client = Client::new();
    let method: Method = method.parse()?;
    Ok(Box::new(move || {
        let request = client.request(method.clone(), black_box(url));
        let request = if method == Method::POST {
            request.form(&pairs)
        } else {
            request.query(&pairs)
        };
        black_box(request.build().expect("a request"));
    }))
}

pub(crate) fn signed<'a>(method: &str, url: &'a str, pairs: &'a [(&str, &str)]) -> Made<'a> {
    let client = Client::new();
    let method: Method = method.parse()?;
    let secrets = Secrets::new_with_token(CLIENT.0, CLIENT.1, TOKEN.0, TOKEN.1);
    Ok(Box::new(move || {
        let parameters = OAuthParameters::new().nonce(NONCE).timestamp(TIMESTAMP);
        let client = client
            .clone()
            .oauth1_with_params(secrets.clone(), parameters);
        let request = client.request(method.clone(), black_box(url));
        let request = if method == Method::POST {
            request.form(&pairs)
        } else {
            request.query(&pairs)
        };
        let request = request.generate_signature().expect("a signature");
        black_box(request.build().expect("a request"));
    }))
}
