//! Reading the server's answers: forms, as sections 2.1 and 2.3 have them, and JSON objects, which
//! some servers send.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

use ::http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use zeroize::Zeroizing;

use super::{FlowError, Parameters, REPLY_LIMIT, address::form_of};
use crate::{credentials::Secret, form, problem::Problem};

/// Refuses all but 200, which alone means success (sections 2.1 and 2.3), and an answer that is too
/// long.
pub(super) fn accept(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), FlowError> {
    if status != StatusCode::OK {
        let problem = Problem::from_headers(headers);
        let problem = problem
            .or_else(|| Problem::from_form(body.trim_ascii()))
            .map(Box::new);
        return Err(FlowError::Refused { status, problem });
    }
    let limit = REPLY_LIMIT;
    if body.len() > limit {
        return Err(FlowError::TooLong { limit });
    }
    Ok(())
}

/// The pairs of an answer, of which the known ones are taken out. Wiped when dropped.
pub(super) struct Reply(Vec<(String, Zeroizing<String>)>);

impl Reply {
    pub(super) fn read(
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Self, FlowError> {
        accept(status, headers, body)?;
        let reply = Self::parse(headers, body)?;
        // Some servers refuse with status 200.
        match reply.problem() {
            None => Ok(reply),
            problem => Err(FlowError::Refused { status, problem }),
        }
    }

    fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, FlowError> {
        let body = body.trim_ascii();
        // What a server calls its form is seldom what it is: only JSON is taken at its word.
        if says_json(headers) || body.first() == Some(&b'{') {
            Self::of_json(body)
        } else {
            Self::of_form(body)
        }
    }

    /// Strictly: what is no form is no form with nothing in it either.
    pub(super) fn of_form(text: &[u8]) -> Result<Self, FlowError> {
        if core::str::from_utf8(text).is_err() {
            return Err(FlowError::NotUtf8);
        }
        let is_page = text.first() == Some(&b'<') || text.iter().any(u8::is_ascii_control);
        if is_page || !text.contains(&b'=') || form::find_broken_escape(text).is_some() {
            return Err(FlowError::NotForm);
        }
        form::pairs(text)
            .map(|(name, value)| {
                let name = name.to_str().ok_or(FlowError::NotUtf8)?;
                let value = value.to_str().ok_or(FlowError::NotUtf8)?;
                Ok((name.into_owned(), Zeroizing::new(value.into_owned())))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn of_json(text: &[u8]) -> Result<Self, FlowError> {
        if core::str::from_utf8(text).is_err() {
            return Err(FlowError::NotUtf8);
        }
        serde_json::from_slice(text).map_err(|_| FlowError::NotForm)
    }

    /// Takes a parameter out, if it is there.
    pub(super) fn take(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Zeroizing<String>>, FlowError> {
        let mut found = None;
        while let Some(at) = self.0.iter().position(|pair| pair.0 == name) {
            if found.replace(self.0.remove(at).1).is_some() {
                return Err(FlowError::Duplicate(name));
            }
        }
        Ok(found)
    }

    /// Takes out a parameter that must be there and not be empty.
    pub(super) fn require(&mut self, name: &'static str) -> Result<String, FlowError> {
        match self.take(name)? {
            Some(mut value) if !value.is_empty() => Ok(core::mem::take(&mut *value)),
            _ => Err(FlowError::Missing(name)),
        }
    }

    /// Takes out a secret that must be there: it may be empty, as with servers that verify RSA.
    pub(super) fn secret(&mut self, name: &'static str) -> Result<Secret<'static>, FlowError> {
        let mut value = self.take(name)?.ok_or(FlowError::Missing(name))?;
        Ok(Secret::from(core::mem::take(&mut *value)))
    }

    /// Takes out a number of seconds.
    pub(super) fn seconds(&mut self, name: &'static str) -> Result<Option<u64>, FlowError> {
        let Some(value) = self.take(name)? else {
            return Ok(None);
        };
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        match value.parse() {
            Ok(seconds) if digits => Ok(Some(seconds)),
            _ => Err(FlowError::Malformed(name)),
        }
    }

    fn problem(&self) -> Option<Box<Problem>> {
        let mut names = self.0.iter().map(|pair| pair.0.as_str());
        if !names.any(|name| name == "oauth_problem") {
            return None;
        }
        let pairs = self.0.iter();
        let form = form_of(pairs.map(|(name, value)| (name.as_str(), value.as_str())));
        Problem::from_form(form.as_bytes()).map(Box::new)
    }

    /// What nobody has taken.
    pub(super) fn rest(self) -> Parameters {
        let plain =
            |(name, mut value): (String, Zeroizing<String>)| (name, core::mem::take(&mut *value));
        Parameters(self.0.into_iter().map(plain).collect())
    }
}

fn says_json(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).map_or(&b""[..], |v| v.as_bytes());
    let end = value
        .iter()
        .position(|&byte| byte == b';')
        .unwrap_or(value.len());
    let media_type = value[..end].trim_ascii().to_ascii_lowercase();
    media_type == b"application/json" || media_type.ends_with(b"+json")
}

/// An object, whose members stay in their order, and stay two where a name is there twice. Numbers and
/// truth values are taken as their texts; `null` is no value; what is a structure itself is kept as
/// the JSON text that it is.
impl<'de> Deserialize<'de> for Reply {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Reply;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Reply, A::Error> {
                let mut pairs = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, serde_json::Value>()? {
                    let value = match value {
                        serde_json::Value::Null => continue,
                        serde_json::Value::String(text) => text,
                        other => other.to_string(),
                    };
                    pairs.push((name, Zeroizing::new(value)));
                }
                Ok(Reply(pairs))
            }
        }
        deserializer.deserialize_map(Object)
    }
}
