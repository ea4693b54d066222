use super::*;

pub(super) const CREDENTIALS: &[Attack] = &[
    (46, "an unknown client", FORGED, || {
        vec![with("oauth_consumer_key", "nobody")]
    }),
    (47, "an unknown token", FORGED, || {
        vec![with("oauth_token", "nothing")]
    }),
    (
        48,
        "a request without a token signed with its secret",
        FORGED,
        || vec![without("oauth_token")],
    ),
    (
        54,
        "a client with a secret attacked with RSA",
        FORGED,
        || {
            ["RSA-SHA1", "RSA-SHA256", "RSA-SHA512", "RSA-PSS"]
                .map(|method| with("oauth_signature_method", method))
                .into()
        },
    ),
    (
        55,
        "a method that the policy does not let in",
        WRONG_METHOD,
        || {
            let lists: [&[&str]; 3] = [&["HMAC-SHA256"], &["hmac-sha1", "PLAINTEXT"], &[]];
            let verify = |methods| {
                Server::with_policy(Policy::new().with_methods(methods)).verify(&Call::get().sign())
            };
            lists.map(verify).into()
        },
    ),
    (93, "secrets of all kinds", EMPTY, || {
        SECRETS
            .map(|(client, token)| {
                let sent = Call::get().with_secrets(client, token).sign();
                let secrets = crate::SharedSecrets::new(client, token);
                Server::new().with_key(&secrets).verify(&sent)
            })
            .into()
    }),
    (93, "secrets that look alike once joined", FORGED, || {
        let pairs = SECRETS
            .iter()
            .flat_map(|a| SECRETS.map(|b| (*a, b)))
            .filter(|(a, b)| a != b);
        pairs
            .map(|((client, token), (other_client, other_token))| {
                let sent = Call::get().with_secrets(client, token).sign();
                let secrets = crate::SharedSecrets::new(other_client, other_token);
                Server::new().with_key(&secrets).verify(&sent)
            })
            .collect()
    }),
];

const SECRETS: [(&str, &str); 9] = [
    ("a", "b"),
    ("a&b", ""),
    ("a", "&b"),
    ("", "a&b"),
    ("a%26b", ""),
    ("", ""),
    ("é ü", "☃"),
    ("%C3%A9", "%"),
    ("a b", "a+b"),
];

pub(super) const REPLAYS: &[Attack] = &[
    (2, "the same request again", REPLAYED, || {
        after(&Call::get().sign(), &[Call::get().sign()])
    }),
    (
        50,
        "the same nonce with another timestamp, client or token",
        EMPTY,
        || {
            let others = [
                Call::get().with("oauth_timestamp", "1700000001"),
                Call::get().with("oauth_consumer_key", "another"),
                Call::get().with("oauth_token", "another"),
                Call::get()
                    .without("oauth_token")
                    .with_secrets("client secret", ""),
            ];
            after(&Call::get().sign(), &others.map(|call| call.sign()))
        },
    ),
    (
        52,
        "a nonce in a request with a bad signature spends nothing",
        EMPTY,
        || {
            let mut server = Server::new();
            assert!(server.verify(&Call::get().send("forged")).is_err());
            vec![server.verify(&Call::get().sign())]
        },
    ),
    (
        81,
        "a replay with the nonce in another encoding",
        REPLAYED,
        || {
            let sent = Call::get().sign();
            let aliases = ["\"%61bc\"", "\"%61%62%63\"", "\"ab%63\""];
            after(
                &sent,
                &aliases.map(|alias| sent.clone().in_header("\"abc\"", alias)),
            )
        },
    ),
    (82, "a replay in another place or order", REPLAYED, || {
        let call = Call::get();
        let others = [
            call.clone().at(Transmission::Query),
            call.clone().at(Transmission::Form),
            call.clone().reversed(),
            call.clone().with_realm("another realm"),
            Call::to("HTTPS://API.example.com:443/photos?size=%6Friginal"),
        ];
        after(
            &call.sign(),
            &others.map(|other| other.send(&call.signature())),
        )
    }),
    (
        83,
        "a forged request with a victim's nonce, then the victim's",
        EMPTY,
        || {
            let mut server = Server::new();
            let forged = [
                Call::get().with_secrets("guessed", "guessed").sign(),
                Call::get().sign().in_url("original", "small"),
                Call::get().sign().with_method("DELETE"),
            ];
            assert!(forged.iter().all(|forged| server.verify(forged).is_err()));
            vec![server.verify(&Call::get().sign())]
        },
    ),
];
