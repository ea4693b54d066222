use super::*;

#[test]
fn sizes_and_exponents_are_limited() {
    use KeyError::*;
    let load = |modulus: &[u8], exponent: &[u8]| {
        let der = tlv(0x30, &[&integer(modulus), &integer(exponent)]);
        RsaPublicKey::from_der(&der).map(|key| key.bits())
    };
    let modulus = |first: u8, len: usize| [&[first][..], &vec![0xff; len - 1]].concat();
    let usual = [1, 0, 1];
    assert_eq!(
        load(&modulus(0x7f, 128), &usual),
        Err(TooSmall { bits: 1023 })
    );
    assert_eq!(load(&modulus(0x80, 128), &usual), Ok(1024));
    assert_eq!(load(&modulus(1, 129), &usual), Ok(1025));
    assert_eq!(load(&modulus(0xff, 1024), &usual), Ok(8192));
    assert_eq!(
        load(&modulus(1, 1025), &usual),
        Err(TooLarge { bits: 8193 })
    );
    assert_eq!(load(&[0], &usual), Err(TooSmall { bits: 0 }));
    let modulus = modulus(0xff, 128);
    for exponent in [&[3][..], &[17], &usual, &[1, 0xff, 0xff, 0xff, 0xff]] {
        assert_eq!(load(&modulus, exponent), Ok(1024));
    }
    for exponent in [&[0][..], &[1], &[2], &[1, 0, 0], &[2, 0, 0, 0, 1], &modulus] {
        assert_eq!(load(&modulus, exponent), Err(Exponent));
    }
    let even = [&modulus[..127], &[0xfe]].concat();
    assert_eq!(load(&even, &usual), Err(Malformed));
}

#[test]
fn private_keys_of_numbers_that_do_not_belong_together_are_refused() {
    use KeyError::*;
    let prime = |first: u8| [&[first][..], &[0x5a; 62], &[0x61]].concat();
    let load = |modulus: &[u8], p: &[u8], q: &[u8], version: u8, more: &[u8]| {
        let numbers = [&[version][..], modulus, &[3], &[5], p, q, &[1], &[1], &[1]];
        let mut der = numbers.map(integer).concat();
        der.extend(more);
        RsaPrivateKey::from_der(&tlv(0x30, &[&der])).unwrap_err()
    };
    let modulus = [0xff; 128];
    assert_eq!(
        load(&modulus, &prime(0xf0), &prime(0xf1), 0, &[]),
        Inconsistent
    );
    assert_eq!(
        load(&modulus, &prime(0xf0), &prime(0xf0), 0, &[]),
        Inconsistent
    );
    assert_eq!(load(&modulus, &[1], &modulus, 0, &[]), Inconsistent);
    assert_eq!(load(&modulus, &[0], &[1], 0, &[]), Inconsistent);
    assert_eq!(load(&modulus, &[7; 129], &[5; 999], 0, &[]), Inconsistent);
    let prime_info = tlv(0x30, &[&integer(&[7]), &integer(&[1]), &integer(&[1])]);
    let more = tlv(0x30, &[&prime_info]);
    assert_eq!(
        load(&modulus, &prime(0xf0), &prime(0xf1), 1, &more),
        MultiPrime
    );
    assert_eq!(
        load(&modulus, &prime(0xf0), &prime(0xf1), 1, &[]),
        Malformed
    );
    assert_eq!(
        load(&modulus, &prime(0xf0), &prime(0xf1), 0, &[5, 0]),
        Malformed
    );
}

#[test]
fn keys_for_pss_alone_are_refused_and_a_missing_null_is_not() {
    let spki = bytes("rsa2048.public.der");
    let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    let at = spki.windows(9).position(|window| window == oid).unwrap();
    let mut pss = spki.clone();
    pss[at + 8] = 0x0a;
    assert_eq!(RsaPublicKey::from_der(&pss).unwrap_err(), KeyError::NotRsa);
    let key = &spki[at + 11..];
    for (parameters, expected) in [
        (&[][..], Ok(KEY.public_key())),
        (&[5, 0], Ok(KEY.public_key())),
        (&[4, 0], Err(KeyError::Malformed)),
    ] {
        let algorithm = tlv(0x30, &[&tlv(6, &[&oid]), parameters]);
        assert_eq!(
            RsaPublicKey::from_der(&tlv(0x30, &[&algorithm, key])),
            expected
        );
    }
}

/// A modulus of 8k + 1 bits has a byte more than the padding of RSASSA-PSS fills.
#[test]
fn a_modulus_of_any_length_signs() {
    let key = RsaPrivateKey::from_pem(BITS_1025).unwrap();
    assert_eq!(key.bits(), 1025);
    for method in METHODS {
        let signature = sign(method, &key, BASE).unwrap();
        assert_eq!(signature.len(), 172);
        assert_eq!(
            verify(method, &key.public_key(), BASE, &signature),
            Verdict::Valid
        );
    }
}

#[test]
fn a_key_that_computes_wrongly_gives_nothing_away() {
    let key = RsaPrivateKey::from_pem(COMPOSITES).unwrap();
    for method in METHODS {
        assert_eq!(sign(method, &key, BASE), Err(SigningFailed));
    }
}

pub(super) fn tlv(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let contents = contents.concat();
    let len = contents.len();
    let [.., high, low] = len.to_be_bytes();
    let header = match len {
        0..0x80 => vec![tag, low],
        0x80..0x100 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [header, contents].concat()
}

pub(super) fn integer(bytes: &[u8]) -> Vec<u8> {
    let sign = if bytes[0] >= 0x80 { &[0][..] } else { &[] };
    tlv(2, &[sign, bytes])
}

/// One of its "primes" is the product of two. All else fits: n is p times q, and d inverts e modulo
/// p - 1 and q - 1.
const COMPOSITES: &str = "\
-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQDwxW3UYRXPmDInYwKjo+3/MpUN8l62yKvOk/KNVcpKOIrVsCFh
L4WkeOPSmA6JHYPGyR2kqigy/uiApXtpDLd7gn4sRt2BPV5QOighLtnvlE9DUaPV
EVxaHPMfGmksBeGYIEvnU+wSn0z2lnL1xnfk76reqxVXzjfRckpwtpFCzwIDAQAB
AoGAGWQYra8CB9R7EDWcJPm4CD5OAxyDlIRxFJCm9vS3J+tH6OUcKrhCQGgR+TbZ
QZMqlHTH0C0JnuchnyopwO2luQeubUQHxPptTlh+mjZQTjDcc+xQhZ7CNTaUgH1m
rQx4NTBds09Cnt5bB+zZh8u1moX7JoqhcL5yi25zLWgIFAECQQD8KCFFVmlkDiXP
gUgg1daOPaB+RxwvNWYaa8PNkxXOzBKeNIvS0DWPxIHx54IMB09+A7qwMwArv/0C
SBx1iacBAkEA9HDf7FOrCn4XlSn4W2+4FQ8QQ7oXdl7PuvO/SedntiLeaLj3HQcX
YDYRIaOBKkZ46dMgHHfi1mBAdeNq+hQ5zwJBAL3IvnHffecutsqdNVpxV9ErFRa2
EsJ9YGHWZkLdx3YkJocoaWy8BPQ2JM+bPUgsYGoqCGMBn8lN8PG8sJ7OggECQGur
KEbNV8KIZdTTJs0HuZq1BuH+HwWJn5BmevSPlBQa6cJQ7q//hqFfT0502ZkIb4v2
7eb8O5NX1CzZHi7HJ+sCQQDFAhN4lhYq8kB8Gh+CWCpOdQcV5MsQlQf35g+DwATO
uxs6LHFaGAn9wPjGMUa0O+G+xzouy/QCY+7eSKM9P5jS
-----END RSA PRIVATE KEY-----";

const BITS_1025: &str = "\
-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQGCEFmUGU3S/QAa550R/0J+vS6dockfPh6cmqINJUJX+8FwkBi5
VF0oytpYCYUN/bytLmj31ccsEiV73d4t85Fm+nGZCCEZTzOjdIm5HKNjuQpqxC+M
0Wkzlfwa3nDnmdf6oAs7m7oRnEMunVQ/n9HRYV4YhHV+3SO499Rr28L+4QIDAQAB
AoGAf5sj4L3UaW7SwBHaav5yXi3t4JB/R+Jif+Tkt2+fVDGUqL4YTfnCqR8TuJG8
9vjtiliSvYhdwwVkemLFc27Umdvm2JzrILW9awV8lTdlgusVkvZTHPZvG0CDaYRS
r13pKlbHyvYqhch0XgkSkZIZJIrkiC10Zf9Fcg6lfKdk06ECQQGaQBm2qJtSJh4M
a9i0HNCsVGJaDJyRxVxbeXdyLP3paxYuK7CiuJwbJCtP5f3eYPg4FNA8rHXHdovi
ttYv8x01AkEA8OhKfrBrQjW3evuYpmtdpjJPRq6KT/7Fh6BTHIP4PedAk/prfX2k
dRCo/xgk0US2aog8UiGI3TF/Yadj1hpMfQJBAWxKbUrgb4PD6zzWa0iMqdPM3sTd
nA5pNXjY5HMTdqjV+Y0oKKJl0eDb/kXlkcftTZznBn5KGg/zuYWpG4rak90CQEXm
oPbxqa2keICu0DQ5owq+PlJ8ApYDjr0zv+neQQF1QD+vwdC/zCBLnT2ne8dc8LEo
ppgOMvA7lIJ5V3agWuECQQDaU+4ZWDDmROip5JmLfXoxu90H5XUb1He2q8JnOHpU
ECdCzCMgIbR/WFth18qiZsOi2tnWrDZGEx92xgDGlk4n
-----END RSA PRIVATE KEY-----";
