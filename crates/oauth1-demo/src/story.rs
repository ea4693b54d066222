//! What is shown: the steps, as data.
//!
//! A step says what is sent and what must come back; [`Stage`](crate::stage::Stage) plays it.

use http::Method;

use crate::credentials;

/// A request, the lesson in it, and the answer that it must get.
pub(crate) struct Step {
    pub(crate) title: &'static str,
    /// One sentence: what is shown, and why.
    pub(crate) lesson: &'static str,
    pub(crate) action: Action,
    pub(crate) expectation: Expectation,
}

/// What the client does.
pub(crate) enum Action {
    /// Signs a request and sends it.
    Send(Message),
    /// Sends the request of that step, which is counted from 1, once more as it is.
    SendAgain(usize),
}

/// A request before it is signed.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) method: Method,
    pub(crate) path_and_query: &'static str,
    pub(crate) content: Content,
    /// Who says that it signs.
    pub(crate) client: &'static str,
    pub(crate) realm: Option<&'static str>,
    /// How many seconds ago it was signed, or so it says.
    pub(crate) age: u64,
    /// What somebody does to it between the client and the server.
    pub(crate) tampering: Option<Tampering>,
}

/// A body, as it is sent.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    None,
    Form(&'static str),
    Json(&'static str),
}

/// A change to a request that is signed already.
#[derive(Clone, Copy)]
pub(crate) enum Tampering {
    /// Another path and query.
    Target(&'static str),
    /// Another body.
    Body(&'static str),
}

/// What the server must answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expectation {
    Accepted,
    Refused {
        status: u16,
        /// The `oauth_problem` of the challenge.
        problem: &'static str,
        /// The step, counted from 1, that must have got the same answer in every word.
        same_as: Option<usize>,
    },
}

const GET: Message = Message {
    method: Method::GET,
    path_and_query: "/posts?tag=sea%20side&tag=caf%C3%A9&count=2",
    content: Content::None,
    client: credentials::CLIENT,
    realm: None,
    age: 0,
    tampering: None,
};

const POST: Message = Message {
    method: Method::POST,
    path_and_query: "/posts",
    ..GET
};

const JSON: Message = Message {
    content: Content::Json(r#"{"status":"Meet me at nine"}"#),
    ..POST
};

/// The whole story, in its order.
pub(crate) const STEPS: &[Step] = &[
    Step {
        title: "A GET with a query",
        lesson: "The client joins method, address and all parameters into one text, the base \
                 string, and sends its HMAC (a hash that takes a key) under both secrets as the \
                 signature; the secrets themselves are never sent.",
        action: Action::Send(GET),
        expectation: Expectation::Accepted,
    },
    Step {
        title: "A form",
        lesson: "The fields of a form are signed as well, in one spelling that both sides \
                 compute: a space sent as + is signed as %20, a plus as %2B, \u{e9} as %C3%A9 \
                 and a tilde as itself, however the form wrote them (and the base string encodes \
                 all of it once more, to %2520 and so on).",
        action: Action::Send(Message {
            content: Content::Form("status=1+%2B+1+%7E+caf%C3%A9&tag=b&tag=a&mood="),
            ..POST
        }),
        expectation: Expectation::Accepted,
    },
    Step {
        title: "A JSON body",
        lesson: "Any other body has no fields, so the client signs a hash of it, \
                 oauth_body_hash; the server hashes what arrives while it flows in.",
        action: Action::Send(JSON),
        expectation: Expectation::Accepted,
    },
    Step {
        title: "A request with a realm",
        lesson: "A realm names the part of the server that is meant; it travels with the \
                 parameters but is none of them, so it is not in the base string.",
        action: Action::Send(Message {
            path_and_query: "/drafts",
            realm: Some("Ana's drafts"),
            ..GET
        }),
        expectation: Expectation::Accepted,
    },
    Step {
        title: "A query that is changed on the way",
        lesson: "On its way somebody makes the request ask for 500 posts instead of 2: the \
                 server's base string is no longer the client's, so the signature does not \
                 match.",
        action: Action::Send(Message {
            tampering: Some(Tampering::Target(
                "/posts?tag=sea%20side&tag=caf%C3%A9&count=500",
            )),
            ..GET
        }),
        expectation: Expectation::Refused {
            status: 401,
            problem: "signature_invalid",
            same_as: None,
        },
    },
    Step {
        title: "A JSON body that is changed on the way",
        lesson: "Nine becomes ten: the signature still holds, since it covers the hash and not \
                 the body itself, but this body has another hash.",
        action: Action::Send(Message {
            tampering: Some(Tampering::Body(r#"{"status":"Meet me at ten!"}"#)),
            ..JSON
        }),
        expectation: Expectation::Refused {
            status: 401,
            problem: "parameter_rejected",
            same_as: None,
        },
    },
    Step {
        title: "A request that is sent twice",
        lesson: "Step 1 once more, byte for byte, as an eavesdropper would send it: the \
                 signature is right, but its nonce, which may be used only once, has been used.",
        action: Action::SendAgain(1),
        expectation: Expectation::Refused {
            status: 401,
            problem: "nonce_used",
            same_as: None,
        },
    },
    Step {
        title: "A request that is an hour old",
        lesson: "A server cannot remember nonces for ever, so it refuses what is more than five \
                 minutes off, and says which timestamps it would take.",
        action: Action::Send(Message { age: 3600, ..GET }),
        expectation: Expectation::Refused {
            status: 401,
            problem: "timestamp_refused",
            same_as: None,
        },
    },
    Step {
        title: "A client that nobody knows",
        lesson: "The answer is, word for word, the one to the forged request of step 5, and \
                 takes as long to compute, so that nobody finds out by guessing which clients \
                 exist; only the server's log tells the two apart.",
        action: Action::Send(Message {
            client: "nobody",
            ..GET
        }),
        expectation: Expectation::Refused {
            status: 401,
            problem: "signature_invalid",
            same_as: Some(5),
        },
    },
];
