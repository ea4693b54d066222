use oauth1_core::{
    Transmission, Value,
    authorization::{AuthorizationHeader, AuthorizationWriter, HeaderParameter},
};

use super::assert_one_line;

type Pair<'a> = (Value<'a>, Value<'a>);

/// Input: the value of an `Authorization` header.
pub(super) fn check(input: &[u8]) {
    let Some(header) = AuthorizationHeader::parse(input) else {
        return;
    };
    let Some((realms, pairs)) = read(&header) else {
        return;
    };
    let realm = realms.first().map(String::as_str);
    if realm.is_some_and(|realm| realm.contains(char::is_control)) {
        return;
    }
    let mut printed = Vec::new();
    let mut writer = AuthorizationWriter::new(Transmission::Header, realm, &mut printed);
    for (name, value) in &pairs {
        writer.parameter(*name, *value);
    }
    let header = AuthorizationHeader::parse(&printed).expect("the scheme");
    let (realms_again, pairs_again) = read(&header).expect("what is printed is valid");
    assert_eq!(realms_again.first(), realms.first());
    assert_eq!(pairs_again, pairs);
}

fn read<'a>(header: &AuthorizationHeader<'a>) -> Option<(Vec<String>, Vec<Pair<'a>>)> {
    let (mut realms, mut pairs) = (Vec::new(), Vec::new());
    let mut count = 0;
    for parameter in header.parameters() {
        count += 1;
        match parameter {
            Ok(HeaderParameter::Realm(realm)) => realms.push(realm.to_string()),
            Ok(HeaderParameter::Pair { name, value }) => pairs.push((name, value)),
            Err(error) => {
                assert_one_line(&error.to_string());
                // An error ends the reading.
                assert_eq!(header.parameters().count(), count);
                return None;
            }
        }
    }
    Some((realms, pairs))
}
