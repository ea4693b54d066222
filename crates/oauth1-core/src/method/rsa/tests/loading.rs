use alloc::collections::BTreeSet;

use super::{
    numbers::{integer, tlv},
    *,
};

pub(super) fn private(file: &str) -> Result<RsaPrivateKey, KeyError> {
    if is_der(file) {
        RsaPrivateKey::from_der(&bytes(file))
    } else {
        RsaPrivateKey::from_pem(&text(file))
    }
}

fn public(file: &str) -> Result<RsaPublicKey, KeyError> {
    if is_der(file) {
        RsaPublicKey::from_der(&bytes(file))
    } else {
        RsaPublicKey::from_pem(&text(file))
    }
}

fn private_error(text: &str) -> KeyError {
    RsaPrivateKey::from_pem(text).unwrap_err()
}

fn public_error(text: &str) -> KeyError {
    RsaPublicKey::from_pem(text).unwrap_err()
}

pub(super) const PRIVATE: [&str; 4] = [
    "rsa2048.pem",
    "rsa2048.pkcs8.pem",
    "rsa2048.pkcs1.der",
    "rsa2048.pkcs8.der",
];
pub(super) const PUBLIC: [&str; 5] = [
    "rsa2048.public.pem",
    "rsa2048.public.pkcs1.pem",
    "rsa2048.public.der",
    "rsa2048.cert.pem",
    "rsa2048.cert.der",
];

#[test]
fn every_form_of_a_key_gives_the_same_key() {
    let expected = KEY.public_key();
    assert_eq!((KEY.bits(), expected.bits()), (2048, 2048));
    for file in PRIVATE {
        assert_eq!(private(file).unwrap().public_key(), expected, "{file}");
    }
    for file in PUBLIC {
        assert_eq!(public(file).unwrap(), expected, "{file}");
    }
    let wiki = private("wiki.pem").unwrap();
    assert_eq!(wiki.bits(), 1024);
    assert_eq!(wiki.public_key(), public("wiki.cert.pem").unwrap());
    assert_ne!(wiki.public_key(), expected);
}

#[test]
fn what_is_no_such_key_is_refused_with_what_it_is() {
    use KeyError::*;
    for (file, error) in [
        ("rsa2048.encrypted.pem", Encrypted),
        ("rsa2048.truncated.pem", Truncated),
        ("rsa512.pem", TooSmall { bits: 512 }),
        ("ec-p256.pem", NotRsa),
        ("ec-p256.cert.pem", FoundCertificate),
        ("rsa2048.public.pem", FoundPublicKey),
        ("rsa2048.public.pkcs1.pem", FoundPublicKey),
        ("rsa2048.public.der", FoundPublicKey),
        ("rsa2048.cert.pem", FoundCertificate),
        ("rsa2048.cert.der", FoundCertificate),
    ] {
        assert_eq!(private(file).unwrap_err(), error, "{file}");
    }
    for (file, error) in [
        ("rsa2048.encrypted.pem", FoundPrivateKey),
        ("rsa2048.truncated.pem", FoundPrivateKey),
        ("rsa512.public.pem", TooSmall { bits: 512 }),
        ("ec-p256.pem", FoundPrivateKey),
        ("ec-p256.cert.pem", NotRsa),
        ("rsa2048.pem", FoundPrivateKey),
        ("rsa2048.pkcs8.pem", FoundPrivateKey),
        ("rsa2048.pkcs1.der", FoundPrivateKey),
        ("rsa2048.pkcs8.der", FoundPrivateKey),
    ] {
        assert_eq!(public(file).unwrap_err(), error, "{file}");
    }
}

#[test]
fn what_other_programs_write_is_told_apart() {
    use KeyError::*;
    let block = |label: &str| format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n");
    for (text, for_private, for_public) in [
        (block("EC PRIVATE KEY"), NotRsa, NotRsa),
        (
            block("EC PARAMETERS") + &block("EC PRIVATE KEY"),
            NotRsa,
            NotRsa,
        ),
        (block("DSA PRIVATE KEY"), NotRsa, NotRsa),
        (block("OPENSSH PRIVATE KEY"), OpenSsh, OpenSsh),
        (block("CERTIFICATE REQUEST"), NotAKey, NotAKey),
        (block(""), NotAKey, NotAKey),
        (
            "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ me@here".into(),
            OpenSsh,
            OpenSsh,
        ),
        (
            "\n---- BEGIN SSH2 PUBLIC KEY ----\nAAAA".into(),
            OpenSsh,
            OpenSsh,
        ),
        ("/etc/keys/client.pem".into(), NotPem, NotPem),
        (String::new(), NotPem, NotPem),
        ("-----BEGIN ".into(), NotPem, NotPem),
        ("-----BEGIN PRIVATE KEY".into(), NotPem, NotPem),
        (
            block("PRIVATE KEY").replace("-----END", "-----ENDE"),
            Truncated,
            FoundPrivateKey,
        ),
        (
            block("PUBLIC KEY").replace("END PUBLIC", "END"),
            FoundPublicKey,
            Truncated,
        ),
        (
            block("PRIVATE KEY").replace("AAAA", "AA!A"),
            NotBase64,
            FoundPrivateKey,
        ),
        (
            block("PRIVATE KEY").replace("AAAA", ""),
            NotBase64,
            FoundPrivateKey,
        ),
        (
            block("PRIVATE KEY").replace("AAAA", "ÄÄÄÄ"),
            NotBase64,
            FoundPrivateKey,
        ),
        // Signed at most (RFC 1421 section 4.6.1.1.2), and the word alone.
        (
            block("RSA PRIVATE KEY").replace("AAAA", "Proc-Type: 4,MIC-CLEAR"),
            NotBase64,
            FoundPrivateKey,
        ),
        (
            block("RSA PRIVATE KEY").replace("AAAA", "ENCRYPTED"),
            NotBase64,
            FoundPrivateKey,
        ),
        (block("PRIVATE KEY"), Malformed, FoundPrivateKey),
        (block("PUBLIC KEY"), FoundPublicKey, Malformed),
        (block("CERTIFICATE"), FoundCertificate, Malformed),
        (" ".repeat(65_536), NotPem, NotPem),
        (" ".repeat(65_537), TooLong, TooLong),
    ] {
        assert_eq!(private_error(&text), for_private, "{text}");
        assert_eq!(public_error(&text), for_public, "{text}");
    }
    assert_eq!(private_error(LEGACY_ENCRYPTED), Encrypted);
    let escaped = text("rsa2048.pem").replace('\n', "\\n");
    assert_eq!(private_error(&escaped), NotBase64);
    for der in [
        &[][..],
        &vec![0; 65_536],
        &vec![0; 65_537],
        b"-----BEGIN PRIVATE KEY-----",
    ] {
        let error = if der.len() > 65_536 {
            TooLong
        } else {
            Malformed
        };
        assert_eq!(RsaPrivateKey::from_der(der).unwrap_err(), error);
        assert_eq!(RsaPublicKey::from_der(der).unwrap_err(), error);
    }
    // An elliptic curve's key outside PKCS#8, and an encrypted one.
    let sec1 = tlv(0x30, &[&integer(&[1]), &tlv(4, &[&[7; 32]])]);
    assert_eq!(RsaPrivateKey::from_der(&sec1).unwrap_err(), NotRsa);
    assert_eq!(RsaPublicKey::from_der(&sec1).unwrap_err(), NotRsa);
    let encrypted = tlv(
        0x30,
        &[&tlv(0x30, &[&tlv(6, &[&[42]])]), &tlv(4, &[&[7; 32]])],
    );
    assert_eq!(RsaPrivateKey::from_der(&encrypted).unwrap_err(), Encrypted);
    assert_eq!(
        RsaPublicKey::from_der(&encrypted).unwrap_err(),
        FoundPrivateKey
    );
}

#[test]
fn a_block_is_found_wherever_and_however_it_is_written() {
    let (key, certificate) = (text("rsa2048.pem"), text("rsa2048.cert.pem"));
    let other = text("wiki.cert.pem");
    let one_line = key
        .replacen('\n', "<", 1)
        .replace("\n-----END", ">-----END");
    let one_line = one_line.replace('\n', "").replace(['<', '>'], "\n");
    for text in [
        key.replace('\n', "\r\n"),
        key.replace('\n', "\r"),
        key.replace('\n', " "),
        key.replace('\n', "\n    "),
        key.replace("KEY-----\n", "KEY-----\n\n"),
        key.trim_end().into(),
        one_line,
        format!("Bag Attributes\n    friendlyName: key -----\n{key}\nbehind"),
        format!("{certificate}{key}"),
        format!("{key}{certificate}{}", text("wiki.pem")),
        // PKCS#8 under the label of PKCS#1: what is there decides.
        text("rsa2048.pkcs8.pem").replace(" PRIVATE", " RSA PRIVATE"),
    ] {
        let loaded = RsaPrivateKey::from_pem(&text).unwrap();
        assert_eq!(loaded.public_key(), KEY.public_key(), "{text}");
    }
    for text in [
        format!("{certificate}{other}"),
        format!("{key}{certificate}"),
        format!("text above\n{}", certificate.replace('\n', "\r\n")),
    ] {
        assert_eq!(RsaPublicKey::from_pem(&text).unwrap(), KEY.public_key());
    }
    assert_ne!(
        RsaPublicKey::from_pem(&(other + &certificate)).unwrap(),
        KEY.public_key()
    );
}

#[test]
fn every_error_says_what_to_do_and_nothing_of_the_key() {
    use KeyError::*;
    let all = [
        TooLong,
        NotPem,
        Truncated,
        NotBase64,
        Encrypted,
        OpenSsh,
        NotRsa,
        FoundPrivateKey,
        FoundPublicKey,
        FoundCertificate,
        NotAKey,
        Malformed,
        Inconsistent,
        MultiPrime,
        TooSmall { bits: 512 },
        TooLarge { bits: 16384 },
        Exponent,
    ];
    let texts: BTreeSet<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), all.len());
    for text in &texts {
        assert!(!text.contains("  ") && !text.ends_with('.'), "{text}");
    }
    assert!(
        Encrypted
            .to_string()
            .contains("openssl pkey -in key.pem -out decrypted.pem")
    );
    assert!(
        FoundPrivateKey
            .to_string()
            .contains("openssl pkey -in key.pem -pubout")
    );
    assert!(TooSmall { bits: 512 }.to_string().contains("of 512 bits"));
    assert!(
        TooLarge { bits: 16384 }
            .to_string()
            .contains("of 16384 bits")
    );
}

const LEGACY_ENCRYPTED: &str = "\
-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,0DCA0A92B76361B8385AFD1E4CB45EC1

Qu3vZ65eN+gn64wNx0YyE3HmolV5/vv4RRnDcFeu4huvy55KTshypOnerBjcJqVu
-----END RSA PRIVATE KEY-----";
