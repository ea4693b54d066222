//! Redirects of each kind, and retries.

use oauth1_core::{Transmission, exchange::OtherOrigins};

use crate::{
    adapter::Content,
    case::{Case, Outcome, Signing},
};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const TEXT: &[(&str, &str)] = &[("content-type", "text/plain")];
const QUERY: Signing = Signing::in_the(Transmission::Query);
const FORM: Signing = Signing::in_the(Transmission::Form);
const ELSEWHERE: Outcome = Outcome::Stopped("another origin");

const fn unsigned(case: Case) -> Case {
    Case {
        other_origins: OtherOrigins::Unsigned,
        ..case
    }
}

/// A GET and a form are sent on by `$status`, to the same origin and to another; `$method` and `$body` are
/// what becomes of the form.
macro_rules! each {
    ($($status:literal $method:literal $body:literal)*) => {
        &[$(
            Case::new(concat!($status, ", GET"), "GET", concat!("/redirect/", $status, "/same/landing"), &[
                concat!("main GET /redirect/", $status, "/same/landing verified"),
                "main GET /landing verified",
            ]),
            Case::new(concat!($status, ", form"), "POST", concat!("/redirect/", $status, "/same/landing?a=b"), &[
                concat!("main POST /redirect/", $status, "/same/landing?a=b verified, with body"),
                concat!("main ", $method, " /landing verified", $body),
            ])
            .form(b"c=d"),
            Case::new(
                concat!($status, " to another origin"), "GET", concat!("/redirect/", $status, "/other/landing"),
                &[concat!("main GET /redirect/", $status, "/other/landing verified")],
            )
            .ends(ELSEWHERE),
            Case::new(
                concat!($status, " to another origin, form"), "POST", concat!("/redirect/", $status, "/other/landing"),
                &[concat!("main POST /redirect/", $status, "/other/landing verified, with body")],
            )
            .form(b"c=d")
            .ends(ELSEWHERE),
            unsigned(Case::new(
                concat!($status, " to another origin, unsigned"), "POST",
                concat!("/redirect/", $status, "/other/landing"),
                &[
                    concat!("main POST /redirect/", $status, "/other/landing verified, with body"),
                    concat!("other ", $method, " /landing absent", $body),
                ],
            ))
            .form(b"c=d"),
        )*]
    };
}

pub(super) const EACH: &[Case] = each! {
    301 "GET" ""
    302 "GET" ""
    303 "GET" ""
    307 "POST" ", with body"
    308 "POST" ", with body"
};

pub(super) const OTHERS: &[Case] = &[
    Case::new(
        "303, HEAD",
        "HEAD",
        "/redirect/303/same/landing",
        &[
            "main HEAD /redirect/303/same/landing verified",
            "main HEAD /landing verified",
        ],
    ),
    Case::new(
        "301, PUT",
        "PUT",
        "/redirect/301/same/landing",
        &[
            "main PUT /redirect/301/same/landing verified, with body",
            "main PUT /landing verified, with body",
        ],
    )
    .body(TEXT, Content::Bytes(b"text"))
    .hashed(),
    Case::new(
        "307, JSON",
        "POST",
        "/redirect/307/same/landing",
        &[
            "main POST /redirect/307/same/landing verified, with body",
            "main POST /landing verified, with body",
        ],
    )
    .body(JSON, Content::Bytes(b"{}"))
    .hashed(),
    Case {
        http2: true,
        ..Case::new(
            "307, HTTP/2",
            "POST",
            "/redirect/307/same/landing",
            &[
                "main POST /redirect/307/same/landing verified, with body",
                "main POST /landing verified, with body",
            ],
        )
    }
    .form(b"a=b"),
    Case::new(
        "to an absolute URI",
        "GET",
        "/redirect/302/absolute/landing",
        &[
            "main GET /redirect/302/absolute/landing verified",
            "main GET /landing verified",
        ],
    ),
    Case::new(
        "to a relative path with a fragment",
        "GET",
        "/redirect/302/relative/landing",
        &[
            "main GET /redirect/302/relative/landing verified",
            "main GET /landing verified",
        ],
    ),
    Case::new(
        "with the query as it came",
        "GET",
        "/redirect/302/echo/landing?a=b&c[d]=%C3%A9",
        &[
            "main GET /redirect/302/echo/landing?a=b&c[d]=%C3%A9 verified",
            "main GET /landing?a=b&c[d]=%C3%A9 verified",
        ],
    ),
    Case::new(
        "two in a row",
        "GET",
        "/redirect/302/same/redirect/307/same/landing",
        &[
            "main GET /redirect/302/same/redirect/307/same/landing verified",
            "main GET /redirect/307/same/landing verified",
            "main GET /landing verified",
        ],
    ),
    Case::new(
        "in the query, 302",
        "GET",
        "/redirect/302/same/landing?a=b",
        &[
            "main GET /redirect/302/same/landing?a=b verified",
            "main GET /landing verified",
        ],
    )
    .signed(QUERY),
    Case::new(
        "in the query, which comes back",
        "POST",
        "/redirect/307/echo/landing?a=b",
        &[
            "main POST /redirect/307/echo/landing?a=b verified, with body",
            "main POST /landing?a=b verified, with body",
        ],
    )
    .form(b"c=d")
    .signed(QUERY),
    unsigned(Case::new(
        "in the query, which is to go elsewhere",
        "GET",
        "/redirect/302/other-echo/landing?a=b",
        &[
            "main GET /redirect/302/other-echo/landing?a=b verified",
            "other GET /landing?a=b absent",
        ],
    ))
    .signed(QUERY),
    Case::new(
        "in the form, 303",
        "POST",
        "/redirect/303/same/landing",
        &[
            "main POST /redirect/303/same/landing verified, with body",
            "main GET /landing verified",
        ],
    )
    .form(b"a=b")
    .signed(FORM),
    Case::new(
        "in the form, 308",
        "POST",
        "/redirect/308/same/landing",
        &[
            "main POST /redirect/308/same/landing verified, with body",
            "main POST /landing verified, with body",
        ],
    )
    .form(b"a=b")
    .signed(FORM),
    unsigned(Case::new(
        "in the form, 307 to another origin",
        "POST",
        "/redirect/307/other/landing",
        &[
            "main POST /redirect/307/other/landing verified, with body",
            "other POST /landing absent, with body",
        ],
    ))
    .form(b"a=b")
    .signed(FORM),
    Case::new(
        "callback and verifier, 302",
        "POST",
        "/redirect/302/same/landing",
        &[
            "main POST /redirect/302/same/landing verified",
            "main GET /landing verified",
        ],
    )
    .signed(Signing {
        parameters: true,
        ..Signing::DEFAULT
    }),
    // The other origin has chosen where it leads to.
    unsigned(Case::new(
        "elsewhere and back",
        "GET",
        "/redirect/302/back/landing",
        &[
            "main GET /redirect/302/back/landing verified",
            "other GET /back/landing absent",
            "main GET /landing absent",
        ],
    ))
    .ends(Outcome::Status(401)),
    Case {
        redirect_limit: 2,
        ..Case::new(
            "in a circle",
            "GET",
            "/redirect/302/loop",
            &[
                "main GET /redirect/302/loop verified",
                "main GET /redirect/302/loop verified",
                "main GET /redirect/302/loop verified",
            ],
        )
    }
    .ends(Outcome::Stopped("redirects again")),
    Case {
        redirect_limit: 0,
        ..Case::new(
            "not followed",
            "GET",
            "/redirect/302/same/landing",
            &["main GET /redirect/302/same/landing verified"],
        )
    }
    .ends(Outcome::Status(302)),
    Case::new(
        "with user information",
        "GET",
        "/redirect/302/user/landing",
        &["main GET /redirect/302/user/landing verified"],
    )
    .ends(Outcome::Stopped("user name")),
    Case::new(
        "303, streamed",
        "POST",
        "/redirect/303/same/landing",
        &[
            "main POST /redirect/303/same/landing verified, with body",
            "main GET /landing verified",
        ],
    )
    .body(TEXT, Content::Streamed(&[b"a", b"b"])),
    Case::new(
        "307, streamed",
        "POST",
        "/redirect/307/same/landing",
        &["main POST /redirect/307/same/landing verified, with body"],
    )
    .body(TEXT, Content::Streamed(&[b"a", b"b"]))
    .ends(Outcome::Stopped("cannot be sent again")),
    Case {
        retries: 1,
        ..Case::new(
            "a connection that breaks, GET",
            "GET",
            "/drop/a?b=c",
            &[
                "main GET /drop/a?b=c verified",
                "main GET /drop/a?b=c verified",
            ],
        )
    },
    Case {
        retries: 1,
        ..Case::new(
            "a connection that breaks, PUT",
            "PUT",
            "/drop/a",
            &[
                "main PUT /drop/a verified, with body",
                "main PUT /drop/a verified, with body",
            ],
        )
    }
    .body(TEXT, Content::Bytes(b"text"))
    .hashed(),
    // The server may have done what was asked.
    Case {
        retries: 1,
        ..Case::new(
            "a connection that breaks, POST",
            "POST",
            "/drop/a",
            &["main POST /drop/a verified, with body"],
        )
    }
    .form(b"a=b")
    .ends(Outcome::Error("")),
    Case::new(
        "a connection that breaks, no retries",
        "GET",
        "/drop/a",
        &["main GET /drop/a verified"],
    )
    .ends(Outcome::Error("")),
];
