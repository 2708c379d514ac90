//! One line of a configuration file into a keyword and its arguments.

/// A line: the keyword in lower case and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub keyword: String,
    pub arguments: Vec<String>,
}

/// Reads a line. `Ok(None)` for an empty line or a comment; fails with what is wrong.
///
/// The keyword ends at white space or one `=`; arguments are words, in which quotes group and a backslash keeps a
/// quote, a backslash or a space (`argv_split` in OpenSSH's misc.c does the same).
pub(super) fn read_line(line: &str) -> Result<Option<Line>, String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let end = line
        .find(|c: char| c.is_whitespace() || c == '=')
        .unwrap_or(line.len());
    let (keyword, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('=').unwrap_or(rest);
    let arguments = split_words(rest)?;
    if arguments.is_empty() {
        return Err(format!("{keyword} has no value"));
    }
    Ok(Some(Line {
        keyword: keyword.to_ascii_lowercase(),
        arguments,
    }))
}

fn split_words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escaped = chars.peek().copied().filter(|next| is_escapable(*next, quote));
        match (c, quote) {
            ('\\', _) if escaped.is_some() => {
                chars.next();
                word.get_or_insert_default().extend(escaped);
            }
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('#', None) if word.is_none() => break,
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err("a quote is not closed".into());
    }
    words.extend(word);
    Ok(words)
}

fn is_escapable(c: char, quote: Option<char>) -> bool {
    matches!(c, '"' | '\'' | '\\') || (c == ' ' && quote.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(line: &str) -> Vec<String> {
        read_line(line).unwrap().unwrap().arguments
    }

    #[test]
    fn keywords_end_at_space_or_equals() {
        for line in [
            "Port 22",
            "port=22",
            "PORT = 22",
            "\tPort\t22  ",
            "Port 22 # the default",
        ] {
            let read = read_line(line).unwrap().unwrap();
            assert_eq!(
                (read.keyword.as_str(), read.arguments.as_slice()),
                ("port", ["22".to_owned()].as_slice())
            );
        }
        assert_eq!(read_line("  # a comment").unwrap(), None);
        assert!(read_line("Port").is_err());
    }

    #[test]
    fn quotes_group_and_backslashes_keep() {
        assert_eq!(words(r#"IdentityFile "/a b/key" '/c d'"#), ["/a b/key", "/c d"]);
        assert_eq!(
            words(r#"IdentityFile "a\"b" c\ d e\x"#),
            [r#"a"b"#, "c d", r"e\x"]
        );
        assert_eq!(words(r"IdentityFile C:\Users\me\key"), [r"C:\Users\me\key"]);
        assert!(read_line(r#"User "me"#).is_err());
    }

    proptest! {
        #[test]
        fn no_line_panics(line in "\\PC{0,200}") {
            let _ = read_line(&line);
        }
    }
}
