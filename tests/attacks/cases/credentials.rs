use oauth1_core::{HmacSha1, Secret, authorization::Transmission, verify::Policy};

use super::{Case, PRIVATE_PEM, PUBLIC_PEM, under, with};
use crate::{
    call::{Call, der_of},
    server::{Answer, Known, Server, Spent, once},
};
use oauth1_store::{Bound, StoreError, memory::NonceBounds};

pub(super) const CASES: &[Case] = &[
    (46, "an unknown client", || {
        vec![same_as_forged(with("oauth_consumer_key", "nobody"))]
    }),
    (47, "an unknown token", || {
        vec![same_as_forged(with("oauth_token", "nothing"))]
    }),
    (48, "no token, signed with the secret of one", || {
        vec![once(&Call::get().without("oauth_token").sign())]
    }),
    (53, "the public key taken for a shared secret", || {
        let call = Call::get()
            .with("oauth_consumer_key", "rsa")
            .without("oauth_token");
        let (base64, der) = der_of(PUBLIC_PEM);
        let secrets = [
            Secret::from(PUBLIC_PEM),
            Secret::from(PUBLIC_PEM.trim_end()),
            Secret::from(""),
            Secret::from(base64),
            Secret::from(der),
        ];
        // The key itself is the one that its client signs with.
        let genuine = call.clone().with("oauth_signature_method", "RSA-SHA1");
        let signature = genuine.signature_by_rsa(PRIVATE_PEM);
        assert_eq!(once(&genuine.send(&signature)).status, 200);
        let attack = |secret: Secret<'_>| {
            let key = HmacSha1::new(&secret, &Secret::from(""));
            once(&call.send(&call.signature_by(&key)))
        };
        secrets.into_iter().map(attack).collect()
    }),
    (54, "RSA for a client with a shared secret", || {
        let call = Call::get().with("oauth_signature_method", "RSA-SHA1");
        vec![once(&call.send(&call.signature_by_rsa(PRIVATE_PEM)))]
    }),
    (55, "a method that the policy does not let in", || {
        let policy = Policy::new().with_methods(&["HMAC-SHA256"]);
        let strict = |layer: crate::server::Layer| layer.with_policy(policy);
        let allowed = Call::get().with("oauth_signature_method", "HMAC-SHA256");
        assert_eq!(under(strict, &allowed.sign()).status, 200);
        vec![under(strict, &Call::get().sign())]
    }),
    (
        59,
        "a token of one client with the secret of another",
        || {
            vec![
                once(
                    &Call::get()
                        .with("oauth_consumer_key", "stranger")
                        .secrets("another secret", "token secret")
                        .sign(),
                ),
                once(
                    &Call::get()
                        .with("oauth_token", "strange token")
                        .secrets("client secret", "another token secret")
                        .sign(),
                ),
                once(&Call::get().secrets("another secret", "token secret").sign()),
            ]
        },
    ),
    (
        67,
        "more nonces than a client may have, and the others",
        || {
            let spent = Spent::bounded(NonceBounds::new(1_000).with_one_client(8));
            let server = Server::over(Known { away: false }, spent, |layer| layer);
            let sent = |client: &str, at: usize| {
                let call = Call::get().with("oauth_consumer_key", client);
                call.with("oauth_nonce", &format!("n{at}")).sign()
            };
            for at in 0..8 {
                assert_eq!(server.ask(&sent("client", at)).status, 200);
            }
            let flooded = (8..12).map(|at| server.ask(&sent("client", at)));
            let mut answers: Vec<Answer> = flooded.collect();
            assert!(answers.iter().all(|answer| answer.status == 503));
            let other = server.ask(&sent("another", 0));
            assert_eq!(other.status, 200);
            answers.push(other);
            answers
        },
    ),
    (
        68,
        "the stores away, full, or full of something else",
        || {
            let faults: [fn() -> StoreError; 3] = [
                || StoreError::unavailable("the connection was refused"),
                || StoreError::Full(Bound::Store),
                || StoreError::corrupt("a row of another kind"),
            ];
            let ask = |away, fault| {
                let server = Server::over(Known { away }, Spent::failing(fault), |layer| layer);
                let answer = server.ask(&Call::get().sign());
                assert_eq!(answer.header("retry-after"), Some("5"));
                assert_eq!(answer.header("www-authenticate"), None);
                answer
            };
            let mut answers: Vec<_> = faults
                .into_iter()
                .map(|fault| ask(false, Some(fault)))
                .collect();
            answers.push(ask(true, None));
            answers
        },
    ),
    (
        85,
        "identifiers with escapes in them, in the header and the query",
        || {
            let call = Call::get()
                .with("oauth_consumer_key", "%41")
                .with("oauth_token", "%41");
            [Transmission::Header, Transmission::Query]
                .map(|place| once(&call.clone().at(place).sign()))
                .into()
        },
    ),
    (85, "identifiers with escapes in them, in a form", || {
        let call = Call::form("a=1")
            .with("oauth_consumer_key", "%41")
            .with("oauth_token", "%41");
        vec![once(&call.at(Transmission::Form).sign())]
    }),
    (92, "the key of another client", || {
        vec![
            once(&Call::get().with("oauth_consumer_key", "stranger").sign()),
            once(&Call::get().with("oauth_consumer_key", "odd").sign()),
        ]
    }),
    (93, "secrets that need encoding, and empty ones", || {
        let odd = Call::get()
            .with("oauth_consumer_key", "odd")
            .secrets("s%&+ \u{e9}", "&=%41 \u{fc}");
        let empty = Call::get()
            .with("oauth_consumer_key", "empty")
            .secrets("", "");
        let split = Call::get()
            .with("oauth_consumer_key", "split")
            .secrets("x&y", "z");
        let plain = |call: &Call| call.clone().with("oauth_signature_method", "PLAINTEXT");
        [&odd, &empty, &split]
            .into_iter()
            .flat_map(|call| [once(&call.sign()), once(&plain(call).sign())])
            .collect()
    }),
    (93, "secrets split in another place, or not encoded", || {
        let call = Call::get()
            .with("oauth_consumer_key", "split")
            .with("oauth_signature_method", "PLAINTEXT");
        vec![
            once(&call.clone().secrets("x", "y&z").sign()),
            once(&call.send("x&y&z")),
            once(&call.send("x%26y&")),
            once(&call.send("x%26y")),
            once(&call.send("x%26y&zz")),
            once(&call.send("x%26Y&z")),
        ]
    }),
];

/// To the last byte what a bad signature is told.
fn same_as_forged(answer: Answer) -> Answer {
    let forged = once(&Call::get().send("AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    assert_eq!(answer, forged);
    answer
}
