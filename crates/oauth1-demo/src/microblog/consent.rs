//! What the provider asks of the microblog: who is signed in, and how its pages look.

use askama::Template;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::{Method, request::Parts};
use oauth1_core::{
    Timestamp, form,
    provider::{AuthorizationRequest, Decided, Outcome, Pending},
};
use oauth1_provider::{Application, ConsentPage, Notice, Owner, Page, SignIn, VerifierPage};
use oauth1_store::{
    Approval, Callback, ClientStore as _, Decision, Temporary, TemporaryStore as _, TokenStore as _,
};

use super::{
    Microblog,
    accounts::{User, sign_in_path},
    posts,
};
use crate::page::Fault;

#[derive(Template)]
#[template(path = "microblog/consent.html")]
struct Consent<'p> {
    viewer: Option<User>,
    page: &'p ConsentPage<'p>,
    fields: [(&'static str, &'p str); 2],
}

#[derive(Template)]
#[template(path = "microblog/verifier.html")]
struct Verifier<'p> {
    viewer: Option<User>,
    client_name: &'p str,
    code: &'p str,
}

impl Application for Microblog {
    async fn signed_in(&self, request: &Parts) -> SignIn {
        let back = request.uri.path_and_query().map_or("/", |it| it.as_str());
        let visitor = self.visitor(&request.headers).await;
        let Ok((Some(user), session)) = visitor else {
            return SignIn::redirect(&sign_in_path(back));
        };
        let session = session.id().unwrap_or_default().to_owned();
        match Owner::new(user.id.to_string(), session) {
            Ok(owner) => SignIn::As(owner.with_name(user.name)),
            Err(_) => SignIn::redirect(&sign_in_path(back)),
        }
    }

    fn consent_page(&self, page: &ConsentPage<'_>) -> Page {
        shown(&Consent {
            viewer: None,
            page,
            fields: page.fields(),
        })
    }

    fn verifier_page(&self, page: &VerifierPage<'_>) -> Page {
        shown(&Verifier {
            viewer: None,
            client_name: page.client_name,
            code: page.verifier,
        })
    }

    fn notice_page(&self, notice: Notice) -> Page {
        let (title, text) = notice.text();
        shown(&posts::Notice {
            viewer: None,
            title,
            text,
        })
    }

    async fn token_reply(&self, owner: &str) -> Vec<(String, String)> {
        let user = match owner.parse() {
            Ok(id) => self.user(id).await.ok().flatten(),
            Err(_) => None,
        };
        let pairs = user.map(|user| {
            let id = ("user_id".to_owned(), user.id.to_string());
            vec![id, ("screen_name".to_owned(), user.name)]
        });
        pairs.unwrap_or_default()
    }
}

fn shown(template: &impl Template) -> Page {
    // What is compiled fails only where its sink does, which a `String` does not.
    let html = template.render().unwrap_or_default();
    Page::new(html).with_sources("style-src 'self'; img-src 'self'")
}

/// Sends whoever has allowed the application before straight back to it: that is all that "sign in
/// with" adds to the authorization.
pub(super) async fn known_application(
    State(microblog): State<Microblog>,
    request: Request,
    next: Next,
) -> Result<Response, Fault> {
    if request.method() == Method::GET {
        let query = request.uri().query().unwrap_or_default();
        let (user, _) = microblog.visitor(request.headers()).await?;
        if let Some(user) = user
            && !form::pairs(query.as_bytes()).any(|(name, _)| name == "force_login")
            && let Some(back) = microblog.approve_known(&user, query).await?
        {
            return Ok(Redirect::to(&back).into_response());
        }
    }
    Ok(next.run(request).await)
}

impl Microblog {
    /// Approves what this user has approved before: where to send them then. `None` where they must be
    /// asked.
    async fn approve_known(&self, user: &User, query: &str) -> Result<Option<String>, Fault> {
        let now = Timestamp::now();
        let Ok(asked) = AuthorizationRequest::read(query.as_bytes()) else {
            return Ok(None);
        };
        let Some(temporary) = self.storage.temporary(asked.identifier(), now).await? else {
            return Ok(None);
        };
        let Temporary {
            client,
            callback: Callback::Uri(callback),
            ..
        } = &temporary
        else {
            return Ok(None);
        };
        let known = self.storage.client(client).await?;
        let owner = user.id.to_string();
        let tokens = self.storage.tokens_of_owner(&owner, now).await?;
        if known.is_none_or(|client| client.revoked.is_some())
            || temporary.decision != Decision::Pending
            || !tokens
                .iter()
                .any(|token| token.client == *client && token.realms == temporary.realms)
        {
            return Ok(None);
        }
        let Ok(consent) = asked.found(Some(Pending::new(callback, temporary.expires)), now) else {
            return Ok(None);
        };
        let approval = consent.approve(crate::session::random_bytes()?);
        let verifier = approval.verifier().expose().to_owned();
        let stored = Approval::new(owner, verifier.into());
        let decided = match self
            .storage
            .approve_temporary(approval.identifier(), stored, now)
            .await?
        {
            oauth1_store::Decided::Done => Decided::Recorded,
            oauth1_store::Decided::AlreadyDecided => Decided::TooLate,
            oauth1_store::Decided::Unknown => Decided::Unknown,
        };
        Ok(match approval.recorded(decided) {
            Ok(Outcome::Redirect(back)) => Some(back),
            _ => None,
        })
    }
}
