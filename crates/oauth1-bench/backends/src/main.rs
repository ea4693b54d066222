//! RSA-SHA256 with 2048 bits (W5): the pure implementation of oauth1-core beside the same through
//! `aws-lc-rs`, and beside what `aws-lc-rs` and `ring` do alone: in processor time, in turn within one
//! run, since only the ratios mean anything on a machine that does other things too.
//!
//! ```text
//! cargo run --release --manifest-path crates/oauth1-bench/backends/Cargo.toml
//! ```

use std::{error::Error, hint::black_box, time::Duration};

use oauth1_core::{
    BaseString, RequestView, RsaPrivateKey, RsaPublicKey, RsaSha256, SigningKey, Target, Value,
    Verdict, VerifyingKey,
};

pub mod aws_lc;

const PKCS8: &[u8] = include_bytes!("../../../../tests/vectors/keys/rsa2048.pkcs8.der");
const PUBLIC: &[u8] = include_bytes!("../../../../tests/vectors/keys/rsa2048.public.der");

const URL: &str =
    "https://api.example.com/1.1/statuses/home_timeline.json?count=20&include_entities=true";

/// The goal: a back end can be chosen that is no slower than this beside aws-lc-rs alone.
const GOAL: f64 = 1.2;

type Operation<'a> = (&'a str, Box<dyn FnMut() + 'a>);

fn main() -> Result<(), Box<dyn Error>> {
    let view = RequestView::new("GET", Target::parse(URL)?);
    let mut slots = Vec::new();
    let base_string = BaseString::of(&view, &[], &mut slots)?;
    let mut text = Vec::new();
    base_string.write_to(&mut text);

    let adapter = aws_lc::PrivateKey::from_pkcs8(PKCS8)?;
    let mut signature = Vec::new();
    adapter.sign(&base_string, &mut signature)?;
    let mut raw = vec![0; 256];
    let aws = aws_lc_rs::signature::RsaKeyPair::from_pkcs8(PKCS8)?;
    let random = aws_lc_rs::rand::SystemRandom::new();
    aws.sign(
        &aws_lc_rs::signature::RSA_PKCS1_SHA256,
        &random,
        &text,
        &mut raw,
    )?;

    let mut sign: Vec<Operation<'_>> = vec![
        ("aws-lc-rs alone", {
            let mut out = vec![0; 256];
            let (text, aws, random) = (&text, &aws, &random);
            Box::new(move || {
                let scheme = &aws_lc_rs::signature::RSA_PKCS1_SHA256;
                let signed = aws.sign(scheme, random, black_box(text), &mut out);
                black_box(signed).expect("a signature");
            })
        }),
        (
            "oauth1-core over aws-lc-rs",
            signing(adapter.clone(), &base_string),
        ),
        ("ring alone", {
            let key = ring::signature::RsaKeyPair::from_pkcs8(PKCS8)?;
            let random = ring::rand::SystemRandom::new();
            let (mut out, text) = (vec![0; 256], &text);
            Box::new(move || {
                let scheme = &ring::signature::RSA_PKCS1_SHA256;
                let signed = key.sign(scheme, &random, black_box(text), &mut out);
                black_box(signed).expect("a signature");
            })
        }),
        (
            "oauth1-core, pure",
            signing(
                RsaSha256::new(RsaPrivateKey::from_der(PKCS8)?),
                &base_string,
            ),
        ),
    ];
    let mut verify: Vec<Operation<'_>> = vec![
        ("aws-lc-rs alone", {
            let scheme = &aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
            let key = aws_lc_rs::signature::ParsedPublicKey::new(scheme, PUBLIC)?;
            let (text, raw) = (&text, &raw);
            Box::new(move || {
                let verdict = key.verify_sig(black_box(text), raw);
                black_box(verdict).expect("a signature that holds");
            })
        }),
        (
            "oauth1-core over aws-lc-rs",
            verifying(
                aws_lc::PublicKey::from_der(PUBLIC)?,
                &base_string,
                &signature,
            ),
        ),
        ("ring alone", {
            let scheme = &ring::signature::RSA_PKCS1_2048_8192_SHA256;
            let key = ring::signature::RsaKeyPair::from_pkcs8(PKCS8)?;
            let key = ring::signature::KeyPair::public_key(&key).as_ref().to_vec();
            let key = ring::signature::UnparsedPublicKey::new(scheme, key);
            let (text, raw) = (&text, &raw);
            Box::new(move || {
                let verdict = key.verify(black_box(text), raw);
                black_box(verdict).expect("a signature that holds");
            })
        }),
        (
            "oauth1-core, pure",
            verifying(RsaPublicKey::from_der(PUBLIC)?, &base_string, &signature),
        ),
    ];
    println!("RSA-SHA256, 2048 bits, of the base string of W1");
    report("sign", &mut sign, 10);
    report("verify", &mut verify, 100);
    Ok(())
}

fn signing<'a>(
    key: impl SigningKey + 'a,
    base_string: &'a BaseString<'a>,
) -> Box<dyn FnMut() + 'a> {
    let mut out = Vec::new();
    Box::new(move || {
        out.clear();
        key.sign(black_box(base_string), &mut out)
            .expect("a signature");
        black_box(&out);
    })
}

fn verifying<'a>(
    key: impl VerifyingKey + 'a,
    base_string: &'a BaseString<'a>,
    signature: &'a [u8],
) -> Box<dyn FnMut() + 'a> {
    Box::new(move || {
        let verdict = key.verify(
            aws_lc::METHOD,
            black_box(base_string),
            Value::plain(signature),
        );
        assert_eq!(verdict, Verdict::Valid);
    })
}

/// What this thread has used of the processor.
fn used() -> Duration {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(used).unwrap_or_default()
}

/// Prints medians of 60 rounds in which each operation has its turn.
fn report(title: &str, operations: &mut [Operation<'_>], repeated: u32) {
    const ROUNDS: usize = 60;
    let mut times = vec![Vec::with_capacity(ROUNDS); operations.len()];
    for round in 0..=ROUNDS {
        for (at, (_, operation)) in operations.iter_mut().enumerate() {
            let start = used();
            for _ in 0..repeated {
                operation();
            }
            // The first round warms up.
            if round > 0 {
                times[at]
                    .push(used().saturating_sub(start).as_secs_f64() * 1e6 / f64::from(repeated));
            }
        }
    }
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    for (at, (name, _)) in operations.iter().enumerate() {
        let ratios = times[at]
            .iter()
            .zip(&times[0])
            .map(|(this, first)| this / first);
        let (time, ratio) = (median(times[at].clone()), median(ratios.collect()));
        let goal = match (at, ratio <= GOAL) {
            (1, true) => format!("  goal {GOAL}x met"),
            (1, false) => format!("  goal {GOAL}x missed"),
            _ => String::new(),
        };
        println!("  {title:6} {name:28} {time:8.1} us {ratio:6.2}x{goal}");
    }
}
