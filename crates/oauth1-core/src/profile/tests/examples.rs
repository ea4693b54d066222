//! What was published, by the names of profiles: with `http` where the signature is over that.

use alloc::{format, vec};

use super::*;
use crate::{
    Body, ClientCredentials, Digest, ExternalKey, HmacSha1, HmacSha256, KeyFrom, Nonce,
    RequestView, SigningKey, Stamp, Timestamp, TokenCredentials, percent,
};

struct Example {
    profile: &'static str,
    place: &'static str,
    method: &'static str,
    url: &'static str,
    form: Option<&'static str>,
    client: (&'static str, &'static str),
    token: Option<(&'static str, &'static str)>,
    callback: Option<&'static str>,
    stamp: (u64, &'static str),
    signature: &'static str,
}

const NETSUITE_CLIENT: (&str, &str) = (
    "ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4",
    "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5",
);
const NETSUITE_TOKEN: (&str, &str) = (
    "2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc",
    "c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295",
);

const EXAMPLES: [Example; 7] = [
    Example {
        profile: "etrade",
        place: "",
        method: "GET",
        url: "https://etws.etrade.com/accounts/rest/accountlist",
        form: None,
        client: (
            "c5bb4dcb7bd6826c7c4340df3f791188",
            "7d30246211192cda43ede3abd9b393b9",
        ),
        token: Some((
            "VbiNYl63EejjlKdQM6FeENzcnrLACrZ2JYD6NQROfVI=",
            "XCF9RzyQr4UEPloA+WlC06BnTfYC1P0Fwr3GUw/B0Es=",
        )),
        callback: None,
        stamp: (1_344_885_636, "0bba225a40d1bbac2430aa0c6163ce44"),
        signature: "/Xiv96DzZabnUG2bzPZIH2RARHM=",
    },
    Example {
        profile: "flickr",
        place: "",
        method: "GET",
        url: "http://www.flickr.com/services/oauth/request_token",
        form: None,
        client: ("768fe946d252b119746fda82e1599980", "1a3c208e172d3edc"),
        token: None,
        callback: Some("http://www.wackylabs.net/oauth/test"),
        stamp: (1_316_657_628, "C2F26CD5C075BA9050AD8EE90644CF29"),
        signature: "0fhNGlzpFNAsTme/hDfUb5HPB5U=",
    },
    Example {
        profile: "lti",
        place: "",
        method: "POST",
        url: "http://dr-chuck.com/ims/php-simple/tool.php",
        form: Some(
            "resource_link_id=120988f929-274612&user_id=292832126&roles=Instructor\
             &lis_person_name_full=Jane%20Q.%20Public\
             &lis_person_contact_email_primary=user%40school.edu\
             &lis_person_sourced_id=school.edu%3Auser&context_id=456434513\
             &context_title=Design%20of%20Personal%20Environments&context_label=SI182\
             &lti_version=LTI-1p0&lti_message_type=basic-lti-launch-request\
             &tool_consumer_instance_guid=lmsng.school.edu\
             &tool_consumer_instance_description=University%20of%20School%20%28LMSng%29\
             &basiclti_submit=Launch%20Endpoint%20with%20BasicLTI%20Data",
        ),
        client: ("12345", "secret"),
        token: None,
        callback: None,
        stamp: (1_251_600_739, "c8350c0e47782d16d2fa48b2090c1d8f"),
        signature: "TPFPK4u3NwmtLt0nDMP1G1zG30U=",
    },
    Example {
        profile: "netsuite",
        place: "123456",
        method: "GET",
        url: "https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40",
        form: None,
        client: NETSUITE_CLIENT,
        token: Some(NETSUITE_TOKEN),
        callback: None,
        stamp: (1_508_242_306, "fjaLirsIcCGVZWzBX0pg"),
        signature: "B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY=",
    },
    Example {
        profile: "netsuite",
        place: "123456",
        method: "POST",
        url: "https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl\
              ?script=6&deploy=1&customParam=someValue&testParam=someOtherValue",
        form: None,
        client: NETSUITE_CLIENT,
        token: Some(NETSUITE_TOKEN),
        callback: None,
        stamp: (1_508_242_306, "fjaLirsIcCGVZWzBX0pg"),
        signature: "+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ=",
    },
    Example {
        profile: "x",
        place: "",
        method: "POST",
        url: "https://api.twitter.com/1.1/statuses/update.json?include_entities=true",
        form: Some("status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21"),
        client: (
            "xvz1evFS4wEEPTGEFPHBog",
            "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        ),
        token: Some((
            "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
            "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
        )),
        callback: None,
        stamp: (1_318_622_958, "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"),
        signature: "hCtSmYh+iHYCEqBWrE7C7hYmtUk=",
    },
    Example {
        profile: "x",
        place: "",
        method: "POST",
        url: "https://api.twitter.com/oauth/request_token",
        form: None,
        client: (
            "cChZNFj6T5R0TigYB9yd1w",
            "L8qq9PZyRg6ieKGEKhZolGC0vJWLw8iEJ88DRdyOg",
        ),
        token: None,
        callback: Some("http://localhost/sign-in-with-twitter/"),
        stamp: (1_318_467_427, "ea9ec8429b68d6b77cd5600adbbb0456"),
        signature: "F1Li3tvehgcraF8DMJ7OyxO4w9Y=",
    },
];

/// The profile's signer signs it, with the method that the profile puts first.
fn sign<K>(example: &Example) -> String
where
    K: SigningKey + for<'s> KeyFrom<crate::Secret<'s>>,
{
    let profile = Profile::find(example.profile).unwrap();
    let client = ClientCredentials::new(example.client.0, example.client.1);
    let signer = match example.token {
        Some((identifier, secret)) => {
            let token = TokenCredentials::new(identifier, secret);
            Signer::<K>::for_token(&client, &token).into_owned()
        }
        None => Signer::<K>::for_client(&client),
    };
    let signer = profile.configure(signer, example.place).unwrap();
    assert_eq!(signer.key().method(), profile.signature_methods[0]);
    let target = Target::parse(example.url).unwrap();
    let mut view = RequestView::new(example.method, target);
    if let Some(form) = example.form {
        view = view.with_form(form.as_bytes());
    }
    let mut parameters = ProtocolParameters::NONE;
    if let Some(callback) = example.callback {
        parameters = parameters.with_callback(callback);
    }
    let (timestamp, nonce) = example.stamp;
    let stamp = Stamp::new(Timestamp::from_unix_seconds(timestamp), Nonce::new(nonce));
    let mut out = Vec::new();
    signer
        .sign(&view, &parameters, stamp, &mut Vec::new(), &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn published_examples_are_signed_as_published() {
    for example in &EXAMPLES {
        let text = match Profile::find(example.profile).unwrap().signature_methods[0] {
            "HMAC-SHA256" => sign::<HmacSha256>(example),
            _ => sign::<HmacSha1>(example),
        };
        let signature = percent::encode(example.signature).to_string();
        let ends = [
            format!("oauth_signature=\"{signature}\""),
            format!("oauth_signature={signature}"),
        ];
        assert!(
            ends.iter().any(|end| text.ends_with(end)),
            "{}: {text}",
            example.url
        );
        if example.profile == "netsuite" {
            assert!(text.starts_with("OAuth realm=\"123456\""), "{text}");
        }
    }
}

#[test]
fn the_profiles_with_an_example_are_those_that_are_tested() {
    let mut tested: Vec<_> = EXAMPLES.iter().map(|example| example.profile).collect();
    tested.push("mastercard");
    tested.sort_unstable();
    tested.dedup();
    let said = ALL.iter().filter(|profile| profile.example.is_some());
    let said: Vec<_> = said.map(|profile| profile.name).collect();
    assert_eq!(said, tested);
}

#[test]
fn mastercard_hashes_every_body() {
    let profile = Profile::find("mastercard").unwrap();
    let key = ExternalKey::new("RSA-SHA256", Digest::Sha256);
    let signer = profile
        .configure(Signer::with_key(key, "client"), "")
        .unwrap();
    let json = "{\"fo\u{f5}\":\"bar\"}";
    let table = [
        (Body::None, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
        (
            Body::Opaque(b""),
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ),
        (
            Body::Opaque(json.as_bytes()),
            "+Z+PWW2TJDnPvRcTgol+nKO3LT7xm8smnsg+//XMIyI=",
        ),
    ];
    for (body, hash) in table {
        let target = Target::parse("https://sandbox.api.mastercard.com/service").unwrap();
        let view = RequestView::new("POST", target).with(body);
        let stamp = Stamp::new(Timestamp::from_unix_seconds(1), Nonce::new("n"));
        let mut slots = vec![];
        let draft = signer
            .draft(&view, &ProtocolParameters::NONE, stamp, &mut slots)
            .unwrap();
        let base_string = draft.base_string().to_string();
        let hash = percent::encode(&percent::encode(hash).to_string()).to_string();
        let expected = format!("oauth_body_hash%3D{hash}");
        assert!(base_string.contains(&expected), "{base_string}");
    }
}

#[test]
fn a_launch_has_its_callback_and_travels_as_a_form() {
    let lti = Profile::find("lti").unwrap();
    let client = ClientCredentials::new("12345", "secret");
    let signer = Signer::<HmacSha1>::for_client(&client);
    let signer = lti.configure(signer, "").unwrap();
    let target = Target::parse("https://tool.example.com/launch").unwrap();
    let view = RequestView::new("POST", target).with_form(b"lti_version=LTI-1p0");
    let stamp = Stamp::new(Timestamp::from_unix_seconds(1), Nonce::new("n"));
    let mut form = Vec::new();
    signer
        .sign(&view, &lti.parameters(), stamp, &mut Vec::new(), &mut form)
        .unwrap();
    let form = String::from_utf8(form).unwrap();
    assert!(form.contains("&oauth_callback=about%3Ablank&"), "{form}");
}

#[test]
fn an_empty_token_is_sent_where_there_is_none() {
    let jira = Profile::find("jira").unwrap();
    let client = ClientCredentials::new("client", "secret");
    let token = TokenCredentials::new("token", "secret");
    let place = "https://jira.example.com";
    let signers = [
        (Signer::<HmacSha1>::for_client(&client), "oauth_token=\"\""),
        (
            Signer::<HmacSha1>::for_token(&client, &token),
            "oauth_token=\"token\"",
        ),
    ];
    for (signer, expected) in signers {
        let signer = jira.configure(signer, place).unwrap();
        let view = RequestView::new("GET", Target::parse(place).unwrap());
        let stamp = Stamp::new(Timestamp::from_unix_seconds(1), Nonce::new("n"));
        let header = signer.authorization(&view, stamp).unwrap();
        assert!(header.contains(expected), "{header}");
    }
}
