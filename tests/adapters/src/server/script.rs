//! What the path of a request asks for.

use http::StatusCode;

use super::{Place, Shared};

/// What is done with a request whose signature holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Script {
    /// It is answered.
    Answer,
    /// The first has its connection closed.
    Drop,
    /// It is sent elsewhere.
    Redirect(StatusCode, String),
}

/// How a refusal tells the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skew {
    /// In `Date` alone.
    Date,
    /// In the challenge alone.
    Range,
}

impl Skew {
    pub(super) fn of(path: &str) -> Option<Self> {
        if path.starts_with("/skewed-date/") {
            Some(Self::Date)
        } else if path.starts_with("/skewed-range/") {
            Some(Self::Range)
        } else {
            None
        }
    }
}

impl Shared {
    pub(super) fn script(&self, place: Place, path: &str, query: Option<&str>) -> Script {
        if path.starts_with("/drop/") {
            return Script::Drop;
        }
        let here = self.origin(place);
        let other = self.origin(Place::Other);
        if let (Place::Other, Some(rest)) = (place, path.strip_prefix("/back/")) {
            let main = self.origin(Place::Main);
            return Script::Redirect(StatusCode::FOUND, format!("{main}/{rest}"));
        }
        let mut segments = path.splitn(5, '/');
        let (Some(""), Some("redirect"), Some(status), Some(kind)) = (
            segments.next(),
            segments.next(),
            segments.next(),
            segments.next(),
        ) else {
            return Script::Answer;
        };
        let rest = segments.next().unwrap_or_default();
        let query = query.unwrap_or_default();
        let location = match kind {
            "same" => format!("/{rest}"),
            "absolute" => format!("{here}/{rest}"),
            "relative" => format!("../../../{rest}#fragment"),
            "echo" => format!("/{rest}?{query}"),
            "loop" => path.into(),
            "other" => format!("{other}/{rest}"),
            "other-echo" => format!("{other}/{rest}?{query}"),
            "back" => format!("{other}/back/{rest}"),
            "quoted" => format!("/{rest}?a='b'"),
            "user" => here.replace("http://", "http://user:password@") + "/" + rest,
            other => panic!("no redirect of the kind {other}"),
        };
        let status = status.parse().expect("a status");
        Script::Redirect(status, location)
    }
}
