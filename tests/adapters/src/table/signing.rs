//! Every signature method, every place, and what is signed besides.

use oauth1_core::{BodyHashRule, Transmission};

use crate::{
    adapter::Content,
    case::{Case, Method, Outcome, Signing, Token},
};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const BODY: Content = Content::Bytes(b"{\"a\":1}");
const WITH_BODY: &[&str] = &["main POST /a?b=c verified, with body"];
const GET: &[&str] = &["main GET /a?b=c verified"];

/// A form, signed by a method.
const fn by(name: &'static str, method: Method) -> Case {
    Case::new(name, "POST", "/a?b=c", WITH_BODY)
        .form(b"d=e%20f")
        .signed(Signing::by(method))
}

/// JSON, signed by a method.
const fn json_by(name: &'static str, method: Method) -> Case {
    Case::new(name, "POST", "/a?b=c", WITH_BODY)
        .body(JSON, BODY)
        .signed(Signing::by(method))
        .hashed()
}

const fn get(name: &'static str, signing: Signing) -> Case {
    Case::new(name, "GET", "/a?b=c", GET).signed(signing)
}

const fn form(name: &'static str, signing: Signing) -> Case {
    Case::new(name, "POST", "/a?b=c", WITH_BODY)
        .form(b"d=e%20f")
        .signed(signing)
}

const fn json(name: &'static str, signing: Signing) -> Case {
    Case::new(name, "POST", "/a?b=c", WITH_BODY)
        .body(JSON, BODY)
        .signed(signing)
}

const QUERY: Signing = Signing::in_the(Transmission::Query);
const FORM: Signing = Signing::in_the(Transmission::Form);
const REALM: Signing = Signing {
    realm: Some("Photos, \"mine\" & \\yours"),
    ..Signing::DEFAULT
};
const TWO_LEGGED: Signing = Signing {
    token: Token::None,
    ..Signing::DEFAULT
};
const VERSION: Signing = Signing {
    version: true,
    ..Signing::DEFAULT
};
const PARAMETERS: Signing = Signing {
    parameters: true,
    ..Signing::DEFAULT
};
const ALWAYS: Signing = Signing {
    body_hash: BodyHashRule::Always,
    ..Signing::DEFAULT
};
const NEVER: Signing = Signing {
    body_hash: BodyHashRule::Never,
    ..Signing::DEFAULT
};

pub(super) const CASES: &[Case] = &[
    by("HMAC-SHA1", Method::HmacSha1),
    by("HMAC-SHA256", Method::HmacSha256),
    by("HMAC-SHA512", Method::HmacSha512),
    by("RSA-SHA1", Method::RsaSha1),
    by("RSA-SHA256", Method::RsaSha256),
    by("RSA-SHA512", Method::RsaSha512),
    by("RSA-PSS", Method::RsaPss),
    by("PLAINTEXT", Method::Plaintext),
    json_by("JSON by HMAC-SHA256", Method::HmacSha256),
    json_by("JSON by HMAC-SHA512", Method::HmacSha512),
    json_by("JSON by RSA-SHA1", Method::RsaSha1),
    json_by("JSON by RSA-SHA256", Method::RsaSha256),
    json_by("JSON by RSA-SHA512", Method::RsaSha512),
    json_by("JSON by RSA-PSS", Method::RsaPss),
    json("JSON by PLAINTEXT", Signing::by(Method::Plaintext)),
    get("in the query, GET", QUERY),
    form("in the query, form", QUERY),
    json("in the query, JSON", QUERY).hashed(),
    get(
        "in the query, RSA-SHA256",
        Signing {
            method: Method::RsaSha256,
            ..QUERY
        },
    ),
    get(
        "in the query, PLAINTEXT",
        Signing {
            method: Method::Plaintext,
            ..QUERY
        },
    ),
    Case::new(
        "in the query where there was none",
        "GET",
        "/a",
        &["main GET /a verified"],
    )
    .signed(QUERY),
    get("in the form, but there can be none", FORM),
    form("in the form", FORM),
    Case::new(
        "in the form where there was none",
        "POST",
        "/a?b=c",
        &["main POST /a?b=c verified"],
    )
    .signed(FORM),
    form(
        "in the form, RSA-SHA1",
        Signing {
            method: Method::RsaSha1,
            ..FORM
        },
    ),
    Case::new("in the form, but the body is JSON", "POST", "/a", &[])
        .body(JSON, BODY)
        .signed(FORM)
        .ends(Outcome::Error("no form")),
    get("realm", REALM),
    form("realm, form", REALM),
    get(
        "realm, in the query",
        Signing {
            transmission: Transmission::Query,
            ..REALM
        },
    ),
    get("two-legged", TWO_LEGGED),
    json("two-legged, JSON", TWO_LEGGED).hashed(),
    get(
        "two-legged, RSA-SHA1",
        Signing {
            method: Method::RsaSha1,
            ..TWO_LEGGED
        },
    ),
    get("version", VERSION),
    get("callback, verifier and an extension", PARAMETERS),
    form("callback, verifier and an extension, form", PARAMETERS),
    form(
        "callback, verifier and an extension, in the form",
        Signing {
            transmission: Transmission::Form,
            ..PARAMETERS
        },
    ),
    get(
        "callback, verifier and an extension, in the query",
        Signing {
            transmission: Transmission::Query,
            ..PARAMETERS
        },
    ),
    get("body hash always, GET", ALWAYS).hashed(),
    Case::new(
        "body hash always, empty body",
        "POST",
        "/a?b=c",
        &["main POST /a?b=c verified"],
    )
    .signed(ALWAYS)
    .hashed(),
    json("body hash always, JSON", ALWAYS).hashed(),
    form("body hash always, form", ALWAYS),
    json("body hash never, JSON", NEVER),
];
