extern crate alloc;

use alloc::format;
#[cfg(feature = "alloc")]
use alloc::string::ToString;

use super::*;

#[test]
fn a_text_is_what_it_was_made_of() {
    for plain in ["", "abc", "a b", "é"] {
        let text = Text::from(plain);
        assert_eq!(text.as_str(), plain);
        assert_eq!(&*text, plain);
        assert_eq!(format!("{text:?}"), format!("{plain:?}"));
    }
}

#[test]
fn a_text_is_clean_if_nothing_in_it_is_to_be_encoded() {
    for (text, clean) in [
        ("", true),
        ("aZ9-._~", true),
        ("a b", false),
        ("é", false),
        ("%41", false),
    ] {
        let text = Text::from(text);
        assert_eq!(text.value().is_clean(), clean);
        assert_eq!(text.value().encoding(), Encoding::Plain);
        assert!(text.value() == *text.as_str());
    }
}

#[test]
fn texts_are_equal_by_their_characters() {
    assert_eq!(Text::from("a b"), Text::from("a b"));
    assert_ne!(Text::from("a"), Text::from("A"));
}

#[cfg(feature = "alloc")]
#[test]
fn a_text_is_the_same_whether_it_is_owned_or_borrowed() {
    for plain in ["", "abc", "a b", "é"] {
        let borrowed = Text::from(plain);
        let others = [
            Text::from(plain.to_string()),
            Text::from(Cow::Borrowed(plain)),
            Text::from(Cow::<str>::Owned(plain.to_string())),
            borrowed.clone().into_owned(),
            borrowed.clone().into_owned().into_owned(),
        ];
        for other in others {
            assert_eq!(other, borrowed);
            assert_eq!(other.value().is_clean(), borrowed.value().is_clean());
            assert_eq!(format!("{other:?}"), format!("{borrowed:?}"));
        }
    }
}
