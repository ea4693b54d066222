//! One thing each: what tells implementations apart.

use crate::{
    case::{Case, Signing, Token},
    server::Place,
};

/// A GET of this path and query.
macro_rules! get {
    ($name:literal, $path:literal) => {
        Case::new(
            $name,
            "GET",
            $path,
            &[concat!("main GET ", $path, " verified")],
        )
    };
}

const FORM: &[&str] = &["main POST /a verified, with body"];

const fn form(name: &'static str, form: &'static [u8]) -> Case {
    Case::new(name, "POST", "/a", FORM).form(form)
}

pub(super) const CASES: &[Case] = &[
    // Section 3.4.1.3.1, but for the server's address.
    Case::new(
        "the example of RFC 5849",
        "POST",
        "/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
        &["main POST /request?b5=%3D%253D&a3=a&c%40=&a2=r%20b verified, with body"],
    )
    .form(b"c2&a3=2+q"),
    get!("+ for a space in the query", "/a?q=a+b"),
    form("+ for a space in a form", b"q=a+b"),
    get!("a name twice in the query", "/a?a=2&a=1"),
    form("a name twice in a form", b"a=2&a=1"),
    get!("UTF-8 in the query", "/a?name=caf%C3%A9"),
    form("UTF-8 in a form", b"name=caf%C3%A9"),
    get!("UTF-8 in the path", "/caf%C3%A9"),
    get!("! * ( ) ~ in the query", "/a?b=!*()~"),
    get!(
        "! * ' ( ) ~ encoded in the query",
        "/a?b=%21%2A%27%28%29%7E"
    ),
    form("! * ' ( ) ~ in a form", b"b=!*'()~"),
    form("! * ' ( ) ~ encoded in a form", b"b=%21%2A%27%28%29%7E"),
    get!("names that begin alike", "/a?a-b=1&a=2&aa=3"),
    get!("encoded brackets in the query", "/a?a%5B0%5D=1&a%5B1%5D=2"),
    get!("an encoded name in the query", "/a?c%40=1&c2=2"),
    get!("a name without a value in the query", "/a?b"),
    get!("an empty value in the query", "/a?a=&b=1"),
    get!("empty segments in the query", "/a?&&b=1&&c=2&"),
    get!("an equals sign in a value", "/a?b=c=d"),
    get!("lower-case escapes in the query", "/a?b=%c3%a9%2f"),
    get!("an encoded path", "/a%20b/c%2Fd"),
    get!("lower-case escapes in the path", "/a%2fb%c3%a9"),
    get!("realm, plain", "/a").signed(Signing {
        realm: Some("Photos"),
        ..Signing::DEFAULT
    }),
    get!("an empty token", "/a").signed(Signing {
        token: Token::Empty,
        ..Signing::DEFAULT
    }),
    Case {
        place: Place::Capitals,
        ..Case::new(
            "a host in capitals",
            "GET",
            "/a?b=c",
            &["capitals GET /a?b=c verified"],
        )
    },
];
