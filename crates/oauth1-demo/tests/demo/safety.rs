//! What somebody tries at the pages who means no good.

use http::{
    StatusCode,
    header::{CONTENT_SECURITY_POLICY, COOKIE, LOCATION, SET_COOKIE, WWW_AUTHENTICATE},
};
use reqwest::{Client, Response};

use crate::program::{Program, http_client};

const PASSWORD: &str = "correct horse battery";

fn client() -> Client {
    http_client(true)
}

async fn submit(client: &Client, url: &str, form: &[(&str, &str)]) -> Response {
    client.post(url).form(form).send().await.unwrap()
}

async fn sign_up(client: &Client, program: &Program, next: &str) -> Response {
    let url = format!("{}/signup", program.warble);
    let form = [("name", "jane"), ("password", PASSWORD), ("next", next)];
    let response = submit(client, &url, &form).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    response
}

fn location(response: &Response) -> &str {
    response.headers()[LOCATION].to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_forbids_what_it_does_not_need() {
    let program = Program::serve(&["--unregistered"]);
    let jane = client();
    sign_up(&jane, &program, "").await;
    let at = |site: &str, paths: &[&str]| -> Vec<String> {
        paths.iter().map(|path| format!("{site}{path}")).collect()
    };
    let warble = [
        "/",
        "/signup",
        "/login",
        "/login?next=/oauth/authorize",
        "/applications",
        "/access",
        "/nowhere",
        "/oauth/authorize",
        "/oauth/authenticate?oauth_token=t",
        "/style.css",
        "/icon.svg",
        "/1.1/account/verify_credentials.json",
    ];
    let postcard = [
        "/",
        "/login/",
        "/login/authenticated/",
        "/auth/",
        "/tweet/",
        "/update/",
        "/setup/",
        "/nowhere",
        "/style.css",
    ];
    let pages = [
        at(&program.warble, &warble),
        at(&program.postcard, &postcard),
    ]
    .concat();
    assert_eq!(pages.len(), 21);
    for page in pages {
        let response = jane.get(&page).send().await.unwrap();
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        let policy = header(CONTENT_SECURITY_POLICY.as_str());
        for part in [
            "default-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action",
        ] {
            assert!(policy.contains(part), "{page}: {policy}");
        }
        assert!(
            !policy.contains("unsafe") && !policy.contains("script-src"),
            "{page}: {policy}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{page}");
        assert!(header("cache-control").contains("no-store"), "{page}");
        assert!(!header("referrer-policy").is_empty(), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cookies_are_for_their_own_site_and_nobody_else_makes_them() {
    let program = Program::serve(&[]);
    let cookie = |response: &Response| response.headers()[SET_COOKIE].to_str().unwrap().to_owned();
    let kept = cookie(&sign_up(&client(), &program, "").await);
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(kept.contains(attribute), "{kept}");
    }
    assert!(!kept.contains("Secure"), "{kept}");
    let login = client()
        .get(format!("{}/login/", program.postcard))
        .send()
        .await
        .unwrap();
    let other = cookie(&login);
    assert!(
        other.starts_with("postcard=") && other.contains("HttpOnly"),
        "{other}"
    );

    // The cookie as it is signs in; one whose signature is another's, or none, does not.
    let (pair, _) = kept.split_once(';').unwrap();
    let value = pair.split_once('=').unwrap().1;
    // The signature stands before the name of the session.
    let name = &value[value.len() - 32..];
    let forged = pair.replacen("warble=", "warble=A", 1);
    for (cookie, signed_in) in [
        (pair, true),
        (&forged, false),
        (&format!("warble={name}"), false),
    ] {
        let page = client()
            .get(&program.warble)
            .header(COOKIE, cookie)
            .send()
            .await
            .unwrap();
        let page = page.text().await.unwrap();
        assert_eq!(page.contains("Sign out"), signed_in, "{cookie}");
    }

    let program = Program::serve(&["--microblog-origin", "https://warble.example.com"]);
    let form = [("name", "jane"), ("password", PASSWORD)];
    // The program is told that it stands behind TLS, and is asked at its port.
    let port = program.warble_port;
    let signed_up = submit(&client(), &format!("http://127.0.0.1:{port}/signup"), &form).await;
    assert!(cookie(&signed_up).contains("Secure"), "{signed_up:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forms_of_other_sites_are_refused() {
    let program = Program::serve(&[]);
    let jane = client();
    sign_up(&jane, &program, "").await;
    let (warble, postcard) = (&program.warble, &program.postcard);
    let mut forms = Vec::new();
    for path in [
        "/",
        "/signup",
        "/login",
        "/logout",
        "/applications",
        "/access",
        "/oauth/authorize",
        "/oauth/authenticate",
    ] {
        forms.push(format!("{warble}{path}"));
    }
    for path in ["/logout/", "/verify/", "/update/", "/setup/"] {
        forms.push(format!("{postcard}{path}"));
    }
    assert_eq!(forms.len(), 12);
    for form in forms {
        for (header, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://elsewhere.example"),
            ("origin", "null"),
        ] {
            let request = jane
                .post(&form)
                .header(header, value)
                .form(&[("text", "forged")]);
            let response = request.send().await.unwrap();
            assert_eq!(
                response.status(),
                StatusCode::FORBIDDEN,
                "{form}, {header}: {value}"
            );
        }
    }
    let page = jane.get(warble).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Sign out") && !page.contains("forged"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_of_others_are_texts() {
    let program = Program::serve(&[]);
    let jane = client();
    let markup = "<script>alert('x')</script>\"><b>";
    let signed_up = sign_up(&jane, &program, "//elsewhere.example/").await;
    assert_eq!(location(&signed_up), "/", "nobody is sent to another site");
    let at = |path: &str| format!("{}{path}", program.warble);
    submit(&jane, &at("/"), &[("text", markup)]).await;
    submit(
        &jane,
        &at("/applications"),
        &[("name", markup), ("callback", "")],
    )
    .await;
    let refused = submit(
        &jane,
        &at("/applications"),
        &[("name", ""), ("callback", markup)],
    )
    .await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let mut pages = vec![refused.text().await.unwrap()];
    let paths = [
        "/",
        "/applications",
        "/login?next=%22%3E%3Cscript%3E",
        "/signup?next=%22%3E%3Cscript%3E",
    ];
    for path in paths {
        pages.push(
            jane.get(at(path))
                .send()
                .await
                .unwrap()
                .text()
                .await
                .unwrap(),
        );
    }
    for page in pages {
        assert!(
            page.contains("&#60;script") || page.contains("&lt;script"),
            "{page}"
        );
        assert!(!page.contains("<script"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_is_told_and_no_more() {
    let program = Program::serve(&[]);
    let jane = client();
    sign_up(&jane, &program, "").await;
    let at = |path: &str| format!("{}{path}", program.warble);

    // Who has an account is not told at the sign-in.
    let mut pages = Vec::new();
    for name in ["jane", "june"] {
        let form = [("name", name), ("password", "wrong horse battery")];
        let refused = submit(&client(), &at("/login"), &form).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        pages.push(refused.text().await.unwrap().replace(name, "NAME"));
    }
    assert_eq!(pages[0], pages[1]);

    let taken = submit(
        &client(),
        &at("/signup"),
        &[("name", "JANE"), ("password", PASSWORD)],
    )
    .await;
    assert_eq!(taken.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.text().await.unwrap().contains("This name is taken"));

    for (text, complaint) in [
        (" \r\n", "write something"),
        (&*"é".repeat(281), "at most 280"),
    ] {
        let refused = submit(&jane, &at("/"), &[("text", text)]).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().await.unwrap().contains(complaint));
    }
    let posted = submit(&jane, &at("/"), &[("text", &"é".repeat(280))]).await;
    assert_eq!(posted.status(), StatusCode::SEE_OTHER);

    // Whoever is not signed in can neither post nor register nor revoke.
    for path in ["/", "/applications", "/access"] {
        let form = [("text", "a"), ("name", "a"), ("client", "a")];
        let refused = submit(&client(), &at(path), &form).await;
        assert!(location(&refused).starts_with("/login"), "{path}");
    }
    // The API wants a signature, and says so.
    let methods = [
        ("GET", "account/verify_credentials"),
        ("POST", "statuses/update"),
        ("GET", "statuses/home_timeline"),
    ];
    for (method, path) in methods {
        let url = at(&format!("/1.1/{path}.json"));
        let refused = jane
            .request(method.parse().unwrap(), url)
            .send()
            .await
            .unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{path}");
        let challenge = refused.headers()[WWW_AUTHENTICATE].to_str().unwrap();
        assert!(
            challenge.starts_with("OAuth realm=\"Warble\""),
            "{challenge}"
        );
    }
    // Credentials that the site has are not replaced by whoever comes second.
    let setup = format!("{}/setup/", program.postcard);
    submit(
        &client(),
        &setup,
        &[("key", "another"), ("secret", "of mine")],
    )
    .await;
    let login = client()
        .get(format!("{}/login/", program.postcard))
        .send()
        .await
        .unwrap();
    assert!(location(&login).contains("oauth_token="));
}
