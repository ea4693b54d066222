//! `oauth1 profile`, and `--profile` of the commands that sign.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{fs, path::PathBuf, process::Output};

use crate::{
    people::{CLIENT, CLIENT_SECRET, HEADER, STAMP, TOKEN_SECRET, URL, file},
    support::{answer, error, oauth1, photos, run_with_input, stderr, stdout, with},
};
use serde_json::json;

#[path = "support/people.rs"]
mod people;
mod support;

/// An empty folder of the test's own.
fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("profiles")
        .join(test);
    fs::remove_dir_all(&folder).ok();
    folder
}

fn run(folder: &PathBuf, arguments: &[&[&str]]) -> Output {
    oauth1(&arguments.concat())
        .env("OAUTH1_CONFIG_DIR", folder)
        .output()
        .unwrap()
}

fn printed(folder: &PathBuf, arguments: &[&[&str]]) -> String {
    let output = run(folder, arguments);
    assert_eq!(
        (stderr(&output), output.status.code()),
        ("", Some(0)),
        "{arguments:?}"
    );
    assert_no_secret(&output);
    stdout(&output).to_owned()
}

fn complaint(folder: &PathBuf, status: i32, arguments: &[&[&str]]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(status), "{}", stderr(&output));
    assert_no_secret(&output);
    stderr(&output).to_owned()
}

fn assert_no_secret(output: &Output) {
    for secret in [CLIENT_SECRET, TOKEN_SECRET] {
        assert!(!stdout(output).contains(secret) && !stderr(output).contains(secret));
    }
}

/// Adds the profile of RFC 5849 section 1.2, its secrets from files and standard input.
fn add_photos(folder: &PathBuf) {
    let client = file("profile", "client", format!("{CLIENT_SECRET}\n").as_bytes());
    let client = client.to_str().unwrap();
    let mut command = oauth1(&["profile", "add", "photos", "--client-secret-file", client]);
    command.args(CLIENT).args(["--token-secret-file", "-"]);
    command.env("OAUTH1_CONFIG_DIR", folder);
    let output = run_with_input(command, TOKEN_SECRET.as_bytes());
    assert_eq!((stderr(&output), output.status.code()), ("", Some(0)));
    assert!(stdout(&output).contains("token secret   16 bytes, not shown"));
    assert_no_secret(&output);
}

#[test]
fn a_profile_is_added_listed_shown_used_and_removed() {
    let folder = folder("all");
    assert!(printed(&folder, &[&["profile", "list"]]).contains("no profiles"));
    add_photos(&folder);
    let list = printed(&folder, &[&["profile", "list"]]);
    assert_eq!(
        list,
        "  photos  -  client dpf43f3p2l4k3l03  token nnch734d00sl2jdk\n"
    );
    let show = printed(&folder, &[&["profile", "show", "photos"]]);
    assert!(
        show.contains("client secret  16 bytes, not shown"),
        "{show}"
    );

    assert_eq!(
        printed(&folder, &[&["sign", URL, "-p", "photos"], &STAMP]),
        HEADER
    );
    let base_string = printed(&folder, &[&["base-string", URL, "-p", "photos"], &STAMP]);
    assert!(base_string.contains("oauth_token%3Dnnch734d00sl2jdk"));
    let explain = [
        "explain",
        URL,
        "-p",
        "photos",
        "--expected-signature",
        "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
    ];
    assert!(printed(&folder, &[&explain, &STAMP]).contains("match"));

    let again = complaint(&folder, 1, &[&["profile", "add", "photos", "-k", "c"]]);
    assert!(again.contains("--replace"), "{again}");
    printed(
        &folder,
        &[&["profile", "add", "photos", "-k", "c", "--replace"]],
    );
    let list = printed(&folder, &[&["profile", "list", "--providers"]]);
    assert!(
        list.contains("client c") && list.contains("netsuite"),
        "{list}"
    );
    printed(&folder, &[&["profile", "remove", "photos"]]);
    complaint(&folder, 1, &[&["profile", "remove", "photos"]]);
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_refused_and_new_ones_are_private() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder("mode");
    add_photos(&folder);
    let path = folder.join("profiles/photos.json");
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&folder.join("profiles")), 0o700);
    // Written in one step: nothing is left beside it.
    assert_eq!(fs::read_dir(folder.join("profiles")).unwrap().count(), 1);
    for bad in [0o640, 0o604, 0o620, 0o602] {
        fs::set_permissions(&path, fs::Permissions::from_mode(bad)).unwrap();
        let message = complaint(&folder, 1, &[&["sign", URL, "-p", "photos"]]);
        assert!(message.contains("chmod 600"), "{message}");
        assert!(message.contains(&format!("{bad:03o}")), "{message}");
        let list = printed(&folder, &[&["profile", "list"]]);
        assert!(list.contains("cannot be used"), "{list}");
    }
}

#[test]
fn names_and_contents_that_do_not_do_are_told() {
    let folder = folder("wrong");
    for name in ["../x", ".x", "a/b", "", "a b"] {
        let message = complaint(&folder, 2, &[&["profile", "add", name, "-k", "c"]]);
        assert!(message.contains("64 letters"), "{message}");
        complaint(&folder, 2, &[&["sign", URL, "-p", name]]);
    }
    add_photos(&folder);
    let path = folder.join("profiles/photos.json");
    let content = fs::read_to_string(&path).unwrap();
    for wrong in [
        content.replace("\"version\": 1", "\"version\": 2"),
        content.replace("client_key", "cleint_key"),
        content.replace("\"kd94", "kd94"),
        " ".repeat(70_000),
    ] {
        fs::write(&path, wrong).unwrap();
        let message = complaint(&folder, 1, &[&["sign", URL, "-p", "photos"]]);
        assert!(message.contains("photos.json"), "{message}");
    }
    let place = ["profile", "add", "n", "-k", "c", "--provider", "netsuite"];
    assert!(complaint(&folder, 2, &[&place]).contains("--place"));
    assert!(complaint(&folder, 2, &[&["sign", URL, "--place", "x"]]).contains("--profile"));
}

#[test]
fn options_go_before_the_profile_and_the_profile_before_the_environment() {
    let folder = folder("order");
    add_photos(&folder);
    let sign = |arguments: &[&str]| {
        let mut command = oauth1(&[&["base-string", URL, "-p", "photos"], arguments].concat());
        command
            .env("OAUTH1_CONFIG_DIR", &folder)
            .env("OAUTH1_CLIENT_KEY", "somebody")
            .env("OAUTH1_TOKEN", "somebody-elses");
        stdout(&command.output().unwrap()).to_owned()
    };
    let own = sign(&[]);
    assert!(own.contains("key%3Ddpf43f3p2l4k3l03") && own.contains("token%3Dnnch734d00sl2jdk"));
    // The profile's token is not that of another client.
    let other = sign(&["-k", "other"]);
    assert!(
        other.contains("key%3Dother") && !other.contains("nnch734d00sl2jdk"),
        "{other}"
    );
    let token = sign(&["-t", "another"]);
    assert!(token.contains("key%3Ddpf43f3p2l4k3l03") && token.contains("token%3Danother"));
    // Without a token of its own, it has none.
    printed(&folder, &[&["profile", "add", "bare", "-k", "bare"]]);
    let mut command = oauth1(&["base-string", URL, "-p", "bare"]);
    command
        .env("OAUTH1_CONFIG_DIR", &folder)
        .env("OAUTH1_TOKEN", "somebody-elses");
    let bare = command.output().unwrap();
    assert!(!stdout(&bare).contains("somebody"), "{}", stdout(&bare));
}

#[test]
fn providers_say_how_requests_are_signed() {
    let folder = folder("providers");
    let client = ["-k", "c", "--client-secret", "s"];
    let net_suite = printed(
        &folder,
        &[
            &[
                "sign",
                "https://a.example/",
                "-p",
                "NetSuite",
                "--place",
                "123-sb1",
            ],
            &client,
        ],
    );
    assert!(
        net_suite.starts_with("Authorization: OAuth realm=\"123_SB1\", "),
        "{net_suite}"
    );
    assert!(net_suite.contains("HMAC-SHA256"), "{net_suite}");
    let woo = printed(
        &folder,
        &[
            &[
                "sign",
                "https://a.example/",
                "-p",
                "woo",
                "--place",
                "https://a.example",
            ],
            &client,
        ],
    );
    assert!(
        woo.starts_with("https://a.example/?oauth_consumer_key=c&"),
        "{woo}"
    );
    let unknown = complaint(&folder, 2, &[&["sign", URL, "-p", "nobody"], &client]);
    assert!(unknown.contains("profile list --providers"), "{unknown}");
}

#[test]
fn lines_name_providers() {
    let sign = |fields| answer("sign", with(&photos(), fields));
    let x = sign(json!({"profile": "twitter"}));
    assert!(
        x["authorization"]
            .as_str()
            .unwrap()
            .contains("oauth_version=\"1.0\"")
    );
    let own = sign(json!({"profile": "woocommerce"}));
    assert!(own["authorization"].is_null(), "{own}");
    assert!(own["base_string"].as_str().unwrap().contains("HMAC-SHA256"));
    let (code, message) = ("invalid_field", "realm: this provider");
    let missing = sign(json!({"profile": "netsuite"}));
    assert_eq!(error(&missing).0, code);
    assert!(error(&missing).1.starts_with(message));
    let given = sign(json!({"profile": "netsuite", "realm": "1"}));
    assert!(
        given["authorization"]
            .as_str()
            .unwrap()
            .contains("realm=\"1\"")
    );
    assert_eq!(
        error(&sign(json!({"profile": "nobody"}))).0,
        "unknown_profile"
    );
}
