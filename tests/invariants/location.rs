use http::{
    HeaderMap, HeaderValue, Request, StatusCode,
    header::{AUTHORIZATION, COOKIE, LOCATION},
};
use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, Signer, Stamp, Timestamp, Transmission,
    exchange::{Client, Exchange, OtherOrigins, Step, Stop},
    http::{Payload, target_of},
};

const START: &str = "https://api.example.com/a/b?c=d";
const NOW: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

/// Input: a letter for the status and the client, then the value of `Location`, for each hop one line.
pub(super) fn check(input: &[u8]) {
    let credentials = ClientCredentials::new("client", "secret");
    let kind = input.first().copied().unwrap_or_default();
    let transmission = if kind & 1 == 0 {
        Transmission::Header
    } else {
        Transmission::Query
    };
    let signer = Signer::<HmacSha1>::for_client(&credentials).with_transmission(transmission);
    let others = if kind & 2 == 0 {
        OtherOrigins::Unsigned
    } else {
        OtherOrigins::Stop
    };
    let client = Client::new(signer).with_other_origins(others);
    let request = Request::post(START).header(COOKIE, "a=b").body(());
    let (head, ()) = request.expect("a request").into_parts();
    let start = target_of(&head.uri).expect("a URL").origin().to_string();
    let mut exchange = Exchange::new(&client, head, Payload::Empty);

    let mut hops = 0;
    let mut was_elsewhere = false;
    for line in input.split(|&byte| byte == b'\n') {
        let Some((kind, location)) = line.split_first() else {
            continue;
        };
        let stamp = Stamp::new(NOW, Nonce::new("n"));
        // A redirect may lead to a URI that cannot be signed.
        let Ok(attempt) = exchange.attempt(stamp) else {
            return;
        };
        let here = target_of(&attempt.parts.uri).expect("a URL").origin();
        let is_signed = attempt.parts.headers.contains_key(AUTHORIZATION)
            || attempt
                .parts
                .uri
                .query()
                .is_some_and(|query| query.contains("oauth_signature="));
        was_elsewhere |= here.to_string() != start;
        if was_elsewhere {
            assert!(attempt.stamp().is_none() && !attempt.parts.headers.contains_key(COOKIE));
            // A server may write the words into its own URI: they are no signature of ours.
            assert!(!is_signed || !attempt.parts.headers.contains_key(AUTHORIZATION));
        } else {
            assert!(is_signed && attempt.stamp().is_some());
        }

        let status = match kind & 7 {
            0 => StatusCode::MOVED_PERMANENTLY,
            1 => StatusCode::FOUND,
            2 => StatusCode::SEE_OTHER,
            3 => StatusCode::TEMPORARY_REDIRECT,
            4 => StatusCode::PERMANENT_REDIRECT,
            _ => StatusCode::UNAUTHORIZED,
        };
        let mut headers = HeaderMap::new();
        let Ok(location) = HeaderValue::from_bytes(location) else {
            return;
        };
        headers.insert(LOCATION, location);
        match exchange.on_response(status, &headers, NOW) {
            Step::Again(_) => hops += 1,
            Step::Stopped(Stop::OtherOrigin(elsewhere)) => {
                assert_eq!(others, OtherOrigins::Stop);
                let there = target_of(elsewhere.target()).expect("a URL").origin();
                assert_ne!(there.to_string(), start);
                return;
            }
            Step::Stopped(stop) => {
                assert!(!stop.to_string().is_empty());
                return;
            }
            Step::Done => return,
        }
        assert!(
            hops <= usize::from(client.redirect_limit()),
            "it goes on and on"
        );
    }
}
