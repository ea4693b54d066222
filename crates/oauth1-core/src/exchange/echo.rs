//! A signature that comes back: servers that redirect with the query they were sent repeat what
//! [`Transmission::Query`](crate::Transmission::Query) put into it.

use alloc::{string::String, vec::Vec};

use ::http::request::Parts;

use crate::form;

/// The pairs that the last signature added to a query or a form, and that a server may repeat.
#[derive(Clone, Default)]
pub(super) struct Echo {
    pairs: Vec<u8>,
}

/// The bytes of path and query of a request that is not signed yet.
#[derive(Clone, Copy)]
pub(super) struct Length(usize);

impl Length {
    pub(super) fn of(parts: &Parts) -> Self {
        let path_and_query = parts.uri.path_and_query();
        Self(path_and_query.map_or(0, |both| both.as_str().len()))
    }
}

impl Echo {
    /// What `signed` and its form have behind what the request had.
    pub(super) fn of(
        Length(before): Length,
        signed: &Parts,
        form: &[u8],
        signed_form: Option<&[u8]>,
    ) -> Self {
        let path_and_query = signed.uri.path_and_query();
        let added = match signed_form {
            Some(signed) => signed.get(form.len()..),
            None => path_and_query.and_then(|both| both.as_str().as_bytes().get(before..)),
        };
        let added = added.unwrap_or_default();
        let added = added.strip_prefix(b"?").unwrap_or(added);
        Self {
            pairs: added.to_vec(),
        }
    }

    /// A URI without the pairs of its query that are ours: the same name and the same value.
    pub(super) fn remove_from(&self, uri: String) -> String {
        let Some((path, query)) = uri.split_once('?').filter(|_| !self.pairs.is_empty()) else {
            return uri;
        };
        let is_ours = |segment: &str| {
            form::pairs(segment.as_bytes())
                .any(|pair| form::pairs(&self.pairs).any(|own| own == pair))
        };
        let kept: Vec<&str> = query
            .split('&')
            .filter(|segment| !is_ours(segment))
            .collect();
        if kept.len() == query.split('&').count() {
            return uri;
        }
        if kept.is_empty() {
            return path.into();
        }
        [path, "?", &kept.join("&")].concat()
    }
}
