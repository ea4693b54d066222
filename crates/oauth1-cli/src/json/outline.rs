//! What can be told of a line that cannot be read.

use alloc::borrow::Cow;
use core::fmt;

use serde::{
    Deserializer as _,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// The fields of a line, as far as it is JSON.
#[derive(Debug, Default)]
pub(crate) struct Outline<'a> {
    id: Option<&'a RawValue>,
    /// Each field with the column that its value ends in.
    fields: Vec<(Cow<'a, str>, usize)>,
}

impl<'a> Outline<'a> {
    pub(crate) fn of(line: &'a [u8]) -> Self {
        let text = match core::str::from_utf8(line) {
            Ok(text) => text,
            Err(error) => core::str::from_utf8(&line[..error.valid_up_to()]).unwrap_or_default(),
        };
        let mut outline = Self::default();
        let collector = Collector {
            outline: &mut outline,
            start: text.as_ptr() as usize,
        };
        // It ends at what is no JSON; what came before has been collected by then.
        let _ = serde_json::Deserializer::from_str(text).deserialize_map(collector);
        outline
    }

    /// The `id`, which an error is answered with too.
    pub(crate) const fn id(&self) -> Option<&'a RawValue> {
        self.id
    }

    /// The field whose value has this column, counted from 1.
    pub(crate) fn field_at(&self, column: usize) -> Option<&str> {
        let field = self.fields.iter().find(|(_, end)| column <= *end);
        field.map(|(name, _)| name.as_ref())
    }
}

struct Collector<'o, 'a> {
    outline: &'o mut Outline<'a>,
    /// The address of the line: the distance to that of a value is where the value stands.
    start: usize,
}

impl<'a> Visitor<'a> for Collector<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(name) = map.next_key::<Cow<'a, str>>()? {
            let value: &'a RawValue = map.next_value()?;
            if name == "id" && self.outline.id.is_none() {
                self.outline.id = Some(value);
            }
            let end = value.get().as_ptr() as usize + value.get().len() - self.start;
            self.outline.fields.push((name, end));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_found_in_what_is_broken_behind_it() {
        for line in [
            r#"{"id": [1, "x"], "url": "http:"#,
            r#"{"id": [1, "x"], "url": }"#,
            r#"{"url": 1, "id": [1, "x"]"#,
            "{\"id\": [1, \"x\"], \"url\": \"\u{1}\"}",
            r#"{"id": [1, "x"], "id": 2}"#,
        ] {
            assert_eq!(
                Outline::of(line.as_bytes()).id().unwrap().get(),
                r#"[1, "x"]"#,
                "{line}"
            );
        }
        assert!(Outline::of(br#"["id", 1]"#).id().is_none());
        assert_eq!(Outline::of(b"{\"id\":1,\"\xFF").id().unwrap().get(), "1");
    }

    #[test]
    fn a_column_belongs_to_the_field_around_it() {
        let outline = Outline::of(br#"{"a": 1, "bc": [2]}"#);
        assert_eq!(outline.field_at(7), Some("a"));
        assert_eq!(outline.field_at(17), Some("bc"));
        assert_eq!(outline.field_at(19), None);
    }
}
