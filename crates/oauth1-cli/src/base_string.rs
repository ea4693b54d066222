//! `oauth1 base-string`.

use crate::{
    arguments::BaseStringArguments,
    json::{self, Answer},
    order::{fields::Fields, flags},
    page::Page,
    problem::{Failure, Problem},
    profile,
    sign::{show_base_string, show_request},
    signing::{Desk, text},
    source::Sources,
    stream::{self, Answerer},
};

pub(crate) fn run(mut arguments: BaseStringArguments) -> Result<(), Failure> {
    if arguments.mode.json {
        return stream::run(Lines::default());
    }
    profile::settle(&mut arguments.protocol, &mut arguments.client, None)?;
    let given = flags::Given::new(arguments.request, &mut Sources::default())?;
    let credentials = flags::Credentials::new(arguments.client)?;
    let extra = flags::extra(&arguments.protocol)?;
    let order = flags::order(&given, &credentials, &arguments.protocol, &extra)?;
    let mut desk = Desk::default();
    desk.collect(&order)?;
    let mut page = Page::new();
    if arguments.mode.verbose {
        show_request(&mut page, &order)?;
        show_base_string(&mut page, &order, &desk)?;
    } else {
        page.line(text(&desk.base_string))?;
    }
    Ok(())
}

/// `oauth1 base-string --json`.
#[derive(Default)]
pub(crate) struct Lines {
    desk: Desk,
}

impl Answerer for Lines {
    fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) -> Result<(), Problem> {
        let fields: Fields<'_> = json::read(line)?;
        if fields.base_string()?.is_some() {
            return Err(Problem::field(
                "base_string: nothing to do; give the request instead",
            ));
        }
        let body = fields.body()?;
        let parameters = fields.parameters();
        let order = fields.order(body.as_deref(), &parameters)?;
        self.desk.collect(&order)?;
        let normalized = self.desk.normalized();
        let pairs = normalized
            .split('&')
            .filter_map(|pair| pair.split_once('='));
        let mut answer = Answer::new(out, fields.id);
        answer.plain("base_string", &self.desk.base_string);
        answer.pairs("parameters", pairs);
        answer.finish();
        Ok(())
    }
}
