//! `oauth1 parse`.

use alloc::borrow::Cow;

use oauth1_core::{
    Value,
    authorization::{AuthorizationHeader, HeaderParameter},
    form,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    arguments::ParseArguments,
    json::{self, Answer, Octets},
    page::{Page, printable},
    problem::{Code, Failure, Problem},
    source::Sources,
    stream::{self, Answerer},
};

pub(crate) fn run(arguments: &ParseArguments) -> Result<(), Failure> {
    if arguments.json {
        return stream::run(Lines);
    }
    let read;
    let parts = match (&arguments.query, &arguments.form, &arguments.header) {
        (Some(query), ..) => Parts::of_pairs(query.as_bytes(), "query")?,
        (_, Some(form), _) => Parts::of_pairs(form.as_bytes(), "form")?,
        (.., header) => {
            let header = header.as_deref().unwrap_or_default().as_bytes();
            let header = if header == b"-" {
                read = Sources::default().read("HEADER", "-")?;
                &read
            } else {
                header
            };
            Parts::of_header(value_of(header))?
        }
    };
    let mut page = Page::new();
    if let Some(scheme) = parts.scheme {
        let realm = parts
            .realm
            .as_deref()
            .map_or_else(|| "(none)".to_owned(), printable);
        page.table(&[
            ["scheme".to_owned(), printable(scheme)],
            ["realm".to_owned(), realm],
        ])?;
    }
    let is_plaintext = parts
        .pairs
        .iter()
        .any(|(name, value)| *name == "oauth_signature_method" && *value == "PLAINTEXT");
    let rows = parts.pairs.iter().map(|(name, value)| {
        let shown = if is_plaintext && *name == "oauth_signature" {
            format!("({} bytes: the secrets themselves, not shown)", value.len())
        } else {
            printable(&value.to_bytes())
        };
        [printable(&name.to_bytes()), shown]
    });
    page.heading("Parameters")?;
    page.table(&rows.collect::<Vec<_>>())?;
    Ok(())
}

/// What stands behind the name of the header, if it has one before it.
fn value_of(header: &[u8]) -> &[u8] {
    let header = header.trim_ascii();
    for name in ["authorization:", "www-authenticate:"] {
        match header.split_at_checked(name.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(name.as_bytes()) => {
                return rest.trim_ascii();
            }
            _ => {}
        }
    }
    header
}

/// What a header, a query or a form consists of.
struct Parts<'a> {
    scheme: Option<&'a [u8]>,
    realm: Option<Cow<'a, [u8]>>,
    pairs: Vec<(Value<'a>, Value<'a>)>,
}

impl<'a> Parts<'a> {
    fn of_header(value: &'a [u8]) -> Result<Self, Problem> {
        let malformed = |message: &str| Problem::new(Code::Malformed, message);
        let header = AuthorizationHeader::parse(value).ok_or_else(|| {
            malformed("the header is not of the scheme OAuth: it starts with \"OAuth \"")
        })?;
        let mut parts = Self {
            scheme: Some(header.scheme()),
            realm: None,
            pairs: Vec::new(),
        };
        for parameter in header.parameters() {
            match parameter.map_err(|error| malformed(&error.to_string()))? {
                HeaderParameter::Pair { name, value } => parts.pairs.push((name, value)),
                HeaderParameter::Realm(realm) => {
                    let bytes = realm.bytes().collect::<Vec<u8>>();
                    if parts.realm.replace(Cow::Owned(bytes)).is_some() {
                        return Err(malformed("the header has more than one realm"));
                    }
                }
            }
        }
        Ok(parts)
    }

    fn of_pairs(text: &'a [u8], what: &str) -> Result<Self, Problem> {
        if let Some(at) = form::find_broken_escape(text) {
            return Err(Problem::new(
                Code::Malformed,
                format!("a \"%\" without two hexadecimal digits (at byte {at} of the {what})"),
            ));
        }
        Ok(Self {
            scheme: None,
            realm: None,
            pairs: form::pairs(text).collect(),
        })
    }
}

/// The fields of a line: one of the three.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<'a> {
    #[serde(borrow, default, deserialize_with = "json::present")]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    header: Option<Octets<'a>>,
    query: Option<Octets<'a>>,
    form: Option<Octets<'a>>,
}

/// `oauth1 parse --json`.
pub(crate) struct Lines;

impl Answerer for Lines {
    fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Problem> {
        let fields: Fields<'_> = json::read(line)?;
        let parts = match (&fields.header, &fields.query, &fields.form) {
            (Some(header), None, None) => Parts::of_header(header.as_bytes())?,
            (None, Some(query), None) => Parts::of_pairs(query.as_bytes(), "query")?,
            (None, None, Some(form)) => Parts::of_pairs(form.as_bytes(), "form")?,
            _ => {
                return Err(Problem::field(
                    "expected one of the fields `header`, `query`, `form`",
                ));
            }
        };
        let mut answer = Answer::new(out, fields.id);
        answer.octets_or_null("scheme", parts.scheme);
        answer.octets_or_null("realm", parts.realm.as_deref());
        let pairs = parts
            .pairs
            .iter()
            .map(|(name, value)| (name.to_bytes(), value.to_bytes()));
        answer.pairs("params", pairs);
        answer.finish();
        Ok(())
    }
}
