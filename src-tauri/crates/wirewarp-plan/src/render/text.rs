//! Building indented text.

use std::fmt::{Display, Write as _};

/// Text in which each level is one tab.
#[derive(Debug, Default)]
pub(crate) struct Text(String);

impl Text {
    /// One line at `depth`.
    pub fn line(&mut self, depth: usize, line: impl Display) {
        self.0.extend(std::iter::repeat_n('\t', depth));
        // Into a string it cannot fail.
        let _ = writeln!(self.0, "{line}");
    }

    /// `head {`, the lines, `}` at `depth`.
    pub fn block(&mut self, depth: usize, head: &str, lines: &[String]) {
        self.line(depth, format_args!("{head} {{"));
        for line in lines {
            self.line(depth + 1, line);
        }
        self.line(depth, "}");
    }

    /// A named set or map with its elements, one a line.
    pub fn elements<E: Display>(
        &mut self,
        head: impl Display,
        properties: &[&str],
        elements: impl IntoIterator<Item = E>,
    ) {
        self.line(1, format_args!("{head} {{"));
        for property in properties {
            self.line(2, property);
        }
        let mut elements = elements.into_iter().peekable();
        if elements.peek().is_some() {
            self.line(2, "elements = {");
            while let Some(element) = elements.next() {
                let comma = if elements.peek().is_some() { "," } else { "" };
                self.line(3, format_args!("{element}{comma}"));
            }
            self.line(2, "}");
        }
        self.line(1, "}");
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0
    }
}
