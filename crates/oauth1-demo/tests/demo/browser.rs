//! The story in a browser, as people live it.

use fantoccini::{Locator, key::Key};

use crate::{chromium::Chromium, program::Program};

const PASSWORD: &str = "correct horse battery";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_sign_up_to_the_revocation() {
    let program = Program::serve(&["--unregistered"]);
    let (warble, postcard) = (&program.warble, &program.postcard);
    let browser = Chromium::start().await;

    sign_up(&browser, warble).await;
    register(&browser, warble, postcard).await;

    // Sign in with it: the consent, given with the keyboard alone.
    browser.press("Sign in with Warble").await;
    browser.see("Allow Postcard to use your account?").await;
    assert!(browser.says("You are signed in as jane").await);
    browser.picture("consent").await;
    press_with_keyboard(&browser, "Allow").await;
    browser.see("Hello, jane").await;
    browser.picture("profile").await;

    // Post, and see it.
    browser.press("Write a postcard").await;
    browser.see("Write a postcard").await;
    let status = "1 + 1 ~ 2, says the café & its <b>cat</b>";
    browser.fill("What do you want to say?", status).await;
    browser.press("Send").await;
    browser.wait(Locator::Css("[role=status]")).await.unwrap();
    browser.see("Write a postcard").await;
    assert!(browser.says(&format!("Sent: “{status}”")).await);
    browser.open(warble).await;
    browser.see("Timeline").await;
    let post = browser.text(".posts > li").await;
    assert!(
        post.contains(status) && post.contains("jane with Postcard"),
        "{post}"
    );
    browser.picture("timeline").await;

    // A second click on what brought her here.
    browser
        .open(&format!(
            "{postcard}/login/authenticated/?oauth_token=t&oauth_verifier=v"
        ))
        .await;
    browser.see("You are signed in already").await;

    // Whoever allowed it before is not asked again, not even after a sign-out from both.
    browser.press("To the home page").await;
    browser.see("Hello, jane").await;
    browser.press("Sign out").await;
    browser.see("Send a postcard to everybody").await;
    browser.open(warble).await;
    browser.press("Sign out").await;
    browser.see("Short posts, read by everybody").await;
    browser.open(postcard).await;
    browser.press("Sign in with Warble").await;
    browser.see("Sign in").await;
    browser.fill("Name", "jane").await;
    browser.fill("Password", "wrong horse battery").await;
    browser.press("Sign in").await;
    browser.wait(Locator::Css("[role=alert]")).await.unwrap();
    browser.see("Sign in").await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign in").await;
    browser.see("Hello, jane").await;

    // Revoke, and be refused.
    browser.open(&format!("{warble}/access")).await;
    browser.see("Applications with access").await;
    browser.picture("access").await;
    browser.press("Revoke access").await;
    browser
        .wait(Locator::XPath(
            "//p[contains(., 'No application can act for you')]",
        ))
        .await
        .unwrap();
    browser.see("Applications with access").await;
    browser.open(postcard).await;
    browser.see("Warble lets Postcard in no more").await;

    // Deny.
    browser.press("Sign in with Warble").await;
    browser.see("Allow Postcard to use your account?").await;
    browser.press("Deny").await;
    browser.see("You did not allow it").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_and_what_can_go_wrong() {
    let program = Program::serve(&[]);
    let (warble, postcard) = (&program.warble, &program.postcard);
    let browser = Chromium::start().await;
    sign_up(&browser, warble).await;

    // Whoever is not signed in is told how to.
    browser.open(&format!("{postcard}/tweet/")).await;
    browser.see("You are not signed in").await;
    browser.open(&format!("{postcard}/no/such/page")).await;
    browser.see("There is no such page").await;
    browser.open(&format!("{warble}/no/such/page")).await;
    browser.see("There is no such page").await;

    // A callback in a browser in which nothing has begun.
    let callback = format!("{postcard}/login/authenticated/?oauth_token=t&oauth_verifier=v");
    browser.open(&callback).await;
    browser.see("This sign-in is not known").await;

    // A callback of another sign-in than the one which waits; that one goes on.
    browser.press("Sign in with Warble").await;
    browser.see("Allow Postcard to use your account?").await;
    let consent = browser.client.current_url().await.unwrap();
    browser.open(&callback).await;
    browser.see("This page is from an earlier sign-in").await;
    browser.open(consent.as_str()).await;
    browser.see("Allow Postcard to use your account?").await;
    browser.press("Allow").await;
    browser.see("Hello, jane").await;

    // A decision that was taken is not taken twice.
    browser.open(consent.as_str()).await;
    browser.see("expired").await;
    browser.open(postcard).await;
    browser.press("Sign out").await;
    browser.see("Send a postcard to everybody").await;

    // The code: read in one window, typed into the other.
    browser.press("use a code").await;
    browser.see("Sign in with a code").await;
    let here = browser.client.window().await.unwrap();
    browser.press("Open Warble").await;
    let there = browser.other_window(&here).await;
    browser.client.switch_to_window(there).await.unwrap();
    browser.see("Allow Postcard to use your account?").await;
    assert!(browser.says("you are shown a code").await);
    browser.press("Allow").await;
    browser.see("Type this code into Postcard").await;
    browser.picture("code").await;
    let code = browser.text("#code").await;
    browser.client.close_window().await.unwrap();
    browser.client.switch_to_window(here).await.unwrap();
    browser.fill("Code", "wrong").await;
    browser.press("Sign in").await;
    browser.wait(Locator::Css("[role=alert]")).await.unwrap();
    browser.see("Sign in with a code").await;
    browser.fill("Code", &code).await;
    browser.press("Sign in").await;
    browser.see("Write a postcard").await;
    assert!(browser.text("header").await.contains("jane"));
}

async fn sign_up(browser: &Chromium, warble: &str) {
    browser.open(warble).await;
    browser.see("Short posts, read by everybody").await;
    browser.press("Sign up").await;
    browser.see("Sign up").await;
    browser.fill("Name", "ja ne").await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign up").await;
    browser.wait(Locator::Css("[role=alert]")).await.unwrap();
    browser.see("Sign up").await;
    browser.fill("Name", "jane").await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign up").await;
    browser.see("Timeline").await;
}

/// Registers Postcard at Warble as its first page says.
async fn register(browser: &Chromium, warble: &str, postcard: &str) {
    browser.open(postcard).await;
    browser.press("Sign in with Warble").await;
    browser.see("Register Postcard with Warble").await;
    let callback = browser.text("#callback").await;
    browser.open(&format!("{warble}/applications")).await;
    browser.see("Developers").await;
    browser.fill("Name", "Postcard").await;
    browser.fill("Callback URL", &callback).await;
    browser.press("Register").await;
    let key = browser.text("#key").await;
    let secret = browser.text("#secret").await;
    browser.see("Developers").await;
    browser.picture("registered").await;
    browser.open(&format!("{postcard}/setup/")).await;
    browser.see("Register Postcard with Warble").await;
    browser.fill("Consumer key", &key).await;
    browser.fill("Consumer secret", &secret).await;
    browser.press("Keep").await;
    browser.see("Send a postcard to everybody").await;
    browser.picture("sign-in").await;
}

/// Goes with the tabulator key to what has this text, and presses Enter.
async fn press_with_keyboard(browser: &Chromium, text: &str) {
    for _ in 0..20 {
        let focused = browser.client.active_element().await.unwrap();
        if focused.text().await.unwrap() == text {
            let outline = focused.css_value("outline-style").await.unwrap();
            assert_eq!(outline, "solid", "the focus is not seen");
            return focused.send_keys(&Key::Enter.to_string()).await.unwrap();
        }
        focused.send_keys(&Key::Tab.to_string()).await.unwrap();
    }
    panic!("{text} cannot be reached with the keyboard");
}
