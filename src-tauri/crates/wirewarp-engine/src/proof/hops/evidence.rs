//! What the facts together say about where the packet has been.

use wirewarp_model::{ForwardTarget, Protocol};

use super::{Facts, Flow, Inner, Listening, Rule, Vantage};
use crate::proof::{Lane, Reach};

/// The facts with the questions that several hops ask of them.
pub(super) struct Evidence<'a> {
    pub lane: &'a Lane,
    pub facts: &'a Facts,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(lane: &'a Lane, facts: &'a Facts) -> Self {
        Self { lane, facts }
    }

    /// Whether the live rule leads where this lane goes; none if it was not read.
    pub(super) fn rule_is_right(&self) -> Option<bool> {
        self.facts.vps.rule.map(|rule| match rule {
            Rule::Missing => false,
            Rule::Leads { address, port } => {
                let port = port.unwrap_or(self.lane.public_port.number());
                address == self.lane.inside && port == self.lane.target_port.number()
            }
        })
    }

    /// Whether the program was reached from here. A connection of which the VPS saw nothing was taken by something on
    /// the way (security software, a transparent proxy) and proves nothing; nor does one that the rule did not lead.
    pub(super) fn end_to_end(&self) -> bool {
        let came = self.facts.vps.arrived.map(|packets| packets > 0);
        let lost = matches!(self.facts.reach, Some(Reach::Connected { .. }))
            && self.is_outside()
            && came.or(self.facts.vps.passed) == Some(false);
        self.took_connection() && !lost && self.rule_is_right() != Some(false)
    }

    pub(super) fn took_connection(&self) -> bool {
        self.facts.reach.as_ref().is_some_and(Reach::is_success)
    }

    /// Whether a packet was sent towards the public port, as far as this machine can tell.
    pub(super) fn was_sent(&self) -> bool {
        !matches!(self.facts.reach, None | Some(Reach::NotSent { .. }))
    }

    /// Whether this machine heard nothing at all.
    pub(super) fn heard_nothing(&self) -> bool {
        self.facts.reach.as_ref().is_some_and(Reach::is_silence)
    }

    pub(super) fn was_refused(&self) -> bool {
        self.facts.reach == Some(Reach::Refused)
    }

    pub(super) fn is_outside(&self) -> bool {
        self.facts.vantage == Vantage::Outside
    }

    /// Whether packets were seen on the VPS or behind it.
    pub(super) fn came_to_vps(&self) -> bool {
        self.facts.vps.arrived.is_some_and(|packets| packets > 0) || self.went_into_tunnel()
    }

    /// Whether ours were seen to go into the tunnel, or to come out of it.
    pub(super) fn went_into_tunnel(&self) -> bool {
        self.facts.vps.passed == Some(true) || self.came_home()
    }

    /// Whether anything was seen to get through the tunnel to the peer.
    pub(super) fn tunnel_carries(&self) -> bool {
        let received = self.facts.home.received.is_some_and(|packets| packets > 0);
        self.facts.ping == Some(true) || received || self.came_home()
    }

    /// Whether small packets get through the tunnel and back, and ones as large as it is said to carry do not.
    pub(super) fn loses_large_packets(&self) -> bool {
        self.facts.ping == Some(true) && self.facts.large_ping == Some(false)
    }

    /// Whether nobody can ask the peer.
    pub(super) fn by_hand(&self) -> bool {
        self.facts.home.by_hand
    }

    /// Whether the VPS would have seen a packet if one had arrived, and saw none. Without a counter at its front door the
    /// one behind its firewalls says so only if no other firewall is there.
    pub(super) fn nothing_came(&self) -> bool {
        let vps = &self.facts.vps;
        if let Some(packets) = vps.arrived {
            return packets == 0 && !self.went_into_tunnel();
        }
        let nobody_else = vps.firewalls.is_empty() && vps.drift.as_ref().is_some_and(Vec::is_empty);
        vps.passed == Some(false) && nobody_else && !self.came_home()
    }

    /// Whether ours were seen at home, or the program was reached.
    pub(super) fn came_home(&self) -> bool {
        self.left_peer() || self.end_to_end()
    }

    /// Whether ours were seen to leave the peer towards the target.
    pub(super) fn left_peer(&self) -> bool {
        matches!(self.facts.home.flow, Some(Flow::Unanswered | Flow::Answered))
    }

    /// Whether the target was seen to answer us.
    pub(super) fn target_replied(&self) -> bool {
        self.facts.home.flow == Some(Flow::Answered) || self.facts.vps.replied == Some(true)
    }

    /// Whether what the target said, an answer or a refusal, was seen to come back through the tunnel.
    pub(super) fn way_back_works(&self) -> bool {
        let refusal = self.was_refused() && self.came_to_vps() && self.inner_is(Inner::Refused);
        self.end_to_end() || self.facts.vps.replied == Some(true) || refusal
    }

    pub(super) fn inner_is(&self, inner: Inner) -> bool {
        self.facts.home.inner == Some(inner)
    }

    /// Whether a program has the port, by what the peer says: it answered there, or listens for more than itself.
    pub(super) fn is_served(&self) -> bool {
        let listens = |program: &Listening| program.address.is_none_or(|address| !address.is_loopback());
        let listeners = self
            .facts
            .home
            .listeners
            .as_deref()
            .filter(|_| self.is_peer())
            .unwrap_or_default();
        let refused = self.inner_is(Inner::Refused);
        self.inner_is(Inner::Open) || (!refused && listeners.iter().any(listens))
    }

    /// Milliseconds after which a connection that had come through was cut.
    pub(super) fn cut_after(&self) -> Option<u32> {
        match self.facts.reach {
            Some(Reach::Reset { after_ms }) if self.came_to_vps() => Some(after_ms),
            _ => None,
        }
    }

    pub(super) fn is_udp(&self) -> bool {
        self.lane.protocol == Protocol::Udp
    }

    pub(super) fn is_vm(&self) -> bool {
        matches!(self.lane.target, ForwardTarget::Vm { .. })
    }

    pub(super) fn is_peer(&self) -> bool {
        self.lane.target == ForwardTarget::Peer
    }

    /// UDP that left the peer towards a program which says nothing: all that can be proved of such a program. Of a peer
    /// that cannot be asked the tunnel is the last that is seen.
    pub(super) fn delivered_in_silence(&self) -> bool {
        let unanswered = self.facts.home.flow == Some(Flow::Unanswered);
        let handed_over = self.by_hand() && self.went_into_tunnel() && !self.target_replied();
        self.is_udp() && self.heard_nothing() && (unanswered || handed_over) && !self.inner_is(Inner::Open)
    }
}
