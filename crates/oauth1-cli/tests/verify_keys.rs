//! `verify --json`: what each kind of key serves.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use serde_json::{Value, json};

use crate::support::{METHODS, error, pem, photos, question, question_of, verify, with, without};

mod support;

fn code(question: Value) -> String {
    let answer = verify(question);
    error(&answer).0.to_owned()
}

#[test]
fn secrets_and_public_keys_serve_what_they_can() {
    let rsa = json!({"private_key": pem("rsa2048.pem")});
    let shared = json!({"client_secret": "kd94hf93k423kf44"});
    let public = json!({"public_key": pem("rsa2048.cert.pem")});
    let none = without(&question(), "client_secret");
    for method in METHODS {
        let line = with(&photos(), with(&rsa, json!({"signature_method": method})));
        let line = with(&line, json!({"url": "https://photos.example.net/"}));
        let request = without(&question_of(&line), "client_secret");
        let is_rsa = method.starts_with("RSA");
        assert_eq!(
            verify(with(&request, with(&shared, public.clone())))["ok"],
            true,
            "{method}"
        );
        let (right, wrong) = if is_rsa {
            (&public, &shared)
        } else {
            (&shared, &public)
        };
        let accepted = verify(with(&request, right.clone()));
        assert_eq!(
            (&accepted["ok"], &accepted["signature_method"]),
            (&json!(true), &json!(method))
        );
        assert_eq!(
            code(with(&request, wrong.clone())),
            "unsupported_signature_method",
            "{method}"
        );
        // Nothing is what it should be where there is no key: not even the empty secret is.
        assert_eq!(code(request.clone()), "signature_invalid", "{method}");
    }
    let unsigned = with(&photos(), json!({"client_secret": ""}));
    assert_eq!(
        code(without(&question_of(&unsigned), "client_secret")),
        "signature_invalid"
    );
    assert_eq!(verify(question_of(&unsigned))["ok"], true);

    // A public key is known to all the world: as a secret it would be none.
    let confused = with(
        &photos(),
        json!({"client_secret": pem("rsa2048.public.pem")}),
    );
    let confused = without(&question_of(&confused), "client_secret");
    let all = json!({"allowed_methods": METHODS, "public_key": pem("rsa2048.public.pem")});
    assert_eq!(code(with(&confused, all)), "signature_invalid");

    for key in ["rsa2048.pem", "ec-p256.cert.pem", "rsa512.public.pem"] {
        assert_eq!(
            code(with(&none, json!({"public_key": pem(key)}))),
            "invalid_key",
            "{key}"
        );
    }
}

#[test]
fn public_keys_in_every_form() {
    let rsa = json!({"private_key": pem("rsa2048.pem"), "signature_method": "RSA-SHA1"});
    let request = without(&question_of(&with(&photos(), rsa)), "client_secret");
    for key in [
        "rsa2048.public.pem",
        "rsa2048.public.pkcs1.pem",
        "rsa2048.cert.pem",
    ] {
        assert_eq!(
            verify(with(&request, json!({"public_key": pem(key)})))["ok"],
            true,
            "{key}"
        );
    }
    let other = json!({"public_key": pem("wiki.cert.pem")});
    assert_eq!(code(with(&request, other)), "signature_invalid");
}
