//! `wirewarp logs`: the program's own log. Works without an inventory, which may be what is broken.

use std::{path::Path, process::ExitCode, time::Duration};
use wirewarp_engine::logs::{self, Follow, Level, LogLine};

use crate::{
    args::logs::LogsArgs,
    context::Failure,
    output::{
        self,
        style::{self, paint},
        table::moment,
    },
};

/// Between two looks at the files.
const PAUSE: Duration = Duration::from_millis(500);

pub async fn run(data_dir: &Path, args: &LogsArgs, as_json: bool) -> Result<ExitCode, Failure> {
    let mut query = args.query();
    // Begun first: a line that is written in between is shown twice at worst, and none is lost.
    let mut follow = args.follow.then(|| Follow::begin(data_dir));
    show(&logs::find(data_dir, &query), as_json)?;
    query.since = None;
    while let Some(follow) = &mut follow {
        tokio::time::sleep(PAUSE).await;
        show(&follow.next(&query), as_json)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// As text, or as JSON with an object a line.
fn show(lines: &[LogLine], as_json: bool) -> Result<(), Failure> {
    for line in lines {
        let text = if as_json {
            serde_json::to_string(line).map_err(anyhow::Error::from)?
        } else {
            text(line)
        };
        output::print(&text);
    }
    Ok(())
}

fn text(line: &LogLine) -> String {
    let style = match line.level {
        Level::Error => style::BAD,
        Level::Warn => style::WARN,
        Level::Info => style::GOOD,
        Level::Debug | Level::Trace => style::DIM,
    };
    let level = paint(style, format!("{:5}", line.level));
    let module = paint(style::DIM, &line.module);
    // Foreign text can be among it, and must not steer the terminal.
    let said = format!("{}  {}", line.message(), line.details());
    let said: String = said.trim_end().chars().map(plain).collect();
    format!("{}  {level}  {module}  {said}", moment(line.at))
}

fn plain(letter: char) -> char {
    if letter.is_control() { ' ' } else { letter }
}
