//! Which bodies are forms, and so signed parameter by parameter.

/// The media type of a form (RFC 5849 section 3.4.1.3.1).
pub const FORM: &str = "application/x-www-form-urlencoded";

/// Whether the value of a `Content-Type` header says that the body is a form: its media type is
/// [`FORM`], in letters of either case and with whatever parameters.
///
/// ```
/// use oauth1_core::content_type::is_form;
///
/// assert!(is_form(b"Application/X-WWW-Form-URLEncoded; charset=UTF-8"));
/// assert!(!is_form(b"application/x-www-form-urlencoded+xml"));
/// ```
#[must_use]
pub fn is_form(content_type: &[u8]) -> bool {
    let end = content_type
        .iter()
        .position(|&byte| byte == b';')
        .unwrap_or(content_type.len());
    content_type[..end]
        .trim_ascii()
        .eq_ignore_ascii_case(FORM.as_bytes())
}

#[cfg(test)]
mod tests;
