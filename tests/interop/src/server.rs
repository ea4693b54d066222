//! Who judges.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use oauth1_adapters::{
    CLIENT, CLIENT_SECRET, Case, Method, Place, RSA_CLIENT, TOKEN, TOKEN_SECRET, Token,
};

use crate::case::Line;

mod ours;

/// A running server of protected resources.
#[derive(Debug)]
pub struct Server {
    name: String,
    beyond: fn(&Case) -> Option<&'static str>,
    /// Of IPv4 and of IPv6.
    ports: [u16; 2],
    /// It runs for as long as this is there.
    program: Option<Mutex<oauth1_foreign::Server>>,
}

/// What starts a server.
pub type Start = fn() -> anyhow::Result<Server>;

/// Every server, in the order of the matrix.
pub const SERVERS: [Start; 4] = [ours, oauthlib, authlib, passport];

/// `VerifyLayer`.
fn ours() -> anyhow::Result<Server> {
    Ok(Server {
        name: "oauth1-tower".into(),
        beyond: |_| None,
        ports: ours::serve()?,
        program: None,
    })
}

/// oauthlib's resource endpoint.
fn oauthlib() -> anyhow::Result<Server> {
    Server::foreign("oauthlib", |case| {
        (case.signing.method == Method::RsaPss).then_some("it has no RSA-PSS")
    })
}

/// Authlib's resource protector for Flask.
fn authlib() -> anyhow::Result<Server> {
    Server::foreign("Authlib", |case| match case.signing.method {
        _ if case.signing.token != Token::Given => Some("it wants a token"),
        Method::HmacSha1 | Method::RsaSha1 | Method::Plaintext => None,
        _ => Some("it has HMAC-SHA1, RSA-SHA1 and PLAINTEXT alone"),
    })
}

/// passport-http-oauth.
fn passport() -> anyhow::Result<Server> {
    Server::foreign("passport-http-oauth", |case| match case.signing.method {
        Method::HmacSha1 | Method::HmacSha256 | Method::Plaintext => None,
        _ => Some("it has HMAC-SHA1, HMAC-SHA256 and PLAINTEXT alone"),
    })
}

impl Server {
    fn foreign(name: &str, beyond: fn(&Case) -> Option<&'static str>) -> anyhow::Result<Self> {
        let mut program = oauth1_foreign::Server::start(provider(name)?)?;
        let (ipv4, ipv6) = (program.ports()[0], program.ports()[1]);
        Ok(Self {
            name: program.line()?,
            beyond,
            ports: [ipv4, ipv6],
            program: Some(Mutex::new(program)),
        })
    }

    /// Its name, with the version where it is not ours.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it has no say in a request, where it is made for no such one.
    #[must_use]
    pub fn beyond(&self, line: &Line) -> Option<&'static str> {
        (self.beyond)(line.case)
    }

    /// The scheme, host and port that a request of a case is sent to.
    #[must_use]
    pub fn origin(&self, place: Place) -> String {
        let [ipv4, ipv6] = self.ports;
        match place {
            Place::Main | Place::Other => format!("http://127.0.0.1:{ipv4}"),
            Place::Ipv6 => format!("http://[::1]:{ipv6}"),
            Place::Capitals => format!("http://LOCALHOST:{ipv4}"),
        }
    }

    /// What it said on standard error.
    #[must_use]
    pub fn errors(&self) -> String {
        let errors = self.program.as_ref().map(|program| {
            let program = program.lock().unwrap_or_else(PoisonError::into_inner);
            program.errors()
        });
        errors.unwrap_or_default()
    }
}

/// What starts the provider that is made of a package.
pub(crate) fn provider(name: &str) -> anyhow::Result<std::process::Command> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known = serde_json::json!({
        "client": CLIENT,
        "client_secret": CLIENT_SECRET,
        "rsa_client": RSA_CLIENT,
        "rsa_key": tests.join("../vectors/keys/rsa2048.public.pem"),
        "token": TOKEN,
        "token_secret": TOKEN_SECRET,
    });
    let (mut command, script) = match name {
        "oauthlib" => (oauth1_foreign::python()?.command(), "oauthlib_provider.py"),
        "Authlib" => (oauth1_foreign::python()?.command(), "authlib_provider.py"),
        _ => (oauth1_foreign::node()?.command(), "passport_server.js"),
    };
    command
        .arg(tests.join("programs").join(script))
        .arg(known.to_string());
    Ok(command)
}
