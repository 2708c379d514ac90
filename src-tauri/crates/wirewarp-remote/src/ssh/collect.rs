//! What a command prints, within limits and line by line.

use tokio::sync::oneshot;

use super::exec::{ExecLimits, ExecOutput, Exit, no_marker};
use super::problem::SshProblem;

/// What login scripts may print before the marker.
const MOST_NOISE: usize = 64 * 1024;

pub(super) struct Collector<'a> {
    limits: ExecLimits,
    on_line: &'a mut (dyn FnMut(&str) + Send),
    /// The line after which the command's own output begins; `None` once it was seen.
    marker: Option<String>,
    open_gate: Option<oneshot::Sender<()>>,
    stdout: Vec<u8>,
    /// Where the line begins that has not been given to `on_line` yet.
    line: usize,
    stderr: Vec<u8>,
    stderr_total: usize,
    /// No more output will come.
    pub ended: bool,
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        limits: &ExecLimits,
        marker: Option<&str>,
        open_gate: oneshot::Sender<()>,
        on_line: &'a mut (dyn FnMut(&str) + Send),
    ) -> Self {
        Self {
            limits: *limits,
            on_line,
            marker: marker.map(str::to_owned),
            open_gate: Some(open_gate),
            stdout: Vec::new(),
            line: 0,
            stderr: Vec::new(),
            stderr_total: 0,
            ended: false,
        }
    }

    /// Takes standard output.
    pub(super) fn out(&mut self, bytes: &[u8]) -> Result<(), SshProblem> {
        self.stdout.extend_from_slice(bytes);
        self.each_line();
        let limit = if self.marker.is_some() {
            MOST_NOISE
        } else {
            self.limits.stdout
        };
        if self.stdout.len() > limit {
            return Err(SshProblem::OutputTooLarge(limit));
        }
        Ok(())
    }

    /// Takes standard error; the last part of it is kept, but endless amounts are an error.
    pub(super) fn err(&mut self, bytes: &[u8]) -> Result<(), SshProblem> {
        self.stderr_total += bytes.len();
        if self.stderr_total > self.limits.stdout {
            return Err(SshProblem::OutputTooLarge(self.limits.stdout));
        }
        self.stderr.extend_from_slice(bytes);
        if self.stderr.len() > 2 * self.limits.stderr {
            self.stderr.drain(..self.stderr.len() - self.limits.stderr);
        }
        Ok(())
    }

    /// The result of a command that ended with `exit`.
    pub(super) fn finish(mut self, exit: Exit) -> Result<ExecOutput, SshProblem> {
        let keep = self.stderr.len().saturating_sub(self.limits.stderr);
        let stderr = String::from_utf8_lossy(&self.stderr[keep..]).into_owned();
        if self.marker.is_some() {
            return Err(no_marker(&String::from_utf8_lossy(&self.stdout), &stderr));
        }
        if self.line < self.stdout.len() {
            let last = String::from_utf8_lossy(&self.stdout[self.line..]).into_owned();
            (self.on_line)(&last);
        }
        Ok(ExecOutput {
            exit,
            stdout: std::mem::take(&mut self.stdout),
            stderr,
        })
    }

    fn each_line(&mut self) {
        while let Some(length) = self.stdout[self.line..].iter().position(|byte| *byte == b'\n') {
            let end = self.line + length;
            let line = String::from_utf8_lossy(&self.stdout[self.line..end]).into_owned();
            self.line = end + 1;
            match &self.marker {
                // A prompt of a login script may stand before it on the same line.
                Some(marker) if line.trim_end().ends_with(marker.as_str()) => self.begin(),
                Some(_) => {}
                None => (self.on_line)(&line),
            }
        }
    }

    fn begin(&mut self) {
        self.marker = None;
        self.stdout.drain(..self.line);
        self.line = 0;
        if let Some(gate) = self.open_gate.take() {
            // Nobody waits when the input was not held back.
            let _ = gate.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(marker: Option<&str>, pieces: &[&str]) -> (Result<ExecOutput, SshProblem>, Vec<String>) {
        let limits = ExecLimits {
            stdout: 64,
            stderr: 8,
            ..ExecLimits::default()
        };
        let mut lines = Vec::new();
        let mut on_line = |line: &str| lines.push(line.to_owned());
        let mut collector = Collector::new(&limits, marker, oneshot::channel().0, &mut on_line);
        let taken = pieces
            .iter()
            .try_for_each(|piece| collector.out(piece.as_bytes()));
        let result = taken
            .and_then(|()| collector.err(b"0123456789abcdef0123456789"))
            .and_then(|()| collector.finish(Exit::Code(0)));
        (result, lines)
    }

    #[test]
    fn lines_come_whole_however_the_bytes_are_cut() {
        let (result, lines) = collect(None, &["on", "e\ntw", "o\nthr", "ee"]);
        assert_eq!(lines, ["one", "two", "three"]);
        let output = result.unwrap();
        assert_eq!(
            (output.text().as_str(), output.stderr.as_str()),
            ("one\ntwo\nthree", "23456789")
        );
    }

    #[test]
    fn what_login_scripts_print_is_not_the_commands_output() {
        let (result, lines) = collect(Some("MARK"), &["Welcome!\nprompt> MA", "RK\nown\n"]);
        assert_eq!(lines, ["own"]);
        assert_eq!(result.unwrap().text(), "own\n");
    }

    #[test]
    fn without_the_marker_the_shell_is_to_blame() {
        let (result, _) = collect(Some("MARK"), &["This account is not available.\n"]);
        assert!(matches!(result, Err(SshProblem::ShellUnusable(_))), "{result:?}");
    }

    #[test]
    fn too_much_output_is_an_error() {
        let (result, _) = collect(None, &["x".repeat(65).as_str()]);
        assert_eq!(result, Err(SshProblem::OutputTooLarge(64)));
    }
}
