//! `oauth1 sign`.

use oauth1_core::{
    Body, RsaPrivateKey, Transmission, Value,
    authorization::{AuthorizationHeader, HeaderParameter},
    form, percent,
};

use crate::{
    arguments::SignArguments,
    json::{self, Answer},
    key::Secrets,
    order::{Order, fields::Fields, flags},
    page::{Page, printable},
    problem::{Failure, Problem},
    profile,
    signature_method::SignatureMethod,
    signing::{Desk, text},
    source::{OwnSecrets, Sources},
    stream::{self, Answerer},
};

pub(crate) fn run(mut arguments: SignArguments) -> Result<(), Failure> {
    if arguments.mode.json {
        return stream::run(Lines::default());
    }
    profile::settle(
        &mut arguments.protocol,
        &mut arguments.client,
        Some(&mut arguments.keys),
    )?;
    let mut sources = Sources::default();
    let method = arguments.protocol.signature_method();
    let secrets = OwnSecrets::of_method(method, arguments.keys, &mut sources)?;
    let given = flags::Given::new(arguments.request, &mut sources)?;
    let credentials = flags::Credentials::new(arguments.client)?;
    secrets.check(method, credentials.token.as_deref())?;
    let extra = flags::extra(&arguments.protocol)?;
    let order = flags::order(&given, &credentials, &arguments.protocol, &extra)?;
    let mut desk = Desk::default();
    desk.sign(&order, &secrets.borrowed())?;

    let mut page = Page::new();
    if arguments.mode.verbose {
        show_request(&mut page, &order)?;
        show_base_string(&mut page, &order, &desk)?;
        show_key(&mut page, method, &secrets.borrowed())?;
        page.heading(format_args!("Signature ({})", method.name()))?;
        if method == SignatureMethod::Plaintext {
            page.note("the key itself: it shows in what is sent, below")?;
        } else {
            page.item(text(&desk.signature))?;
        }
        page.heading(match order.transmission {
            Transmission::Query => "URL to send",
            Transmission::Form => "Body to send",
            _ => "Header to send",
        })?;
    }
    let mut sent = Vec::new();
    match order.transmission {
        Transmission::Query => desk.write_url(&order, &mut sent),
        Transmission::Form => drop(desk.write_body(&order, &mut sent)),
        _ => {
            sent.extend_from_slice(b"Authorization: ");
            sent.extend_from_slice(&desk.authorization);
        }
    }
    // It is to be used as it stands: nothing in it is escaped.
    page.line(String::from_utf8_lossy(&sent))?;
    Ok(())
}

/// The request, and how its body is signed.
pub(crate) fn show_request(page: &mut Page, order: &Order<'_>) -> Result<(), Failure> {
    let request = order.request;
    let body = match request.body() {
        Body::Form(form) => format!("a form of {} bytes: its pairs are signed", form.len()),
        Body::Opaque(body) => {
            format!(
                "{} bytes, no form: signed through oauth_body_hash or not at all",
                body.len()
            )
        }
        _ => "none".to_owned(),
    };
    let uri = request.target()?.base_string_uri().to_string();
    page.heading("Request")?;
    page.table(&[
        ["method".to_owned(), request.method.to_ascii_uppercase()],
        ["URL".to_owned(), printable(request.url.as_bytes())],
        ["base string URI".to_owned(), uri],
        ["body".to_owned(), body],
    ])?;
    Ok(())
}

/// The parameters and what becomes of them.
pub(crate) fn show_base_string(
    page: &mut Page,
    order: &Order<'_>,
    desk: &Desk,
) -> Result<(), Failure> {
    let row = |source: &str, name: Value<'_>, value: Value<'_>| {
        let (name, value) = (name.to_bytes(), value.to_bytes());
        let encoded = format!("{}={}", percent::encode(&name), percent::encode(&value));
        [
            source.to_owned(),
            printable(&name),
            printable(&value),
            encoded,
        ]
    };
    page.heading("Parameters: where from, name, value, encoded")?;
    let mut rows = Vec::new();
    let query = order.request.target()?.query().unwrap_or_default();
    rows.extend(form::pairs(query.as_bytes()).map(|(name, value)| row("query", name, value)));
    if let Body::Form(body) = order.request.body() {
        rows.extend(form::pairs(body).map(|(name, value)| row("form", name, value)));
    }
    for (name, value) in protocol_parameters(&desk.authorization) {
        rows.push(row("protocol", name, value));
    }
    rows.retain(|[_, name, ..]| name != "oauth_signature");
    page.table(&rows)?;

    page.heading("Normalized: sorted by encoded name, then by encoded value, and joined")?;
    page.item(desk.normalized())?;
    page.heading("Base string: method, base string URI and the above, each encoded")?;
    page.item(text(&desk.base_string))?;
    Ok(())
}

/// The protocol parameters as they are sent, in a header or as pairs.
fn protocol_parameters(authorization: &[u8]) -> Vec<(Value<'_>, Value<'_>)> {
    match AuthorizationHeader::parse(authorization) {
        Some(header) => {
            let pairs = header.parameters().filter_map(|parameter| match parameter {
                Ok(HeaderParameter::Pair { name, value }) => Some((name, value)),
                _ => None,
            });
            pairs.collect()
        }
        None => form::pairs(authorization).collect(),
    }
}

/// Of what the key is made. It is never shown itself.
pub(crate) fn show_key(
    page: &mut Page,
    method: SignatureMethod,
    secrets: &Secrets<'_>,
) -> Result<(), Failure> {
    page.heading("Key")?;
    if let Some(pem) = secrets.private_key.filter(|_| method.is_rsa()) {
        let key =
            RsaPrivateKey::from_pem(pem).map_err(|error| Problem::key("private key", error))?;
        page.item(format_args!(
            "the private key ({} bits); no shared secret",
            key.bits()
        ))?;
        return Ok(());
    }
    page.item(format_args!(
        "client secret ({} bytes) & token secret ({} bytes), each encoded; not shown",
        secrets.client.len(),
        secrets.token.len(),
    ))?;
    Ok(())
}

/// `oauth1 sign --json`.
#[derive(Default)]
pub(crate) struct Lines {
    desk: Desk,
    sent: Vec<u8>,
}

impl Answerer for Lines {
    fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Problem> {
        let fields: Fields<'_> = json::read(line)?;
        if let Some((base_string, method)) = fields.base_string()? {
            self.desk
                .sign_text(base_string, method, &fields.secrets())?;
            let mut answer = Answer::new(out, fields.id);
            answer.text("base_string", base_string);
            answer.plain("signature", &self.desk.signature);
            answer.finish();
            return Ok(());
        }
        let body = fields.body()?;
        let parameters = fields.parameters();
        let order = fields.order(body.as_deref(), &parameters)?;
        self.desk.sign(&order, &fields.secrets())?;
        self.write(&order, Answer::new(out, fields.id));
        Ok(())
    }
}

impl Lines {
    fn write(&mut self, order: &Order<'_>, mut answer: Answer<'_>) {
        let Self { desk, sent } = self;
        answer.plain("base_string", &desk.base_string);
        answer.plain("signature", &desk.signature);
        let is_header = order.transmission == Transmission::Header;
        let header = is_header.then_some(&desk.authorization[..]);
        let header = answer.octets_or_null("authorization", header);
        sent.clear();
        desk.write_url(order, sent);
        answer.octets("url", sent);
        sent.clear();
        let has_body = desk.write_body(order, sent);
        answer.octets_or_null("body", has_body.then_some(sent));
        answer.headers(header.as_ref(), Desk::content_type(order));
        answer.finish();
    }
}
