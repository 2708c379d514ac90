//! Building indented text.

/// Text in which each level is one tab.
#[derive(Debug, Default)]
pub(crate) struct Text(String);

impl Text {
    /// One line at `depth`.
    pub fn line(&mut self, depth: usize, line: &str) {
        self.0.extend(std::iter::repeat_n('\t', depth));
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// `head {`, the lines, `}` at `depth`.
    pub fn block(&mut self, depth: usize, head: &str, lines: &[String]) {
        self.line(depth, &format!("{head} {{"));
        for line in lines {
            self.line(depth + 1, line);
        }
        self.line(depth, "}");
    }

    /// A named set or map with its elements, one a line.
    pub fn elements(&mut self, head: &str, properties: &[&str], elements: &[String]) {
        self.line(1, &format!("{head} {{"));
        for property in properties {
            self.line(2, property);
        }
        if !elements.is_empty() {
            self.line(2, "elements = {");
            for (at, element) in elements.iter().enumerate() {
                let comma = if at + 1 < elements.len() { "," } else { "" };
                self.line(3, &format!("{element}{comma}"));
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
