//! `oauth1 body-hash`.

use std::{
    fs::File,
    io::{self, Read},
};

use oauth1_core::{BodyHash, BodyHasher, Digest, sink::Sink as _};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    arguments::BodyHashArguments,
    json::{self, Answer, Octets, Text},
    order::fields::body,
    page::Page,
    problem::{Failure, Problem},
    stream::{self, Answerer},
};

pub(crate) fn run(arguments: BodyHashArguments) -> Result<(), Failure> {
    if arguments.json {
        return stream::run(Lines);
    }
    let digest = arguments.digest.into();
    // The command line asks for it.
    let path = arguments.file.unwrap_or_default();
    let hash = if path == "-" {
        hash_of(digest, io::stdin().lock())?
    } else {
        let file = File::open(&path).map_err(|error| Failure::file(&path, &error))?;
        hash_of(digest, file).map_err(|error| Failure::file(&path, &error))?
    };
    Page::new().line(hash)?;
    Ok(())
}

/// Hashes without holding more than a piece.
fn hash_of(digest: Digest, mut input: impl Read) -> io::Result<BodyHash> {
    let mut hasher = hasher(digest);
    let mut piece = vec![0; 64 * 1024];
    loop {
        match input.read(&mut piece) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(count) => hasher.put(&piece[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn hasher(digest: Digest) -> BodyHasher {
    match BodyHasher::new(digest) {
        Some(hasher) => hasher,
        // This crate asks the core for the methods with every digest.
        None => unreachable!(),
    }
}

/// The fields of a line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<'a> {
    #[serde(borrow, default, deserialize_with = "json::present")]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    body: Option<Octets<'a>>,
    body_base64: Option<Text<'a>>,
    digest: Option<Text<'a>>,
}

/// `oauth1 body-hash --json`.
pub(crate) struct Lines;

impl Answerer for Lines {
    fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Problem> {
        let fields: Fields<'_> = json::read(line)?;
        let digest = match fields.digest.as_deref() {
            None | Some("SHA-1") => Digest::Sha1,
            Some("SHA-256") => Digest::Sha256,
            Some("SHA-512") => Digest::Sha512,
            Some(_) => {
                return Err(Problem::field(
                    "digest: expected one of SHA-1, SHA-256, SHA-512",
                ));
            }
        };
        let body = body(fields.body.as_ref(), fields.body_base64.as_ref())?;
        let mut hasher = hasher(digest);
        // A body that is missing hashes as the empty one.
        hasher.put(&body.unwrap_or_default());
        let mut answer = Answer::new(out, fields.id);
        answer.text("body_hash", hasher.finish().as_str());
        answer.finish();
        Ok(())
    }
}
