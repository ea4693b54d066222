use alloc::sync::Arc;
use core::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use oauth1_core::{VerifyingKey, verify::Reason};
use tower::{Layer as _, ServiceExt as _, service_fn};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use crate::support::{
    Answered, FORM, Gated, Sent, echo, layer, run, signed, signed_by, text, unhashed,
};

/// Keeps all events as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(Level, String)>>>);

impl Log {
    fn lines(&self) -> Vec<(Level, String)> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        assert_eq!(event.metadata().target(), "oauth1_tower::verify");
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push((*event.metadata().level(), line.0));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn core::fmt::Debug) {
        write!(self.0, "{}={value:?} ", field.name()).unwrap();
    }
}

fn unknown(name: &'static str) -> Sent {
    let mut sent = signed(name, FORM, "password=hunter2");
    let header = sent.headers()["authorization"].to_str().unwrap();
    let header = header.replace("\"client\"", "\"nobody\"");
    sent.headers_mut()
        .insert("authorization", header.parse().unwrap());
    sent
}

fn logged(with_base_strings: bool) -> Vec<(Level, String)> {
    let log = Log::default();
    tracing::subscriber::with_default(log.clone(), || {
        let mut layer = layer(Gated::open());
        if with_base_strings {
            layer = layer.log_base_strings();
        }
        let service = layer.layer(service_fn(echo));
        let changed = signed("c", "text/plain", "abc").map(|_| "abd".into());
        for (sent, status) in [
            (signed("a", FORM, "password=hunter2"), 200),
            (signed("a", FORM, "password=hunter2"), 401),
            (signed_by("wrong", "b", FORM, "password=hunter2"), 401),
            (unknown("b"), 401),
            (changed, 422),
        ] {
            let answer: Answered = run(service.clone().oneshot(sent));
            assert_eq!(run(text(answer)).0, status);
        }
    });
    log.lines()
}

#[test]
fn the_log_has_a_code_for_each_request_and_no_secret() {
    let lines = logged(false);
    let codes = [
        (Level::DEBUG, "code=\"accepted\""),
        (Level::INFO, "code=\"nonce_replayed\""),
        (Level::INFO, "code=\"signature_invalid\""),
        (Level::INFO, "code=\"client_unknown\""),
        (Level::DEBUG, "code=\"accepted\""),
        (Level::INFO, "code=\"body_hash_invalid\""),
    ];
    assert_eq!(lines.len(), codes.len(), "{lines:?}");
    for ((level, line), (expected, code)) in lines.iter().zip(codes) {
        assert!(*level == expected && line.contains(code), "{level} {line}");
        let secrets = [
            "secret",
            "hunter2",
            "oauth_signature",
            "size=original",
            "token",
        ];
        assert!(
            !secrets.iter().any(|secret| line.contains(secret)),
            "{line}"
        );
    }
}

#[test]
fn base_strings_are_logged_only_when_that_is_switched_on() {
    let lines = logged(true);
    let shown: Vec<_> = lines
        .iter()
        .filter(|(_, line)| line.contains("base_string"))
        .collect();
    // Of the two whose signature does not match, known or unknown.
    assert_eq!(shown.len(), 2, "{lines:?}");
    for (_, line) in shown {
        assert!(
            line.contains("password%3Dhunter2") && !line.contains("secret"),
            "{line}"
        );
    }
}

/// A form that its client has left out of the signature.
fn form_omitted(nonce: &'static str) -> Sent {
    let mut sent = unhashed(nonce, "text/plain", "password=hunter2");
    sent.headers_mut()
        .insert("content-type", FORM.parse().unwrap());
    sent
}

#[test]
fn the_log_says_why_a_signature_does_not_match_where_that_is_switched_on() {
    let log = Log::default();
    tracing::subscriber::with_default(log.clone(), || {
        let service = layer(Gated::open())
            .log_explanations(2)
            .layer(service_fn(echo));
        let sent = [
            form_omitted("a"),
            unknown("b"),
            // A third in this second.
            form_omitted("c"),
        ];
        for sent in sent {
            let answer: Answered = run(service.clone().oneshot(sent));
            assert_eq!(run(text(answer)).0, 401);
        }
    });
    let lines: Vec<_> = log.lines().into_iter().map(|(_, line)| line).collect();
    let is_explanation = |line: &&String| line.contains("why the signature does not match");
    let explained: Vec<_> = lines.iter().filter(is_explanation).collect();
    assert_eq!(explained.len(), 2, "{lines:?}");
    assert!(explained[0].contains("form-omitted"), "{}", explained[0]);
    // The unknown client's secret is not the stand-in's.
    assert!(!explained[1].contains("form-omitted"), "{}", explained[1]);
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("secret") || line.contains("hunter2"))
    );
}

#[test]
fn a_mismatch_is_shown_for_known_and_unknown_alike() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let shown = Arc::clone(&seen);
    let service = layer(Gated::open())
        .on_mismatch(move |mismatch| {
            let received = mismatch.received();
            let base_string = received.base_string();
            // The key is one that can be asked again.
            let key: &dyn VerifyingKey = mismatch.key();
            let verdict = key.verify(
                received.signature_method(),
                &base_string,
                received.signature(),
            );
            assert_eq!(verdict, oauth1_core::Verdict::Invalid);
            assert_eq!(mismatch.request().target().path(), "/photos");
            assert!(!format!("{mismatch:?}").contains("hunter2"));
            let entry = (mismatch.rejection().reason(), base_string.to_string());
            shown.lock().unwrap().push(entry);
        })
        .layer(service_fn(echo));
    let mut strange = signed("s", FORM, "password=hunter2");
    let header = strange.headers()["authorization"].to_str().unwrap();
    let header = header.replace("\"token\"", "\"strange\"");
    strange
        .headers_mut()
        .insert("authorization", header.parse().unwrap());
    let requests = [
        signed("a", FORM, "password=hunter2"),
        signed_by("wrong", "b", FORM, "password=hunter2"),
        unknown("c"),
        strange,
        // A replay is no mismatch.
        signed("a", FORM, "password=hunter2"),
    ];
    for sent in requests {
        let _: Answered = run(service.clone().oneshot(sent));
    }
    let seen = seen.lock().unwrap();
    let reasons: Vec<_> = seen.iter().map(|(reason, _)| *reason).collect();
    let all = [
        Reason::SignatureInvalid,
        Reason::ClientUnknown,
        Reason::TokenUnknown,
    ];
    assert_eq!(reasons, all);
    assert!(
        seen.iter()
            .all(|(_, base)| base.starts_with("POST&https%3A%2F%2Fapi.example.com%2Fphotos&"))
    );
}

#[cfg(feature = "metrics")]
#[test]
fn outcomes_are_counted() {
    use alloc::collections::BTreeMap;
    use metrics::{
        Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    };

    #[derive(Clone, Default)]
    struct Counts(Arc<Mutex<BTreeMap<String, u64>>>);

    struct Cell(Counts, String);

    impl CounterFn for Cell {
        fn increment(&self, value: u64) {
            *self.0.0.lock().unwrap().entry(self.1.clone()).or_default() += value;
        }

        fn absolute(&self, _: u64) {}
    }

    impl Recorder for Counts {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

        fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
            let labels = key.labels().map(metrics::Label::value);
            let name = core::iter::once(key.name()).chain(labels);
            let name = name.collect::<Vec<_>>().join(" ");
            Counter::from_arc(Arc::new(Cell(self.clone(), name)))
        }

        fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
            Gauge::noop()
        }

        fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
            Histogram::noop()
        }
    }

    let counts = Counts::default();
    metrics::with_local_recorder(&counts, || {
        let _ = logged(false);
    });
    let expected = [
        ("oauth1_verify_requests_total accepted", 2),
        ("oauth1_verify_requests_total client_unknown", 1),
        ("oauth1_verify_requests_total nonce_replayed", 1),
        ("oauth1_verify_requests_total signature_invalid", 1),
        ("oauth1_verify_wrong_bodies_total", 1),
    ];
    let expected = expected.map(|(name, count)| (name.to_owned(), count));
    assert_eq!(*counts.0.lock().unwrap(), BTreeMap::from(expected));
}
