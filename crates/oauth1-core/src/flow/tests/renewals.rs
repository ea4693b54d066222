use super::*;

/// Of [`session`]: granted at 0, good until 3600, renewable until 86400.
fn renewal() -> Renewal {
    Renewal::new(session(at(0)))
}

fn another(name: &str, now: u64) -> Session {
    let text = format!(
        "oauth_token={name}&oauth_token_secret=s&oauth_session_handle={name}&oauth_expires_in=3600"
    );
    Granted::from_text(text.as_bytes())
        .unwrap()
        .session(at(now))
        .unwrap()
}

fn ticket(renewal: &mut Renewal, now: u64) -> Ticket {
    match renewal.turn(at(now)) {
        Turn::Renew(ticket) => ticket,
        other => panic!("{other:?}"),
    }
}

fn used(renewal: &mut Renewal, now: u64) -> String {
    match renewal.turn(at(now)) {
        Turn::Use(credentials) => credentials.identifier().into(),
        other => panic!("{other:?}"),
    }
}

fn waits(renewal: &mut Renewal, now: u64) -> u64 {
    match renewal.turn(at(now)) {
        Turn::Wait { until } => until.unix_seconds(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn it_is_renewed_once_and_before_it_expires() {
    let mut renewal = renewal();
    assert_eq!(used(&mut renewal, 0), "for-ever");
    assert_eq!(used(&mut renewal, 3_539), "for-ever");
    let ticket = ticket(&mut renewal, 3_540);
    for now in [3_540, 3_541, 3_599] {
        assert_eq!(waits(&mut renewal, now), 3_600);
    }
    renewal.renewed(ticket, another("second", 3_545));
    assert_eq!(used(&mut renewal, 3_545), "second");
    assert_eq!(renewal.session().expires_at(), Some(at(7_145)));
}

#[test]
fn a_renewal_that_is_lost_gives_the_turn_away() {
    let mut renewal = renewal();
    let lost = ticket(&mut renewal, 3_600);
    assert_eq!(waits(&mut renewal, 3_659), 3_660);
    let next = ticket(&mut renewal, 3_660);
    // It comes back after all, and counts until the later one does.
    renewal.renewed(lost, another("first", 3_661));
    assert_eq!(used(&mut renewal, 3_661), "first");
    renewal.renewed(next, another("second", 3_662));
    assert_eq!(used(&mut renewal, 3_662), "second");
}

#[test]
fn the_earlier_of_two_that_overlap_does_not_win_by_being_late() {
    let mut renewal = renewal();
    let lost = ticket(&mut renewal, 3_600);
    let next = ticket(&mut renewal, 3_660);
    renewal.renewed(next, another("second", 3_661));
    renewal.renewed(lost, another("first", 3_662));
    assert_eq!(used(&mut renewal, 3_662), "second");
}

#[test]
fn the_failure_of_one_that_was_overtaken_ends_nothing() {
    let mut renewal = renewal();
    let lost = ticket(&mut renewal, 3_600);
    let next = ticket(&mut renewal, 3_660);
    renewal.renewed(lost, another("first", 3_661));
    renewal.failed(next, RenewalFailure::Final, at(3_662));
    assert_eq!(used(&mut renewal, 3_662), "first");
    // And it can be renewed when it is time.
    drop(ticket(&mut renewal, 7_261));

    let mut renewal = self::renewal();
    let lost = ticket(&mut renewal, 3_600);
    let next = ticket(&mut renewal, 3_660);
    renewal.failed(lost, RenewalFailure::Final, at(3_661));
    assert_eq!(waits(&mut renewal, 3_662), 3_720);
    renewal.renewed(next, another("second", 3_663));
    assert_eq!(used(&mut renewal, 3_663), "second");
}

#[test]
fn after_a_failure_there_is_a_pause() {
    let mut renewal = renewal();
    let early = ticket(&mut renewal, 3_540);
    renewal.failed(early, RenewalFailure::Temporary, at(3_542));
    // The token is good until it expires.
    assert_eq!(used(&mut renewal, 3_546), "for-ever");
    let again = ticket(&mut renewal, 3_547);
    renewal.failed(again, RenewalFailure::Temporary, at(3_599));
    assert_eq!(waits(&mut renewal, 3_600), 3_604);
    drop(ticket(&mut renewal, 3_604));
}

#[test]
fn a_final_failure_ends_it_when_the_token_expires() {
    let mut renewal = renewal();
    let ticket = ticket(&mut renewal, 3_540);
    renewal.failed(ticket, RenewalFailure::Final, at(3_542));
    assert_eq!(used(&mut renewal, 3_599), "for-ever");
    assert!(matches!(renewal.turn(at(3_600)), Turn::Over));
    // The consent has a term too.
    let mut renewal = self::renewal();
    drop(self::ticket(&mut renewal, 86_399));
    assert!(matches!(renewal.turn(at(86_400)), Turn::Over));
}

#[test]
fn a_token_that_the_server_refuses_is_renewed() {
    let mut renewal = renewal();
    let old = renewal.session().credentials().clone();
    renewal.expired(&TokenCredentials::new("for-ever", "of another"));
    renewal.expired(&TokenCredentials::new("another", HUSH));
    assert_eq!(used(&mut renewal, 1), "for-ever");
    renewal.expired(&old);
    let ticket = ticket(&mut renewal, 1);
    renewal.renewed(ticket, another("second", 1));
    // Others that were under way with it learn of it late.
    renewal.expired(&old);
    assert_eq!(used(&mut renewal, 2), "second");
    // A renewal that has ended keeps nobody waiting, though it has only just begun.
    let second = renewal.session().credentials().clone();
    renewal.expired(&second);
    drop(self::ticket(&mut renewal, 2));
}

#[test]
fn one_that_was_overtaken_and_brings_a_session_leaves_the_other_its_turn() {
    let mut renewal = renewal();
    let lost = ticket(&mut renewal, 3_600);
    let next = ticket(&mut renewal, 3_660);
    renewal.renewed(lost, another("first", 3_661));
    let first = renewal.session().credentials().clone();
    renewal.expired(&first);
    assert_eq!(waits(&mut renewal, 3_662), 3_720);
    renewal.renewed(next, another("second", 3_663));
    assert_eq!(used(&mut renewal, 3_663), "second");
}

#[test]
fn a_session_without_an_end_is_used_until_it_is_refused() {
    let text = b"oauth_token=t&oauth_token_secret=s&oauth_session_handle=h";
    let session = Granted::from_text(text).unwrap().session(at(0)).unwrap();
    let mut renewal = Renewal::new(session);
    assert_eq!(used(&mut renewal, u64::MAX), "t");
    let old = renewal.session().credentials().clone();
    renewal.expired(&old);
    drop(ticket(&mut renewal, 1));
}

#[test]
fn many_threads_renew_once() {
    use core::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Condvar, Mutex};
    let shared = (Mutex::new(renewal()), Condvar::new());
    let renewals = AtomicU32::new(0);
    let credentials = || {
        let mut guard = shared.0.lock().unwrap();
        loop {
            match guard.turn(at(3_600)) {
                Turn::Use(credentials) => return credentials.identifier().to_string(),
                Turn::Renew(ticket) => {
                    drop(guard);
                    renewals.fetch_add(1, Ordering::SeqCst);
                    std::thread::yield_now();
                    guard = shared.0.lock().unwrap();
                    guard.renewed(ticket, another("second", 3_600));
                    shared.1.notify_all();
                }
                Turn::Wait { .. } => guard = shared.1.wait(guard).unwrap(),
                Turn::Over => panic!("it can be renewed"),
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(credentials)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), "second");
        }
    });
    assert_eq!(renewals.load(Ordering::SeqCst), 1);
}

#[test]
fn a_ticket_is_a_request_that_is_signed_with_the_session() {
    let server = Server::with_token_endpoint("https://photos.example.net/token").unwrap();
    let mut renewal = renewal();
    let ticket = ticket(&mut renewal, 3_540);
    let leg: AwaitToken<HmacSha1> = ticket.request(&server, &client()).unwrap();
    let handle = renewal.session().handle.expose();
    let secrets = SharedSecrets::new(HUSH, renewal.session().credentials().secret().expose());
    let (_, pairs) = signed(leg.outgoing(), &secrets);
    assert_eq!(find(&pairs, "oauth_token"), Some("for-ever"));
    assert_eq!(find(&pairs, "oauth_session_handle"), Some(handle));
}

/// The later one has been given the turn: the failure of the earlier one is no news.
#[test]
fn the_failure_of_one_that_was_given_up_changes_nothing() {
    let mut renewal = renewal();
    let lost = ticket(&mut renewal, 3_600);
    let next = ticket(&mut renewal, 3_660);
    renewal.renewed(next, another("second", 3_661));
    renewal.failed(lost, RenewalFailure::Final, at(3_662));
    assert_eq!(used(&mut renewal, 3_663), "second");
    drop(ticket(&mut renewal, 7_250));
}
