//! Builds the routers, and reports handlers of one kind whose patterns conflict.

use std::collections::BTreeMap;
use std::ptr;

use super::serve_error::Problem;
use crate::event::Kind;
use crate::handler::{Entry, Route};
use crate::routing::{AmbiguousPair, MOST_STEPS, Pattern, Router, ambiguous_pairs, shadowed_pairs};

/// The most ambiguous pairs of one kind that are reported. Ten thousand handlers could have fifty million.
const MAX_REPORTED: usize = 100;

/// Returns a router for each kind, and adds what is wrong with the patterns to `problems`.
pub(super) fn routers(
    routes: &[&'static Route],
    problems: &mut Vec<Problem>,
) -> [Router<Entry>; Kind::ALL.len()] {
    Kind::ALL.map(|kind| {
        let mut without_pattern: Option<&Route> = None;
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
                None => *without_pattern.get_or_insert(route),
                Some(pattern) => *patterns.entry(pattern).or_insert(route),
            };
            if !ptr::eq(first, *route) {
                problems.push(duplicate(first, route));
            }
        }
        check_precedence(patterns, problems);
        Router::new(handlers)
    })
}

/// Warns of handlers that are never called, and reports pairs of ambiguous patterns.
fn check_precedence(routes: BTreeMap<Pattern, &Route>, problems: &mut Vec<Problem>) {
    let (patterns, routes): (Vec<_>, Vec<_>) = routes.into_iter().unzip();
    for (index, by) in shadowed_pairs(&patterns).into_iter().take(MAX_REPORTED) {
        warn_of_shadowed(routes[index], routes[by]);
    }
    let ties = ambiguous_pairs(&patterns, MAX_REPORTED, MOST_STEPS);
    if let Some(route) = routes.first()
        && ties.len() == MAX_REPORTED
    {
        let text = format!(
            "{MAX_REPORTED} pairs of `#[{}]` patterns are ambiguous, and there may be more; fix these and start again",
            route.kind
        );
        problems.push(Problem::new(None, text));
    }
    for AmbiguousPair {
        patterns: (a, b),
        text,
    } in ties
    {
        problems.push(ambiguous(routes[a], routes[b], &text));
    }
}

fn warn_of_shadowed(route: &Route, by: &Route) {
    let reason = format!(
        "`{}` of `{}` at {}:{} matches everything that this pattern matches, and takes precedence",
        by.pattern.unwrap_or_default(),
        by.name,
        by.file,
        by.line
    );
    route.warn_uncalled(&reason);
}

fn duplicate(a: &Route, b: &Route) -> Problem {
    let (first, second) = sorted(a, b);
    let patterns = match (first.pattern, second.pattern) {
        (Some(first), Some(second)) if first == second => format!(" with the pattern `{first}`"),
        (Some(first), Some(second)) => format!(" with equivalent patterns, `{second}` and `{first}`"),
        _ => String::new(),
    };
    let text = format!(
        "two handlers have `#[{}]`{patterns}: `{}` here and `{}` at {}:{}; keep one of them",
        first.kind, second.name, first.name, first.file, first.line
    );
    Problem::new(Some((second.file, second.line)), text)
}

fn ambiguous(a: &Route, b: &Route, text: &str) -> Problem {
    let (first, second) = sorted(a, b);
    let problem = format!(
        "`#[{}]` patterns `{}` of `{}` here and `{}` of `{}` at {}:{} both match `{text}` with the same precedence; \
         give one of them more literal text, or another kind of wildcard",
        first.kind,
        second.pattern.unwrap_or_default(),
        second.name,
        first.pattern.unwrap_or_default(),
        first.name,
        first.file,
        first.line
    );
    Problem::new(Some((second.file, second.line)), problem)
}

/// Sorts two routes by file and line. A problem is reported at the second one.
fn sorted<'a>(a: &'a Route, b: &'a Route) -> (&'a Route, &'a Route) {
    if (b.file, b.line) < (a.file, a.line) {
        (b, a)
    } else {
        (a, b)
    }
}
