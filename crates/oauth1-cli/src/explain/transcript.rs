//! Requests as people have them: a curl command, raw HTTP, a HAR archive.

pub(super) mod curl;
pub(super) mod har;
pub(super) mod http;
mod shell;
