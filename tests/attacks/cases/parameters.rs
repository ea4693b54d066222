use super::{Case, bare, changed, with};
use crate::{
    call::{Call, with_bit_changed},
    server::{Answer, Server, once},
};

pub(super) const CASES: &[Case] = &[
    (1, "a valid request", || vec![once(&Call::get().sign())]),
    (3, "each bit of the first and of the last character", || {
        let signature = Call::get().signature();
        let last = signature.trim_end_matches('=').len() - 1;
        let flip = |at| (2..6).map(move |bit| (at, bit));
        let places = flip(0).chain(flip(13)).chain(flip(last));
        places
            .map(|(at, bit)| once(&Call::get().send(&with_bit_changed(&signature, at, bit))))
            .collect()
    }),
    (
        4,
        "the bits of the last character that mean nothing",
        || {
            let signature = Call::get().signature();
            let last = signature.trim_end_matches('=').len() - 1;
            (0..2)
                .map(|bit| once(&Call::get().send(&with_bit_changed(&signature, last, bit))))
                .collect()
        },
    ),
    (5, "without padding", || {
        vec![signed(|signature| {
            signature.trim_end_matches('=').to_owned()
        })]
    }),
    (6, "with something behind or before it", || {
        vec![
            signed(|signature| format!("{signature}\n")),
            signed(|signature| format!("{signature} ")),
            signed(|signature| format!(" {signature}")),
            signed(|signature| format!("{signature}=")),
        ]
    }),
    (7, "empty", || vec![once(&Call::get().send(""))]),
    (8, "none", || vec![once(&Call::get().send_as_is())]),
    (9, "a day old", || {
        vec![with("oauth_timestamp", "1699913600")]
    }),
    (10, "a day ahead", || {
        vec![with("oauth_timestamp", "1700086400")]
    }),
    (11, "no number", || {
        ["soon", "0x6553f100", "1.7e9", "1700000000.0", "", "\u{661}"]
            .map(|value| with("oauth_timestamp", value))
            .into()
    }),
    (12, "a number that no clock shows", || {
        [
            "0",
            "-1",
            "-1700000000",
            "+1700000000",
            " 1700000000",
            "1700000000 ",
            "01700000000",
            "18446744073709551616",
            "99999999999999999999999999",
        ]
        .map(|value| with("oauth_timestamp", value))
        .into()
    }),
    (13, "no timestamp", || {
        vec![once(&Call::get().without("oauth_timestamp").sign())]
    }),
    (14, "no nonce", || {
        vec![once(&Call::get().without("oauth_nonce").sign())]
    }),
    (15, "an empty nonce", || vec![with("oauth_nonce", "")]),
    (16, "version 2.0", || vec![with("oauth_version", "2.0")]),
    (17, "a nonce twice", || {
        vec![
            once(&Call::get().and("oauth_nonce", "abc").sign()),
            once(&Call::get().and("oauth_nonce", "def").sign()),
        ]
    }),
    (18, "a token in the header and in the query", || {
        vec![in_query("oauth_token", "token")]
    }),
    (19, "another client in the query", || {
        vec![in_query("oauth_consumer_key", "another")]
    }),
    (20, "the method in lower case", || {
        ["hmac-sha1", "Hmac-Sha1"]
            .map(|name| with("oauth_signature_method", name))
            .into()
    }),
    (21, "an unknown method", || {
        ["HMAC-MD5", "none", "", "HMAC-SHA1 "]
            .map(|name| with("oauth_signature_method", name))
            .into()
    }),
    (22, "no method", || {
        vec![once(&Call::get().without("oauth_signature_method").sign())]
    }),
    (23, "PLAINTEXT where no TLS is", || {
        let call = Call::get().with("oauth_signature_method", "PLAINTEXT");
        let plain = |layer: crate::server::Layer| {
            let origin = oauth1_tower::EffectiveOrigin::fixed("http://api.example.com");
            layer.with_origin(origin.unwrap())
        };
        vec![Server::with(plain).ask(&call.sign())]
    }),
    (34, "the scheme in other letters", || {
        ["oauth ", "OAUTH ", "oAuth\t"]
            .map(|scheme| changed("OAuth ", scheme))
            .into()
    }),
    (35, "another scheme", || {
        ["OAuth2 ", "OAuthX ", "XOAuth ", "Bearer ", "OAuth,"]
            .map(|scheme| changed("OAuth ", scheme))
            .into()
    }),
    (36, "no space behind the comma", || vec![changed(", ", ",")]),
    (37, "tabs and many spaces", || {
        ["  ,  ", "\t,\t", " \t , \t\t "]
            .map(|comma| changed(", ", comma))
            .into()
    }),
    (38, "escapes in lower case", || {
        let call = Call::get().with("oauth_nonce", "a/b+c=");
        vec![once(
            &call.sign().in_authorization("a%2Fb%2Bc%3D", "a%2fb%2bc%3d"),
        )]
    }),
    (39, "a realm with a comma and a quote", || {
        let sent = Call::get().realm(r#"Photos, "private""#).sign();
        assert!(
            sent.authorization()
                .starts_with(r#"OAuth realm="Photos, \"private\"", "#)
        );
        vec![once(&sent)]
    }),
    (40, "values without quotes", || {
        vec![changed("\"", ""), changed("\"abc\"", "abc")]
    }),
    (41, "a header that says nothing", || {
        ["OAuth this is bad", "OAuth =", "OAuth \"", "OAuth ;"]
            .map(bare)
            .into()
    }),
    (42, "two headers", || {
        let sent = Call::get().sign();
        let twice = sent.authorization().to_owned();
        vec![
            once(&sent.clone().and_header("Authorization", &twice)),
            once(&sent.and_header("Authorization", "OAuth ")),
        ]
    }),
    (49, "10,000 parameters", || {
        let many: Vec<String> = (0..10_000).map(|at| format!("a{at}=\"\"")).collect();
        vec![bare(&format!("OAuth {}", many.join(",")))]
    }),
    (58, "control characters as they are", || {
        let sent = Call::get()
            .realm("Photos")
            .with("oauth_callback", "http-callback")
            .sign();
        let places = ["Pho", "tok", "http-"];
        let characters = ["\r", "\n", "\0", "\r\n", "\x7F"];
        let pairs = places
            .iter()
            .flat_map(|place| characters.map(|character| (place, character)));
        pairs
            .map(|(place, character)| {
                no_echo(once(
                    &sent
                        .clone()
                        .in_authorization(place, &format!("{place}{character}")),
                ))
            })
            .collect()
    }),
    (58, "control characters as escapes", || {
        let names = [
            "oauth_token",
            "oauth_callback",
            "oauth_consumer_key",
            "oauth_nonce",
            "oauth_verifier",
        ];
        let values = ["to\rSet-Cookie: a=b", "to\nken", "to\0ken", "\x7F"];
        let pairs = names
            .into_iter()
            .flat_map(|name| values.map(|value| (name, value)));
        pairs
            .map(|(name, value)| no_echo(with(name, value)))
            .collect()
    }),
    (75, "an unknown oauth_ parameter", || {
        vec![with("oauth_flavour", "vanilla & more"), with("oauth_", "")]
    }),
    (
        76,
        "64 KiB of header, of a name, of escapes, of a query",
        || {
            let name = "n".repeat(65_536);
            vec![
                bare(&format!("OAuth {name}=\"\"")),
                bare(&format!("OAuth a=\"{}\"", "%41".repeat(21_846))),
                bare(&format!("OAuth {}", ",".repeat(65_536))),
                once(&Call::to(&format!("/?{name}=1")).sign()),
            ]
        },
    ),
    (96, "version 1.0A", || {
        vec![with("oauth_version", "1.0A"), with("oauth_version", "1.0a")]
    }),
];

fn signed(change: fn(String) -> String) -> Answer {
    once(&Call::get().send(&change(Call::get().signature())))
}

fn in_query(name: &str, value: &str) -> Answer {
    once(&Call::to(&format!("/photos?{name}={value}")).sign())
}

/// Nothing of what the sender wrote stands in a header of ours.
fn no_echo(answer: Answer) -> Answer {
    assert_eq!(answer.header("set-cookie"), None, "{answer:?}");
    assert!(
        !answer.head.contains("callback") && !answer.head.contains("ken"),
        "{answer:?}"
    );
    answer
}
