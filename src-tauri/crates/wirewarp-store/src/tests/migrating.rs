//! Inventories of older versions, and what stays written down in every version.

use super::{inventory, new_store, path_in};
use crate::Store;
use sqlx::{Connection, Executor, SqliteConnection, migrate::Migrator};
use std::path::Path;
use wirewarp_model::MtuOrigin;

/// Makes a file as the first version made it.
async fn make_first_version(path: &Path) {
    let first = tempfile::tempdir().unwrap();
    let name = "0001_inventory.sql";
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    std::fs::copy(all.join(name), first.path().join(name)).unwrap();
    let mut file = SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", path.display()))
        .await
        .unwrap();
    let migrator = Migrator::new(first.path()).await.unwrap();
    migrator.run_direct(None, &mut file, false).await.unwrap();
    file.execute("INSERT INTO audit (at, who, action, kind, object_id, name) VALUES (1, 'anna', 'a', 'vps', 'x', 'nyc')")
        .await
        .unwrap();
    file.close().await.unwrap();
}

#[tokio::test]
async fn an_older_inventory_is_kept_aside_and_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    make_first_version(&path).await;
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
async fn the_mtu_of_an_older_peer_counts_as_not_measured() {
    let folder = tempfile::tempdir().unwrap();
    let path = path_in(&folder);
    make_first_version(&path).await;
    let mut file = SqliteConnection::connect(&format!("sqlite://{}", path.display()))
        .await
        .unwrap();
    let id = uuid::Uuid::nil();
    let rows = [
        format!("INSERT INTO hosts (id, name, access) VALUES ('{id}', 'nyc', '{{\"kind\":\"local\"}}')"),
        format!(
            "INSERT INTO vpses (id, name, name_key, host_id, tunnel_network, listen_port, endpoint) \
             VALUES ('{id}', 'nyc', 'nyc', '{id}', '10.0.0.0/24', 51820, '203.0.113.10')"
        ),
        format!(
            "INSERT INTO public_ips (id, vps_id, position, address, on_host, interface, state) \
             VALUES ('{id}', '{id}', 0, '203.0.113.10', '203.0.113.10', 'eth0', 'active')"
        ),
        format!(
            "INSERT INTO peers (id, name, name_key, vps_id, kind, number, tunnel_index, tunnel_ip, vm_network, \
             public_ip_id, state, manual_mode, mtu) VALUES ('{id}', 'phone', 'phone', '{id}', 'manual', 2, 0, '10.0.0.2', \
             '10.99.2.0/24', '{id}', 'active', 'full_tunnel', 1400)"
        ),
    ];
    for row in rows {
        file.execute(sqlx::AssertSqlSafe(row)).await.unwrap();
    }
    file.close().await.unwrap();
    let peers = Store::open(&path).await.unwrap().inventory().await.unwrap().peers;
    assert_eq!((peers[0].mtu, peers[0].mtu_origin), (1400, MtuOrigin::Assumed));
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
