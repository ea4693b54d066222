//! The body of a request: pieces at hand and files, put together as curl and HTTPie do.

use std::{
    fs::{self, File},
    io::{self, Read},
};

use bytes::Bytes;
use oauth1_core::{BodyHasher, Digest, content_type::FORM, percent, sink::Sink as _};

use super::items::Items;
use crate::{arguments::ContentArguments, problem::Failure, source::Sources};

/// Up to here, a body is read into memory: it can be sent again then, and is hashed by the core.
const AT_HAND: u64 = 1024 * 1024;

/// A piece of a body.
pub(super) enum Piece {
    Bytes(Bytes),
    File {
        path: String,
        length: u64,
    },
    /// Of unknown length.
    Stdin,
}

/// A body, and what follows from its kind.
#[derive(Default)]
pub(super) struct Content {
    pub(super) pieces: Vec<Piece>,
    pub(super) media_type: Option<String>,
    pub(super) accept: Option<&'static str>,
    /// What the method is, where none is given.
    pub(super) method: Option<&'static str>,
}

impl Content {
    pub(super) fn new(
        arguments: &ContentArguments,
        items: &Items,
        has_type: bool,
        sources: &mut Sources,
    ) -> Result<Self, Failure> {
        let kinds = [
            (
                !arguments.data.is_empty() || !arguments.data_urlencode.is_empty(),
                "--data",
            ),
            (arguments.data_raw.is_some(), "--data-raw"),
            (arguments.data_binary.is_some(), "--data-binary"),
            (arguments.json.is_some(), "--json"),
            (
                !arguments.form.is_empty() || !arguments.form_string.is_empty(),
                "--form",
            ),
            (arguments.upload_file.is_some(), "--upload-file"),
            (items.has_body(), "items"),
        ];
        let mut given = kinds.iter().filter(|kind| kind.0).map(|kind| kind.1);
        if let (Some(one), Some(other)) = (given.next(), given.next()) {
            return Err(Failure::usage(format!(
                "{one} and {other} are two bodies: give one of them"
            )));
        }
        let typed = |content: Self| {
            if has_type {
                Ok(content)
            } else {
                Err(Failure::usage(
                    "what kind of body is it? Add -H 'Content-Type: application/json' or the like: a \
                     form is signed, any other body hashed",
                ))
            }
        };
        if let Some(body) = &arguments.data_raw {
            return typed(Self::posted(vec![bytes(body.as_bytes())]));
        }
        if let Some(body) = &arguments.data_binary {
            return typed(Self::posted(vec![Self::read(
                body,
                "--data-binary",
                sources,
            )?]));
        }
        if let Some(body) = &arguments.json {
            let mut content = Self::posted(vec![Self::read(body, "--json", sources)?]);
            content.media_type = Some("application/json".to_owned());
            content.accept = Some("application/json");
            return Ok(content);
        }
        if let Some(path) = &arguments.upload_file {
            let piece = match path.as_str() {
                "-" => {
                    sources.take("--upload-file")?;
                    Piece::Stdin
                }
                path => file(path)?,
            };
            return Ok(Self {
                method: Some("PUT"),
                pieces: vec![piece],
                ..Self::default()
            });
        }
        if !arguments.form.is_empty() || !arguments.form_string.is_empty() {
            return super::multipart::content(&arguments.form, &arguments.form_string, sources);
        }
        if items.has_body() {
            return items.content(sources);
        }
        let mut pairs = Vec::new();
        for data in &arguments.data {
            match data.strip_prefix('@') {
                Some(path) => {
                    let mut text = sources.text("--data", path)?;
                    // As curl does it.
                    text.retain(|character| !matches!(character, '\r' | '\n' | '\0'));
                    pairs.push(text.to_string());
                }
                None => pairs.push(data.clone()),
            }
        }
        pairs.extend(
            arguments
                .data_urlencode
                .iter()
                .map(|pair| match pair.split_once('=') {
                    Some((name, value)) => format!("{name}={}", percent::encode(value)),
                    None => percent::encode(pair).to_string(),
                }),
        );
        if pairs.is_empty() {
            return Ok(Self::default());
        }
        Ok(Self::form(&pairs.join("&")))
    }

    pub(super) fn form(pairs: &str) -> Self {
        Self {
            media_type: Some(FORM.to_owned()),
            ..Self::posted(vec![bytes(pairs.as_bytes())])
        }
    }

    pub(super) fn posted(pieces: Vec<Piece>) -> Self {
        Self {
            pieces,
            method: Some("POST"),
            ..Self::default()
        }
    }

    /// A text, or what stands behind `@`.
    fn read(body: &str, option: &'static str, sources: &mut Sources) -> Result<Piece, Failure> {
        match body.strip_prefix('@') {
            Some("-") => Ok(bytes(&sources.read(option, "-")?)),
            Some(path) => file(path),
            None => Ok(bytes(body.as_bytes())),
        }
    }

    /// How long it is, if that is known.
    pub(super) fn length(&self) -> Option<u64> {
        let lengths = self.pieces.iter().map(|piece| match piece {
            Piece::Bytes(bytes) => Some(bytes.len() as u64),
            Piece::File { length, .. } => Some(*length),
            Piece::Stdin => None,
        });
        lengths.sum()
    }

    /// Reads what is small, or must be at hand because it is signed. What is at hand then has one piece.
    pub(super) fn gather(&mut self, is_form: bool) -> Result<(), Failure> {
        let at_hand = |piece: &Piece| matches!(piece, Piece::Bytes(_));
        let is_small = self.length().is_some_and(|length| length <= AT_HAND);
        if !is_form && !is_small || self.pieces.is_empty() {
            return Ok(());
        }
        if let [piece] = &*self.pieces
            && at_hand(piece)
        {
            return Ok(());
        }
        let mut whole = Vec::new();
        self.read_all(&mut |chunk| whole.extend_from_slice(chunk))?;
        self.pieces = vec![Piece::Bytes(whole.into())];
        Ok(())
    }

    /// The hash of a body that flows, if its digest is known and it can be read twice.
    pub(super) fn hash(&self, digest: Digest) -> Result<Option<String>, Failure> {
        if self
            .pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Stdin))
        {
            return Ok(None);
        }
        let Some(mut hasher) = BodyHasher::new(digest) else {
            return Ok(None);
        };
        self.read_all(&mut |chunk| hasher.put(chunk))?;
        Ok(Some(hasher.finish().as_str().to_owned()))
    }

    fn read_all(&self, each: &mut dyn FnMut(&[u8])) -> Result<(), Failure> {
        for piece in &self.pieces {
            match piece {
                Piece::Bytes(bytes) => each(bytes),
                Piece::File { path, length } => {
                    let failed = |error: io::Error| Failure::file(path, &error);
                    // No more than is announced, if it grows.
                    let file = File::open(path).map_err(failed)?.take(*length);
                    read_each(file, each).map_err(failed)?;
                }
                Piece::Stdin => read_each(io::stdin().lock(), each)?,
            }
        }
        Ok(())
    }
}

fn read_each(mut input: impl Read, each: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut chunk = vec![0; 64 * 1024];
    loop {
        match input.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(count) => each(&chunk[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

pub(super) fn bytes(bytes: &[u8]) -> Piece {
    Piece::Bytes(Bytes::copy_from_slice(bytes))
}

/// A file, as long as it is now. What has no length, such as a pipe, is read.
pub(super) fn file(path: &str) -> Result<Piece, Failure> {
    let failed = |error: io::Error| Failure::file(path, &error);
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_file() {
        let path = path.to_owned();
        let length = metadata.len();
        return Ok(Piece::File { path, length });
    }
    fs::read(path)
        .map(|content| Piece::Bytes(content.into()))
        .map_err(failed)
}
