//! SMTP connections of `lettre`.
//!
//! ```no_run
//! use lettre::{
//!     Message,
//!     transport::smtp::{client::SmtpConnection, extension::ClientId},
//! };
//! use oauth1_mail::{Login, smtp};
//! # use oauth1_core::{ClientCredentials, HmacSha1, Signer, TokenCredentials, sasl::Client};
//! # let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! # let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! # let signer = Signer::<HmacSha1>::for_token(&client, &token);
//!
//! let client = Client::oauth10a(signer, "smtp.example.com", 587)?;
//! let server = ("smtp.example.com", 587);
//! let mut connection =
//!     SmtpConnection::connect(server, None, &ClientId::default(), None, None)?;
//! // Here `connection.starttls(...)` belongs, with one of lettre's TLS features.
//! smtp::authenticate(&mut connection, &Login::now(&client)?)?;
//!
//! let message = Message::builder()
//!     .from("jane@example.com".parse()?)
//!     .to("joe@example.com".parse()?)
//!     .subject("Hello")
//!     .body("Hello".to_owned())?;
//! connection.send(message.envelope(), &message.formatted())?;
//! connection.quit()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
#[cfg(feature = "lettre-tokio")]
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::{Error as ProtocolError, client::SmtpConnection, response::Response};

use crate::{Login, Refusal};

/// RFC 4954 section 4 and RFC 5321 section 4.5.3.1.4: a command line has at most 512 octets.
const LONGEST_COMMAND: usize = 512;

/// A server that refuses sends one challenge; one that sends more means no good.
const MOST_CHALLENGES: usize = 2;

/// Logs in. The message goes with the `AUTH` command where the line is not too long for that.
///
/// # Errors
/// [`AuthenticateError`]; the connection is not to be used any more then, unless to quit.
pub fn authenticate(
    connection: &mut SmtpConnection,
    login: &Login,
) -> Result<Response, AuthenticateError> {
    let mut result = connection.command(first_command(login));
    for _ in 0..MOST_CHALLENGES {
        match next(login, result)? {
            Next::LoggedIn(response) => return Ok(response),
            Next::Send(line) => result = connection.command(line),
        }
    }
    end(login, result)
}

/// Logs in on a connection that is asynchronous: see [`authenticate`].
///
/// # Errors
/// As [`authenticate`].
#[cfg(feature = "lettre-tokio")]
pub async fn authenticate_async(
    connection: &mut AsyncSmtpConnection,
    login: &Login,
) -> Result<Response, AuthenticateError> {
    let mut result = connection.command(first_command(login)).await;
    for _ in 0..MOST_CHALLENGES {
        match next(login, result)? {
            Next::LoggedIn(response) => return Ok(response),
            Next::Send(line) => result = connection.command(line).await,
        }
    }
    end(login, result)
}

fn first_command(login: &Login) -> String {
    let name = login.mechanism();
    if "AUTH  \r\n".len() + name.len() + login.encoded_length() <= LONGEST_COMMAND {
        format!("AUTH {}\r\n", login.with_initial_response())
    } else {
        format!("AUTH {name}\r\n")
    }
}

enum Next {
    LoggedIn(Response),
    Send(String),
}

/// What is to be done about what the server said.
fn next(login: &Login, result: Result<Response, ProtocolError>) -> Result<Next, AuthenticateError> {
    let response = result.map_err(|error| AuthenticateError::of(login, error))?;
    if response.has_code(334) {
        let challenge = response.first_line().unwrap_or_default().trim();
        let challenge = STANDARD
            .decode(challenge)
            .map_err(|_| AuthenticateError::Unexpected)?;
        let line = STANDARD.encode(login.respond(&challenge)) + "\r\n";
        return Ok(Next::Send(line));
    }
    if response.has_code(235) {
        return Ok(Next::LoggedIn(response));
    }
    Err(AuthenticateError::Unexpected)
}

fn end(
    login: &Login,
    result: Result<Response, ProtocolError>,
) -> Result<Response, AuthenticateError> {
    match next(login, result)? {
        Next::LoggedIn(response) => Ok(response),
        Next::Send(_) => Err(AuthenticateError::Unexpected),
    }
}

/// Why a login failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum AuthenticateError {
    /// The server sent the mechanism's error, and then this answer.
    Refused(Refusal, ProtocolError),
    /// The server said no (`535` is that the credentials are not good, `504` that it does not know the
    /// mechanism), or the connection failed.
    Protocol(ProtocolError),
    /// The server sent something that has no place here: a challenge that is not base64, one too many, or
    /// another answer than `235`.
    Unexpected,
}

impl AuthenticateError {
    fn of(login: &Login, error: ProtocolError) -> Self {
        match login.refusal() {
            Some(refusal) => Self::Refused(refusal, error),
            None => Self::Protocol(error),
        }
    }
}

impl fmt::Display for AuthenticateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal, error) => write!(f, "{refusal}; {error}"),
            Self::Protocol(error) => error.fmt(f),
            Self::Unexpected => f.write_str("the server's answer to AUTH has no place there"),
        }
    }
}

impl core::error::Error for AuthenticateError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Refused(_, error) | Self::Protocol(error) => Some(error),
            Self::Unexpected => None,
        }
    }
}
