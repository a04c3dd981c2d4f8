//! Reasons for which Centrifugo does not start.

use super::checker::Checker;
use super::finding::Finding;
use crate::centrifugo::start_problems;

pub(super) fn check(checker: &mut Checker<'_>) {
    for problem in start_problems(checker.configuration) {
        checker.add(
            Finding::error("no-start", format!("Centrifugo does not start: {}", problem.text))
                .at(problem.path)
                .help("correct the value; `centrifugo checkconfig` shows what Centrifugo says"),
        );
    }
}
