//! Answers: credentials, refusals, pages and redirects, each with the headers that go with it.

use alloc::{format, string::String};

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Response, StatusCode,
    header::{
        ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, PRAGMA,
        REFERRER_POLICY, RETRY_AFTER, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
    },
};
use http_body_util::Full;
use oauth1_core::{
    content_type,
    provider::{Refusal, Reply},
};

use crate::{failure::Failure, page::Page};

pub(crate) type Answer = Response<Full<Bytes>>;

/// What is put before a cache's eyes here is for nobody else (RFC 5849 section 4.4).
const NO_STORE: [(HeaderName, &str); 2] = [(CACHE_CONTROL, "no-store"), (PRAGMA, "no-cache")];

/// Of every page: it is in no frame (section 4.14), and neither its address nor its type is for others
/// to know or to guess.
const OF_PAGES: [(HeaderName, &str); 3] = [
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// The reply with credentials: status 200, a form.
pub(crate) fn reply(reply: &Reply) -> Answer {
    form(StatusCode::OK, String::from(reply.expose()))
}

/// Nothing to say but that it is done.
pub(crate) fn done() -> Answer {
    form(StatusCode::OK, String::new())
}

/// A refusal, with its challenge; the problem is in the body too.
pub(crate) fn failed(failure: &Failure, realm: &str) -> Answer {
    let refusal = match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Store(error) => {
            let status = StatusCode::from_u16(error.status());
            return unavailable(status.unwrap_or(StatusCode::SERVICE_UNAVAILABLE));
        }
        Failure::Random(_) => return unavailable(StatusCode::SERVICE_UNAVAILABLE),
    };
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNAUTHORIZED);
    let mut answer = form(status, format!("oauth_problem={}", refusal.problem()));
    let headers = answer.headers_mut();
    if let Refusal::MethodNotAllowed(methods) = refusal {
        headers.insert(ALLOW, HeaderValue::from_static(methods));
    } else if let Ok(challenge) = HeaderValue::try_from(refusal.challenge(realm)) {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    answer
}

/// The answer to a request whose signature is refused, with the problem as the other refusals have it.
pub(crate) fn refused(mut answer: Response<Bytes>, problem: Option<&str>) -> Response<Bytes> {
    let problem = problem.map(|problem| format!("oauth_problem={problem}"));
    *answer.body_mut() = Bytes::from(problem.unwrap_or_default());
    let headers = answer.headers_mut();
    let form = HeaderValue::from_static(content_type::FORM);
    headers.insert(CONTENT_TYPE, form);
    for (name, value) in NO_STORE {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

fn unavailable(status: StatusCode) -> Answer {
    let mut answer = form(status, String::new());
    let seconds = HeaderValue::from_static("5");
    answer.headers_mut().insert(RETRY_AFTER, seconds);
    answer
}

fn form(status: StatusCode, text: String) -> Answer {
    let mut answer = Response::new(Full::from(text));
    *answer.status_mut() = status;
    let form = HeaderValue::from_static(content_type::FORM);
    answer.headers_mut().insert(CONTENT_TYPE, form);
    insert(&mut answer, NO_STORE);
    answer
}

/// A page. `form_targets` is where its form may lead besides to the page itself.
pub(crate) fn page(status: StatusCode, page: Page, form_targets: &str) -> Answer {
    // Of two directives of one name the first counts, so that those of the page loosen none of ours.
    let policy = format!(
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'{form_targets}; {}",
        page.sources
    );
    let mut answer = Response::new(Full::from(page.html));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(CONTENT_TYPE, html);
    let strictest = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    let policy = HeaderValue::try_from(policy).unwrap_or(strictest);
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    insert(&mut answer, NO_STORE);
    insert(&mut answer, OF_PAGES);
    answer
}

/// The browser goes to a callback, by GET whatever it came by.
pub(crate) fn redirect(uri: &str) -> Answer {
    let mut answer = Response::new(Full::default());
    // A callback is ASCII without white space, and so is what is added to it.
    match HeaderValue::from_str(uri) {
        Ok(location) => {
            *answer.status_mut() = StatusCode::SEE_OTHER;
            answer.headers_mut().insert(LOCATION, location);
        }
        Err(_) => *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    insert(&mut answer, NO_STORE);
    insert(&mut answer, OF_PAGES);
    answer
}

/// Nothing is there.
pub(crate) fn not_found() -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer
}

fn insert<const N: usize>(answer: &mut Answer, pairs: [(HeaderName, &'static str); N]) {
    for (name, value) in pairs {
        let value = HeaderValue::from_static(value);
        answer.headers_mut().insert(name, value);
    }
}
