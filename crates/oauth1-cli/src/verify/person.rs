//! `oauth1 verify` for people.

use oauth1_core::{
    RsaPublicKey, StandIn, Timestamp,
    verify::{Coverage, Reason, Received, Rejection, Verified},
};

use super::{Case, Keys};
use crate::{
    arguments::VerifyArguments,
    order::flags::{Credentials, Given},
    page::{BAD, GOOD, Page, printable},
    problem::{Failure, Problem},
    signature_method::SignatureMethod,
    source::{OwnSecrets, Sources},
};

pub(super) fn run(arguments: VerifyArguments) -> Result<(), Failure> {
    let mut sources = Sources::default();
    let demanded = arguments.policy;
    let secrets = OwnSecrets::shared(arguments.secrets, &mut sources)?;
    let public_key = match &arguments.public_key.public_key_file {
        Some(path) => {
            let pem = sources.text("--public-key-file", path)?;
            Some(RsaPublicKey::from_pem(&pem).map_err(|error| Problem::key(path, error))?)
        }
        None => None,
    };
    if secrets.client.is_none() && public_key.is_none() {
        return Err(Failure::usage(
            "what does the server know of the client? Set OAUTH1_CLIENT_SECRET, or give \
             --client-secret-file or --public-key-file",
        ));
    }
    let given = Given::new(arguments.request, &mut sources)?;
    let credentials = Credentials::new(arguments.client)?;
    let case = Case {
        request: given.request(),
        authorization: given.values("authorization").collect(),
        several_content_types: given.values("content-type").nth(1).is_some(),
        client_key: Some(credentials.client_key()?),
        token: credentials.token.as_deref(),
        keys: Keys {
            client_secret: secrets.client.as_deref().map(String::as_str),
            token_secret: secrets.token.as_deref().map_or("", String::as_str),
            public_key,
        },
        allowed_methods: (!demanded.allowed_methods.is_empty()).then(|| {
            demanded
                .allowed_methods
                .iter()
                .map(|method| method.name())
                .collect()
        }),
        now: demanded
            .now
            .map_or_else(Timestamp::now, Timestamp::from_unix_seconds),
        window: demanded.window,
        require_body_hash: demanded.require_body_hash,
        seen: demanded.seen.iter().map(String::as_bytes).collect(),
    };
    case.request.check_method()?;
    // Whoever typed the URL is told what is wrong with it, which a client is not.
    case.request.target()?;

    let mut page = Page::new();
    let policy = case.policy();
    let (mut slots, mut seen) = (Vec::new(), None);
    let result = case.verify(&policy, &mut slots, &StandIn::new(), |received| {
        if arguments.mode.verbose {
            seen = Some(Seen::of(received));
        }
    });
    if let Some(seen) = seen {
        seen.show(&mut page)?;
    }
    match result {
        Ok(verified) => show_accepted(&mut page, &verified),
        Err(rejection) => show_refused(&mut page, &case, &rejection),
    }
}

/// What the server computes of a request.
struct Seen {
    parameters: Vec<[String; 2]>,
    base_string: String,
    signature: Option<String>,
}

impl Seen {
    fn of(received: &Received<'_>) -> Self {
        let base_string = received.base_string();
        let pairs = base_string
            .parameters()
            .map(|(name, value)| [printable(&name.to_bytes()), printable(&value.to_bytes())]);
        // The signature of PLAINTEXT is the secrets.
        let is_secret = received.signature_method() == SignatureMethod::Plaintext.name();
        Self {
            parameters: pairs.collect(),
            base_string: base_string.to_string(),
            signature: (!is_secret).then(|| printable(&received.signature().to_bytes())),
        }
    }

    fn show(&self, page: &mut Page) -> Result<(), Failure> {
        page.heading("Signed parameters, sorted")?;
        page.table(&self.parameters)?;
        page.heading("Base string as the server computes it")?;
        page.item(&self.base_string)?;
        page.heading("Signature as it was received")?;
        match &self.signature {
            Some(signature) => page.item(signature)?,
            None => page.note("the secrets themselves (PLAINTEXT); not shown")?,
        }
        page.line("")?;
        Ok(())
    }
}

fn show_accepted(page: &mut Page, verified: &Verified<'_>) -> Result<(), Failure> {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "(none)".to_owned());
    let value = |value: oauth1_core::Value<'_>| printable(&value.to_bytes());
    let realm = verified
        .realm()
        .map(|realm| printable(&realm.bytes().collect::<Vec<u8>>()));
    let body = match verified.coverage() {
        Coverage::Empty => "there is none",
        Coverage::Signed => "is the one that was signed",
        _ => "is not signed: anybody on the way may have changed it",
    };
    page.coloured(GOOD, "accepted")?;
    page.table(&[
        ["client".to_owned(), value(verified.client())],
        ["token".to_owned(), or_none(verified.token().map(value))],
        [
            "signature method".to_owned(),
            verified.signature_method().to_owned(),
        ],
        ["realm".to_owned(), or_none(realm)],
        [
            "timestamp".to_owned(),
            or_none(verified.timestamp().map(|at| at.to_string())),
        ],
        ["nonce".to_owned(), or_none(verified.nonce().map(value))],
        ["body".to_owned(), body.to_owned()],
    ])?;
    Ok(())
}

fn show_refused(page: &mut Page, case: &Case<'_>, rejection: &Rejection) -> Result<(), Failure> {
    page.coloured(BAD, format_args!("refused: {}", rejection.code()))?;
    page.table(&[
        ["reason".to_owned(), rejection.to_string()],
        ["to do".to_owned(), remedy(rejection.reason()).to_owned()],
        [
            "answer".to_owned(),
            format!(
                "{}, WWW-Authenticate: {}",
                rejection.status(),
                case.challenge(rejection)
            ),
        ],
    ])?;
    Err(Failure::Refused)
}

/// What to do about it.
fn remedy(reason: Reason) -> &'static str {
    match reason {
        Reason::Absent => "send an Authorization header of the scheme OAuth: see `oauth1 sign`",
        Reason::MalformedHeader(_) => {
            "write each parameter as name=\"value\", percent-encoded, with commas between them"
        }
        Reason::SeveralHeaders => "send one Authorization header of the scheme OAuth",
        Reason::MalformedEncoding(..) => "write a \"%\" that means itself as %25",
        Reason::MalformedParameter(_) => "send a value that is not empty, of printable characters",
        Reason::MalformedContentType => "send one Content-Type",
        Reason::MalformedUri => "send an absolute URL, percent-encoded where it has to be",
        Reason::DuplicateParameter(_) => "send it once, in one place",
        Reason::MixedLocations => {
            "send them all in the header, or all in the query, or in the form"
        }
        Reason::MissingParameters(_) => "send them",
        Reason::UnsupportedVersion => "send 1.0, or leave it out",
        Reason::UnsupportedSignatureMethod => {
            "sign with a method that the server's key can serve (see --allow), PLAINTEXT over https"
        }
        Reason::TimestampRefused(..) => {
            "set the clock of the client right, in seconds of UTC; for an old request, give --now"
        }
        Reason::NonceReplayed => "sign each request anew, retries too",
        Reason::ClientUnknown => "compare oauth_consumer_key with --client-key",
        Reason::TokenUnknown => "compare oauth_token with --token",
        Reason::SignatureInvalid => {
            "ask `oauth1 explain` with the same request; compare both secrets, and with -v the base \
             string with the one that the client signed"
        }
        Reason::BodyHashInvalid => {
            "hash the bytes that are sent, all of them, with the digest of the signature method"
        }
        Reason::BodyHashMissing => "sign with oauth_body_hash: see `oauth1 body-hash`",
        Reason::BodyHashOnForm => "leave it out: the pairs of a form are signed themselves",
        Reason::HeaderTooLong | Reason::TooLarge(_) => {
            "send less: the limits are those that servers commonly have"
        }
        _ => "see the reason",
    }
}
