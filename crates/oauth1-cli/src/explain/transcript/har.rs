//! An HTTP archive, version 1.2, as browsers and proxies save it.

use serde::Deserialize;

use crate::{explain::is_signed, order::flags::Given, problem::Failure};

#[derive(Deserialize)]
#[serde(untagged)]
enum Archive {
    Whole { log: Log },
    Entry(Entry),
    Request(Request),
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Header>,
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default)]
    mime_type: String,
    text: Option<String>,
    #[serde(default)]
    params: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

/// Reads an archive: the entry of that number, or the first that is signed.
pub(crate) fn read(text: &[u8], number: Option<usize>) -> Result<Given, Failure> {
    // Some programs put a byte order mark before it.
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let archive = serde_json::from_slice(text).map_err(|_| {
        Failure::Failed(
            "this is no HAR archive: {\"log\": {\"entries\": [...]}}, or one of its entries".into(),
        )
    })?;
    let entries = match archive {
        Archive::Whole { log } => log.entries.into_iter().map(|entry| entry.request).collect(),
        Archive::Entry(entry) => vec![entry.request],
        Archive::Request(request) => vec![request],
    };
    let count = entries.len();
    let mut entries = entries.into_iter();
    let request = match number {
        Some(number) => entries.nth(number).ok_or_else(|| {
            Failure::usage(format!(
                "--entry {number}: entries are counted from 0, and there are {count}"
            ))
        })?,
        None => entries.find(Request::is_signed).ok_or_else(|| {
            Failure::Failed(format!(
                "no entry of {count} is signed with OAuth 1: its header, query or form would say so"
            ))
        })?,
    };
    Ok(request.into())
}

impl Request {
    fn is_signed(&self) -> bool {
        let in_header = self.headers.iter().any(|header| {
            let scheme = header.value.trim_start().get(..5);
            header.name.eq_ignore_ascii_case("authorization")
                && scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("OAuth"))
        });
        let query = self.url.split_once('?').map_or("", |(_, query)| query);
        let body = self
            .post_data
            .as_ref()
            .and_then(|data| data.text.as_deref());
        in_header || is_signed(query.as_bytes()) || is_signed(body.unwrap_or_default().as_bytes())
    }
}

impl From<Request> for Given {
    fn from(request: Request) -> Self {
        let mut headers: Vec<_> = request
            .headers
            .into_iter()
            .map(|header| (header.name, header.value.into_bytes()))
            .collect();
        let body = request.post_data.map(|data| {
            let has_type = headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            if !has_type && !data.mime_type.is_empty() {
                headers.push(("Content-Type".into(), data.mime_type.into_bytes()));
            }
            // Where there is no text, the pairs are there, not encoded.
            data.text.unwrap_or_else(|| {
                let encode = |text: &str| oauth1_core::percent::encode(text).to_string();
                let pairs = data.params.iter();
                let pairs: Vec<_> = pairs
                    .map(|pair| format!("{}={}", encode(&pair.name), encode(&pair.value)))
                    .collect();
                pairs.join("&")
            })
        });
        let body = body.map(String::into_bytes);
        Self::taken_down(request.method, request.url, headers, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_signed_entry_is_taken() {
        let signed = r#"{"request": {"method": "POST", "url": "https://a.example/", "headers":
            [{"name": "authorization", "value": "OAuth oauth_nonce=\"1\""}], "postData":
            {"mimeType": "application/x-www-form-urlencoded", "params":
            [{"name": "a b", "value": "1"}, {"name": "c"}]}}}"#;
        let other = r#"{"request": {"method": "GET", "url": "https://a.example/x"}}"#;
        let archive = format!(r#"{{"log": {{"version": "1.2", "entries": [{other}, {signed}]}}}}"#);
        let marked = format!("\u{feff}{archive}");
        for text in [archive.as_str(), &marked, signed] {
            let given = read(text.as_bytes(), None).unwrap();
            assert_eq!(given.request().body, Some(&b"a%20b=1&c="[..]));
            assert!(given.request().content_type.is_some());
        }
        let given = read(archive.as_bytes(), Some(0)).unwrap();
        assert_eq!(given.request().url, "https://a.example/x");
        assert!(read(archive.as_bytes(), Some(2)).is_err());
        assert!(read(other.as_bytes(), None).is_err());
        assert!(read(b"{}", None).is_err());
    }
}
