//! Text without letter case.

/// Removes letter case. Each character is folded on its own, so that a substring folds to a substring.
pub fn fold_case(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii() {
            folded.push(character.to_ascii_lowercase());
        } else {
            folded.extend(character.to_uppercase().flat_map(char::to_lowercase));
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_is_folded_beyond_ascii() {
        assert_eq!(fold_case("ÀÉ Straße ΌΔΟΣ"), fold_case("àé STRASSE όδος"));
        assert!(fold_case("ΣΑΣΑ").contains(&fold_case("ΑΣ")));
    }
}
