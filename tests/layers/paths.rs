//! Finds the modules that Rust source refers to. It reads tokens rather than syntax, and so sees into macros.

use std::{collections::BTreeSet, iter::Peekable};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The names in a path from the root of the crate, such as `store`, `users`, `list`.
pub type Path = Vec<String>;

/// Returns the paths into our own crate in `text`, which is the source of `module`: those after `crate`, `self` and
/// `super`, from the root, in `use` declarations and elsewhere.
pub fn paths(text: &str, module: &[String]) -> BTreeSet<Path> {
    let mut found = BTreeSet::new();
    visit(text.parse().expect("the file is Rust"), module, &mut found);
    found
}

/// Returns all names in `text`, whatever they name.
pub fn names(text: &str) -> BTreeSet<String> {
    fn collect(tokens: TokenStream, found: &mut BTreeSet<String>) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => _ = found.insert(name.to_string()),
                TokenTree::Group(group) => collect(group.stream(), found),
                _ => {}
            }
        }
    }
    let mut found = BTreeSet::new();
    collect(text.parse().expect("the file is Rust"), &mut found);
    found
}

type Tokens = Peekable<proc_macro2::token_stream::IntoIter>;

fn visit(tokens: TokenStream, module: &[String], found: &mut BTreeSet<Path>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut inner = None;
    while let Some(token) = tokens.next() {
        let name = match token {
            TokenTree::Ident(name) => name.to_string(),
            TokenTree::Group(group) => {
                // The body of `mod name { ... }` is a module of its own.
                let inner = inner.take().filter(|_| group.delimiter() == Delimiter::Brace);
                visit(group.stream(), &[module, inner.as_slice()].concat(), found);
                continue;
            }
            _ => continue,
        };
        inner = if name == "mod" { tokens.next_if(is_name).map(|name| name.to_string()) } else { None };
        let start = match name.as_str() {
            "crate" => &[],
            "self" => module,
            "super" => parent(module),
            _ => continue,
        };
        if skip_colons(&mut tokens) {
            follow(&mut tokens, start.to_vec(), found);
        } else if name != "self" && tokens.peek().is_some_and(|next| next.to_string() == "as") {
            found.insert(start.to_vec());
        }
    }
}

/// Follows a path that continues after `::`, with all branches of a `use`.
fn follow(tokens: &mut Tokens, mut path: Path, found: &mut BTreeSet<Path>) {
    while let Some(token) = tokens.next_if(|next| is_name(next) || is_braces(next)) {
        if let TokenTree::Group(group) = token {
            let mut branches = group.stream().into_iter().peekable();
            while branches.peek().is_some() {
                follow(&mut branches, path.clone(), found);
                // To the next branch, past a `*`, or the new name after `as`.
                while branches.next().is_some_and(|skipped| skipped.to_string() != ",") {}
            }
            return;
        }
        match token.to_string().as_str() {
            "self" => {}
            "super" => path = parent(&path).to_vec(),
            name => path.push(name.trim_start_matches("r#").to_owned()),
        }
        if !skip_colons(tokens) {
            break;
        }
    }
    found.insert(path);
}

fn parent(module: &[String]) -> &[String] {
    module.split_last().map_or(module, |(_, parent)| parent)
}

fn is_name(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(_))
}

fn is_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// Skips `::`; `false` if something else follows.
fn skip_colons(tokens: &mut Tokens) -> bool {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ':');
    tokens.next_if(is_colon).is_some() && tokens.next_if(is_colon).is_some()
}

#[test]
fn every_form_of_a_path_is_found() {
    let module = ["store", "users", "list"].map(String::from);
    for (text, expected) in [
        ("use crate::{a::X, store::Y};", vec!["a::X", "store::Y"]),
        ("use crate::store;", vec!["store"]),
        ("use crate::{self as root, store as s, api::*};", vec!["", "api", "store"]),
        ("use crate as root;", vec![""]),
        ("use crate::{\n    a::{b::{self, C}, d},\n    e,\n};", vec!["a::b", "a::b::C", "a::d", "e"]),
        ("pub use super::super::{tokens, super::api::r#type};", vec!["api::type", "store::tokens"]),
        ("use self::{inner::X}; use super::index;", vec!["store::users::index", "store::users::list::inner::X"]),
        ("use super::super::super::http::Y;", vec!["http::Y"]),
        ("fn f(x: &crate::a::X) -> Vec<crate::b::Y> { crate::c::d::<u8>(x)?.e }", vec!["a::X", "b::Y", "c::d"]),
        ("const X: u8 = if crate::a::IS { 1 } else { 2 };", vec!["a::IS"]),
        ("make! { one => crate::a::X, [$crate::b::Y] }", vec!["a::X", "b::Y"]),
        (
            "mod tests { use super::super::Z; mod deep { use super::W; } }",
            vec!["store::users::Z", "store::users::list::tests::W"],
        ),
        ("pub(crate) fn f(&self) { self.store.x::<u8>(); other::store::y(); } // crate::a::X", vec![]),
        ("/// [`crate::a::X`]\nconst TEXT: &str = \"crate::b::Y\";", vec![]),
    ] {
        let found: Vec<String> = paths(text, &module).iter().map(|path| path.join("::")).collect();
        assert_eq!(found, expected, "{text}");
    }
}
