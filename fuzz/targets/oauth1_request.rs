//! Agreement with the crate oauth1-request wherever it knows the case: HMAC-SHA1, parameters of text, a
//! token, no repeated name and none that needs encoding.
//!
//! Input: client, its secret, token, its secret, nonce, method; the rest is a query, or a form for a POST.
#![no_main]

use core::num::NonZeroU64;
use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, ProtocolParameters, RequestView, Signer, Stamp, Target,
    Timestamp, TokenCredentials,
    authorization::{AuthorizationHeader, HeaderParameter},
};
use oauth1_request::{Builder, HMAC_SHA1, ParameterList, Token};
use oauth1_tests::reference;

const URL: &str = "https://api.example.com/1.1/statuses/update.json";
const NOW: u64 = 1_700_000_000;

fuzz_target!(|input: &str| {
    let mut lines = input.splitn(7, '\n');
    let mut line = || lines.next();
    let (Some(client), Some(client_secret), Some(token), Some(token_secret)) =
        (line(), line(), line(), line())
    else {
        return;
    };
    let (Some(nonce), Some(method), Some(pairs)) = (line(), line(), line()) else {
        return;
    };
    // It writes the nonce into the header as it comes, and the method as it comes into the base string.
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if nonce.is_empty() || !plain(nonce) || method.is_empty() || !plain(method) {
        return;
    }
    let method = method.to_ascii_uppercase();
    // A map of texts, which is what its requests are; of ours, the same pairs in the same query.
    let mut texts = BTreeMap::new();
    for (name, value) in reference::form_pairs(pairs.as_bytes()) {
        let (Ok(name), Ok(value)) = (String::from_utf8(name), String::from_utf8(value)) else {
            return;
        };
        // It writes names into the base string as they come, not encoded.
        let unreserved = reference::encode(name.as_bytes()) == name;
        if unreserved && !name.is_empty() && !name.starts_with("oauth_") {
            texts.insert(name, value);
        }
    }
    let pairs: Vec<_> = texts
        .iter()
        .map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes()))
        .collect();
    let encoded = reference::to_form(&pairs);

    let theirs = {
        let token = Token::from_parts(client, client_secret, token, token_secret);
        let mut builder = Builder::with_token(token, HMAC_SHA1);
        builder.nonce(nonce).timestamp(NonZeroU64::new(NOW));
        let list: Vec<_> = texts
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        builder.authorize(&method, URL, &ParameterList::new(list))
    };

    let client = ClientCredentials::new(client, client_secret);
    let token = TokenCredentials::new(token, token_secret);
    let signer = Signer::<HmacSha1>::for_token(&client, &token);
    let url = format!("{URL}?{encoded}");
    let request = if method == "POST" {
        RequestView::new(&method, Target::parse(URL).expect("a URL")).with_form(encoded.as_bytes())
    } else {
        RequestView::new(&method, Target::parse(&url).expect("a URL"))
    };
    let stamp = Stamp::new(Timestamp::from_unix_seconds(NOW), Nonce::new(nonce));
    let (mut slots, mut ours) = (Vec::new(), Vec::new());
    signer
        .sign(
            &request,
            &ProtocolParameters::NONE,
            stamp,
            &mut slots,
            &mut ours,
        )
        .expect("nothing keeps it from being signed");
    // The order of parameters in a header means nothing, nor how its values are escaped. It sends
    // `oauth_version`, or does not, as its version has it; the signature says whether that was signed.
    let (ours, theirs) = (read(&ours), read(theirs.as_bytes()));
    assert_eq!(ours, theirs, "{encoded}");
});

fn read(header: &[u8]) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let header = AuthorizationHeader::parse(header).expect("the scheme");
    let parameters = header
        .parameters()
        .map(|parameter| parameter.expect("a header"));
    parameters
        .map(|parameter| match parameter {
            HeaderParameter::Pair { name, value } => {
                (name.to_bytes().into_owned(), value.to_bytes().into_owned())
            }
            HeaderParameter::Realm(_) => panic!("nobody sends a realm"),
        })
        .collect()
}
