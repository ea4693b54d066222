use super::*;

pub(super) const SIGNATURES: &[Attack] = &[
    (3, "one bit of the signature changed", FORGED, || {
        let call = Call::get();
        let signature = call.signature();
        let bits = (0..160).map(|bit| (bit / 6, bit % 6));
        bits.map(|(at, bit)| once(&call.send(&with_bit_changed(&signature, at, 5 - bit))))
            .collect()
    }),
    (
        4,
        "a signature in base64 that is not canonical",
        FORGED,
        || {
            let call = Call::get();
            let signature = call.signature();
            [0, 1]
                .map(|bit| once(&call.send(&with_bit_changed(&signature, 26, bit))))
                .into()
        },
    ),
    (5, "a signature without padding", FORGED, || {
        let call = Call::get();
        vec![once(&call.send(call.signature().trim_end_matches('=')))]
    }),
    (6, "a signature with white space behind it", FORGED, || {
        let call = Call::get();
        let after = ["\n", "\r\n", " ", "\0", "="];
        after
            .map(|after| once(&call.send(&(call.signature() + after))))
            .into()
    }),
    (7, "an empty signature", FORGED, || {
        vec![once(&Call::get().send(""))]
    }),
    (8, "no signature", INCOMPLETE, || {
        vec![once(&Call::get().send_as_is())]
    }),
];

pub(super) const PARAMETERS: &[Attack] = &[
    (9, "a timestamp a day old", STALE, || {
        vec![Server::new().at(NOW + 86_400).verify(&Call::get().sign())]
    }),
    (10, "a timestamp a day ahead", STALE, || {
        vec![Server::new().at(NOW - 86_400).verify(&Call::get().sign())]
    }),
    (11, "a timestamp that is no number", MALFORMED, || {
        let values = [
            "yesterday",
            "",
            "0x65",
            "17e8",
            "1700000000s",
            "\u{661}\u{667}",
            "\u{ff11}",
        ];
        values.map(|value| with("oauth_timestamp", value)).into()
    }),
    (
        12,
        "a timestamp that is none of RFC 5849 section 3.3",
        MALFORMED,
        || {
            let values = [
                "-1700000000",
                "0",
                "00",
                "+1700000000",
                " 1700000000",
                "1700000000 ",
                "01700000000",
                "1700000000.0",
                "18446744073709551616",
                "18446744075409551616",
                "99999999999999999999999999",
            ];
            values.map(|value| with("oauth_timestamp", value)).into()
        },
    ),
    (13, "no timestamp", INCOMPLETE, || {
        vec![without("oauth_timestamp")]
    }),
    (14, "no nonce", INCOMPLETE, || vec![without("oauth_nonce")]),
    (15, "an empty nonce", MALFORMED, || {
        vec![with("oauth_nonce", "")]
    }),
    (16, "another version", WRONG_VERSION, || {
        ["2.0", "1", "", "1.00", "1.0 "]
            .map(|value| with("oauth_version", value))
            .into()
    }),
    (17, "a nonce twice in the header", MALFORMED, || {
        let twice = |value| Call::get().and("oauth_nonce", value).sign();
        let aliased = twice("abd").in_header("oauth_nonce=\"abd\"", "%6Fauth_nonce=\"abd\"");
        [twice("abc"), twice("abd"), aliased]
            .iter()
            .map(once)
            .collect()
    }),
    (
        18,
        "a token in the header and in the query",
        MALFORMED,
        || {
            ["token", "another"]
                .map(|token| in_query("oauth_token", token))
                .into()
        },
    ),
    (19, "another client in the query", MALFORMED, || {
        vec![
            in_query("oauth_consumer_key", "another"),
            in_query("oauth%5Fconsumer_key", "client"),
        ]
    }),
    (20, "a method in lower case", WRONG_METHOD, || {
        ["hmac-sha1", "Hmac-Sha1"]
            .map(|value| with("oauth_signature_method", value))
            .into()
    }),
    (21, "an unknown method", WRONG_METHOD, || {
        ["HMAC-MD5", "", "HMAC-SHA1 "]
            .map(|value| with("oauth_signature_method", value))
            .into()
    }),
    (22, "no method", INCOMPLETE, || {
        vec![without("oauth_signature_method")]
    }),
    (23, "PLAINTEXT over http", WRONG_METHOD, || {
        let call = Call::to("http://api.example.com/photos");
        let call = call.with("oauth_signature_method", "PLAINTEXT");
        vec![once(&call.send("client%20secret&token%20secret"))]
    }),
    (75, "oauth_ parameters of unknown name", EMPTY, || {
        let call = Call::get()
            .with("oauth_session_handle", "x y")
            .with("oauth_", "");
        [Transmission::Header, Transmission::Query]
            .map(|place| once(&call.clone().at(place).sign()))
            .into()
    }),
    (85, "a value encoded twice is decoded once", EMPTY, || {
        let call = Call::get().with("oauth_consumer_key", "%41");
        let sent =
            [Transmission::Header, Transmission::Query].map(|place| call.clone().at(place).sign());
        assert!(sent[0].header().contains("oauth_consumer_key=\"%2541\""));
        assert!(sent[1].url.contains("oauth_consumer_key=%2541"));
        sent.iter().map(once).collect()
    }),
    (
        85,
        "a value encoded twice in a form is decoded once",
        SIGNED,
        || {
            let call = Call::post(Content::form("a=1")).with("oauth_consumer_key", "%41");
            vec![once(&call.at(Transmission::Form).sign())]
        },
    ),
    (
        96,
        "a version that some libraries say",
        WRONG_VERSION,
        || vec![with("oauth_version", "1.0A")],
    ),
];
