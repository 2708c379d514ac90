//! A Tauri window with hardly anything in it: what `WireWarp`'s own is compared with.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!(
        "tests/bench/window/empty/tauri.conf.json"
    ))
}
