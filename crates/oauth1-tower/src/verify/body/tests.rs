use alloc::{collections::VecDeque, format, string::String, vec, vec::Vec};
use std::io;

use http::{HeaderValue, Request};
use oauth1_core::{
    BodyHash, Digest, Origin, Parameter, RequestView, SharedSecrets, StandIn, Target, Timestamp,
    http::Payload,
    verify::{Lookup, NonceStatus, Policy},
};

use super::*;

/// What a body does, poll by poll.
#[derive(Debug)]
enum Step {
    Data(&'static str),
    Trailers,
    Wait,
    Break,
}

use Step::{Break, Data, Trailers, Wait};

#[derive(Debug)]
struct Script(VecDeque<Step>);

impl Body for Script {
    type Data = &'static [u8];
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<&'static [u8]>, io::Error>>> {
        match self.0.pop_front() {
            None => Poll::Ready(None),
            Some(Wait) => Poll::Pending,
            Some(Data(text)) => Poll::Ready(Some(Ok(Frame::data(text.as_bytes())))),
            Some(Trailers) => Poll::Ready(Some(Ok(Frame::trailers(trailers())))),
            Some(Break) => Poll::Ready(Some(Err(io::Error::other("broken off")))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let lengths = self.0.iter().map(|step| match step {
            Data(text) => text.len() as u64,
            _ => 0,
        });
        SizeHint::with_exact(lengths.sum())
    }
}

fn trailers() -> HeaderMap {
    HeaderMap::from_iter([("checksum".parse().unwrap(), HeaderValue::from_static("1"))])
}

/// A check for the hash of a text, as the core makes it of a request.
fn check_of(text: &str) -> BodyCheck {
    let hash = BodyHash::of(Digest::Sha1, text.as_bytes()).unwrap();
    let secrets = SharedSecrets::new("secret", "");
    let protocol = [
        ("oauth_body_hash", hash.as_str()),
        ("oauth_consumer_key", "client"),
        ("oauth_nonce", "abc"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "1700000000"),
    ];
    let origin = Origin::parse("https://a.example").unwrap();
    let view = RequestView::new("POST", Target::at(origin, "/").unwrap());
    let parameters = protocol.map(|(name, value)| Parameter::new(name, value));
    let mut slots = Vec::new();
    let base = oauth1_core::BaseString::of(&view, &parameters, &mut slots).unwrap();
    let key = oauth1_core::HmacSha1::new(&"secret".into(), &"".into());
    let mut signature = Vec::new();
    oauth1_core::SigningKey::sign(&key, &base, &mut signature).unwrap();
    let signature = oauth1_core::percent::encode(&signature);
    let pairs =
        protocol.map(|(name, value)| format!("{name}=\"{}\"", oauth1_core::percent::encode(value)));
    let header = format!(
        "OAuth {}, oauth_signature=\"{signature}\"",
        pairs.join(", ")
    );
    let request = Request::post("/")
        .header("authorization", header)
        .body(())
        .unwrap();
    let parts = request.into_parts().0;
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let (policy, mut slots) = (Policy::new(), Vec::new());
    let received = policy.receive_parts(&parts, origin, Payload::Streamed, now, &mut slots);
    let authentic = received
        .unwrap()
        .authenticate(Lookup::Found(&secrets), &StandIn::new());
    let verified = authentic.unwrap().accept(NonceStatus::Fresh).unwrap();
    verified.body_check().unwrap().unwrap()
}

/// What a reader gets until the end, with the polls that gave nothing.
fn read(body: VerifiedBody<Script>) -> Vec<String> {
    let mut body = Box::pin(body);
    let mut context = Context::from_waker(core::task::Waker::noop());
    let mut seen = Vec::new();
    loop {
        let hint = body.size_hint().exact();
        let ended = body.is_end_stream();
        match body.as_mut().poll_frame(&mut context) {
            Poll::Pending => seen.push("wait".into()),
            Poll::Ready(None) => {
                assert!(body.is_end_stream(), "it has ended and does not say so");
                assert!(
                    body.as_mut().poll_frame(&mut context).is_ready(),
                    "it ends once"
                );
                return seen;
            }
            Poll::Ready(Some(frame)) => {
                assert!(!ended, "it said that nothing comes");
                match frame {
                    Err(BodyError::Rejected(rejection)) => seen.push(rejection.code().into()),
                    Err(error @ BodyError::Unreadable(_)) => {
                        assert!(error.source().is_some());
                        seen.push(format!("{error}"));
                    }
                    Ok(frame) => match frame.into_data() {
                        Ok(data) => {
                            assert!(hint.is_none_or(|hint| hint >= data.len() as u64));
                            seen.push(String::from_utf8(data.to_vec()).unwrap());
                        }
                        Err(frame) => {
                            assert_eq!(frame.into_trailers().unwrap(), trailers());
                            seen.push("trailers".into());
                        }
                    },
                }
            }
        }
    }
}

fn streamed(steps: Vec<Step>, signed: Option<&str>) -> Vec<String> {
    read(VerifiedBody::streamed(
        Script(steps.into()),
        signed.map(check_of),
    ))
}

#[test]
fn a_body_without_a_hash_passes_untouched() {
    let steps = vec![Data("a"), Wait, Data(""), Data("bc"), Trailers];
    assert_eq!(streamed(steps, None), ["a", "wait", "", "bc", "trailers"]);
    let steps = vec![Data("a"), Break];
    assert_eq!(streamed(steps, None), ["a", "the body could not be read"]);
}

#[test]
fn a_body_that_is_what_was_signed_arrives_whole() {
    let cases = [
        (vec![Data("abc")], vec!["abc"]),
        (vec![Data("a"), Data("b"), Data("c")], vec!["a", "b", "c"]),
        (
            vec![Data(""), Data("ab"), Wait, Data("c"), Data("")],
            vec!["wait", "ab", "c"],
        ),
        (vec![Data("abc"), Trailers], vec!["abc", "trailers"]),
    ];
    for (steps, expected) in cases {
        assert_eq!(streamed(steps, Some("abc")), expected);
    }
    assert_eq!(streamed(vec![], Some("")), Vec::<String>::new());
    assert_eq!(streamed(vec![Data("")], Some("")), Vec::<String>::new());
    assert_eq!(streamed(vec![Trailers], Some("")), ["trailers"]);
}

#[test]
fn another_body_ends_in_an_error_in_place_of_its_last_piece() {
    let wrong = "body_hash_invalid";
    let cases = [
        (vec![Data("abd")], vec![wrong]),
        (vec![Data("ab"), Data("d")], vec!["ab", wrong]),
        (
            vec![Data("a"), Data("b"), Wait, Data("d"), Trailers],
            vec!["a", "wait", "b", wrong],
        ),
        (
            vec![Data("ab"), Data("c"), Data("d")],
            vec!["ab", "c", wrong],
        ),
        (vec![Data("ab")], vec![wrong]),
        (vec![], vec![wrong]),
        (vec![Trailers], vec![wrong]),
        (
            vec![Data("ab"), Data("c"), Break],
            vec!["ab", "the body could not be read"],
        ),
    ];
    for (steps, expected) in cases {
        assert_eq!(streamed(steps, Some("abc")), expected);
    }
}

#[test]
fn the_length_is_that_of_what_is_still_to_come() {
    let body = VerifiedBody::streamed(
        Script([Data("abc"), Data("d")].into()),
        Some(check_of("abcd")),
    );
    let mut body = Box::pin(body);
    assert_eq!(body.size_hint().exact(), Some(4));
    let mut context = Context::from_waker(core::task::Waker::noop());
    assert!(body.as_mut().poll_frame(&mut context).is_ready());
    // One piece is held.
    assert_eq!(body.size_hint().exact(), Some(1));
}

#[test]
fn a_form_that_was_read_is_given_as_it_was() {
    let form = |bytes: &'static str, trailers| {
        let bytes = Bytes::from_static(bytes.as_bytes());
        VerifiedBody::<Script>::read(Form { bytes, trailers })
    };
    assert_eq!(form("a=1", None).size_hint().exact(), Some(3));
    assert_eq!(read(form("a=1", None)), ["a=1"]);
    assert_eq!(read(form("a=1", Some(trailers()))), ["a=1", "trailers"]);
    assert!(form("", None).is_end_stream());
    assert_eq!(read(form("", Some(trailers()))), ["trailers"]);
}
