//! Forms, whose pairs are signed.

use crate::{
    adapter::Content,
    case::{Case, Outcome},
};

const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

pub(super) const CASES: &[Case] = &[
    Case::new(
        "form and query together",
        "POST",
        "/a?include_entities=true&b=1",
        &["main POST /a?include_entities=true&b=1 verified, with body"],
    )
    .form(b"status=Hello%20Ladies%20%2B%20Gentlemen&b=2"),
    Case::new(
        "form with PUT",
        "PUT",
        "/a?b=c",
        &["main PUT /a?b=c verified, with body"],
    )
    .form(b"d=e"),
    Case::new(
        "form with charset",
        "POST",
        "/a",
        &["main POST /a verified, with body"],
    )
    .body(
        &[(
            "content-type",
            "application/x-www-form-urlencoded; charset=UTF-8",
        )],
        Content::Bytes(b"b=c"),
    ),
    Case::new(
        "form in capitals",
        "POST",
        "/a",
        &["main POST /a verified, with body"],
    )
    .body(
        &[(
            "content-type",
            "Application/X-WWW-Form-URLEncoded;Charset=\"utf-8\"",
        )],
        Content::Bytes(b"b=c"),
    ),
    Case::new(
        "form without pairs",
        "POST",
        "/a?b=c",
        &["main POST /a?b=c verified"],
    )
    .body(FORM, Content::Bytes(b"")),
    Case::new(
        "duplicates in form and query",
        "POST",
        "/a?b=1&b=2",
        &["main POST /a?b=1&b=2 verified, with body"],
    )
    .form(b"b=2&b=1&b=0&a=&a"),
    Case::new(
        "unicode in a form",
        "POST",
        "/a",
        &["main POST /a verified, with body"],
    )
    .form(b"n=%E4%BD%A0&%C3%A9=%F0%9F%98%80&m=%FF%00"),
    Case::new(
        "unencoded unicode in a form",
        "POST",
        "/a",
        &["main POST /a verified, with body"],
    )
    .form("n=\u{4F60}&\u{e9}=\u{1F600}".as_bytes()),
    Case::new(
        "~ * + % in a form",
        "POST",
        "/a",
        &["main POST /a verified, with body"],
    )
    .form(b"b=~*+%2B%20%25%2A%7E&c+d=e+f"),
    Case::new(
        "brackets in a form",
        "POST",
        "/a",
        &["main POST /a verified, with body"],
    )
    .form(b"filter[name]=x&filter%5Bid%5D=3&a[]=1&a[]=2"),
    Case::new(
        "names without values in a form",
        "POST",
        "/a",
        &["main POST /a verified, with body"],
    )
    .form(b"b&c=&=d&&e=f=g"),
    // Never unsigned: read as a whole, or refused.
    Case::new(
        "form that flows",
        "POST",
        "/a?b=c",
        &["main POST /a?b=c verified, with body"],
    )
    .body(FORM, Content::Streamed(&[b"d=", b"e&f", b"=g"]))
    .ends(Outcome::Either(200, "form")),
    Case {
        form_limit: 15,
        ..Case::new("form that flows beyond the limit", "POST", "/a", &[])
    }
    .body(FORM, Content::Streamed(&[b"0123456789", b"0123456789"]))
    .ends(Outcome::Error("form")),
];
