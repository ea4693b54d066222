use serde_json::json;

use super::assert_one_line;
use crate::{
    explain::transcript::{curl, har, http, shell},
    order::flags::Given,
    problem::Failure,
};

/// A request, taken out of what it was read into.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    method: String,
    url: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Option<Vec<u8>>,
}

impl Read {
    fn of(given: &Given) -> Self {
        let request = given.request();
        Self {
            method: request.method.into(),
            url: request.url.into(),
            headers: given.headers.clone(),
            body: request.body.map(<[u8]>::to_vec),
        }
    }
}

/// The request; an error that can be shown is none.
fn read(result: Result<Given, Failure>) -> Option<Read> {
    match result {
        Ok(given) => Some(Read::of(&given)),
        Err(Failure::Failed(message) | Failure::Usage(message)) => {
            assert_one_line(&message);
            None
        }
        Err(other) => panic!("{other:?}"),
    }
}

/// Input: a curl command.
pub(super) fn check_curl(input: &[u8]) {
    let Ok(command) = core::str::from_utf8(input) else {
        return;
    };
    // Without what only some shells have, its words are those of the crate that splits for POSIX.
    if !command.contains("$'") {
        let words = shell::words(command).ok();
        assert_eq!(words, shlex::split(command), "{command}");
    }
    let Some(request) = read(curl::read(command)) else {
        return;
    };
    assert!(request.url.contains("://"));
    let mut words = vec!["curl".into(), "-X".into(), quoted(&request.method)];
    for (name, value) in &request.headers {
        let value = core::str::from_utf8(value).expect("of text");
        words.extend(["-H".into(), quoted(&format!(" {name}: {value}"))]);
    }
    if let Some(body) = &request.body {
        let body = core::str::from_utf8(body).expect("of text");
        words.extend(["--data-raw".into(), quoted(body)]);
    }
    words.extend(["--url".into(), quoted(&request.url)]);
    let written = words.join(" ");
    // Taken for a command of another shell, as that which was read was not.
    if !written.contains("^\"") {
        assert_eq!(read(curl::read(&written)), Some(request), "{written}");
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// Input: a raw request.
pub(super) fn check_http(input: &[u8]) {
    let Some(mut request) = read(http::read(input, "https")) else {
        return;
    };
    assert!(!request.method.is_empty());
    assert!(!request.headers.iter().any(|(_, value)| {
        let control = |byte: &u8| byte.is_ascii_control() && *byte != b'\t';
        value.iter().any(control)
    }));
    request
        .headers
        .retain(|(name, _)| !name.eq_ignore_ascii_case("content-length"));
    let body = request.body.clone().unwrap_or_default();
    let mut written = format!(
        "{} {} HTTP/1.1\r\nContent-Length: {}\r\n",
        request.method,
        request.url,
        body.len()
    )
    .into_bytes();
    for (name, value) in &request.headers {
        written.extend_from_slice(&[name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    written.extend_from_slice(b"\r\n");
    written.extend_from_slice(&body);
    // A host is taken as it stands, though no URL could have it; a line that begins with a star is one
    // that curl tells.
    let is_url = request.url.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_url || request.url.starts_with('/') || request.method == "*" {
        return;
    }
    // It may have had as many headers as there may be, and no length among them.
    if request.headers.len() > 120 {
        return;
    }
    let mut again = read(http::read(&written, "http")).expect("it is a request");
    again
        .headers
        .retain(|(name, _)| !name.eq_ignore_ascii_case("content-length"));
    assert_eq!(again, request);
}

/// Input: an archive.
pub(super) fn check_har(input: &[u8]) {
    let signed = read(har::read(input, None));
    let first = read(har::read(input, Some(0)));
    assert!(signed.is_none() || first.is_some());
    for (request, number) in [(signed, None), (first, Some(0))] {
        let Some(request) = request else { continue };
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("of text");
        let pair = |(name, value): &(String, Vec<u8>)| json!({"name": name, "value": text(value)});
        let mut written = json!({
            "method": request.method,
            "url": request.url,
            "headers": request.headers.iter().map(pair).collect::<Vec<_>>(),
        });
        if let Some(body) = &request.body {
            written["postData"] = json!({"text": text(body)});
        }
        // One request, one entry, and one among others are the same.
        let entry = json!({ "request": written.clone() });
        let whole = json!({"log": {"entries": [entry.clone(), entry.clone()]}});
        for written in [written, entry, whole] {
            let again = read(har::read(written.to_string().as_bytes(), number));
            assert_eq!(again.as_ref(), Some(&request), "{written}");
        }
    }
}
