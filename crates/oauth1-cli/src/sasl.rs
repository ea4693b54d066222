//! `oauth1 sasl`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use oauth1_core::{
    HmacSha1, ProtocolParameters, Secret, Signer,
    sasl::{Client, ClientError, Mechanism},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    arguments::SaslArguments,
    json::{self, Answer, Digits, Hidden, Text, Word},
    key::Secrets,
    order::{Request, flags},
    page::{Page, printable},
    problem::{Code, Failure, Problem},
    sign::show_key,
    signature_method::SignatureMethod,
    signing::{stamp, text},
    source::{OwnSecrets, Sources},
    stream::{self, Answerer},
};

pub(crate) fn run(arguments: SaslArguments) -> Result<(), Failure> {
    // The command line asks for a mechanism where there is no `--json`.
    let Some(mechanism) = arguments.mechanism.filter(|_| !arguments.mode.json) else {
        return stream::run(Lines);
    };
    let secrets = OwnSecrets::shared(arguments.secrets, &mut Sources::default())?;
    let credentials = flags::Credentials::new(arguments.client)?;
    let method = SignatureMethod::HmacSha1;
    secrets.check(method, credentials.token.as_deref())?;
    let order = Order {
        mechanism: mechanism.into(),
        url: arguments.url.as_deref(),
        host: arguments.host.as_deref(),
        port: arguments.port,
        authzid: arguments.authzid.as_deref(),
        client_key: credentials.client_key()?,
        token: credentials.token.as_deref(),
        nonce: arguments.stamp.nonce.as_deref(),
        timestamp: arguments.stamp.timestamp,
        version: arguments.stamp.oauth_version,
        realm: arguments.realm.as_deref(),
    };
    let login = order.sign(&secrets.borrowed())?;
    let mut page = Page::new();
    if arguments.mode.verbose {
        page.heading("Base string: method, base string URI and parameters, each encoded")?;
        page.item(text(&login.base_string))?;
        show_key(&mut page, method, &secrets.borrowed())?;
        page.heading(format_args!(
            "Message of {} (^A is the byte 1)",
            order.mechanism
        ))?;
        let parts = login.message.split(|&byte| byte == 1);
        page.item(parts.map(printable).collect::<Vec<_>>().join("^A"))?;
        page.heading("Initial response: the message in base64")?;
    }
    page.line(STANDARD.encode(&login.message))?;
    Ok(())
}

/// A login, the secrets apart.
struct Order<'a> {
    mechanism: Mechanism,
    url: Option<&'a str>,
    host: Option<&'a str>,
    port: Option<u16>,
    authzid: Option<&'a str>,
    client_key: &'a str,
    token: Option<&'a str>,
    nonce: Option<&'a str>,
    timestamp: Option<u64>,
    version: bool,
    realm: Option<&'a str>,
}

/// What came of it.
struct Login {
    message: Vec<u8>,
    base_string: Vec<u8>,
}

impl<'a> Order<'a> {
    fn sign(&self, secrets: &Secrets<'_>) -> Result<Login, Problem> {
        let client = self.client(secrets)?;
        let request = client.request()?;
        let (mut slots, mut message, mut base_string) = (Vec::new(), Vec::new(), Vec::new());
        let fresh = stamp(self.timestamp, self.nonce)?;
        // The same one again: what is shown is what is sent.
        let (time, nonce) = (fresh.timestamp(), fresh.nonce().as_str().to_owned());
        let again = stamp(Some(time.unix_seconds()), Some(&nonce))?;
        client.initial_response(fresh, &mut slots, &mut message)?;
        client
            .signer()
            .draft(&request, &ProtocolParameters::NONE, again, &mut slots)?
            .base_string()
            .write_to(&mut base_string);
        Ok(Login {
            message,
            base_string,
        })
    }

    fn client(&self, secrets: &Secrets<'_>) -> Result<Client<'a, HmacSha1>, Problem> {
        let key = HmacSha1::new(&Secret::from(secrets.client), &Secret::from(secrets.token));
        let mut signer = Signer::with_key(key, self.client_key);
        if let Some(token) = self.token {
            signer = signer.with_token(token);
        }
        if self.version {
            signer = signer.with_version();
        }
        if let Some(realm) = self.realm {
            signer = signer.with_realm(realm);
        }
        if self.mechanism == Mechanism::Xoauth {
            self.refuse(&[
                ("host", self.host.is_some()),
                ("port", self.port.is_some()),
                ("authzid", self.authzid.is_some()),
                ("realm", self.realm.is_some()),
            ])?;
            let url = self.url.ok_or_else(|| self.missing("url"))?;
            let request = Request {
                method: "GET",
                url,
                content_type: None,
                body: None,
            };
            request.target()?;
            return Ok(Client::xoauth(signer, url)?);
        }
        self.refuse(&[("url", self.url.is_some())])?;
        let host = self.host.ok_or_else(|| self.missing("host"))?;
        let port = self.port.ok_or_else(|| self.missing("port"))?;
        let client = Client::oauth10a(signer, host, port)?;
        Ok(match self.authzid {
            Some(identity) => client.with_identity(identity),
            None => client,
        })
    }

    fn missing(&self, field: &str) -> Problem {
        Problem::field(format!("{} needs the {field}", self.mechanism))
    }

    /// What would be passed over is an error: it is not what its author meant.
    fn refuse(&self, fields: &[(&str, bool)]) -> Result<(), Problem> {
        match fields.iter().find(|(_, is_there)| *is_there) {
            Some((field, _)) => Err(Problem::field(format!(
                "{field}: {} has none",
                self.mechanism
            ))),
            None => Ok(()),
        }
    }
}

impl From<ClientError> for Problem {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Url(error) => error.into(),
            ClientError::Host(error) => Self::field(format!("host or port: {error}")),
            ClientError::Character(_) => Self::field(error.to_string()),
            ClientError::Sign(error) => error.into(),
            _ => Self::new(Code::CannotSign, error.to_string()),
        }
    }
}

/// The fields of a line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<'a> {
    #[serde(borrow, default, deserialize_with = "json::present")]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    mechanism: Option<Text<'a>>,
    url: Option<Text<'a>>,
    host: Option<Text<'a>>,
    port: Option<Digits>,
    authzid: Option<Text<'a>>,
    #[serde(alias = "consumer_key")]
    client_key: Option<Text<'a>>,
    #[serde(alias = "consumer_secret")]
    client_secret: Option<Hidden<'a>>,
    token: Option<Text<'a>>,
    token_secret: Option<Hidden<'a>>,
    signature_method: Option<Text<'a>>,
    private_key: Option<Hidden<'a>>,
    nonce: Option<Word<'a>>,
    timestamp: Option<Digits>,
    version: Option<Text<'a>>,
    realm: Option<Text<'a>>,
}

impl Fields<'_> {
    fn order(&self) -> Result<Order<'_>, Problem> {
        let mechanism = match self.mechanism.as_deref() {
            None => return Err(Problem::field("missing field `mechanism`")),
            Some("XOAUTH") => Mechanism::Xoauth,
            Some("OAUTH10A") => Mechanism::Oauth10a,
            Some(_) => {
                return Err(Problem::field(
                    "mechanism: expected one of XOAUTH, OAUTH10A",
                ));
            }
        };
        let method = self.signature_method.as_deref();
        if method.is_some_and(|method| method != "HMAC-SHA1") || self.private_key.is_some() {
            return Err(Problem::field(
                "signature_method, private_key: XOAUTH and OAUTH10A sign with HMAC-SHA1 alone",
            ));
        }
        let version = match self.version.as_deref() {
            None => false,
            Some("1.0") => true,
            Some(_) => return Err(Problem::field("version: expected \"1.0\" or null")),
        };
        let port = self.port.map(|Digits(port)| u16::try_from(port));
        let client_key = self.client_key.as_deref();
        Ok(Order {
            mechanism,
            url: self.url.as_deref(),
            host: self.host.as_deref(),
            port: port
                .transpose()
                .map_err(|_| Problem::field("port: expected a number from 1 to 65535"))?,
            authzid: self.authzid.as_deref(),
            client_key: client_key.ok_or_else(|| Problem::field("missing field `client_key`"))?,
            token: self.token.as_deref(),
            nonce: self.nonce.as_deref(),
            timestamp: self.timestamp.map(|Digits(seconds)| seconds),
            version,
            realm: self.realm.as_deref(),
        })
    }
}

/// `oauth1 sasl --json`.
pub(crate) struct Lines;

impl Answerer for Lines {
    fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Problem> {
        let fields: Fields<'_> = json::read(line)?;
        let secrets = Secrets {
            client: fields.client_secret.as_ref().map_or("", Hidden::expose),
            token: fields.token_secret.as_ref().map_or("", Hidden::expose),
            private_key: None,
        };
        let login = fields.order()?.sign(&secrets)?;
        let mut answer = Answer::new(out, fields.id);
        answer.text("initial_response_base64", &STANDARD.encode(&login.message));
        answer.octets("initial_response", &login.message);
        answer.plain("base_string", &login.base_string);
        answer.finish();
        Ok(())
    }
}
