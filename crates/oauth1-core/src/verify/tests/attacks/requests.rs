use super::*;

pub(super) const REQUESTS: &[Attack] = &[
    (1, "a valid request", EMPTY, || {
        vec![once(&Call::get().sign())]
    }),
    (24, "another method", FORGED, || {
        ["POST", "PUT", "DELETE"]
            .map(|method| once(&Call::get().sign().with_method(method)))
            .into()
    }),
    (25, "another query", FORGED, || {
        let sent = Call::get().sign();
        vec![
            once(&sent.clone().in_url("?", "?more=1&")),
            once(&sent.clone().in_url("original", "small")),
            once(&sent.clone().in_url("size=original", "size")),
            once(&sent.in_url("?size=original", "")),
        ]
    }),
    (31, "signed for another origin", FORGED, || {
        let others = [
            ("api.example.com", "evil.example"),
            ("api.example.com", "api.example.com:444"),
            ("https:", "http:"),
        ];
        others
            .map(|(from, to)| once(&Call::get().sign().in_url(from, to)))
            .into()
    }),
    (43, "a truncated escape in the query", MALFORMED, || {
        let urls = ["?a=%2", "?a=%", "?a%2=1", "?a=%zz", "?%&b=1"];
        urls.map(|query| once(&Call::to(&format!("https://api.example.com/{query}")).sign()))
            .into()
    }),
    (44, "a byte that is no text", EMPTY, || {
        vec![once(
            &Call::to("https://api.example.com/?a=%ff&%FE=1").sign(),
        )]
    }),
    (45, "a zero byte", EMPTY, || {
        vec![once(
            &Call::to("https://api.example.com/?a=%00&%00=1").sign(),
        )]
    }),
    (71, "a path that invites to be tidied", EMPTY, || {
        PATHS
            .map(|(path, _)| once(&Call::to(&format!("https://api.example.com{path}")).sign()))
            .into()
    }),
    (71, "a path that was tidied on the way", FORGED, || {
        PATHS
            .map(|(path, tidy)| {
                let sent = Call::to(&format!("https://api.example.com{path}")).sign();
                once(&sent.in_url(path, tidy))
            })
            .into()
    }),
    (74, "a parameter named realm in the query", EMPTY, || {
        vec![once(
            &Call::to("https://api.example.com/?realm=Photos")
                .with_realm("x")
                .sign(),
        )]
    }),
    (74, "a realm in the query that was changed", FORGED, || {
        let sent = Call::to("https://api.example.com/?realm=Photos").sign();
        vec![
            once(&sent.clone().in_url("Photos", "Films")),
            once(&sent.in_url("?realm=Photos", "")),
        ]
    }),
    (
        86,
        "two parameters made one, and one made two",
        FORGED,
        || {
            let call = |query: &str| Call::to(&format!("https://api.example.com/?{query}")).sign();
            vec![
                once(&call("a=1&b=2").in_url("&", "%26").in_url("b=", "b%3D")),
                once(&call("a=1%26b%3D2").in_url("%26", "&").in_url("%3D", "=")),
            ]
        },
    ),
];

const PATHS: [(&str, &str); 6] = [
    ("//photos", "/photos"),
    ("/a/../photos", "/photos"),
    ("/./photos", "/photos"),
    ("/a%2fb", "/a/b"),
    ("/a;b=c", "/a"),
    ("/%7Ephotos", "/~photos"),
];

pub(super) const HEADERS: &[Attack] = &[
    (34, "the scheme in another case", EMPTY, || {
        ["oauth ", "OAUTH ", "oAuth\t"]
            .map(|scheme| changed("OAuth ", scheme))
            .into()
    }),
    (35, "another scheme", ABSENT, || {
        ["OAuth2 ", "OAuthX ", "XOAuth ", "Bearer ", "OAuth,"]
            .map(|scheme| changed("OAuth ", scheme))
            .into()
    }),
    (36, "no space after the comma", EMPTY, || {
        vec![changed(", ", ",")]
    }),
    (37, "tabs and many spaces about commas", EMPTY, || {
        ["  ,  ", "\t,\t", " \t , \t\t "]
            .map(|comma| changed(", ", comma))
            .into()
    }),
    (38, "escapes in lower case", EMPTY, || {
        let call = Call::get().with("oauth_nonce", "a/b+c=");
        vec![once(&call.sign().in_header("a%2Fb%2Bc%3D", "a%2fb%2bc%3d"))]
    }),
    (39, "a realm with a comma and a quote", EMPTY, || {
        let sent = Call::get().with_realm(r#"Photos, "private""#).sign();
        assert!(
            sent.header()
                .starts_with(r#"OAuth realm="Photos, \"private\"", "#)
        );
        vec![once(&sent)]
    }),
    (40, "values without quotes", MALFORMED, || {
        vec![changed("\"", ""), changed("\"abc\"", "abc")]
    }),
    (41, "a header that says nothing", MALFORMED, || {
        ["OAuth this is bad", "OAuth =", "OAuth \"", "OAuth ;"]
            .map(|header| bare(header.into()))
            .into()
    }),
    (42, "two headers", MALFORMED, || {
        let mut sent = Call::get().sign();
        sent.headers.push(sent.headers[0].clone());
        let mut with_empty = Call::get().sign();
        with_empty.headers.push(b"OAuth ".to_vec());
        vec![once(&sent), once(&with_empty)]
    }),
    (
        49,
        "10,000 parameters in the header",
        Refused(&[400, 413], "parameter_rejected"),
        || vec![bare(parameters(10_000)), many_parameters()],
    ),
    (
        58,
        "control characters in the header as they are",
        MALFORMED,
        || {
            let sent = Call::get()
                .with_realm("Photos")
                .with("oauth_callback", "http-callback")
                .sign();
            let places = ["Pho", "tok", "http-"];
            let characters = ["\r", "\n", "\0", "\r\n", "\x7F", "\\\n"];
            let pairs = places
                .iter()
                .flat_map(|place| characters.map(|character| (place, character)));
            pairs
                .map(|(place, character)| {
                    once(
                        &sent
                            .clone()
                            .in_header(place, &format!("{place}{character}")),
                    )
                })
                .collect()
        },
    ),
    (
        58,
        "control characters in the header as escapes",
        MALFORMED,
        || {
            let names = [
                "oauth_token",
                "oauth_callback",
                "oauth_consumer_key",
                "oauth_nonce",
                "oauth_verifier",
            ];
            let values = ["to\rken", "to\nken", "to\0ken", "\x7F"];
            names
                .into_iter()
                .flat_map(|name| values.map(|value| with(name, value)))
                .collect()
        },
    ),
    (
        76,
        "64 KiB of header, of a name, of escapes",
        TOO_LARGE,
        || {
            let name = "n".repeat(65_536);
            vec![
                bare(format!("OAuth {name}=\"\"")),
                bare(format!("OAuth a=\"{}\"", "%41".repeat(21_846))),
                bare(format!("OAuth {}", ",".repeat(65_536))),
                once(&Call::to(&format!("https://api.example.com/?{name}=1")).sign()),
            ]
        },
    ),
];
