//! Every byte of what is sent is changed, one at a time: the request is refused, or what was changed
//! is nothing that is signed.

use oauth1_core::{
    BaseString, Body, RequestView, StandIn, Target, Timestamp,
    verify::{Lookup, Policy},
};
use oauth1_tests::{Placement, RequestVector, requests};

#[test]
fn a_changed_byte_is_refused_or_unsigned() {
    let (mut refused, mut harmless) = (0_usize, 0_usize);
    for vector in requests("requests") {
        // One RSA signature takes as long as hundreds of others; its vectors have tests of their own.
        if vector.rsa_key.is_some() || vector.signature_method == "PLAINTEXT" {
            continue;
        }
        let timestamp = vector
            .parameter("oauth_timestamp")
            .and_then(|digits| digits.parse().ok());
        let Some(now) = timestamp.map(Timestamp::from_unix_seconds) else {
            continue;
        };
        let sent = Sent::of(&vector);
        if !sent.is_accepted(&vector, now) {
            continue;
        }
        for changed in sent.changed() {
            if changed.is_accepted(&vector, now) {
                assert!(
                    changed.same_meaning(&sent, &vector, now),
                    "{}: {changed:?}",
                    vector.id
                );
                harmless += 1;
            } else {
                refused += 1;
            }
        }
    }
    println!("{refused} changes refused, {harmless} changed nothing that is signed");
    assert!(refused > 20_000, "{refused}");
    assert!(harmless * 20 < refused, "{harmless} of {refused}");
}

/// What goes over the wire.
#[derive(Clone, Debug, PartialEq)]
struct Sent {
    method: String,
    url: String,
    body: Option<String>,
    header: Option<String>,
}

impl Sent {
    fn of(vector: &RequestVector) -> Self {
        let expected = &vector.expected;
        Self {
            method: vector.method.clone(),
            url: expected
                .sent_url
                .clone()
                .unwrap_or_else(|| vector.url.clone()),
            body: expected.sent_body.clone().or_else(|| vector.body.clone()),
            header: (vector.placement == Placement::Header).then(|| expected.authorization.clone()),
        }
    }

    /// This with one byte changed, in all ways that keep it text.
    fn changed(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut push = |change: &dyn Fn(&mut Self) -> &mut String, text: &str| {
            for (at, char) in text.char_indices().filter(|(_, char)| char.is_ascii()) {
                for other in ['x', '7', '%'] {
                    if other == char {
                        continue;
                    }
                    let mut sent = self.clone();
                    change(&mut sent).replace_range(at..=at, other.encode_utf8(&mut [0; 4]));
                    all.push(sent);
                }
            }
        };
        push(&|sent| &mut sent.method, &self.method);
        push(&|sent| &mut sent.url, &self.url);
        push(
            &|sent| sent.body.get_or_insert_default(),
            self.body.as_deref().unwrap_or(""),
        );
        push(
            &|sent| sent.header.get_or_insert_default(),
            self.header.as_deref().unwrap_or(""),
        );
        all
    }

    fn request<'a>(&'a self, vector: &RequestVector) -> Option<RequestView<'a>> {
        let target = Target::parse(&self.url).ok()?;
        let is_form = matches!(vector.sent().body(), Body::Form(_));
        let body = match &self.body {
            None => Body::None,
            Some(body) if is_form => Body::Form(body.as_bytes()),
            Some(body) => Body::Opaque(body.as_bytes()),
        };
        Some(RequestView::new(&self.method, target).with(body))
    }

    fn is_accepted(&self, vector: &RequestVector, now: Timestamp) -> bool {
        let Some(request) = self.request(vector) else {
            return false;
        };
        let header = self.header.as_ref().map(String::as_bytes);
        let policy = Policy::new();
        let mut slots = Vec::new();
        let key = vector.key();
        policy
            .receive(&request, header, now, &mut slots)
            .is_ok_and(|received| {
                received
                    .authenticate(Lookup::Found(&*key.verifying()), &StandIn::new())
                    .is_ok()
            })
    }

    /// The base string and the signature are those of the original.
    fn same_meaning(&self, original: &Self, vector: &RequestVector, now: Timestamp) -> bool {
        let read = |sent: &Self| {
            let request = sent.request(vector)?;
            let header = sent.header.as_ref().map(String::as_bytes);
            let policy = Policy::new();
            let mut slots = Vec::new();
            let received = policy.receive(&request, header, now, &mut slots).ok()?;
            Some((
                received.base_string().to_string(),
                received.signature().to_bytes().into_owned(),
            ))
        };
        let unsigned_body = !matches!(vector.sent().body(), Body::Form(_))
            && vector.parameter("oauth_body_hash").is_none();
        read(self) == read(original)
            && (self.body == original.body || unsigned_body || self.form_is_same(original))
    }

    /// Another spelling of the same pairs.
    fn form_is_same(&self, original: &Self) -> bool {
        let text = |sent: &Self| sent.body.clone().unwrap_or_default();
        let (a, b) = (text(self), text(original));
        let sorted = |body: &str| {
            let target = Target::parse("http://example.com/").expect("a target");
            let request = RequestView::new("POST", target).with_form(body.as_bytes());
            let mut slots = Vec::new();
            BaseString::of(&request, &[], &mut slots)
                .expect("room")
                .to_string()
        };
        sorted(&a) == sorted(&b)
    }
}
