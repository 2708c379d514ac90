use super::*;
use proptest::prelude::*;

#[test]
fn a_new_key_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("id");
    let public = generate_ed25519(&path, "it's me").unwrap();
    assert!(
        public.starts_with("ssh-ed25519 ") && public.ends_with(" it's me"),
        "{public}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(matches!(read_key(&path), Ok(KeyFile::Open(_))));
    assert_eq!(public_beside(&path).unwrap().to_openssh().unwrap(), public);
}

proptest! {
    #[test]
    fn no_comment_escapes_from_the_install_script(comment in "[^\0\r\n]{0,60}") {
        let folder = tempfile::tempdir().unwrap();
        let key = generate_ed25519(&folder.path().join("id"), "x").unwrap();
        let blob = key.split_whitespace().nth(1).unwrap();
        if let Ok(script) = install_script(&format!("ssh-ed25519 {blob} {comment}")) {
            let home = folder.path().display();
            let output = std::process::Command::new("sh").arg("-c").arg(format!("HOME={home}\n{script}")).output().unwrap();
            prop_assert_eq!(String::from_utf8_lossy(&output.stdout), "added\n");
            let text = std::fs::read_to_string(folder.path().join(".ssh/authorized_keys")).unwrap();
            prop_assert_eq!(text.lines().count(), 1);
            prop_assert!(text.contains(blob));
        }
    }

    #[test]
    fn no_text_panics(text in "(-----BEGIN (RSA|EC|OPENSSH|ENCRYPTED) ?PRIVATE KEY-----\n)?(DEK-Info: AES-128-CBC,[0-9A-F]{0,40}\n)?[A-Za-z0-9+/=\n]{0,200}") {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("id");
        std::fs::write(&path, &text).unwrap();
        if let Ok(KeyFile::Locked { text, .. }) = read_key(&path) {
            let _ = unlock(&path, &text, &Secret::new("x".into()));
        }
    }
}
