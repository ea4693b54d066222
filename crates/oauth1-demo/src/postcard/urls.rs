//! URLs: which view answers which path.

use axum::{
    Router,
    routing::{get, post},
};

use super::{Postcard, problem, setup, tutorial, views};
use crate::page;

impl Postcard {
    /// All of the site.
    pub(crate) fn router(&self) -> Router {
        let routes = Router::new()
            .route("/", get(views::profile))
            .route("/login/", get(views::login))
            .route("/login/authenticated/", get(views::authenticated))
            .route("/logout/", post(views::logout))
            .route("/auth/", get(tutorial::auth))
            .route("/verify/", post(tutorial::verify))
            .route("/tweet/", get(tutorial::tweet))
            .route("/update/", get(tutorial::to_form).post(tutorial::update))
            .route("/setup/", get(setup::page).post(setup::keep))
            .fallback(problem::not_found)
            .with_state(self.clone());
        page::site(routes)
    }
}
