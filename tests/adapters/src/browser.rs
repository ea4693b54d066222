//! The resource owner's browser.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use anyhow::Context as _;
use http::{StatusCode, Uri};

/// What the browser is shown.
#[derive(Clone, Debug)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// Where it is sent on to.
    pub location: Option<String>,
    /// What it shows.
    pub body: String,
}

/// Opens a URL of the loopback interface, and follows nothing.
///
/// # Errors
/// When nobody answers, or what answers speaks no HTTP.
pub fn browse(url: &str) -> anyhow::Result<Page> {
    let uri: Uri = url.parse()?;
    let authority = uri.authority().context("no authority")?.as_str();
    let path = uri.path_and_query().context("no path")?;
    let mut stream = TcpStream::connect(authority).with_context(|| authority.to_owned())?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no head")?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let location = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("location")
            .then(|| value.trim().to_owned())
    });
    Ok(Page {
        status: status.context("no status")?.parse()?,
        location,
        body: body.into(),
    })
}
