//! `multipart/form-data` (RFC 7578).

use bytes::Bytes;
use oauth1_core::Nonce;

use super::content::{Content, Piece, bytes, file};
use crate::{
    problem::{Failure, Problem},
    source::Sources,
};

/// A part before its head is written.
struct Part<'a> {
    name: &'a str,
    file_name: Option<&'a str>,
    media_type: Option<&'a str>,
    content: Piece,
}

/// Of curl's `--form` and `--form-string`.
pub(super) fn content(
    forms: &[String],
    strings: &[String],
    sources: &mut Sources,
) -> Result<Content, Failure> {
    let mut parts = Vec::new();
    for form in forms {
        let (name, value) = pair("--form", form)?;
        let is_file = value.starts_with(['@', '<']);
        let (value, media_type) = match value.split_once(";type=") {
            Some((value, media_type)) if is_file => (value, Some(media_type)),
            _ => (value, None),
        };
        let (content, file_name) = match (value.strip_prefix('@'), value.strip_prefix('<')) {
            (Some(path), _) => (read(path, sources)?, Some(path)),
            (None, Some(path)) => (read(path, sources)?, None),
            (None, None) => (bytes(value.as_bytes()), None),
        };
        parts.push(Part {
            name,
            file_name,
            media_type,
            content,
        });
    }
    for string in strings {
        let (name, value) = pair("--form-string", string)?;
        parts.push(Part {
            name,
            file_name: None,
            media_type: None,
            content: bytes(value.as_bytes()),
        });
    }
    of_parts(parts)
}

/// Of HTTPie's items: texts, and files by `@`.
pub(super) fn of_items(
    texts: &[(String, String)],
    files: &[(String, String)],
    sources: &mut Sources,
) -> Result<Content, Failure> {
    let mut parts = Vec::new();
    for (name, text) in texts {
        parts.push(Part {
            name,
            file_name: None,
            media_type: None,
            content: bytes(text.as_bytes()),
        });
    }
    for (name, path) in files {
        parts.push(Part {
            name,
            file_name: Some(path),
            media_type: None,
            content: read(path, sources)?,
        });
    }
    of_parts(parts)
}

fn pair<'a>(option: &str, text: &'a str) -> Result<(&'a str, &'a str), Failure> {
    text.split_once('=')
        .ok_or_else(|| Failure::usage(format!("{option} {text}: expected NAME=CONTENT")))
}

fn read(path: &str, sources: &mut Sources) -> Result<Piece, Failure> {
    match path {
        "-" => Ok(bytes(&sources.read("--form", path)?)),
        path => file(path),
    }
}

fn of_parts(parts: Vec<Part<'_>>) -> Result<Content, Failure> {
    // 15 random bytes as text: no content has it by chance.
    let nonce = Nonce::random().map_err(Problem::from)?;
    let letters = nonce.as_str().bytes().filter(u8::is_ascii_alphanumeric);
    let boundary: String = "oauth1-".chars().chain(letters.map(char::from)).collect();
    let mut pieces = Vec::new();
    for part in parts {
        let mut head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
            escaped(part.name)
        );
        if let Some(path) = part.file_name {
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
            head.extend(["; filename=\"", &escaped(name), "\""]);
        }
        let media_type = part
            .media_type
            .or(part.file_name.map(|_| "application/octet-stream"));
        if let Some(media_type) = media_type {
            if media_type.bytes().any(|byte| byte.is_ascii_control()) {
                return Err(Failure::usage("--form: a type holds no control character"));
            }
            head.extend(["\r\nContent-Type: ", media_type]);
        }
        head.push_str("\r\n\r\n");
        pieces.push(Piece::Bytes(head.into()));
        pieces.push(part.content);
        pieces.push(Piece::Bytes(Bytes::from_static(b"\r\n")));
    }
    pieces.push(Piece::Bytes(format!("--{boundary}--\r\n").into()));
    Ok(Content {
        media_type: Some(format!("multipart/form-data; boundary={boundary}")),
        ..Content::posted(pieces)
    })
}

/// As HTML's encoding of forms has it, and so browsers and servers.
fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
