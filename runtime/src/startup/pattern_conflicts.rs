//! Handlers of one kind that answer for the same channels or methods: neither before the other, or one of them always.

use std::collections::BTreeMap;
use std::ptr;

use super::serve_error::Problem;
use crate::event::Kind;
use crate::handler::{Entry, Route};
use crate::routing::{AmbiguousPair, MOST_STEPS, Pattern, Router, ambiguous_pairs, shadowed_pairs};

/// So many pairs of a kind are named: among ten thousand handlers, fifty million could tie.
const MOST: usize = 100;

/// The table of each kind, and what is wrong with the patterns.
pub(super) fn tables(
    routes: &[&'static Route],
    problems: &mut Vec<Problem>,
) -> [Router<Entry>; Kind::ALL.len()] {
    Kind::ALL.map(|kind| {
        let mut only: Option<&Route> = None;
        let mut patterns: BTreeMap<Pattern, &Route> = BTreeMap::new();
        let mut handlers = Vec::new();
        for (index, route) in routes.iter().enumerate().filter(|(_, route)| route.kind == kind) {
            let pattern = match route.pattern.map(Pattern::parse).transpose() {
                Ok(pattern) => pattern,
                Err(text) => {
                    problems.push(Problem::new(Some((route.file, route.line)), text));
                    continue;
                }
            };
            handlers.push((pattern.clone(), Entry::new(index, route)));
            let first = match pattern {
                None => *only.get_or_insert(route),
                Some(pattern) => *patterns.entry(pattern).or_insert(route),
            };
            if !ptr::eq(first, *route) {
                problems.push(equal(first, route));
            }
        }
        tied(patterns, problems);
        Router::new(handlers)
    })
}

fn tied(routes: BTreeMap<Pattern, &Route>, problems: &mut Vec<Problem>) {
    let (patterns, routes): (Vec<_>, Vec<_>) = routes.into_iter().unzip();
    for (index, by) in shadowed_pairs(&patterns).into_iter().take(MOST) {
        warn_of_hidden(routes[index], routes[by]);
    }
    let ties = ambiguous_pairs(&patterns, MOST, MOST_STEPS);
    if let Some(route) = routes.first()
        && ties.len() == MOST
    {
        let text = format!(
            "{MOST} pairs of `#[{}]` patterns tie, and there may be more: mend those below, then start again",
            route.kind
        );
        problems.push(Problem::new(None, text));
    }
    for AmbiguousPair {
        patterns: (a, b),
        text,
    } in ties
    {
        problems.push(tie(routes[a], routes[b], &text));
    }
}

fn warn_of_hidden(route: &Route, by: &Route) {
    let reason = format!(
        "`{}` of `{}` at {}:{} matches all that this pattern does, and wins",
        by.pattern.unwrap_or_default(),
        by.name,
        by.file,
        by.line
    );
    route.warn_uncalled(&reason);
}

fn equal(a: &Route, b: &Route) -> Problem {
    let (first, second) = in_order(a, b);
    let what = match (first.pattern, second.pattern) {
        (Some(first), Some(second)) if first == second => format!(" with the pattern `{first}`"),
        (Some(first), Some(second)) => format!(" with patterns that mean the same, `{second}` and `{first}`"),
        _ => String::new(),
    };
    let text = format!(
        "two handlers have `#[{}]`{what}: `{}` here and `{}` at {}:{}; keep one of them",
        first.kind, second.name, first.name, first.file, first.line
    );
    Problem::new(Some((second.file, second.line)), text)
}

fn tie(a: &Route, b: &Route, both: &str) -> Problem {
    let (first, second) = in_order(a, b);
    let text = format!(
        "`#[{}]` patterns `{}` of `{}` here and `{}` of `{}` at {}:{} both match `{both}`, and neither wins: \
         give one of them more literal text, or a wildcard of another kind",
        first.kind,
        second.pattern.unwrap_or_default(),
        second.name,
        first.pattern.unwrap_or_default(),
        first.name,
        first.file,
        first.line
    );
    Problem::new(Some((second.file, second.line)), text)
}

/// By their places: the problem is told at the second.
fn in_order<'a>(a: &'a Route, b: &'a Route) -> (&'a Route, &'a Route) {
    if (b.file, b.line) < (a.file, a.line) {
        (b, a)
    } else {
        (a, b)
    }
}
