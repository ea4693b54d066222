//! Pairs of the twenty most common deviations.

use super::*;
use crate::explain::{
    deviations::{Apply, Deviation},
    facts::Facts,
    key::Method,
    model::{Model, Scratch},
};

/// Requests that together let every one of the twenty happen.
fn requests() -> Vec<Asked> {
    let mut form = Asked::get("https://api.example.com:443/ph~otos?b=x%20y%2C&b=1&b%5B=%21*&bA=");
    form.method = "POST".into();
    form.form = Some("status=a%20b&c=%2C".into());
    let mut json = Asked::get("http://api.example.com:8080/ph~otos?b=x%20y%2C&b=1&b%5B=%21*&bA=");
    json.body = Some("{\"name\": \"a b\"}".into());
    json.fields = vec![("name".into(), "a b".into())];
    let with_token = [form, json];
    let mut all = Vec::new();
    for mut asked in with_token {
        let callback = "http://client.example.net/cb?x=1!";
        asked
            .params
            .push(("oauth_callback".into(), callback.into()));
        asked.client_secret.push('+');
        all.push(asked.clone());
        asked.params.retain(|(name, _)| name != "oauth_token");
        all.push(asked.clone());
        asked.token_secret.clear();
        all.push(asked);
    }
    all
}

struct Made {
    base_string: Vec<u8>,
    key: Vec<u8>,
    signature: String,
}

/// What a program makes that deviates so; `None` where one of the two cannot be told of the
/// request.
fn make(asked: &Asked, deviations: [&Deviation; 2]) -> Option<Made> {
    asked.ask(|question, keys| {
        let facts = Facts::new(question, &Limits::PERSON).unwrap();
        let mut model = Model::new(&facts);
        let mut key = keys.model(Method::HmacSha1).unwrap();
        let plain = written(&model);
        for deviation in deviations {
            let applies = match deviation.apply {
                Apply::Request(apply) => {
                    let mut alone = Model::new(&facts);
                    apply(&mut alone, 0) && written(&alone) != plain && apply(&mut model, 0)
                }
                Apply::Key(apply) => (0..deviation.variants.min(2)).any(|at| {
                    let mut changed = key.clone();
                    let applies = apply(&mut changed, at);
                    if applies {
                        key = changed;
                    }
                    applies
                }),
            };
            if !applies {
                return None;
            }
        }
        let base_string = written(&model);
        let mut signature = Vec::new();
        use crate::SigningKey as _;
        let hmac = crate::HmacSha1::from_key(&key.text());
        let text = BaseString::from_text(&base_string);
        hmac.sign(&text, &mut signature).unwrap();
        Some(Made {
            base_string,
            key: key.text().to_vec(),
            signature: String::from_utf8(signature).unwrap(),
        })
    })
}

fn written(model: &Model<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    model.write(&mut Scratch::default(), &mut out);
    out
}

/// Whether a set makes the same base string and the same key.
fn is_equivalent(asked: &Asked, set: &[Cause], made: &Made) -> bool {
    asked.ask(|question, keys| {
        let facts = Facts::new(question, &Limits::PERSON).unwrap();
        let mut states = vec![(Model::new(&facts), keys.model(Method::HmacSha1).unwrap())];
        for cause in set {
            let mut next = Vec::new();
            for (model, key) in &states {
                for deviation in deviations::all().filter(|other| other.code == cause.code()) {
                    for variant in 0..deviation.deep {
                        let (mut model, mut key) = (model.clone(), key.clone());
                        let applies = match deviation.apply {
                            Apply::Request(apply) => apply(&mut model, variant),
                            Apply::Key(apply) => apply(&mut key, variant),
                        };
                        if applies {
                            next.push((model, key));
                        }
                    }
                }
            }
            states = next;
        }
        states
            .iter()
            .any(|(model, key)| written(model) == made.base_string && *key.text() == made.key[..])
    })
}

#[test]
fn every_pair_of_the_twenty_most_common_is_found_or_an_equivalent() {
    let mut table: Vec<_> = deviations::all().collect();
    table.sort_by_key(|deviation| deviation.rank);
    table.dedup_by_key(|deviation| deviation.rank);
    let table = &table[..20];
    let (mut found_itself, mut found_equal, mut never_together) = (0, 0, Vec::new());
    for (at, first) in table.iter().enumerate() {
        for second in &table[at + 1..] {
            let pair = vec![first.code, second.code];
            let mut made_once = false;
            for asked in requests() {
                let Some(made) = make(&asked, [first, second]) else {
                    continue;
                };
                made_once = true;
                let expected = Expected::NONE.with_signature(&made.signature);
                let found = asked.explain(&expected, &Limits::PERSON);
                assert!(found.is_found(), "{pair:?} {found:?}");
                if codes_of(found.causes()) == pair {
                    found_itself += 1;
                } else {
                    assert!(
                        is_equivalent(&asked, found.causes(), &made),
                        "{pair:?} {found:?}"
                    );
                    found_equal += 1;
                }
                break;
            }
            if !made_once {
                never_together.push(pair);
            }
        }
    }
    std::println!(
        "{found_itself} themselves, {found_equal} equivalents, never: {never_together:?}"
    );
    assert_eq!(found_itself + found_equal + never_together.len(), 190);
    assert!(found_itself >= 150, "{found_itself}");
    assert!(never_together.len() <= 12, "{never_together:?}");
}
