//! The commands that make files: keys, completions, manual pages.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{env, fs, path::PathBuf};

use serde_json::json;

use crate::support::{answer, oauth1, photos, question_of, stderr, stdout, verify, with};

mod support;

fn directory(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("making")
        .join(name);
    drop(fs::remove_dir_all(&path));
    fs::create_dir_all(&path).unwrap();
    path
}

fn made(arguments: &[&str]) -> String {
    let output = oauth1(arguments).output().unwrap();
    assert_eq!(
        (stderr(&output), output.status.code()),
        ("", Some(0)),
        "{arguments:?}"
    );
    stdout(&output).to_owned()
}

#[test]
fn a_new_key_pair_signs_and_verifies() {
    let folder = directory("keys");
    let private = folder.join("key.pem");
    let path = private.to_str().unwrap();
    let public = made(&["keygen", "--private-key-file", path]);
    assert!(
        public.starts_with("-----BEGIN PUBLIC KEY-----\n"),
        "{public}"
    );
    assert!(!public.contains("PRIVATE"));
    let text = fs::read_to_string(&private).unwrap();
    assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&private).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    let line = with(
        &photos(),
        json!({"signature_method": "RSA-SHA256", "private_key": text}),
    );
    assert!(answer("sign", line.clone())["signature"].is_string());
    let mut question = question_of(&line);
    question["public_key"] = json!(public);
    question.as_object_mut().unwrap().remove("client_secret");
    assert_eq!(verify(question)["ok"], true);

    // What is there is never written over.
    let again = oauth1(&["keygen", "--private-key-file", path])
        .output()
        .unwrap();
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(fs::read_to_string(&private).unwrap(), text);
    let weak = oauth1(&["keygen", "--bits", "1024"]).output().unwrap();
    assert_eq!(weak.status.code(), Some(2));
}

#[test]
fn shells_complete_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = made(&["completions", shell]);
        for word in ["explain", "base-string", "expected-signature"] {
            assert!(script.contains(word), "{shell} {word}");
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = directory("man");
    assert_eq!(made(&["man", folder.to_str().unwrap()]), "");
    for (page, word) in [
        ("oauth1.1", "explain"),
        ("oauth1-explain.1", "expected\\-signature"),
        ("oauth1-keygen.1", "bits"),
    ] {
        let text = fs::read_to_string(folder.join(page)).unwrap();
        assert!(text.contains(".TH ") && text.contains(word), "{page}");
    }
    let nowhere = oauth1(&["man", "/nonexistent/folder"]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(1));
}
