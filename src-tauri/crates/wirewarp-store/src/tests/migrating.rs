//! Inventories of older versions, and what stays written down in every version.

use super::{bundle, inventory, new_store, path_in};
use crate::Store;
use sqlx::{Connection, Executor, SqliteConnection, migrate::Migrator};
use std::path::Path;
use wirewarp_model::{MtuOrigin, Peer, PeerId, PeerRoute};

/// Makes a file as an older version made it, whose last migrations are these.
async fn make_older(path: &Path, migrations: &[&str], content: &str) {
    let folder = tempfile::tempdir().unwrap();
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    for name in migrations {
        std::fs::copy(all.join(name), folder.path().join(name)).unwrap();
    }
    let mut file = SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", path.display()))
        .await
        .unwrap();
    let migrator = Migrator::new(folder.path()).await.unwrap();
    migrator.run_direct(None, &mut file, false).await.unwrap();
    file.execute(sqlx::AssertSqlSafe(content.to_owned()))
        .await
        .unwrap();
    file.close().await.unwrap();
}

#[tokio::test]
async fn an_older_inventory_is_kept_aside_and_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    let audit = "INSERT INTO audit (at, who, action, kind, object_id, name) VALUES (1, 'anna', 'a', 'vps', 'x', 'nyc')";
    make_older(&path, &["0001_inventory.sql"], audit).await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.audit(10).await.unwrap()[0].name, "nyc");
    let empty = store.inventory().await.unwrap();
    store
        .save(&empty, &inventory(&empty, 3), "anna", "test")
        .await
        .unwrap();
    drop(store);
    drop(Store::open(&path).await.unwrap());

    let copies: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("before"))
        .collect();
    let [copy] = copies.as_slice() else {
        panic!("one copy: {copies:?}")
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(copy), mode(&path)), (0o600, 0o600));
    }
    let mut old = SqliteConnection::connect(&format!("sqlite://{}", copy.display()))
        .await
        .unwrap();
    let count = |query: &'static str| sqlx::query_scalar::<_, i64>(query);
    assert_eq!(
        count("SELECT count(*) FROM _sqlx_migrations")
            .fetch_one(&mut old)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        count("SELECT count(*) FROM audit")
            .fetch_one(&mut old)
            .await
            .unwrap(),
        1
    );
}

#[tokio::test]
async fn an_older_peer_has_an_mtu_that_was_not_measured_and_takes_replies_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    make_older(&path, &["0001_inventory.sql"], &an_older_peer()).await;
    let peers = Store::open(&path).await.unwrap().inventory().await.unwrap().peers;
    assert_eq!((peers[0].mtu, peers[0].mtu_origin), (1400, MtuOrigin::Assumed));
    assert_eq!(peers[0].route, PeerRoute::Replies);
    assert_eq!(peers[0].leases, []);
}

#[tokio::test]
async fn an_older_inventory_takes_more_than_254_peers_and_keeps_its_rules() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    let forward = format!(
        "{}; INSERT INTO forwards (id, position, peer_id, ports, target, label, enabled) \
         VALUES ('{id}', 0, '{id}', '{{\"kind\":\"all\"}}', '{{\"kind\":\"peer\"}}', '', 1)",
        an_older_peer(),
        id = uuid::Uuid::nil()
    );
    make_older(&path, &["0001_inventory.sql", "0002_history.sql"], &forward).await;
    let store = Store::open(&path).await.unwrap();
    let before = store.inventory().await.unwrap();
    assert_eq!((before.peers.len(), before.forwards.len()), (1, 1));
    let mut after = before.clone();
    let next = Peer {
        id: PeerId(uuid::Uuid::new_v4()),
        name: "laptop".parse().unwrap(),
        number: 300,
        tunnel_ip: "10.0.0.3".parse().unwrap(),
        vm_network: "10.100.44.0/24".parse().unwrap(),
        ..before.peers[0].clone()
    };
    after.peers.push(next.clone());
    store.save(&before, &after, "anna", "test").await.unwrap();
    let peers = store.inventory().await.unwrap().peers;
    assert!(peers.contains(&next), "{peers:?}");

    let mut taken = after.clone();
    taken.peers[1].name = "nyc".parse().unwrap();
    assert!(store.save(&after, &taken, "anna", "test").await.is_err());
    let orphan = "DELETE FROM peers WHERE name = 'phone'";
    let error = store.pool.execute(orphan).await.unwrap_err();
    assert!(error.to_string().contains("FOREIGN KEY"), "{error}");
}

/// A VPS with one manual peer, as the first version wrote it.
fn an_older_peer() -> String {
    let id = uuid::Uuid::nil();
    format!(
        "INSERT INTO hosts (id, name, access) VALUES ('{id}', 'nyc', '{{\"kind\":\"local\"}}'); \
         INSERT INTO vpses (id, name, name_key, host_id, tunnel_network, listen_port, endpoint) \
         VALUES ('{id}', 'nyc', 'nyc', '{id}', '10.0.0.0/24', 51820, '203.0.113.10'); \
         INSERT INTO public_ips (id, vps_id, position, address, on_host, interface, state) \
         VALUES ('{id}', '{id}', 0, '203.0.113.10', '203.0.113.10', 'eth0', 'active'); \
         INSERT INTO peers (id, name, name_key, vps_id, kind, number, tunnel_index, tunnel_ip, vm_network, \
         public_ip_id, state, manual_mode, mtu) VALUES ('{id}', 'phone', 'phone', '{id}', 'manual', 2, 0, '10.0.0.2', \
         '10.99.2.0/24', '{id}', 'active', 'full_tunnel', 1400)"
    )
}

#[tokio::test]
async fn files_that_were_kept_with_their_operation_are_still_known() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    let content = r#"
        INSERT INTO operations (id, host_id, host_name, plan_id, base, generation, action, state, bundle, owner_pid,
            owner_start, started_at, ended_at)
        SELECT '00000000-0000-0000-0000-00000000000' || n, '00000000-0000-0000-0000-00000000000a', 'nyc', 'p', n - 1, n,
            'apply', 'running',
            '{"files": {"rules.nft": {"mode": 384, "text": "line ' || n || '\n“” \"x\""}}, "keys": ["ww0"]}', 1, 'gone',
            n, CASE n WHEN 3 THEN NULL ELSE n END
        FROM (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3);
        INSERT INTO applied (host_id, generation, bundle, operation_id, at)
        SELECT host_id, generation, bundle, id, 2 FROM operations WHERE generation = 2"#;
    make_older(&path, &["0001_inventory.sql", "0002_history.sql"], content).await;
    let store = Store::open(&path).await.unwrap();
    let host = wirewarp_model::HostId(uuid::Uuid::from_u128(10));
    let applied = store.last_applied(host).await.unwrap().unwrap();
    assert_eq!(
        (applied.generation, &applied.bundle),
        (2, &bundle("line 2\n“” \"x\""))
    );
    let open = store.interrupted_operations().await.unwrap();
    store.record_applied(host, 3, open[0].id).await.unwrap();
    let applied = store.last_applied(host).await.unwrap().unwrap();
    assert_eq!(
        (applied.generation, &applied.bundle),
        (3, &bundle("line 3\n“” \"x\""))
    );
}

#[tokio::test]
async fn what_was_done_cannot_be_struck_out() {
    let (_folder, store) = new_store().await;
    let empty = store.inventory().await.unwrap();
    store
        .save(&empty, &inventory(&empty, 1), "anna", "test")
        .await
        .unwrap();
    for statement in ["DELETE FROM audit", "UPDATE audit SET who = 'nobody'"] {
        let error = store.pool.execute(statement).await.unwrap_err();
        assert!(error.to_string().contains("never"), "{error}");
    }
    let plan = wirewarp_model::PlanId(uuid::Uuid::new_v4());
    store.save_plan(plan, &"as it was shown").await.unwrap();
    assert!(store.pool.execute("UPDATE plans SET body = '1'").await.is_err());
    assert_eq!(store.plan(plan).await.unwrap().unwrap(), "as it was shown");
}
