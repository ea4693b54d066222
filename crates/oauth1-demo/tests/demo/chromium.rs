//! Chromium without a window, driven through `chromedriver`.

use core::time::Duration;
use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
};

use fantoccini::{
    Client, ClientBuilder, Locator,
    elements::Element,
    wd::{Capabilities, WebDriverCompatibleCommand, WindowHandle},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::audit;

/// How long a page may take on a machine that is busy with something else.
const PATIENCE: Duration = Duration::from_secs(120);

const MISSING: &str = "chromedriver cannot be started. The tests in a browser need Chromium and its \
    driver: `cargo xtask test` installs them, or do it yourself. Debian: apt-get install chromium \
    chromium-driver; Fedora: dnf install chromium chromedriver; Arch: pacman -S chromium";

/// A browser of the size of a phone.
pub(crate) struct Chromium {
    pub(crate) client: Client,
    session: String,
    /// Where the driver listens.
    port: u16,
    driver: Child,
    _stdout: BufReader<ChildStdout>,
    _profile: TempDir,
}

impl Chromium {
    pub(crate) async fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            // Reports of crashes go there too.
            .env("XDG_CONFIG_HOME", profile.path())
            .env("XDG_CACHE_HOME", profile.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{MISSING}\n({error})"));
        let mut stdout = BufReader::new(driver.stdout.take().unwrap());
        let port = loop {
            let mut line = String::new();
            let read = stdout.read_line(&mut line).unwrap();
            assert_ne!(read, 0, "chromedriver ended before it said where it is");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim().trim_end_matches('.').parse::<u16>().unwrap();
            }
        };

        let user_data = format!("--user-data-dir={}", profile.path().join("data").display());
        let options = json!({
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", user_data,
            ],
            "mobileEmulation": {
                "deviceMetrics": { "width": 360, "height": 740, "pixelRatio": 1.0 },
            },
        });
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        let timeouts = json!({ "pageLoad": 120_000, "script": 120_000 });
        capabilities.insert("timeouts".into(), timeouts);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap_or_else(|error| panic!("Chromium cannot be started: {error}"));
        let session = client.session_id().await.unwrap().unwrap();
        Self {
            client,
            session,
            port,
            driver,
            _stdout: stdout,
            _profile: profile,
        }
    }

    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Waits for the page with this heading, and looks at how it is made.
    pub(crate) async fn see(&self, heading: &str) {
        let xpath = format!("//h1[contains(normalize-space(.), {})]", quoted(heading));
        if let Err(error) = self.wait(Locator::XPath(&xpath)).await {
            let url = self.client.current_url().await.unwrap();
            let source = self.client.source().await.unwrap();
            panic!("no page {heading:?}, but {url} ({error}):\n{source}");
        }
        audit::page(self, heading).await;
    }

    /// Waits for an element.
    pub(crate) async fn wait(
        &self,
        locator: Locator<'_>,
    ) -> Result<Element, fantoccini::error::CmdError> {
        self.client
            .wait()
            .at_most(PATIENCE)
            .for_element(locator)
            .await
    }

    /// The text of an element.
    pub(crate) async fn text(&self, css: &str) -> String {
        let element = self.wait(Locator::Css(css)).await;
        element
            .unwrap_or_else(|error| panic!("no {css}: {error}"))
            .text()
            .await
            .unwrap()
    }

    /// Whether the page says this.
    pub(crate) async fn says(&self, text: &str) -> bool {
        self.text("main").await.contains(text)
    }

    /// Types into the field with this label.
    pub(crate) async fn fill(&self, label: &str, text: &str) {
        let xpath = format!("//label[normalize-space(.) = {}]", quoted(label));
        let label = self.wait(Locator::XPath(&xpath)).await;
        let label = label.unwrap_or_else(|error| panic!("no field {xpath}: {error}"));
        let id = label.attr("for").await.unwrap().unwrap();
        let field = self.client.find(Locator::Id(&id)).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses the button, or follows the link, with this text.
    pub(crate) async fn press(&self, text: &str) {
        let text = quoted(text);
        let xpath = format!("(//button | //a)[starts-with(normalize-space(.), {text})]");
        let element = self.wait(Locator::XPath(&xpath)).await;
        let element = element.unwrap_or_else(|error| panic!("nothing to press: {xpath}: {error}"));
        element.click().await.unwrap();
    }

    /// Waits for a window that opens beside this one.
    pub(crate) async fn other_window(&self, here: &WindowHandle) -> WindowHandle {
        let opened = async {
            loop {
                let windows = self.client.windows().await.unwrap();
                if let Some(there) = windows.into_iter().find(|window| window != here) {
                    return there;
                }
            }
        };
        let opened = tokio::time::timeout(PATIENCE, opened).await;
        opened.expect("no window opens")
    }

    pub(crate) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Prefers dark colours, or light ones.
    pub(crate) async fn prefer(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let body =
            json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } });
        self.client.issue_cmd(DevTools(body)).await.unwrap();
    }

    /// Keeps a picture of the page in the folder that `OAUTH1_DEMO_SCREENSHOTS` names, if it does.
    pub(crate) async fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("OAUTH1_DEMO_SCREENSHOTS") {
            let png = self.client.screenshot().await.unwrap();
            let file = std::path::Path::new(&folder).join(format!("{name}.png"));
            std::fs::write(file, png).unwrap();
        }
    }
}

impl Drop for Chromium {
    /// Ends the browser, which outlives its driver else: also after a test that has failed, so that nobody
    /// awaits anything here.
    fn drop(&mut self) {
        let mut end = || -> io::Result<()> {
            let mut driver = TcpStream::connect(("127.0.0.1", self.port))?;
            driver.set_read_timeout(Some(PATIENCE))?;
            let Self { session, port, .. } = self;
            write!(
                driver,
                "DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\
                 Content-Length: 0\r\nConnection: close\r\n\r\n"
            )?;
            // Its answer says that the browser has ended.
            driver.read(&mut [0; 1]).map(drop)
        };
        end().ok();
        self.driver.kill().ok();
        self.driver.wait().ok();
    }
}

/// A command of the browser's own.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

/// A text as `XPath` has it. None of ours has both kinds of quotes.
fn quoted(text: &str) -> String {
    if text.contains('\'') {
        format!("\"{text}\"")
    } else {
        format!("'{text}'")
    }
}
