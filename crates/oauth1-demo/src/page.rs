//! What both sites send: pages from templates, one stylesheet, and headers that allow nothing else.

use askama::Template;
use axum::{
    Router,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tower_http::{csrf::CsrfLayer, set_header::SetResponseHeaderLayer};

const STYLE: &str = include_str!("../templates/style.css");
const ICON: &str = include_str!("../templates/icon.svg");

/// No script, no frame, nothing from elsewhere. What the pages of the consent send is stricter still,
/// and stays.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// A page from its template.
pub(crate) struct Page<T>(pub(crate) T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(html) => Html(html).into_response(),
            Err(error) => Fault::from(error).into_response(),
        }
    }
}

/// The site around its routes: its stylesheet, and what every answer has.
///
/// A form that another site sends is refused by where its browser says that it comes from.
pub(crate) fn site(routes: Router) -> Router {
    let header = |name: HeaderName, value| {
        SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
    };
    let sent = |kind: &'static str, text: &'static str| {
        get(move || async move { ([(header::CONTENT_TYPE, kind)], text) })
    };
    routes
        .route("/style.css", sent("text/css", STYLE))
        .route("/icon.svg", sent("image/svg+xml", ICON))
        .layer(CsrfLayer::new())
        .layer(header(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(header::CACHE_CONTROL, "no-store"))
}

/// What is nobody's fault but the site's: the log says what, the page says what to do.
#[derive(Debug)]
pub(crate) struct Fault(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        #[derive(Template)]
        #[template(path = "fault.html")]
        struct FaultPage;
        eprintln!("error: {:#}", self.0);
        let html = FaultPage.render().unwrap_or_default();
        (StatusCode::SERVICE_UNAVAILABLE, Html(html)).into_response()
    }
}
