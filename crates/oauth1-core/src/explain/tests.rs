extern crate std;

use alloc::{
    borrow::ToOwned,
    format,
    string::{String, ToString as _},
    vec,
    vec::Vec,
};
use std::fs;

use serde_json::Value as Json;

use super::*;
use crate::{BaseString, Target, request::Body};

mod bounds;
mod candidates;
mod keys;
mod pairs;
mod search;
mod steps;
mod told;
mod vectors;

/// A request as a file or a test has it, in memory of its own.
#[derive(Clone, Default)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) form: Option<String>,
    pub(super) body: Option<String>,
    pub(super) params: Vec<(String, String)>,
    pub(super) fields: Vec<(String, String)>,
    pub(super) realm: Option<String>,
    pub(super) fragment: Option<String>,
    pub(super) sent_signature: Option<String>,
    pub(super) client_secret: String,
    pub(super) token_secret: String,
}

impl Asked {
    pub(super) fn get(url: &str) -> Self {
        Self {
            method: "GET".into(),
            url: url.into(),
            params: [
                ("oauth_consumer_key", "dpf43f3p2l4k3l03"),
                ("oauth_token", "nnch734d00sl2jdk"),
                ("oauth_signature_method", "HMAC-SHA1"),
                ("oauth_timestamp", "137131202"),
                ("oauth_nonce", "chapoH"),
            ]
            .map(|(name, value)| (name.into(), value.into()))
            .into(),
            client_secret: "kd94hf93k423kf44".into(),
            token_secret: "pfkkdhi9sl3r4s00".into(),
            ..Self::default()
        }
    }

    /// What a JSON object of a vector says.
    pub(super) fn of(case: &Json) -> Self {
        let text = |field: &str| case[field].as_str().map(ToOwned::to_owned);
        let pairs = |field: &str| {
            let list = case[field].as_array().cloned().unwrap_or_default();
            let text = |pair: &Json, at: usize| pair[at].as_str().unwrap().to_owned();
            list.iter()
                .map(|pair| (text(pair, 0), text(pair, 1)))
                .collect()
        };
        let is_form = text("content_type")
            .is_some_and(|content_type| crate::content_type::is_form(content_type.as_bytes()));
        let body = text("body");
        let (form, body) = if is_form { (body, None) } else { (None, body) };
        Self {
            method: text("method").unwrap(),
            url: text("url").unwrap(),
            form,
            body,
            params: pairs("oauth_params"),
            fields: pairs("body_fields"),
            realm: text("realm"),
            fragment: text("fragment"),
            sent_signature: text("sent_signature"),
            client_secret: text("client_secret").unwrap_or_default(),
            token_secret: text("token_secret").unwrap_or_default(),
        }
    }

    pub(super) fn ask<T>(&self, then: impl FnOnce(&Question<'_>, &Keys<'_>) -> T) -> T {
        let target = Target::parse(&self.url).unwrap();
        let body = match (&self.form, &self.body) {
            (Some(form), _) => Body::Form(form.as_bytes()),
            (None, Some(body)) => Body::Opaque(body.as_bytes()),
            (None, None) => Body::None,
        };
        let request = RequestView::new(&self.method, target).with(body);
        let mut params: Vec<_> = pairs_of(&self.params);
        if let Some(signature) = &self.sent_signature {
            params.push(Parameter::new("oauth_signature", signature));
        }
        let fields = pairs_of(&self.fields);
        let mut question = Question::new(request, &params).with_body_fields(&fields);
        if let Some(realm) = &self.realm {
            question = question.with_realm(realm);
        }
        if let Some(fragment) = &self.fragment {
            question = question.with_fragment(fragment);
        }
        let keys = Keys::shared(&*self.client_secret, &*self.token_secret);
        then(&question, &keys)
    }

    pub(super) fn explain(&self, expected: &Expected<'_>, limits: &Limits) -> Explanation {
        self.ask(|question, keys| question.explain(keys, expected, limits).unwrap())
    }
}

fn pairs_of(list: &[(String, String)]) -> Vec<Parameter<'_>> {
    let pairs = list.iter();
    pairs
        .map(|(name, value)| Parameter::new(name, value))
        .collect()
}

pub(super) fn codes_of(causes: &[Cause]) -> Vec<&'static str> {
    causes.iter().map(|cause| cause.code()).collect()
}

#[test]
fn the_codes_are_those_of_the_interface() {
    let mut expected: Vec<&str> = "query-omitted query-doubled form-omitted json-body-included \
        sorted-before-encoding unsorted sorted-as-joined-pairs plus-for-space-in-value \
        space-as-plus-in-base double-encoded not-encoded-twice lowercase-hex reserved-left-raw \
        tilde-encoded port-kept port-dropped host-case-kept scheme-http scheme-https \
        trailing-slash path-decoded path-double-encoded fragment-kept method-lowercase \
        realm-included signature-included empty-token-sent empty-token-omitted version-implied \
        version-omitted secret-not-encoded secrets-swapped no-trailing-ampersand \
        token-secret-omitted client-secret-only secret-has-whitespace wrong-digest \
        duplicates-dropped empty-value-dropped body-hash-included body-hash-omitted \
        latin1-encoding callback-not-encoded timestamp-milliseconds double-decoded"
        .split_ascii_whitespace()
        .collect();
    let mut codes = codes();
    codes.sort_unstable();
    expected.sort_unstable();
    assert_eq!(codes, expected);
    assert_eq!(codes.len(), 45);
    for deviation in deviations::all() {
        let texts = [deviation.message, deviation.rule, deviation.fix];
        assert!(
            texts.iter().all(|text| text.len() > 10),
            "{}",
            deviation.code
        );
        assert!(deviation.fix.ends_with('.') && !deviation.message.ends_with('.'));
        assert!(
            deviation.rule.starts_with("RFC 5849 section"),
            "{}",
            deviation.code
        );
        assert!((1..=deviation.variants).contains(&deviation.deep));
    }
}

#[test]
fn the_model_without_a_deviation_writes_what_the_core_writes() {
    let folder = "../../tests/vectors/requests";
    let mut count = 0;
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let vector: Json = serde_json::from_str(&text).unwrap();
        let url = vector["url"].as_str().unwrap();
        let target = Target::parse(url).unwrap();
        let body = vector["body"].as_str();
        let is_form = vector["content_type"]
            .as_str()
            .is_some_and(|text| crate::content_type::is_form(text.as_bytes()));
        let body = match body {
            Some(body) if is_form => Body::Form(body.as_bytes()),
            Some(body) => Body::Opaque(body.as_bytes()),
            None => Body::None,
        };
        let request = RequestView::new(vector["method"].as_str().unwrap(), target).with(body);
        let params = [
            Parameter::new("oauth_nonce", "a b\u{e9}~"),
            Parameter::new("oauth_x", ""),
            Parameter::new("a", "*"),
        ];
        let mut slots = Vec::new();
        let expected = BaseString::of(&request, &params, &mut slots).unwrap();
        let question = Question::new(request, &params);
        let text = format!("{expected}");
        let answer = question
            .explain(
                &Keys::UNKNOWN,
                &Expected::NONE.with_base_string(text.as_bytes()),
                &Limits::PERSON,
            )
            .unwrap();
        assert_eq!(answer.base_string(), text, "{url}");
        assert!(answer.matches() && answer.tried() == 1, "{url}");
        count += 1;
    }
    assert_eq!(count, 119);
}

#[test]
fn first_differences_name_what_differs() {
    for (ours, theirs, expected) in [
        ("GET&u&a%3D1", "POST&u&a%3D1", (0, "GET", "POST", None)),
        (
            "GET&http%3A&a%3D1",
            "GET&https%3A&a%3D1",
            (8, "http%3A", "https%3A", None),
        ),
        (
            "GET&u&a%3D1%26b%3D2",
            "GET&u&b%3D2",
            (6, "a%3D1", "b%3D2", Some("a")),
        ),
        (
            "GET&u&b%3D2",
            "GET&u&a%3D1%26b%3D2",
            (6, "b%3D2", "a%3D1", Some("a")),
        ),
        // At the end of ours, what follows in theirs is what differs.
        (
            "GET&u&a%3D1",
            "GET&u&a%3D1%26b%2520%3D",
            (11, "", "b%2520%3D", Some("b ")),
        ),
        (
            "GET&u&a%3D1",
            "GET&u&a%3D12",
            (11, "a%3D1", "a%3D12", Some("a")),
        ),
        (
            "GET&u&a%3D1",
            "GET&u&a%3D2",
            (10, "a%3D1", "a%3D2", Some("a")),
        ),
        ("GET&u&", "GET&u&a%3D2", (6, "", "a%3D2", Some("a"))),
        (
            "GET&u&a%3D1%26b%2520%3D",
            "GET&u&a%3D1",
            (11, "b%2520%3D", "", Some("b ")),
        ),
        // A value that goes on where the other's ends is what differs, and no pair behind it.
        (
            "GET&u&a%3D12",
            "GET&u&a%3D1%26b%3D2",
            (11, "a%3D12", "a%3D1", Some("a")),
        ),
        (
            "GET&u&a%3D1%26b%3D2",
            "GET&u&a%3D12",
            (11, "a%3D1", "a%3D12", Some("a")),
        ),
        (
            "GET&u&a%3D1",
            "GET&u&b%3D2",
            (6, "a%3D1", "b%3D2", Some("a")),
        ),
        // Some forget to encode an `&`.
        (
            "GET&u&a%3D1%26b%3D2&c",
            "GET&u&a%3D1%26b%3D3&c",
            (18, "b%3D2", "b%3D3", Some("b")),
        ),
    ] {
        let found = difference::first(ours, theirs).unwrap();
        let parameter = found.parameter.as_deref();
        let shown = (found.offset, &*found.ours, &*found.theirs, parameter);
        assert_eq!(shown, expected, "{ours} {theirs}");
    }
    assert_eq!(difference::first("GET&u&", "GET&u&"), None);
}

#[test]
fn what_no_deviation_makes_is_shown_parameter_by_parameter() {
    let asked = Asked::get("https://api.example.com/photos?size=original&file=a%20b");
    let theirs = "PUT&https%3A%2F%2Fapi.example.com%2Fphoto&extra%3D1%26file%3Da%2520b%26\
        oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3Dother%26\
        oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131202%26\
        oauth_token%3Dnnch734d00sl2jdk";
    let expected = Expected::NONE.with_base_string(theirs.as_bytes());
    let found = asked.explain(&expected, &Limits::PERSON);
    assert!(!found.is_found() && found.causes().is_empty() && found.is_complete());
    assert!(!found.base_string_agrees());
    let text = |text: &str| String::from(text);
    assert_eq!(
        found.differences(),
        [
            Difference::Method {
                ours: text("GET"),
                theirs: text("PUT")
            },
            Difference::Uri {
                ours: text("https://api.example.com/photos"),
                theirs: text("https://api.example.com/photo"),
            },
            Difference::Changed {
                name: text("oauth_nonce"),
                ours: text("chapoH"),
                theirs: text("other"),
            },
            Difference::Missing {
                name: text("size"),
                value: text("original")
            },
            Difference::Added {
                name: text("extra"),
                value: text("1")
            },
        ]
    );
    assert!(
        found.advice().contains("same attempt"),
        "{}",
        found.advice()
    );
    assert_eq!(
        difference::all("GET&u&a%3D1%26b%3D2", "GET&u&b%3D2%26a%3D1"),
        [Difference::Order]
    );
    assert_eq!(
        difference::all("GET&u&a%3D1", "GET?"),
        [Difference::Malformed]
    );
}

#[test]
fn nothing_that_is_shown_holds_a_secret() {
    let mut asked = Asked::get("https://api.example.com/photos?a=1");
    asked
        .params
        .retain(|(name, _)| name != "oauth_signature_method");
    asked
        .params
        .push(("oauth_signature_method".into(), "PLAINTEXT".into()));
    asked.sent_signature = Some("kd94hf93k423kf44&pfkkdhi9sl3r4s00x".into());
    let shown = asked.ask(|question, keys| {
        let expected = question.expected();
        let found = question.explain(keys, &expected, &Limits::PERSON).unwrap();
        assert_eq!(
            format!("{question:?} {expected:?} {keys:?}"),
            "Question { method: \"GET\", target: Target(https://api.example.com/photos?a=1), \
             realm: None, .. } Expected { .. } Keys(..)"
        );
        format!("{found:?} {found} {}", found.base_string())
    });
    assert!(
        !shown.contains("kd94") && !shown.contains("pfkk"),
        "{shown}"
    );
    assert!(
        shown.contains("no known deviation explains it ("),
        "{shown}"
    );
}

#[test]
fn the_guide_lists_every_code() {
    let guide = fs::read_to_string("../../docs/guides/invalid-signature.md").unwrap();
    let (_, table) = guide.split_once("## The codes").unwrap();
    for code in codes() {
        let mut all = deviations::all().filter(|deviation| deviation.code == code);
        let listed = all.any(|deviation| {
            let message = deviation.message;
            let message = message.strip_prefix("the other side ").unwrap_or(message);
            table.contains(&format!("| `{code}` | {message} |"))
        });
        assert!(listed, "{code}");
    }
    assert_eq!(table.matches("\n| `").count(), codes().len());
    assert!(guide.contains(&format!("knows {} deviations", codes().len())));
}

#[test]
fn a_server_asks_with_what_it_has() {
    let target = Target::parse("https://api.example.com/search?startIndex=0").unwrap();
    let request = RequestView::new("POST", target);
    // Signed without the query.
    let pairs = "oauth_consumer_key=dpf43f3p2l4k3l03&oauth_nonce=chapoH&oauth_timestamp=137131202&\
        oauth_signature_method=HMAC-SHA1&oauth_signature=918%2B92e71X9v9BUDXkXp%2ByB0YnI%3D";
    let header = format!("OAuth {}\"", pairs.replace('=', "=\"").replace('&', "\", "));
    let in_header = Question::received(request, header.as_bytes()).unwrap();
    let in_form = Question::received(request.with_form(pairs.as_bytes()), b"Basic x").unwrap();
    let secrets = crate::SharedSecrets::of_client("kd94hf93k423kf44");
    for question in [in_header, in_form] {
        let expected = question.expected();
        let why = question
            .explain(&Keys::from(&secrets), &expected, &Limits::SERVER)
            .unwrap();
        assert!(why.to_string().starts_with("query-omitted ("), "{why}");
    }
    assert!(Question::received(request, b"OAuth a=b").is_err());
}
