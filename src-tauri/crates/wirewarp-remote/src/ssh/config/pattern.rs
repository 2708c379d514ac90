//! Patterns with `*` and `?` (`PATTERNS` in `ssh_config(5)`).

/// Whether `text` matches `pattern`; letters count the same in either case, as host names do.
pub(in super::super) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                retry = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                // Let the last `*` take one character more.
                Some((star, taken)) => {
                    retry = Some((star, taken + 1));
                    p = star + 1;
                    t = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Whether `text` matches one pattern of the list and none that begins with `!`.
pub(in super::super) fn matches_any<'a>(patterns: impl IntoIterator<Item = &'a str>, text: &str) -> bool {
    let mut matched = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(negated) if matches(negated, text) => return false,
            Some(_) => {}
            None => matched |= matches(pattern, text),
        }
    }
    matched
}

/// [`matches_any`] for patterns joined with commas.
pub(in super::super) fn list_matches(list: &str, text: &str) -> bool {
    matches_any(list.split(',').map(str::trim), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("web?", "web1", true),
            ("web?", "web", false),
            ("web?", "web12", false),
            ("10.0.*", "10.0.3.4", true),
            ("*.example.com", "a.b.example.com", true),
            ("*.example.com", "example.com", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("VPS", "vps", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_negation_wins_and_alone_matches_nothing() {
        assert!(matches_any(["*.lan", "!db.lan"], "web.lan"));
        assert!(!matches_any(["*.lan", "!db.lan"], "db.lan"));
        assert!(!matches_any(["!db.lan"], "web.lan"));
        assert!(list_matches("a, b", "b"));
    }

    proptest! {
        #[test]
        fn every_text_matches_itself_and_a_star_takes_any_piece(text in "[a-z0-9.-]{0,20}", at in 0usize..21, len in 0usize..21) {
            prop_assert!(matches(&text, &text));
            let from = at.min(text.len());
            let to = (from + len).min(text.len());
            let pattern = format!("{}*{}", &text[..from], &text[to..]);
            prop_assert!(matches(&pattern, &text));
        }

        #[test]
        fn no_pattern_takes_exponential_time(stars in "[a*]{0,40}") {
            let text = "a".repeat(200) + "b";
            // Only a star at the end can take the final b.
            if !stars.ends_with('*') {
                prop_assert!(!matches(&stars, &text));
            }
        }
    }
}
