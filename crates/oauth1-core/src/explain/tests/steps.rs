//! What each form of each deviation makes of a base string: `steps.txt` has a line for each, and under it
//! the pieces that it takes away (`-`) and puts there (`+`), or the order of the parameters if nothing else
//! is different.

use super::{candidates::rich, *};
use crate::explain::{
    deviations::Apply,
    facts::Facts,
    model::{Model, Scratch},
};

/// Requests that together let nearly every form be told.
fn requests() -> [(&'static str, Asked); 5] {
    let mut json = rich();
    json.form = None;
    json.body = Some("{\"a\":[1,\"x y\"]}".into());
    json.fields = vec![("a".into(), "1".into()), ("a".into(), "x y".into())];
    json.params[1].1.clear();
    let mut short = Asked::get("https://api.example.com?");
    short.params.retain(|(name, _)| name != "oauth_token");
    let mut path =
        Asked::get("https://API.example.com:8443/~a%2520b/c(d)/%E9?e=%E9&%2B=%7E&p%20q=r%20s");
    path.fragment = Some(String::new());
    path.realm = Some(String::new());
    // The parameters of the protocol travel in the query, and a clock counts milliseconds.
    let mut query = Asked::get(
        "http://a.example:443/?oauth_consumer_key=k&oauth_timestamp=1371312021500&a-b=1&a=2&a=2&\
         a%2Fb=3&oauth_callback=&oauth_nonce=%2541&e=&e==",
    );
    query.params.clear();
    query.body = Some("x=y z".into());
    [
        ("query", query),
        ("rich", rich()),
        ("json", json),
        ("short", short),
        ("path", path),
    ]
}

fn pieces(base_string: &str) -> Vec<&str> {
    let parts = base_string.split('&');
    parts.flat_map(|part| part.split("%26")).collect()
}

fn without(mut list: Vec<&str>, other: &[&str]) -> Vec<String> {
    for piece in other {
        if let Some(at) = list.iter().position(|listed| listed == piece) {
            list.remove(at);
        }
    }
    list.into_iter().map(ToOwned::to_owned).collect()
}

fn shown(name: &str, asked: &Asked) -> String {
    asked.ask(|question, _| {
        let facts = Facts::new(question, &Limits::PERSON).unwrap();
        let write = |model: &Model<'_>| {
            let mut out = Vec::new();
            model.write(&mut Scratch::default(), &mut out);
            String::from_utf8(out).unwrap()
        };
        let plain = write(&Model::new(&facts));
        let mut text = format!("{name}\n  {plain}\n");
        for deviation in deviations::all() {
            let Apply::Request(apply) = deviation.apply else {
                continue;
            };
            // Of the milliseconds the first and the last are enough.
            for variant in (0..deviation.variants).filter(|at| *at < 6 || *at > 1_000) {
                let mut model = Model::new(&facts);
                if !apply(&mut model, variant) {
                    continue;
                }
                let theirs = write(&model);
                text += &[deviation.code, " ", &variant.to_string(), "\n"].concat();
                let (ours, theirs) = (pieces(&plain), pieces(&theirs));
                let gone = without(ours.clone(), &theirs);
                let new = without(theirs.clone(), &ours);
                for (sign, list) in [("  - ", &gone), ("  + ", &new)] {
                    for piece in list {
                        text += &[sign, piece, "\n"].concat();
                    }
                }
                if gone.is_empty() && new.is_empty() {
                    // Of what is long, the name alone.
                    let short = |pair: &&str| match pair.split_once("%3D") {
                        Some((name, value)) if value.len() > 3 => name.to_owned(),
                        _ => pair.replace("%3D", "="),
                    };
                    let names: Vec<_> = theirs[2..].iter().map(short).collect();
                    text += &["  ", &names.join(" "), "\n"].concat();
                }
            }
        }
        text
    })
}

#[test]
fn each_form_of_a_deviation_makes_what_it_says() {
    let found = requests().map(|(name, asked)| shown(name, &asked)).concat();
    if std::env::var_os("OAUTH1_WRITE_STEPS").is_some() {
        fs::write("src/explain/tests/steps.txt", &found).unwrap();
    }
    let expected = fs::read_to_string("src/explain/tests/steps.txt").unwrap();
    for (at, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "line {} of steps.txt", at + 1);
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

#[test]
fn one_side_sorts_in_one_way_and_one_parameter_in_none() {
    let orders = [
        "unsorted",
        "sorted-before-encoding",
        "sorted-as-joined-pairs",
    ];
    let orders: Vec<_> = deviations::all()
        .filter(|deviation| orders.contains(&deviation.code))
        .filter_map(|deviation| match deviation.apply {
            Apply::Request(apply) => Some((deviation.code, apply)),
            Apply::Key(_) => None,
        })
        .collect();
    assert_eq!(orders.len(), 3);
    let mut asked = Asked::get("https://api.example.com?a=1");
    asked.params.clear();
    asked.ask(|question, _| {
        let facts = Facts::new(question, &Limits::PERSON).unwrap();
        for (code, apply) in &orders {
            assert!(!apply(&mut Model::new(&facts), 0), "{code}");
        }
    });
    rich().ask(|question, _| {
        let facts = Facts::new(question, &Limits::PERSON).unwrap();
        for (code, apply) in &orders {
            for (other, again) in &orders {
                let mut model = Model::new(&facts);
                assert!(apply(&mut model, 0), "{code}");
                // But for pairs that are joined before they are encoded, and sorted then.
                let together =
                    (*code, *other) == ("sorted-before-encoding", "sorted-as-joined-pairs");
                assert_eq!(again(&mut model, 0), together, "{code} {other}");
            }
        }
    });
}
