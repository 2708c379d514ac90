use std::net::Ipv4Addr;

use super::{PathMtu, measure, parse};
use crate::session::LocalRunner;

const NEAR: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
const FAR: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 3);

#[test]
fn each_tunnel_has_its_round_trips_its_loss_and_its_path() {
    let text = "echo 10.0.0.2 84 yes\nping 10.0.0.3 10 0 - -\nping 10.0.0.2 10 9 18250 44100\necho 10.0.0.2 1420 yes\n\
                echo 10.0.0.3 84 no\nping 192.0.2.1 10 10 1 1\nping 10.0.0.2 lots 1 1 1\n";
    let all = parse(&[NEAR, FAR], text);
    assert_eq!(all.len(), 2);
    let near = all[&NEAR];
    assert_eq!((near.sent, near.received), (10, 9));
    assert_eq!((near.mean, near.most), (Some(18_250), Some(44_100)));
    assert_eq!(near.path, PathMtu::Carries(1420));
    assert_eq!((all[&FAR].mean, all[&FAR].path), (None, PathMtu::NoAnswer));
}

#[tokio::test]
async fn this_machine_reaches_itself() {
    let here = Ipv4Addr::LOCALHOST;
    let all = measure(&LocalRunner::default(), &[here]).await.expect("it runs");
    let quality = all[&here];
    assert_eq!((quality.sent, quality.received), (10, 10));
    assert!(quality.mean.is_some() && quality.mean <= quality.most);
    assert!(matches!(quality.path, PathMtu::Carries(_)), "{quality:?}");
}
