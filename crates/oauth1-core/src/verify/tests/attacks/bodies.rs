use super::*;

pub(super) const BODIES: &[Attack] = &[
    (26, "another form", FORGED, || {
        let sent = Call::post(Content::form("a=1&b=2")).sign();
        ["a=1&b=3", "a=1", "a=1&b=2&c=3", ""]
            .map(|form| once(&sent.clone().with_content(Content::form(form))))
            .into()
    }),
    (27, "a form that is said to be none", UNSIGNED, || {
        vec![once(&Call::post(Content::of("text/plain", "a=1")).sign())]
    }),
    (28, "a form with a charset", SIGNED, || {
        vec![once(
            &Call::post(Content::of(
                "application/x-www-form-urlencoded; charset=UTF-8",
                "a=1",
            ))
            .sign(),
        )]
    }),
    (29, "a form in capitals", SIGNED, || {
        vec![once(
            &Call::post(Content::of("APPLICATION/X-WWW-FORM-URLENCODED", "a=1")).sign(),
        )]
    }),
    (30, "a form that was not signed", FORGED, || {
        vec![once(
            &Call::post(Content::opaque("a=1"))
                .sign()
                .with_content(Content::form("a=1")),
        )]
    }),
    (
        56,
        "a body hash that is wrong or that of another body",
        WRONG_BODY,
        || {
            let hashes = [
                "",
                "x",
                "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
                "Lve95gjOVATpfV8EL5X4nxwjKHE",
            ];
            hashes
                .map(|hash| {
                    let call = Call::post(Content::opaque("Hello World!"));
                    once(&call.with("oauth_body_hash", hash).sign())
                })
                .into()
        },
    ),
    (56, "a body hash on a form", MALFORMED, || {
        let call = Call::post(Content::form("Hello World!"));
        vec![once(
            &call
                .with("oauth_body_hash", "Lve95gjOVATpfV8EL5X4nxwjKHE=")
                .sign(),
        )]
    }),
    (
        56,
        "a body hash that is demanded and not there",
        ABSENT,
        || {
            let policy = Policy::new().with_body_hash(BodyHashPolicy::Always);
            let contents = [
                Content::None,
                Content::opaque(""),
                Content::opaque("x"),
                Content::Streamed,
            ];
            contents
                .map(|content| Server::with_policy(policy).verify(&Call::post(content).sign()))
                .into()
        },
    ),
    #[cfg(feature = "hmac-sha256")]
    (
        56,
        "a body hash of another method's digest",
        WRONG_BODY,
        || {
            let call = Call::post(Content::opaque("Hello World!"))
                .with("oauth_body_hash", "Lve95gjOVATpfV8EL5X4nxwjKHE=")
                .with("oauth_signature_method", "HMAC-SHA256");
            let key = crate::HmacSha256::new(&"client secret".into(), &"token secret".into());
            vec![once(&call.send(&call.signature_by(&key)))]
        },
    ),
    (
        87,
        "a body that somebody might read as a form",
        UNSIGNED,
        || {
            let types = ["multipart/form-data; boundary=x", "text/plain", ""];
            types
                .map(|name| once(&Call::post(Content::of(name, "a=1")).sign()))
                .into()
        },
    ),
    (88, "a type that begins as that of a form", UNSIGNED, || {
        let types = [
            "application/x-www-form-urlencoded+xml",
            "application/x-www-form-urlencoded,text/plain",
            "x-application/x-www-form-urlencoded",
        ];
        types
            .map(|name| once(&Call::post(Content::of(name, "a=1")).sign()))
            .into()
    }),
];
