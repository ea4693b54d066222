//! Methods, URIs and bodies that are no forms.

use oauth1_core::BodyHashRule;

use crate::{
    adapter::Content,
    case::{Case, Signing},
    server::Place,
};

const TEXT: &[(&str, &str)] = &[("content-type", "text/plain")];
const PIECES: Content = Content::Streamed(&[b"one,", b"two,", b"three"]);

pub(super) const CASES: &[Case] = &[
    Case::new(
        "GET with a query",
        "GET",
        "/photos?file=vacation.jpg&size=original",
        &["main GET /photos?file=vacation.jpg&size=original verified"],
    ),
    Case::new("GET without a query", "GET", "/", &["main GET / verified"]),
    Case::new("no path at all", "GET", "", &["main GET / verified"]),
    Case::new("an empty query", "GET", "/a?", &["main GET /a verified"]),
    Case::new("HEAD", "HEAD", "/a?b=c", &["main HEAD /a?b=c verified"]),
    Case::new(
        "DELETE",
        "DELETE",
        "/a?b=c",
        &["main DELETE /a?b=c verified"],
    ),
    Case::new(
        "OPTIONS",
        "OPTIONS",
        "/a?b=c",
        &["main OPTIONS /a?b=c verified"],
    ),
    Case::new(
        "POST with an empty body",
        "POST",
        "/a?b=c",
        &["main POST /a?b=c verified"],
    ),
    Case::new(
        "PUT with text",
        "PUT",
        "/a?b=c",
        &["main PUT /a?b=c verified, with body"],
    )
    .body(TEXT, Content::Bytes(b"text"))
    .hashed(),
    Case::new(
        "PATCH with text",
        "PATCH",
        "/a",
        &["main PATCH /a verified, with body"],
    )
    .body(TEXT, Content::Bytes(b"text"))
    .hashed(),
    Case::new(
        "JSON",
        "POST",
        "/a?b=c",
        &["main POST /a?b=c verified, with body"],
    )
    .body(
        &[("content-type", "application/json")],
        Content::Bytes(br#"{"status":"Hello & goodbye = 100 %"}"#),
    )
    .hashed(),
    Case::new(
        "multipart",
        "POST",
        "/a?b=c",
        &["main POST /a?b=c verified, with body"],
    )
    .body(
        &[("content-type", "multipart/form-data; boundary=XX")],
        Content::Bytes(
            b"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb=c&d\r\n--XX--\r\n",
        ),
    )
    .hashed(),
    Case::new(
        "binary",
        "POST",
        "/a",
        &["main POST /a verified, with body"],
    )
    .body(
        &[("content-type", "application/octet-stream")],
        Content::Bytes(&[0, 1, 10, 13, 38, 61, 127, 128, 254, 255, 0]),
    )
    .hashed(),
    Case::new(
        "a type that only begins like a form's",
        "POST",
        "/a",
        &["main POST /a verified, with body"],
    )
    .body(
        &[("content-type", "application/x-www-form-urlencoded+xml")],
        Content::Bytes(b"a=b"),
    )
    .hashed(),
    Case::new(
        "duplicates in the query",
        "GET",
        "/a?b=2&b=1&b=2&a=&B=0",
        &["main GET /a?b=2&b=1&b=2&a=&B=0 verified"],
    ),
    // Encoded, `%` comes before `-` and `.`; decoded, `[` comes behind them.
    Case::new(
        "names that change their order when they are encoded",
        "GET",
        "/a?a-b=1&a.=2&a=3&a%5B0%5D=4&a%20=5&ab=6&a%C3%A9=7&A=8",
        &["main GET /a?a-b=1&a.=2&a=3&a%5B0%5D=4&a%20=5&ab=6&a%C3%A9=7&A=8 verified"],
    ),
    Case::new(
        "an apostrophe in the path",
        "GET",
        "/it's/a?b=it%27s",
        &["main GET /it's/a?b=it%27s verified"],
    ),
    Case::new(
        "names without values and values without names",
        "GET",
        "/a?b&c=&=d&&e",
        &["main GET /a?b&c=&=d&&e verified"],
    ),
    Case::new(
        "unicode in the query",
        "GET",
        "/r%C3%A9sum%C3%A9?q=%E4%BD%A0%e5%a5%bd&%C3%A9=%F0%9F%98%80",
        &["main GET /r%C3%A9sum%C3%A9?q=%E4%BD%A0%e5%a5%bd&%C3%A9=%F0%9F%98%80 verified"],
    ),
    Case::new(
        "bytes that are no text",
        "GET",
        "/a?b=%FF%00%C3",
        &["main GET /a?b=%FF%00%C3 verified"],
    ),
    Case::new(
        "~ * + % in path and query",
        "GET",
        "/~a*b+c%25d?e=~*+%2B%20%25&f=a+b",
        &["main GET /~a*b+c%25d?e=~*+%2B%20%25&f=a+b verified"],
    ),
    Case::new(
        "! ( ) ; : @ , $ in path and query",
        "GET",
        "/a!(b);c=d:e@f,$?g=h!(i);j=k:l@m,$/?",
        &["main GET /a!(b);c=d:e@f,$?g=h!(i);j=k:l@m,$/? verified"],
    ),
    Case::new(
        "brackets",
        "GET",
        "/a?filter[name]=x&filter[id]=2&filter%5Bid%5D=3",
        &["main GET /a?filter[name]=x&filter[id]=2&filter%5Bid%5D=3 verified"],
    ),
    Case::new(
        "doubled slashes in the path",
        "GET",
        "/a//b/%2F/c/?d=e//f",
        &["main GET /a//b/%2F/c/?d=e//f verified"],
    ),
    Case {
        place: Place::Ipv6,
        ..Case::new("IPv6", "GET", "/a?b=c", &["ipv6 GET /a?b=c verified"])
    },
    Case {
        place: Place::Ipv6,
        ..Case::new(
            "IPv6 with a form",
            "POST",
            "/a?b=c",
            &["ipv6 POST /a?b=c verified, with body"],
        )
    }
    .form(b"d=e"),
    Case::new(
        "chunked",
        "POST",
        "/a?b=c",
        &["main POST /a?b=c verified, with body"],
    )
    .body(TEXT, PIECES),
    Case::new(
        "chunked, body hash never",
        "PUT",
        "/a",
        &["main PUT /a verified, with body"],
    )
    .body(TEXT, PIECES)
    .signed(Signing {
        body_hash: BodyHashRule::Never,
        ..Signing::DEFAULT
    }),
    Case::new("chunked, body hash always", "PUT", "/a", &[])
        .body(TEXT, PIECES)
        .signed(Signing {
            body_hash: BodyHashRule::Always,
            ..Signing::DEFAULT
        })
        .ends(crate::Outcome::Error("streamed")),
    Case {
        http2: true,
        ..Case::new("HTTP/2", "GET", "/a?b=c", &["main GET /a?b=c verified"])
    },
    Case {
        http2: true,
        ..Case::new(
            "HTTP/2 with a form",
            "POST",
            "/a",
            &["main POST /a verified, with body"],
        )
    }
    .form(b"b=c&b=d"),
    Case {
        http2: true,
        ..Case::new(
            "HTTP/2 with JSON",
            "POST",
            "/a",
            &["main POST /a verified, with body"],
        )
    }
    .body(
        &[("content-type", "application/json")],
        Content::Bytes(b"{}"),
    )
    .hashed(),
    Case {
        http2: true,
        ..Case::new(
            "HTTP/2, streamed",
            "POST",
            "/a",
            &["main POST /a verified, with body"],
        )
    }
    .body(TEXT, PIECES),
];
