//! How a host and a tunnel are, from what was heard of them.

use serde::Serialize;

/// A host is called offline when it has not answered for this long, in seconds, and not to this many tries: one lost
/// packet is no outage.
const SURE_AFTER: i64 = 60;
const SURE_TRIES: u32 = 2;

/// After this long without a handshake a tunnel counts as down, in seconds: WireGuard renews at 120 s and gives a
/// session up at 180 s (its whitepaper, section 6.1).
pub const SILENCE: u64 = 180;

/// Whether a host answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum HostState {
    /// It answered the last poll.
    Online,
    /// Nobody knows: it was not asked yet, or did not answer once, or nothing at all answers.
    Unknown,
    /// It has not answered for a while, and others do.
    Offline,
}

impl HostState {
    /// One word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Unknown => "unknown",
            Self::Offline => "offline",
        }
    }
}

/// What a host's polls came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reached {
    answered_at: Option<i64>,
    failing_since: Option<i64>,
    tries: u32,
    problem: String,
    /// Whether it answers, and does not let us in.
    refuses: bool,
}

impl Reached {
    /// It answered at `at` (seconds since 1970 UTC).
    pub fn answered(&mut self, at: i64) {
        *self = Self {
            answered_at: Some(at),
            ..Self::default()
        };
    }

    /// It did not, for this reason in words. `refuses`: it is there, and does not let us in; that does not pass by itself.
    pub fn failed(&mut self, at: i64, problem: &str, refuses: bool) {
        self.failing_since.get_or_insert(at);
        self.tries = self.tries.saturating_add(1);
        self.refuses = refuses;
        problem.clone_into(&mut self.problem);
    }

    /// Whether only the person can change that it does not answer.
    pub fn refuses(&self) -> bool {
        self.refuses
    }

    /// When it answered last.
    pub fn answered_at(&self) -> Option<i64> {
        self.answered_at
    }

    /// How many polls failed since it answered.
    pub fn tries(&self) -> u32 {
        self.tries
    }

    /// How it is at `now`. `others` says whether any other host answers: none if there is no other, or nobody asked.
    pub fn state(&self, now: i64, others: Option<bool>) -> (HostState, String) {
        let Some(since) = self.failing_since else {
            return match self.answered_at {
                Some(_) => (HostState::Online, String::new()),
                None => (HostState::Unknown, "it was not asked yet".to_owned()),
            };
        };
        if self.refuses {
            return (HostState::Unknown, self.problem.clone());
        }
        if others == Some(false) {
            let reason = "no host answers; this computer's own connection may be down";
            return (HostState::Unknown, reason.to_owned());
        }
        let sure = now - since >= SURE_AFTER && self.tries >= SURE_TRIES;
        let state = if sure {
            HostState::Offline
        } else {
            HostState::Unknown
        };
        (
            state,
            format!(
                "no answer for {}: {}",
                span(now.saturating_sub(since)),
                self.problem
            ),
        )
    }
}

/// How a tunnel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum TunnelState {
    /// There was a handshake just now.
    Connected,
    /// There was none for a while.
    Disconnected,
    /// There never was one.
    Never,
    /// Its VPS does not answer.
    Unknown,
    /// It takes no part.
    Suspended,
}

impl TunnelState {
    /// One word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Disconnected => "disconnected",
            Self::Never => "never",
            Self::Unknown => "unknown",
            Self::Suspended => "suspended",
        }
    }
}

/// How a tunnel is, and why in words. `handshake` and `clock` are seconds since 1970 UTC by the host's own clock; a
/// handshake of 0 never was.
pub fn tunnel_state(handshake: u64, clock: u64, endpoint: Option<&str>) -> (TunnelState, String) {
    if handshake == 0 {
        return (
            TunnelState::Never,
            "no handshake since the tunnel was set up".to_owned(),
        );
    }
    // A clock that was set back makes the handshake one of the future: it was just now.
    let age = clock.saturating_sub(handshake);
    if age <= SILENCE {
        return (TunnelState::Connected, String::new());
    }
    let last = endpoint
        .map(|from| format!("; last from {from}"))
        .unwrap_or_default();
    let age = i64::try_from(age).unwrap_or(i64::MAX);
    (
        TunnelState::Disconnected,
        format!("no handshake for {}{last}", span(age)),
    )
}

/// A length of time in the largest unit that says it well: `45 s`, `6 min`, `3 h`, `2 days`.
pub fn span(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{} s", seconds.max(0)),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_is_not_yet_an_outage() {
        let mut reached = Reached::default();
        assert_eq!(reached.state(0, Some(true)).0, HostState::Unknown);
        reached.answered(10);
        assert_eq!(reached.state(500, Some(true)).0, HostState::Online);
        reached.failed(20, "timed out", false);
        assert_eq!(reached.state(20, Some(true)).0, HostState::Unknown);
        assert_eq!(reached.state(90, Some(true)).0, HostState::Unknown);
        reached.failed(80, "timed out", false);
        let (state, why) = reached.state(380, None);
        assert_eq!(
            (state, why.as_str()),
            (HostState::Offline, "no answer for 6 min: timed out")
        );
        assert_eq!(reached.state(380, Some(false)).0, HostState::Unknown);
        reached.answered(400);
        assert_eq!(
            (reached.state(400, None).0, reached.tries()),
            (HostState::Online, 0)
        );
        reached.failed(410, "the password is wrong", true);
        reached.failed(800, "the password is wrong", true);
        assert_eq!(
            reached.state(900, None),
            (HostState::Unknown, "the password is wrong".to_owned())
        );
    }

    #[test]
    fn a_tunnel_says_since_when_and_from_where() {
        assert_eq!(tunnel_state(0, 1000, None).0, TunnelState::Never);
        assert_eq!(tunnel_state(1000, 1180, None).0, TunnelState::Connected);
        assert_eq!(tunnel_state(2000, 1000, None).0, TunnelState::Connected);
        let (state, why) = tunnel_state(1000, 1360, Some("198.51.100.7:51820"));
        assert_eq!(state, TunnelState::Disconnected);
        assert_eq!(why, "no handshake for 6 min; last from 198.51.100.7:51820");
        assert_eq!(span(90_000), "25 h");
    }
}
