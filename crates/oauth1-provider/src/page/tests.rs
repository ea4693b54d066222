use super::*;

const HOSTILE: &str = "\"><script>alert('x')</script>&amp;";

fn consent<'a>(text: &'a str, realms: &'a [String]) -> ConsentPage<'a> {
    ConsentPage {
        client_name: text,
        client: text,
        owner_name: Some(text),
        realms,
        callback_host: Some(text),
        is_out_of_band: false,
        identifier: text,
        token: text,
    }
}

#[test]
fn everything_is_escaped_on_every_page() {
    let realms = [String::from(HOSTILE)];
    let pages = [
        consent(HOSTILE, &realms).to_page(),
        VerifierPage {
            client_name: HOSTILE,
            verifier: HOSTILE,
        }
        .to_page(),
    ];
    for page in pages {
        assert!(page.html.contains("script&#62;"), "{}", page.html);
        for raw in ["<script", "\"><", "'x'"] {
            assert!(!page.html.contains(raw), "{raw}: {}", page.html);
        }
    }
}

#[test]
fn the_style_is_the_one_that_the_policy_names() {
    let page = Notice::Denied.to_page();
    let start = page.html.find("<style>").unwrap() + "<style>".len();
    let end = page.html.find("</style>").unwrap();
    let hash = STANDARD.encode(Sha256::digest(&page.html[start..end]));
    assert_eq!(page.sources, format!("style-src 'sha256-{hash}'"));
    assert!(!page.html.contains("<script") && !page.html.contains(" style="));
}

#[test]
fn the_plain_page_has_what_a_form_must_send_and_a_name_for_each_control() {
    let realms = ["read", "write"].map(String::from);
    let html = consent("printer", &realms).to_page().html;
    for part in [
        "<html lang=\"en\">",
        "<form method=\"post\">",
        "<input type=\"hidden\" name=\"oauth_token\" value=\"printer\">",
        "<input type=\"hidden\" name=\"consent\" value=\"printer\">",
        "<input type=\"hidden\" name=\"realms\" value=\"chosen\">",
        "<legend>It asks for</legend>",
        "<label><input type=\"checkbox\" name=\"realm\" value=\"write\" checked> write</label>",
        "name=\"decision\" value=\"approve\">Allow</button>",
        "name=\"decision\" value=\"deny\">Deny</button>",
        "sent to <strong>printer</strong>",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let html = consent("printer", &[]).to_page().html;
    assert!(!html.contains("fieldset>") && !html.contains("chosen"));
}

#[test]
fn every_notice_says_what_to_do() {
    let notices = [
        Notice::Denied,
        Notice::Invalid,
        Notice::Expired,
        Notice::AlreadyDecided,
        Notice::Forged,
        Notice::Unavailable,
    ];
    for notice in notices {
        let (title, text) = notice.text();
        let html = notice.to_page().html;
        assert!(html.contains(&format!("<h1>{title}</h1>")));
        assert!(html.contains(text));
    }
}
