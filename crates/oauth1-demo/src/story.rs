//! The story: Jane, her account at Warble, and Postcard, which she lets post for her; then somebody who
//! forges, and the end of it.

use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use http::{Request, StatusCode};
use oauth1_core::ClientCredentials;

use crate::{
    Screen,
    browser::Browser,
    show::{Signed, Tally},
    sites::{Options, Sites},
    wire::Log,
};

mod forgeries;

/// How a step should end, and ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// What was asked for is done.
    Done,
    /// It was refused, as it must be.
    Refused,
}

/// What a step is called, and what is to be learned from it.
pub(crate) struct Lesson {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
}

const NAME: &str = "jane";
/// The test of the program knows it too, and looks for it in what is printed.
const PASSWORD: &str = "correct horse battery";
const STATUS: &str = "1 + 1 ~ 2, says the café & its cat";

/// Plays the story; says whether all went as it should.
pub(crate) async fn play(options: Options, screen: &mut Screen, quiet: bool) -> Result<bool> {
    if let Some(file) = options.database.as_ref().filter(|file| file.exists()) {
        bail!(
            "{} is there: the story begins with a new file",
            file.display()
        );
    }
    let log = Log::default();
    let options = Options {
        unregistered: true,
        ..options
    };
    let sites = Sites::start(options, Some(&log)).await?;
    if !quiet {
        let opening = screen.show.opening(&sites.microblog, &sites.postcard);
        screen.print(&opening)?;
    }
    let mut told = Told {
        screen,
        quiet,
        log,
        tally: Tally::default(),
        number: 0,
        posted: None,
    };
    the_three_legs(&mut told, &sites).await?;
    let Told { tally, .. } = told;
    if !quiet {
        screen.print("\n")?;
    }
    screen.print(&screen.show.closing(tally))?;
    Ok(tally.unexpected == 0)
}

/// What was told so far.
struct Told<'s> {
    screen: &'s mut Screen,
    quiet: bool,
    log: Log,
    tally: Tally,
    number: usize,
    /// The last request to post that was on the wire.
    posted: Option<Request<Bytes>>,
}

impl Told<'_> {
    /// Plays a step, shows what travelled, and says whether it went as it should: what comes of it is
    /// handed on, and without it the story cannot go on.
    async fn step<T>(
        &mut self,
        lesson: Lesson,
        expected: Outcome,
        play: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        self.number += 1;
        let played = play.await;
        let messages = self.log.take();
        let signed: Vec<Signed> = messages.iter().filter_map(Signed::read).collect();
        let posts = |signed: &&Signed| signed.request.uri().path() == "/1.1/statuses/update.json";
        if let Some(posted) = signed.iter().rfind(posts) {
            self.posted = Some(posted.request.clone());
        }
        self.tally.count(expected, played.is_ok());
        if !self.quiet || played.is_err() {
            let error = played.as_ref().err();
            let step = self
                .screen
                .show
                .step(self.number, &lesson, &messages, expected, error);
            self.screen.print(&step)?;
        }
        played.with_context(|| {
            format!(
                "step {}, “{}”, did not go as it should",
                self.number, lesson.title
            )
        })
    }
}

async fn the_three_legs(told: &mut Told<'_>, sites: &Sites) -> Result<()> {
    use Outcome::{Done, Refused};
    let (warble, postcard) = (sites.microblog.as_str(), sites.postcard.as_str());
    let at_warble = |path: &str| format!("{warble}{path}");
    let at_postcard = |path: &str| format!("{postcard}{path}");
    let jane = Browser::new()?;

    let lesson = Lesson {
        title: "Jane signs up at Warble",
        text: "Her password is between her and Warble. Nothing that follows needs it.",
    };
    told.step(lesson, Done, async {
        let form = [("name", NAME), ("password", PASSWORD)];
        let page = jane.submit(&at_warble("/signup"), &form).await?;
        ensure!(page.there()? == "/", "she is not signed in");
        Ok(())
    })
    .await?;

    let lesson = Lesson {
        title: "Postcard is registered: client credentials",
        text: "Warble gives out an identifier and a secret, which their developer enters at Postcard. \
               From now on the secret is used by both sides, and never sent.",
    };
    let callback = at_postcard("/login/authenticated/");
    let client = told
        .step(lesson, Done, async {
            let form = [("name", "Postcard"), ("callback", callback.as_str())];
            let page = jane.submit(&at_warble("/applications"), &form).await?;
            ensure!(
                page.status == StatusCode::CREATED,
                "the answer is {}",
                page.status
            );
            let (key, secret) = (page.element("key")?.to_owned(), page.element("secret")?);
            let form = [("key", key.as_str()), ("secret", secret)];
            let page = jane.submit(&at_postcard("/setup/"), &form).await?;
            ensure!(page.there()? == "/", "Postcard does not take them");
            Ok(ClientCredentials::new(key, secret.to_owned()))
        })
        .await?;

    let there = told.first_leg(&jane, postcard).await?;
    let lesson = Lesson {
        title: "The second leg: Jane decides",
        text: "At Warble she is asked, and allows it. The verifier that she carries back proves to \
               Postcard that it was she who said so.",
    };
    let back = told
        .step(lesson, Done, async {
            let page = jane.open(&there).await?;
            ensure!(page.html.contains("Postcard"), "she is not asked");
            let back = decide(&jane, &there, &page, "approve").await?;
            ensure!(back.starts_with(&callback), "she is sent to {back}");
            Ok(back)
        })
        .await?;

    let lesson = Lesson {
        title: "The third leg: token credentials",
        text: "Postcard compares what comes back with what its session holds, and exchanges the verifier \
               for a token. The temporary credentials are good for nothing after that.",
    };
    told.step(lesson, Done, async {
        let page = jane.open(&back).await?;
        ensure!(page.there()? == "/", "she is not signed in");
        Ok(())
    })
    .await?;

    let lesson = Lesson {
        title: "Postcard asks who she is",
        text: "The first request that is signed for her, with both secrets: that of Postcard and that of \
               the token. Neither is sent.",
    };
    told.step(lesson, Done, async {
        let page = jane.open(&at_postcard("/")).await?;
        ensure!(
            page.html.contains("Hello, jane"),
            "Postcard does not know her"
        );
        Ok(())
    })
    .await?;

    let lesson = Lesson {
        title: "She sends a postcard",
        text: "The fields of a form are signed: what would be said in her name cannot be changed.",
    };
    told.step(lesson, Done, async {
        let page = jane
            .submit(&at_postcard("/update/"), &[("status", STATUS)])
            .await?;
        ensure!(page.html.contains("Sent: "), "it is not sent");
        Ok(())
    })
    .await?;

    let lesson = Lesson {
        title: "It is on her timeline",
        text: "Warble knows for whom it was posted, and with what.",
    };
    told.step(lesson, Done, async {
        let page = jane.open(&at_warble("/")).await?;
        ensure!(page.html.contains("café"), "it is not there");
        ensure!(
            page.html.contains("with Postcard"),
            "nobody knows where it is from"
        );
        Ok(())
    })
    .await?;

    let token = sites
        .application
        .profile(1)
        .await?
        .and_then(|profile| profile.token);
    let token = token.context("Postcard has no token")?;
    told.forgeries(
        &client,
        &token,
        &at_warble("/1.1/statuses/home_timeline.json"),
    )
    .await?;

    let lesson = Lesson {
        title: "Jane revokes the access",
        text: "At Warble, where she gave it. Postcard is not asked.",
    };
    told.step(lesson, Done, async {
        let form = [("client", client.identifier())];
        let page = jane.submit(&at_warble("/access"), &form).await?;
        ensure!(page.there()? == "/access", "it is not revoked");
        Ok(())
    })
    .await?;

    let lesson = Lesson {
        title: "Postcard is refused",
        text: "The token is worth nothing from this moment on, and Postcard tells Jane so.",
    };
    told.step(lesson, Refused, async {
        let page = jane.open(&at_postcard("/")).await?;
        ensure!(
            page.status == StatusCode::FORBIDDEN,
            "the answer is {}",
            page.status
        );
        ensure!(
            page.html.contains("lets Postcard in no more"),
            "it says something else"
        );
        Ok(())
    })
    .await?;

    let there = told.first_leg(&jane, postcard).await?;
    let lesson = Lesson {
        title: "Jane denies it",
        text: "She is asked anew, since the access is gone. She comes back without a verifier, and \
               Postcard gets nothing.",
    };
    told.step(lesson, Refused, async {
        let page = jane.open(&there).await?;
        let back = decide(&jane, &there, &page, "deny").await?;
        let page = jane.open(&back).await?;
        ensure!(
            page.status == StatusCode::FORBIDDEN,
            "the answer is {}",
            page.status
        );
        ensure!(
            page.html.contains("You did not allow it"),
            "it says something else"
        );
        Ok(())
    })
    .await
}

async fn decide(
    jane: &Browser,
    there: &str,
    page: &crate::browser::Shown,
    decision: &str,
) -> Result<String> {
    let fields = [
        ("oauth_token", page.hidden("oauth_token")?),
        ("consent", page.hidden("consent")?),
        ("decision", decision),
    ];
    let page = jane.submit(there, &fields).await?;
    Ok(page.there()?.to_owned())
}

impl Told<'_> {
    /// The first leg: where Jane is sent.
    async fn first_leg(&mut self, jane: &Browser, postcard: &str) -> Result<String> {
        let lesson = Lesson {
            title: "The first leg: temporary credentials",
            text: "Jane wants to sign in to Postcard. Before it sends her to Warble, Postcard asks there \
                   for temporary credentials, signed with the secret of its own, and keeps them in her \
                   session.",
        };
        let login = format!("{postcard}/login/");
        let there = self.step(lesson, Outcome::Done, async {
            let page = jane.open(&login).await?;
            let there = page.there()?.to_owned();
            ensure!(
                there.contains("/oauth/authenticate?oauth_token="),
                "she is sent to {there}"
            );
            Ok(there)
        });
        there.await
    }
}
