//! A raw request of HTTP/1.1 (RFC 9112).

use alloc::borrow::Cow;

use crate::{order::flags::Given, problem::Failure};

/// How many headers a request may have that somebody pastes.
const HEADERS: usize = 128;

/// Reads a request. `scheme` is what the request does not say, unless its target is a whole URI.
pub(crate) fn read(text: &[u8], scheme: &str) -> Result<Given, Failure> {
    // What is pasted may begin with empty lines, and end with the headers.
    let mut whole = unfolded(&with_version(&sent(text.trim_ascii_start())));
    let text_length = whole.len();
    whole.extend_from_slice(b"\n\n");
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let length = match request.parse(&whole) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => {
            return Err(Failure::Failed(
                "there is no request: nothing was given".into(),
            ));
        }
        Err(error) => {
            return Err(Failure::Failed(format!(
                "this is no request of HTTP/1.1 (\"GET /path HTTP/1.1\", headers, an empty line, \
                 the body): {error}"
            )));
        }
    };
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|header| (header.name.to_owned(), header.value.to_vec()))
        .collect();
    let value = |name: &str| {
        let mut headers = headers.iter();
        let header = headers.find(|(other, _)| other.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_slice())
    };
    let target = request.path.unwrap_or("/");
    let url = if target.starts_with('/') {
        let host = value("host").map(String::from_utf8_lossy);
        let host = host.ok_or_else(|| {
            Failure::Failed("the request has no Host header: add one, or give a whole URL".into())
        })?;
        format!("{scheme}://{host}{target}")
    } else {
        target.to_owned()
    };
    if value("transfer-encoding").is_some() {
        return Err(Failure::Failed(
            "the body is in pieces (Transfer-Encoding): give it whole, without that header".into(),
        ));
    }
    let mut body = whole.get(length..text_length).unwrap_or_default();
    let stated = value("content-length").and_then(|text| core::str::from_utf8(text).ok());
    match stated.and_then(|text| text.trim().parse::<usize>().ok()) {
        Some(length) if length <= body.len() => body = &body[..length],
        // An editor ends the last line.
        _ => {
            body = body.strip_suffix(b"\n").unwrap_or(body);
            body = body.strip_suffix(b"\r").unwrap_or(body);
        }
    }
    let body = (!body.is_empty()).then(|| body.to_vec());
    let method = request.method.unwrap_or("GET").to_owned();
    Ok(Given::taken_down(method, url, headers, body))
}

/// What was sent, where it is what `curl -v` tells: the lines that begin with `>`. It shows no body.
fn sent(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.starts_with(b"> ") && !text.starts_with(b"* ") {
        return text.into();
    }
    let mut head = Vec::with_capacity(text.len());
    let lines = text.split_inclusive(|&byte| byte == b'\n');
    for line in lines.filter_map(|line| line.strip_prefix(b">")) {
        let line = line.strip_prefix(b" ").unwrap_or(line);
        head.extend_from_slice(line);
        if line.trim_ascii().is_empty() {
            // Others may follow, of a redirect, say.
            break;
        }
    }
    head.into()
}

/// Browsers show the requests of later versions in the form of this one. Their first line alone differs.
fn with_version(text: &[u8]) -> Vec<u8> {
    let end = text.iter().position(|&byte| byte == b'\n');
    let (line, rest) = text.split_at(end.unwrap_or(text.len()));
    for version in [" HTTP/2", " HTTP/2.0", " HTTP/3"] {
        if let Some(line) = line.trim_ascii_end().strip_suffix(version.as_bytes()) {
            return [line, b" HTTP/1.1", rest].concat();
        }
    }
    text.to_vec()
}

/// Headers that were broken into lines, as people break them to be read, in one line each.
fn unfolded(text: &[u8]) -> Vec<u8> {
    let is_end = |at: usize| {
        let rest = &text[at..];
        rest.starts_with(b"\n\n") || rest.starts_with(b"\n\r\n")
    };
    let end = (0..text.len()).find(|&at| is_end(at));
    let (head, rest) = text.split_at(end.unwrap_or(text.len()));
    let is_folded =
        |at: usize| head.get(at) == Some(&b'\n') && matches!(head.get(at + 1), Some(b' ' | b'\t'));
    let mut whole = Vec::with_capacity(text.len());
    for (at, &byte) in head.iter().enumerate() {
        // The blank that follows stays.
        let is_dropped = is_folded(at) || byte == b'\r' && is_folded(at + 1);
        if !is_dropped {
            whole.push(byte);
        }
    }
    whole.extend_from_slice(rest);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_it_is_pasted() {
        let text =
            "\nPOST /a?b=1 HTTP/1.1\nHost: example.com:8080\nContent-Type: text/plain\n\nbody\n";
        for (text, body) in [
            (text.to_owned(), "body"),
            (text.replace('\n', "\r\n"), "body"),
            (text.replace("HTTP/1.1", "HTTP/2"), "body"),
            (text.replace("\nContent", "\nA: b,\r\n\tc\nContent"), "body"),
            (
                text.replace("\n\nbody", "\nContent-Length: 3\n\nbody"),
                "bod",
            ),
        ] {
            let given = read(text.as_bytes(), "http").unwrap();
            let request = given.request();
            assert_eq!(request.method, "POST");
            assert_eq!(request.url, "http://example.com:8080/a?b=1");
            assert_eq!(request.content_type, Some(&b"text/plain"[..]));
            assert_eq!(request.body, Some(body.as_bytes()), "{text}");
        }
        let told = "> GET /x HTTP/2\r\n> Host: example.com\n> \n* one\n< HTTP/2 200\n\nbody\n";
        for told in [told.to_owned(), format!("* Trying 127.0.0.1:80...\n{told}")] {
            let given = read(told.as_bytes(), "https").unwrap();
            assert_eq!(given.request().url, "https://example.com/x");
            assert_eq!(given.request().body, None);
        }
        let given = read(b"GET https://example.com/x HTTP/1.1\nA: b", "http").unwrap();
        assert_eq!(given.request().url, "https://example.com/x");
        assert_eq!(given.request().body, None);
        let chunked = b"POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n1\nx\n0\n\n";
        assert!(read(chunked, "http").is_err());
        assert!(read(b"GET / HTTP/1.1\n\n", "http").is_err());
        assert!(read(b"\x00", "http").is_err());
        assert!(read(b"", "http").is_err());
    }
}
