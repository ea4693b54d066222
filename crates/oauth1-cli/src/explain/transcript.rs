//! Requests as people have them: a curl command, raw HTTP, a HAR archive.

pub(crate) mod curl;
pub(crate) mod har;
pub(crate) mod http;
pub(crate) mod shell;
