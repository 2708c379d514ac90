//! What holds for any facts, contradictory ones too.

use proptest::prelude::*;

use super::*;

fn maybe<T: Clone + std::fmt::Debug + 'static>(values: Vec<T>) -> impl Strategy<Value = Option<T>> {
    proptest::option::of(proptest::sample::select(values))
}

fn reaches() -> Vec<Reach> {
    vec![
        Reach::Answered {
            round_trip_ms: 1,
            details: Details::Game(Game::default()),
        },
        Reach::Connected {
            round_trip_ms: 1,
            said: None,
            closed: true,
            unanswered: Some(Query::MinecraftJava),
        },
        Reach::Silent { sent: 3 },
        Reach::Refused,
        Reach::TimedOut,
        Reach::Unreachable { what: "x".into() },
        Reach::Reset { after_ms: 3 },
        Reach::NotSent { why: "x".into() },
    ]
}

fn names() -> Vec<NameFact> {
    let resolved = |addresses| NameFact::Resolved {
        name: "x.example".into(),
        addresses,
    };
    vec![
        NameFact::NotUsed,
        resolved(vec![]),
        resolved(vec![PUBLIC]),
        resolved(vec![VM]),
    ]
}

prop_compose! {
    fn any_vps()(
        ssh in any::<Option<bool>>(),
        rule in maybe(vec![
            Rule::Missing,
            Rule::Leads { address: VM, port: None },
            Rule::Leads { address: TUNNEL_IP, port: Some(25_565) },
            Rule::Leads { address: ALIAS, port: Some(1) },
        ]),
        arrived in maybe(vec![0, 1]),
        passed in any::<Option<bool>>(),
        replied in any::<Option<bool>>(),
        returned in maybe(vec![0, 1]),
        others in any::<Option<bool>>(),
        drift in maybe(vec![vec![], vec!["x".to_owned()]]),
        firewalls in proptest::sample::select(vec![vec![], vec!["ufw".to_owned()]]),
    ) -> VpsFacts {
        VpsFacts { ssh, rule, arrived, passed, replied, returned, others, drift, firewalls }
    }
}

prop_compose! {
    fn any_home()(
        ssh in any::<Option<bool>>(),
        by_hand in any::<bool>(),
        received in maybe(vec![0, 1]),
        flow in maybe(vec![Flow::None, Flow::Unanswered, Flow::Answered]),
        drift in maybe(vec![vec![], vec!["x".to_owned()]]),
        alive in any::<Option<bool>>(),
        inner in maybe(vec![Inner::Open, Inner::Refused, Inner::Silent, Inner::Unreachable]),
        listeners in maybe(vec![
            vec![], vec![Listening { address: Some(Ipv4Addr::LOCALHOST), owner: String::new() }],
        ]),
    ) -> HomeFacts {
        HomeFacts { ssh, by_hand, received, flow, drift, firewalls: vec![], alive, inner, listeners }
    }
}

prop_compose! {
    fn any_facts()(
        name in maybe(names()),
        outside in any::<bool>(),
        reach in maybe(reaches()),
        vps in any_vps(),
        tunnel in maybe(vec![
            Handshake::Never, Handshake::Ago { seconds: 5 }, Handshake::Ago { seconds: u64::MAX },
        ]),
        ping in any::<Option<bool>>(),
        large_ping in any::<Option<bool>>(),
        off in maybe(vec![Off::Disabled, Off::Suspended, Off::NoKey]),
        home in any_home(),
    ) -> Facts {
        let vantage = if outside { Vantage::Outside } else { Vantage::Inside { which: "the peer".into() } };
        Facts { name, vantage, reach, off, vps, tunnel, ping, large_ping, home }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]
    #[test]
    fn at_most_one_hop_fails_and_nothing_is_claimed_behind_it(facts in any_facts(), at in 0usize..6) {
        let report = judge(&lanes()[at], &facts);
        let hops: Vec<Hop> = report.hops.iter().map(|finding| finding.hop).collect();
        prop_assert_eq!(hops, Hop::ALL.to_vec());
        let failed = report.hops.iter().position(|finding| finding.state == State::Failed);
        for (at, finding) in report.hops.iter().enumerate() {
            let behind = failed.is_some_and(|failed| at > failed);
            prop_assert_eq!(finding.state == State::NotReached, behind);
            prop_assert_eq!(finding.why.is_empty(), behind);
            prop_assert!(finding.state != State::Failed || failed == Some(at));
        }
        let fails = failed.map(|at| Verdict::Fails { hop: Hop::ALL[at] });
        prop_assert!(fails.is_none_or(|fails| fails == report.verdict));
        let blames = matches!(report.verdict, Verdict::Fails { .. });
        prop_assert_eq!(fails.is_some(), blames);
        prop_assert!(!report.summary.is_empty());
    }

    #[test]
    fn a_program_that_answered_is_never_blamed(facts in any_facts(), at in 0usize..6) {
        let lane = &lanes()[at];
        let mut facts = facts;
        facts.reach = healthy(lane).reach;
        facts.name = Some(NameFact::NotUsed);
        facts.vps.rule = healthy(lane).vps.rule;
        facts.off = None;
        // A tunnel that loses large packets fails, whatever the small ones of the try did.
        facts.large_ping = facts.large_ping.filter(|answered| *answered);
        prop_assert_eq!(judge(lane, &facts).verdict, Verdict::Works);
    }
}
