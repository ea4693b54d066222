//! Mail servers that nobody here wrote, and what logs in to them.
#![allow(
    dead_code,
    reason = "each test program has this module and uses its own part of it"
)]

extern crate alloc;

use alloc::sync::Arc;
use std::{
    fs,
    path::{Path, PathBuf},
    process,
    sync::OnceLock,
};

use oauth1_core::{
    ClientCredentials, HmacSha1, Nonce, Signer, Stamp, Timestamp, TokenCredentials,
    sasl::{Client, Mechanism, Protocol, XoauthUrl},
};
use oauth1_foreign::{Server, python};
use oauth1_mail::Login;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};

pub(crate) const CLIENT: &str = "dpf43f3p2l4k3l03";
pub(crate) const CLIENT_SECRET: &str = "kd94hf93k423kf44";
pub(crate) const TOKEN: &str = "nnch734d00sl2jdk";
pub(crate) const TOKEN_SECRET: &str = "pfkkdhi9sl3r4s00";
pub(crate) const OWNER: &str = "jane@example.com";
pub(crate) const SERVICE: &str = "https://mail.example.com/mail/b/";
pub(crate) const HOST: &str = "localhost";
pub(crate) const MECHANISMS: [Mechanism; 2] = [Mechanism::Xoauth, Mechanism::Oauth10a];

/// Twisted's IMAP server, or aiosmtpd: see `tests/servers`.
pub(crate) fn start(protocol: Protocol) -> Server {
    let mut command = python().unwrap().command();
    command.arg(servers().join(protocol.name()).with_extension("py"));
    command.args([certificate().with_file_name("key.pem"), certificate()]);
    Server::start(command).unwrap()
}

/// A certificate for this run, which the servers have and the clients trust.
pub(crate) fn certificate() -> PathBuf {
    static CERTIFICATE: OnceLock<PathBuf> = OnceLock::new();
    let make = || {
        let folder = format!("certificate-{}", process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        fs::create_dir_all(&folder).unwrap();
        let mut command = python().unwrap().command();
        command.arg(servers().join("certificate.py"));
        command.args([folder.join("key.pem"), folder.join("certificate.pem")]);
        assert!(command.status().unwrap().success());
        folder.join("certificate.pem")
    };
    CERTIFICATE.get_or_init(make).clone()
}

fn servers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers")
}

/// TLS that trusts that certificate.
pub(crate) fn tls() -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_file(certificate()).unwrap();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

/// What a login is made of: everything right, unless a test changes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub(crate) mechanism: Mechanism,
    /// The protocol that the XOAUTH URL names.
    pub(crate) protocol: Protocol,
    pub(crate) host: &'static str,
    pub(crate) port: u16,
    pub(crate) user: &'static str,
    pub(crate) token_secret: &'static str,
    /// How many seconds the clock is behind.
    pub(crate) late: u64,
    pub(crate) nonce: Option<&'static str>,
}

impl Order {
    pub(crate) fn new(mechanism: Mechanism, protocol: Protocol, port: u16) -> Self {
        Self {
            mechanism,
            protocol,
            host: HOST,
            port,
            user: OWNER,
            token_secret: TOKEN_SECRET,
            late: 0,
            nonce: None,
        }
    }

    pub(crate) fn login(self) -> Login {
        let credentials = ClientCredentials::new(CLIENT, CLIENT_SECRET);
        let token = TokenCredentials::new(TOKEN, self.token_secret);
        let signer = Signer::<HmacSha1>::for_token(&credentials, &token);
        let url = XoauthUrl::new(SERVICE, self.user, self.protocol).to_string();
        let client = match self.mechanism {
            Mechanism::Xoauth => Client::xoauth(signer.with_version(), &url),
            _ => Client::oauth10a(signer, self.host, self.port)
                .map(|client| client.with_identity(self.user)),
        };
        let now = Stamp::now().unwrap();
        let time = now.timestamp().unix_seconds() - self.late;
        let stamp = match self.nonce {
            Some(nonce) => Stamp::new(Timestamp::from_unix_seconds(time), Nonce::new(nonce)),
            None if self.late == 0 => now,
            None => Stamp::new(Timestamp::from_unix_seconds(time), Nonce::new("late")),
        };
        Login::with_stamp(&client.unwrap(), stamp).unwrap()
    }
}

/// Logins that are refused: what the server says of each, and the status that OAUTH10A sends.
pub(crate) fn refused(order: Order) -> Vec<(Order, &'static str, &'static str)> {
    let wrong_secret = Order {
        token_secret: "another",
        ..order
    };
    let stale = Order {
        late: 1000,
        ..order
    };
    let other_user = Order {
        user: "joe@example.com",
        ..order
    };
    let mut all = vec![
        (wrong_secret, "signature", "invalid_token"),
        (stale, "request", "invalid_token"),
        (other_user, "user", "insufficient_scope"),
    ];
    if order.mechanism == Mechanism::Xoauth {
        let protocol = match order.protocol {
            Protocol::Imap => Protocol::Smtp,
            _ => Protocol::Imap,
        };
        all.push((Order { protocol, ..order }, "url", ""));
    } else {
        let host = "mail.example.com";
        all.push((Order { host, ..order }, "place", "invalid_token"));
        let port = 143;
        all.push((Order { port, ..order }, "place", "invalid_token"));
    }
    all
}

/// Checks that the server said that it refused a login, and that its client did as it should.
pub(crate) fn check_refusal(server: &mut Server, login: &Login, why: &str, status: &str) {
    let mechanism = login.mechanism();
    assert_eq!(server.line().unwrap(), format!("refused {mechanism} {why}"));
    if mechanism == "XOAUTH" {
        assert_eq!(login.refusal(), None);
        return;
    }
    assert_eq!(server.line().unwrap(), "reply 01");
    let refusal = login.refusal().unwrap();
    assert!(refusal.error().unwrap().status() == *status, "{refusal}");
}

pub(crate) fn check_accepted(server: &mut Server, login: &Login) {
    let mechanism = login.mechanism();
    assert_eq!(
        server.line().unwrap(),
        format!("accepted {mechanism} {OWNER}")
    );
    assert_eq!(login.refusal(), None);
}
