//! Sends a message: `send HOST PORT USER RECIPIENT ROOTS`.

use core::error::Error;
use std::{env, fs};

use lettre::{
    Message,
    transport::smtp::{
        client::{Certificate, SmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use oauth1_core::{
    ClientCredentials, HmacSha1, Signer, TokenCredentials,
    sasl::{Client, Protocol, XoauthUrl},
};
use oauth1_mail::{Login, smtp};

/// What stands before the user in the URLs of the service.
const SERVICE: &str = "https://mail.example.com/mail/b/";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [host, port, user, recipient, roots] = &arguments[..] else {
        return Err("send HOST PORT USER RECIPIENT ROOTS".into());
    };
    let client = ClientCredentials::new(env::var("CLIENT_KEY")?, env::var("CLIENT_SECRET")?);
    let token = TokenCredentials::new(env::var("TOKEN")?, env::var("TOKEN_SECRET")?);
    let message = Message::builder()
        .from(user.parse()?)
        .to(recipient.parse()?)
        .subject("Hello")
        .body("From a client of OAuth 1.0a".to_owned())?;
    send(host, port.parse()?, user, roots, &client, &token, &message)
}

pub(crate) fn send(
    host: &str,
    port: u16,
    user: &str,
    roots: &str,
    client: &ClientCredentials<'_>,
    token: &TokenCredentials<'_>,
    message: &Message,
) -> Result<(), Box<dyn Error>> {
    // STARTTLS, as on port 587, with a server whose certificate one of the roots signed.
    let roots = Certificate::from_pem(&fs::read(roots)?)?;
    let tls = TlsParameters::builder(host.to_owned()).add_root_certificate(roots);
    let name = ClientId::default();
    let mut connection = SmtpConnection::connect((host, port), None, &name, None, None)?;
    connection.starttls(&tls.build()?, &name)?;

    // The login: XOAUTH signs a URL that names the user and the protocol.
    let url = XoauthUrl::new(SERVICE, user, Protocol::Smtp).to_string();
    let signer = Signer::<HmacSha1>::for_token(client, token).with_version();
    smtp::authenticate(
        &mut connection,
        &Login::now(&Client::xoauth(signer, &url)?)?,
    )?;

    connection.send(message.envelope(), &message.formatted())?;
    connection.quit()?;
    Ok(())
}
