//! The one way in which text reaches a shell.

use crate::ParseError;

/// Quotes `text` as one word for a POSIX shell (single quotes; a quote inside becomes `'\''`).
///
/// Fails for a NUL byte, which no argument can carry.
pub fn quote(text: &str) -> Result<String, ParseError> {
    if text.contains('\0') {
        return Err(ParseError::new("argument", "it has a NUL byte in it"));
    }
    Ok(format!("'{}'", text.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::process::Command;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_shell_reads_back_what_was_quoted(text in "[^\0]{0,200}") {
            let out = Command::new("sh").arg("-c").arg(format!("printf %s {}", quote(&text).unwrap())).output().unwrap();
            prop_assert_eq!(String::from_utf8(out.stdout).unwrap(), text);
        }
    }

    #[test]
    fn a_nul_byte_is_refused() {
        assert!(quote("a\0b").is_err());
    }
}
