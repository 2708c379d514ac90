//! Reading answers of strangers: a cursor that cannot run past the end, and text that cannot harm a screen.

/// A cursor over an answer. Every read is none once the bytes run out.
#[derive(Debug, Clone)]
pub(super) struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16_be(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u16_le(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn i64_be(&mut self) -> Option<i64> {
        self.array().map(i64::from_be_bytes)
    }

    /// Whether the next bytes are `wanted`; they are taken if so.
    pub(super) fn expect(&mut self, wanted: &[u8]) -> Option<()> {
        (self.take(wanted.len())? == wanted).then_some(())
    }

    /// Text up to a NUL byte, which is taken too.
    pub(super) fn c_string(&mut self) -> Option<String> {
        let end = self.0.iter().position(|b| *b == 0)?;
        let text = self.take(end)?;
        self.take(1)?;
        Some(shown(&String::from_utf8_lossy(text)))
    }
}

/// Longest text of a stranger that is kept, in characters.
const MOST: usize = 120;

/// What may be shown of a stranger's text: Minecraft's colour codes (`§` and one character) are left out, control
/// characters, line ends and marks that turn the direction of writing are escaped, and it ends after 120 characters.
pub(super) fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.trim().chars();
    let mut left = MOST;
    while let Some(c) = chars.next() {
        if c == '§' {
            chars.next();
            continue;
        }
        if left == 0 {
            out.push('…');
            break;
        }
        left -= 1;
        if is_harmful(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters, and format characters that hide text or turn its direction.
fn is_harmful(c: char) -> bool {
    let format = matches!(c, '\u{00ad}' | '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    c.is_control() || format
}

/// The first bytes of an answer nobody understands, for a person: printable ASCII as it is, the rest as `\xNN`.
pub(crate) fn excerpt(bytes: &[u8]) -> String {
    const MOST: usize = 48;
    let mut out: String = bytes
        .iter()
        .take(MOST)
        .flat_map(|b| b.escape_ascii())
        .map(char::from)
        .collect();
    if bytes.len() > MOST {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_servers_name_cannot_move_the_cursor_or_turn_the_line() {
        assert_eq!(shown("§cRed\x1b[2J\u{202e}txt"), "Red\\u{1b}[2J\\u{202e}txt");
        assert_eq!(shown(" Мой сервер 🎮 "), "Мой сервер 🎮");
        assert_eq!(shown("two\nlines"), "two\\u{a}lines");
    }

    proptest! {
        #[test]
        fn shown_text_is_short_and_has_no_control_characters(text in any::<String>()) {
            let shown = shown(&text);
            prop_assert!(!shown.chars().any(is_harmful));
            prop_assert!(shown.chars().count() <= MOST * 10 + 1);
        }
    }
}
