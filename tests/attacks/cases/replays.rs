use std::thread;

use oauth1_core::authorization::Transmission;

use super::{Case, after};
use crate::{
    call::{Call, NOW, Sent},
    server::{Answer, Server},
};

pub(super) const CASES: &[Case] = &[
    (2, "the same again", || {
        let sent = Call::get().sign();
        after(&sent, &[sent.clone(), sent.clone()])
    }),
    (
        50,
        "the nonce with another second, another token, another client, no token",
        || {
            after(
                &Call::get().sign(),
                &[
                    Call::get().with("oauth_timestamp", "1700000001").sign(),
                    Call::get().with("oauth_token", "another").sign(),
                    Call::get().with("oauth_consumer_key", "another").sign(),
                    Call::get()
                        .without("oauth_token")
                        .secrets("client secret", "")
                        .sign(),
                    // Joined, these would be the same as the first.
                    Call::get()
                        .with("oauth_nonce", "bc")
                        .with("oauth_token", "another")
                        .sign(),
                ],
            )
        },
    ),
    (51, "64 at once over 64 connections", || {
        let (server, sent) = (Server::new(), Call::get().sign());
        let mut answers: Vec<Answer> = thread::scope(|scope| {
            let ask = || server.ask(&sent);
            let asked: Vec<_> = (0..64).map(|_| scope.spawn(ask)).collect();
            asked
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let accepted = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(accepted, 1);
        answers.sort_by_key(|answer| answer.status);
        // The one, and what the others are told.
        answers.dedup();
        answers
    }),
    (52, "a bad signature first", || {
        after_refused(&Call::get().send("AAAA"))
    }),
    (69, "the clock goes forward, and steps back", || {
        let (server, sent) = (Server::new(), Call::get().sign());
        assert_eq!(server.ask(&sent).status, 200);
        // Beyond the window of the first, so that the store may forget it.
        let later = Call::get().with("oauth_timestamp", "1700000400").sign();
        assert_eq!(server.at(NOW + 400).ask(&later).status, 200);
        vec![server.at(NOW).ask(&sent), server.at(NOW + 299).ask(&sent)]
    }),
    (81, "the nonce and the token written otherwise", || {
        let sent = Call::get().sign();
        let others = [
            sent.clone().in_authorization("\"abc\"", "\"%61bc\""),
            sent.clone().in_authorization("\"abc\"", "\"%61%62%63\""),
            sent.clone().in_authorization("\"token\"", "\"%74oken\""),
            sent.clone()
                .in_authorization("\"1700000000\"", "\"%31700000000\""),
        ];
        after(&sent, &others)
    }),
    (
        82,
        "the parameters in another place and in another order",
        || {
            let reordered: [Sent; 1] = [Call::get().reversed().sign()];
            let in_query = [Call::get().at(Transmission::Query).sign()];
            let mut answers = after(&Call::get().sign(), &reordered);
            answers.extend(after(&Call::get().sign(), &in_query));
            let form = Call::form("a=1");
            answers.extend(after(
                &form.sign(),
                &[form.clone().at(Transmission::Form).sign()],
            ));
            answers
        },
    ),
    (83, "a forged request with the victim's nonce first", || {
        let mut answers = after_refused(&Call::get().secrets("guessed", "").sign());
        answers.extend(after_refused(
            &Call::get().with("oauth_consumer_key", "nobody").sign(),
        ));
        answers
    }),
    (
        84,
        "a timestamp ahead, replayed as long as it is let in",
        || {
            let sent = Call::get().with("oauth_timestamp", "1700000300").sign();
            let server = Server::new();
            assert_eq!(server.ask(&sent).status, 200);
            [1, 300, 301, 599, 600]
                .map(|later| server.at(NOW + later).ask(&sent))
                .into()
        },
    ),
];

/// What the genuine request gets.
fn after_refused(forged: &Sent) -> Vec<Answer> {
    let server = Server::new();
    assert_eq!(server.ask(forged).status, 401);
    vec![server.ask(&Call::get().sign())]
}
