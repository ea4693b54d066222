//! HTTPie's items: `name=value` and its kin.

use serde_json::{Map, Value};

use super::{
    content::{Content, bytes},
    multipart,
};
use crate::{problem::Failure, source::Sources};

/// The items of a command line, by their kinds.
#[derive(Default)]
pub(super) struct Items {
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    fields: Vec<(String, String)>,
    json: Vec<(String, Value)>,
    files: Vec<(String, String)>,
}

/// Longer ones first: at the same place, they are meant.
const SEPARATORS: [&str; 5] = [":=", "==", "=", "@", ":"];

impl Items {
    pub(super) fn new(items: &[String]) -> Result<Self, Failure> {
        let mut sorted = Self::default();
        for item in items {
            let found = SEPARATORS
                .iter()
                .filter_map(|separator| item.find(separator).map(|at| (at, *separator)));
            // The first of those that stand first.
            let first = found.min_by_key(|&(at, _)| at);
            let Some((at, separator)) = first.filter(|&(at, _)| at > 0) else {
                return Err(Failure::usage(format!(
                    "{item}: expected name=value, name==value, name:=json, Name:value or name@file"
                )));
            };
            let name = item[..at].to_owned();
            let value = &item[at + separator.len()..];
            match separator {
                ":=" => {
                    let json = serde_json::from_str(value).map_err(|error| {
                        Failure::usage(format!("{name}:=: this is no JSON ({error})"))
                    })?;
                    sorted.json.push((name, json));
                }
                "==" => sorted.query.push((name, value.to_owned())),
                "=" => sorted.fields.push((name, value.to_owned())),
                "@" => sorted.files.push((name, value.to_owned())),
                _ => sorted.headers.push((name, value.trim().to_owned())),
            }
        }
        if !sorted.json.is_empty() && !sorted.files.is_empty() {
            return Err(Failure::usage(
                "name:=json makes a JSON body, and name@file one of parts: give one kind",
            ));
        }
        Ok(sorted)
    }

    pub(super) fn has_body(&self) -> bool {
        !(self.fields.is_empty() && self.json.is_empty() && self.files.is_empty())
    }

    /// Parts where there is a file, a JSON object where there is JSON, else a form.
    pub(super) fn content(&self, sources: &mut Sources) -> Result<Content, Failure> {
        if !self.files.is_empty() {
            return multipart::of_items(&self.fields, &self.files, sources);
        }
        if self.json.is_empty() {
            return Ok(Content::form(&super::encoded(&self.fields)));
        }
        let texts = self.fields.iter().cloned();
        let mut object: Map<_, _> = texts
            .map(|(name, text)| (name, Value::String(text)))
            .collect();
        object.extend(self.json.iter().cloned());
        let mut content =
            Content::posted(vec![bytes(Value::Object(object).to_string().as_bytes())]);
        content.media_type = Some("application/json".to_owned());
        content.accept = Some("application/json");
        Ok(content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_that_stands_first_decides() {
        let items = [
            "a=b==c", "d==e=f", "X-G:h=i", "j:=[1]", "k=@l", "m==:=", "n=:=",
        ];
        let items = Items::new(&items.map(str::to_owned)).ok().unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            items.fields,
            [pair("a", "b==c"), pair("k", "@l"), pair("n", ":=")]
        );
        assert_eq!(items.query, [pair("d", "e=f"), pair("m", ":=")]);
        assert_eq!(items.headers, [pair("X-G", "h=i")]);
        assert_eq!(items.json, [("j".to_owned(), serde_json::json!([1]))]);
        for wrong in ["nothing", "=value", "a:=nojson"] {
            assert!(Items::new(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
