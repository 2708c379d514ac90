//! Diffs: what they say is what changed, and they are there at once however much that is.

#![allow(clippy::unwrap_used, reason = "a test may")]

use proptest::prelude::*;
use wirewarp_plan::plan::unified;

const NAMES: [&str; 2] = ["old", "new"];

/// What patch(1) makes of `old`: each hunk says from which line on it counts, and repeats the lines that it keeps.
fn patched(old: &str, diff: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let (mut new, mut at) = (String::new(), 0);
    for line in diff.split_inclusive('\n').skip(2) {
        match line.split_at(1) {
            ("@", range) => {
                let from = range
                    .split(['-', ',', ' '])
                    .nth(2)
                    .unwrap()
                    .parse::<usize>()
                    .unwrap();
                let first = if range.contains(",0 +") { from } else { from - 1 };
                new.push_str(&old[at..first].concat());
                at = first;
            }
            ("+", added) => new.push_str(added),
            (sign, text) => {
                assert_eq!(old[at], text);
                new.push_str(if sign == " " { text } else { "" });
                at += 1;
            }
        }
    }
    new + &old[at..].concat()
}

fn texts() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec!["a\n", "b\n", "c\n", "d\n", "}\n", "\n"]);
    prop::collection::vec(line, 0..40).prop_map(|lines| lines.concat())
}

proptest! {
    #[test]
    fn a_diff_makes_the_new_text_of_the_old_one(old in texts(), new in texts()) {
        prop_assert_eq!(patched(&old, &unified(NAMES, &old, &new)), new);
    }
}

#[test]
fn a_diff_has_three_lines_around_a_change() {
    let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    let diff = unified(NAMES, old, &old.replace('5', "five"));
    assert_eq!(
        diff,
        "--- old\n+++ new\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
    );
    assert_eq!(unified(NAMES, old, old), "");
}

#[test]
fn a_line_that_does_not_end_is_told_from_one_that_does() {
    let diff = unified(NAMES, "a\n", "a");
    assert_eq!(
        diff,
        "--- old\n+++ new\n@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"
    );
}

#[test]
fn twenty_thousand_lines_that_all_change_take_no_time() {
    let text = |network: u32| {
        let lines: Vec<String> = (0..20_000).map(|n| format!("{n} : 10.{network}.0.2\n")).collect();
        lines.concat()
    };
    let (old, new) = (text(98), text(99));
    let began = std::time::Instant::now();
    let diff = unified(NAMES, &old, &new);
    assert_eq!(diff.lines().count(), 40_003);
    // 0.1 s unoptimised here, where a search for lines that could match took minutes.
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
}
