use super::support::{Server, Stage};
use crate::{
    commands::{connect::trust_host, terminal},
    outside::News,
    view::{TerminalEnd, TerminalId, TerminalNews, TerminalSize},
};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

const SIZE: TerminalSize = TerminalSize { cols: 90, rows: 30 };

/// What a page would show, taking in as much as it is told to.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    async fn shows(&self, what: &str) {
        let patience = Instant::now() + Duration::from_secs(20);
        while !self.text().contains(what) {
            assert!(Instant::now() < patience, "no {what:?} in {:?}", self.text());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

async fn open(server: &Server) -> (Stage, TerminalId, Page) {
    let stage = Stage::reaching(server).await;
    trust_host(&stage.desktop, "nyc".into(), Some(server.fingerprint()))
        .await
        .unwrap();
    let page = Page::default();
    let to = page.clone();
    let take = Box::new(move |bytes: Vec<u8>| {
        to.0.lock().unwrap().extend(bytes);
        true
    });
    let id = terminal::open(&stage.desktop, "nyc".into(), SIZE, take)
        .await
        .unwrap();
    (stage, id, page)
}

async fn keys(stage: &Stage, id: TerminalId, text: &str) {
    terminal::write(&stage.desktop, id, text.into()).await.unwrap();
}

async fn end(stage: &Stage) -> TerminalEnd {
    let ended = |news: &News| match news {
        News::Terminal(event) => {
            let TerminalNews::Ended { end } = &event.news;
            Some(end.clone())
        }
        _ => None,
    };
    stage.told(ended).await
}

#[tokio::test]
async fn a_shell_answers_knows_its_size_and_ends() {
    let server = Server::start();
    let (stage, id, page) = open(&server).await;
    keys(&stage, id, "stty size; echo $TERM\n").await;
    page.shows("30 90").await;
    page.shows("xterm-256color").await;
    let size = TerminalSize { cols: 120, rows: 40 };
    terminal::resize(&stage.desktop, id, size).await.unwrap();
    keys(&stage, id, "stty size\n").await;
    page.shows("40 120").await;
    keys(&stage, id, "exit 7\n").await;
    let TerminalEnd::Exit { code } = end(&stage).await else {
        panic!("it did not exit");
    };
    assert_eq!((code, stage.desktop.terminals.open()), (7, 0));
    let late = terminal::write(&stage.desktop, id, "x".into()).await.unwrap_err();
    assert_eq!(late.code, "terminal_ended");
}

#[tokio::test]
async fn a_burst_of_keys_arrives_in_order() {
    let server = Server::start();
    let (stage, id, page) = open(&server).await;
    keys(
        &stage,
        id,
        "stty -echo; cat > /dev/null; echo rea'dy'; head -c 4000 | tr -d '\\n' | md5sum\n",
    )
    .await;
    keys(&stage, id, "\u{4}").await;
    page.shows("ready").await;
    let burst = (0..400)
        .map(|n| format!("line {n:04}\n"))
        .collect::<Vec<_>>()
        .concat();
    let burst = &burst[..4000];
    for key in burst.as_bytes().chunks(7) {
        keys(&stage, id, std::str::from_utf8(key).unwrap()).await;
    }
    let joined = burst.replace('\n', "");
    page.shows(&md5(&joined)).await;
}

fn md5(text: &str) -> String {
    use std::io::Write as _;
    let mut child = std::process::Command::new("md5sum")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stdout)
        .split(' ')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_flood_waits_for_the_page_and_ctrl_c_ends_it_at_once() {
    let server = Server::start();
    let (stage, id, page) = open(&server).await;
    keys(&stage, id, "yes 0123456789012345678901234567890123456789\n").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let held = page.len();
    let most = usize::try_from(crate::terminals::MOST_OPEN).unwrap() + 64 * 1024;
    assert!(
        held > 100_000 && held <= most,
        "{held} bytes were sent without being taken in"
    );
    keys_beside(&stage, id);
    let began = Instant::now();
    let mut taken = 0;
    while !page.text().contains("still here") {
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "{} bytes came",
            page.len()
        );
        let open = page.len() - taken;
        taken += open;
        terminal::ack(&stage.desktop, id, u32::try_from(open).unwrap())
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(page.len() < 8 * 1024 * 1024, "{} bytes came after it", page.len());
}

/// Ctrl-C, and then something that shows whether the shell has its line again.
fn keys_beside(stage: &Stage, id: TerminalId) {
    let desktop = stage.desktop.clone();
    tokio::spawn(async move {
        terminal::write(&desktop, id, "\u{3}".into()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        terminal::write(&desktop, id, "echo still' 'here\n".into())
            .await
            .unwrap();
    });
}

#[tokio::test]
async fn closing_and_losing_a_terminal_are_told_apart() {
    let server = Server::start();
    let (stage, id, page) = open(&server).await;
    keys(&stage, id, "echo a'b'\n").await;
    page.shows("ab").await;
    terminal::close(&stage.desktop, id).await.unwrap();
    assert!(matches!(end(&stage).await, TerminalEnd::Closed));
    let (stage, id, page) = open(&server).await;
    keys(&stage, id, "echo a'b'\n").await;
    page.shows("ab").await;
    server.kill_connections();
    let TerminalEnd::Lost { error } = end(&stage).await else {
        panic!("it was not lost");
    };
    assert_eq!(error.code, "connection_lost");
}

#[tokio::test]
async fn a_terminal_of_no_size_or_host_is_refused() {
    let stage = Stage::furnished().await;
    let none = TerminalSize { cols: 0, rows: 30 };
    let error = terminal::open(&stage.desktop, "nyc".into(), none, Box::new(|_| true)).await;
    assert_eq!(error.unwrap_err().code, "bad_input.size");
    let error = terminal::open(&stage.desktop, "phone".into(), SIZE, Box::new(|_| true)).await;
    assert_eq!(error.unwrap_err().code, "manual_peer");
}
