//! Opens an INBOX and lists the mailboxes: `inbox HOST PORT USER ROOTS`.

use core::error::Error;
use std::{env, net::TcpStream};

use oauth1_core::{ClientCredentials, HmacSha1, Signer, TokenCredentials, sasl::Client};
use oauth1_mail::Login;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, pem::PemObject},
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [host, port, user, roots] = &arguments[..] else {
        return Err("inbox HOST PORT USER ROOTS".into());
    };
    let client = ClientCredentials::new(env::var("CLIENT_KEY")?, env::var("CLIENT_SECRET")?);
    let token = TokenCredentials::new(env::var("TOKEN")?, env::var("TOKEN_SECRET")?);
    for line in inbox(host, port.parse()?, user, roots, &client, &token)? {
        println!("{line}");
    }
    Ok(())
}

pub(crate) fn inbox(
    host: &str,
    port: u16,
    user: &str,
    roots: &str,
    client: &ClientCredentials<'_>,
    token: &TokenCredentials<'_>,
) -> Result<Vec<String>, Box<dyn Error>> {
    // TLS from the start, as on port 993, with a server whose certificate one of the roots signed.
    let mut trusted = RootCertStore::empty();
    for root in CertificateDer::pem_file_iter(roots)? {
        trusted.add(root?)?;
    }
    let config = ClientConfig::builder()
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let connection = ClientConnection::new(config.into(), host.to_owned().try_into()?)?;
    let stream = StreamOwned::new(connection, TcpStream::connect((host, port))?);
    let mut imap = imap::Client::new(stream);
    imap.read_greeting()?;

    // The login: OAUTH10A signs the host and the port that the connection was made to.
    let signer = Signer::<HmacSha1>::for_token(client, token);
    let login = Login::now(&Client::oauth10a(signer, host, port)?.with_identity(user))?;
    let mut session =
        imap.authenticate(login.mechanism(), &login)
            .map_err(|(error, _)| match login.refusal() {
                Some(refusal) => refusal.to_string(),
                None => error.to_string(),
            })?;

    let inbox = session.select("INBOX")?;
    let mut lines = vec![format!("INBOX: {} messages", inbox.exists)];
    for mailbox in session.list(None, Some("*"))?.iter() {
        lines.push(mailbox.name().to_owned());
    }
    session.logout()?;
    Ok(lines)
}
