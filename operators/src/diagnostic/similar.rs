//! Guessing which name was meant.

/// Longest text for which a guess is made: the distance costs time in proportion to the product of the lengths.
const LONGEST: usize = 64;

/// Most candidates that are looked at.
const MOST_CANDIDATES: usize = 2000;

/// The candidate closest to `text` by edit distance, if one is close enough to be a slip of the keyboard.
pub fn most_similar<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if text.len() > LONGEST {
        return None;
    }
    candidates
        .into_iter()
        .take(MOST_CANDIDATES)
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (distance(text, candidate), candidate))
        .filter(|&(distance, candidate)| distance <= tolerance(letters(text).min(letters(candidate))))
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean `…`?", where a candidate is close to `text`.
pub fn did_you_mean<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    most_similar(text, candidates).map(|guess| format!("did you mean `{guess}`?"))
}

fn letters(word: &str) -> usize {
    word.chars().count()
}

/// How many slips are likely in a word of this length. Two in a word of three letters would make `exp` of `erf`.
fn tolerance(length: usize) -> usize {
    match length {
        0..=3 => 1,
        4..=5 => 2,
        _ => 3,
    }
    .min(length.saturating_sub(1))
}

/// Edits (insert, remove, replace, swap neighbours) between two words, without regard to case.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut rows: [Vec<usize>; 3] = [vec![0; b.len() + 1], (0..=b.len()).collect(), vec![0; b.len() + 1]];
    for i in 1..=a.len() {
        let [before, last, row] = &mut rows;
        row[0] = i;
        for j in 1..=b.len() {
            let replace = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = replace.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_swapped_or_missing_letter_is_guessed() {
        let known = ["coordinates", "outputs", "fields"];
        assert_eq!(most_similar("cordinates", known), Some("coordinates"));
        assert_eq!(most_similar("ouptuts", known), Some("outputs"));
        assert_eq!(most_similar("Fields", known), Some("fields"));
    }

    #[test]
    fn distant_words_are_not_guessed() {
        assert_eq!(most_similar("banana", ["coordinates", "outputs"]), None);
        assert_eq!(most_similar("a", ["b"]), None);
        assert_eq!(most_similar("erf", ["exp", "sqrt"]), None);
        assert_eq!(most_similar("φ", ["u", "ψ"]), None);
    }

    #[test]
    fn distances_are_symmetric_and_count_edits() {
        for (a, b, edits) in [("", "abc", 3), ("abc", "acb", 1), ("kitten", "sitting", 3), ("x", "x", 0)] {
            assert_eq!(distance(a, b), edits);
            assert_eq!(distance(b, a), edits);
        }
    }
}
