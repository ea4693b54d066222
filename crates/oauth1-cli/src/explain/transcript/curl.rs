//! A curl command.

use oauth1_core::{content_type::FORM, percent};

use super::shell;
use crate::{order::flags::Given, page::printable, problem::Failure};

/// Options with a value that change nothing of what is signed.
const PASSED_OVER: &str = "-A --user-agent -b --cookie -c --cookie-jar -e --referer -K --config \
    -m --max-time --connect-timeout -o --output -D --dump-header -w --write-out -x --proxy -E \
    --cert --key --cacert --capath --retry --resolve --interface --limit-rate -u --user \
    --max-redirs --retry-delay --ciphers --tls-max -r --range -U --proxy-user -z --time-cond \
    -C --continue-at -y --speed-time -Y --speed-limit --retry-max-time --keepalive-time --noproxy \
    --proxy-header --proto --proto-redir --cert-type --key-type --pass --pinnedpubkey --connect-to \
    --unix-socket --output-dir --stderr --trace --trace-ascii --socks5 --socks5-hostname \
    --tls13-ciphers --max-filesize --local-port --dns-servers --doh-url --happy-eyeballs-timeout-ms \
    --expect100-timeout --etag-save --etag-compare --oauth2-bearer";

/// Reads a command as a POSIX shell has it. Nothing is run, and no variable filled in.
pub(crate) fn read(command: &str) -> Result<Given, Failure> {
    if command.contains("^\"") {
        return Err(Failure::Failed(
            "the curl command is one of cmd.exe: copy it as the browser has it for bash".into(),
        ));
    }
    let mut words = shell::words(command)?.into_iter();
    // A prompt may stand before it.
    let mut first = words.next();
    if first.as_deref() == Some("$") {
        first = words.next();
    }
    if first.as_deref().is_none_or(|name| !name.ends_with("curl")) {
        return Err(Failure::Failed(
            "the command does not start with curl".into(),
        ));
    }
    let mut taken = Taken::default();
    while let Some(word) = words.next() {
        let Some((name, value)) = option(&word)? else {
            // A line that goes on may leave an empty word behind.
            if !word.is_empty() {
                taken.url.get_or_insert(word);
            }
            continue;
        };
        let mut next = || {
            let value = value.map(str::to_owned).or_else(|| words.next());
            value.ok_or_else(|| Failure::Failed(format!("the curl option {name} has no value")))
        };
        match name {
            "-X" | "--request" => taken.method = Some(next()?),
            "-H" | "--header" => {
                let header = next()?;
                if header.starts_with('@') {
                    return Err(in_its_place(name, &header));
                }
                // curl has a semicolon for a header without a value.
                if !header.contains(':') && !header.ends_with(';') {
                    return Err(Failure::Failed(
                        "a header of the curl command has no colon: -H 'Name: value'".into(),
                    ));
                }
                taken.headers.push(header);
            }
            "--url" => taken.url = Some(next()?),
            "-d" | "--data" | "--data-ascii" | "--data-binary" => {
                let data = next()?;
                if data.starts_with('@') {
                    return Err(in_its_place(name, &data));
                }
                taken.data.push(data);
            }
            "-T" | "--upload-file" => {
                return Err(Failure::Failed(format!(
                    "{name} sends a file: write -X PUT --data-raw and the content of the file in its place"
                )));
            }
            "--data-raw" => taken.data.push(next()?),
            "--data-urlencode" => {
                let pair = next()?;
                taken.data.push(match pair.split_once('=') {
                    Some(("", value)) => percent::encode(value).to_string(),
                    Some((name, value)) => format!("{name}={}", percent::encode(value)),
                    None if pair.contains('@') => return Err(in_its_place(name, &pair)),
                    None => percent::encode(&pair).to_string(),
                });
            }
            "--json" => {
                let data = next()?;
                if data.starts_with('@') {
                    return Err(in_its_place(name, &data));
                }
                taken.data.push(data);
                taken.default_type = Some("application/json");
            }
            "-F" | "--form" | "--form-string" => {
                next()?;
                taken.default_type = Some("multipart/form-data");
            }
            "-G" | "--get" => taken.is_get = true,
            "-I" | "--head" => taken.method = Some("HEAD".into()),
            _ if PASSED_OVER
                .split_ascii_whitespace()
                .any(|other| other == name) =>
            {
                next()?;
            }
            // The rest are switches.
            _ => {}
        }
    }
    taken.finish()
}

/// What stands in a file is not read: the command may be somebody else's.
fn in_its_place(name: &str, file: &str) -> Failure {
    Failure::Failed(format!(
        "{name} {}: write the content of the file in its place",
        printable(file.as_bytes())
    ))
}

/// Name and value of an option: `-XPOST`, `-sXPOST`, `--request=POST`, or the name alone. `None` for what
/// is no option.
fn option(word: &str) -> Result<Option<(&str, Option<&str>)>, Failure> {
    if word.starts_with("--") {
        return Ok(Some(match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        }));
    }
    let Some(letters) = word.strip_prefix('-').filter(|rest| !rest.is_empty()) else {
        return Ok(None);
    };
    // Switches may stand before the one letter that takes a value.
    let switches = "sSvikLfgnNqRZ0123456#";
    let at = letters.find(|letter| !switches.contains(letter));
    let Some(at) = at else {
        return Ok(Some(("-s", None)));
    };
    let rest = &letters[at..];
    let length = rest.chars().next().map_or(0, char::len_utf8);
    let (name, value) = rest.split_at(length);
    let known = NAMES.iter().find(|known| &known[1..] == name);
    let name = known.ok_or_else(|| {
        let name = printable(name.as_bytes());
        Failure::Failed(format!(
            "the curl option -{name} is not known here: leave it out"
        ))
    })?;
    Ok(Some((name, (!value.is_empty()).then_some(value))))
}

/// The options of one letter that are looked at.
const NAMES: [&str; 28] = [
    "-X", "-H", "-d", "-F", "-G", "-I", "-A", "-b", "-c", "-e", "-K", "-m", "-o", "-D", "-w", "-x",
    "-E", "-u", "-r", "-U", "-z", "-J", "-O", "-j", "-T", "-C", "-y", "-Y",
];

#[derive(Default)]
struct Taken {
    method: Option<String>,
    url: Option<String>,
    headers: Vec<String>,
    data: Vec<String>,
    default_type: Option<&'static str>,
    is_get: bool,
}

impl Taken {
    fn finish(self) -> Result<Given, Failure> {
        let url = self
            .url
            .ok_or_else(|| Failure::Failed("the curl command has no URL".into()))?;
        // curl takes http where nothing is said.
        let mut url = if url.contains("://") {
            url
        } else {
            format!("http://{url}")
        };
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .filter_map(|header| header.split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().as_bytes().to_vec()))
            .collect();
        let has_body = !self.data.is_empty() || self.default_type.is_some();
        let separator = if self.default_type.is_some() { "" } else { "&" };
        let data = self.data.join(separator);
        if self.is_get {
            if !data.is_empty() {
                url.push(if url.contains('?') { '&' } else { '?' });
                url.push_str(&data);
            }
            let method = self.method.unwrap_or_else(|| "GET".into());
            return Ok(Given::taken_down(method, url, headers, None));
        }
        let has_type = headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if has_body && !has_type {
            let content_type = self.default_type.unwrap_or(FORM);
            headers.push(("Content-Type".into(), content_type.into()));
        }
        let default = if has_body { "POST" } else { "GET" };
        let method = self.method.unwrap_or_else(|| default.into());
        let body = has_body.then(|| data.into_bytes());
        Ok(Given::taken_down(method, url, headers, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(command: &str) -> (String, String, Option<String>, Option<String>) {
        let given = read(command).unwrap();
        let request = given.request();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (
            request.method.into(),
            request.url.into(),
            request.content_type.map(text),
            request.body.map(text),
        )
    }

    #[test]
    fn commands_are_read_as_curl_reads_them() {
        let some = |text: &str| Some(text.to_owned());
        for (command, method, url, content_type, body) in [
            (
                "curl https://a.example/?b=1",
                "GET",
                "https://a.example/?b=1",
                None,
                None,
            ),
            (
                "$ curl -sS a.example -o out",
                "GET",
                "http://a.example",
                None,
                None,
            ),
            (
                "curl -d a=1 -d 'b=x y' https://a.example/",
                "POST",
                "https://a.example/",
                some(FORM),
                some("a=1&b=x y"),
            ),
            (
                "curl -XPUT --data-raw '{}' \\\n -H 'content-type: text/x' -k https://a.example/",
                "PUT",
                "https://a.example/",
                some("text/x"),
                some("{}"),
            ),
            (
                "curl -G --data-urlencode 'q=a b' --url=https://a.example/?x",
                "GET",
                "https://a.example/?x&q=a%20b",
                None,
                None,
            ),
            (
                "curl --json '{\"a\": 1}' https://a.example/",
                "POST",
                "https://a.example/",
                some("application/json"),
                some("{\"a\": 1}"),
            ),
            (
                "/usr/bin/curl -LsXDELETE --max-time 3 --compressed https://a.example/",
                "DELETE",
                "https://a.example/",
                None,
                None,
            ),
            (
                "curl -F a=b https://a.example/",
                "POST",
                "https://a.example/",
                some("multipart/form-data"),
                some(""),
            ),
            (
                "curl -I https://a.example/",
                "HEAD",
                "https://a.example/",
                None,
                None,
            ),
        ] {
            assert_eq!(
                taken(command),
                (method.into(), url.into(), content_type, body),
                "{command}"
            );
        }
        let given = read("curl -H 'Authorization: OAuth a=\"b\"' https://a.example/").unwrap();
        assert_eq!(
            given.values("authorization").next(),
            Some(&b"OAuth a=\"b\""[..])
        );
        for wrong in [
            "",
            "wget x",
            "curl ^\"https://a.example/^\"",
            "curl",
            "curl 'x",
            "curl -d @file https://a.example/",
            "curl --json @file https://a.example/",
            "curl --data-urlencode a@file https://a.example/",
            "curl -H @file https://a.example/",
            "curl -H 'Authorization OAuth a' https://a.example/",
            "curl -T file https://a.example/",
            "curl -W https://a.example/",
            "curl -X",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
