//! Differences of two texts, line by line.

/// The lines of both texts: `-` for expected ones that are gone, `+` for new ones, a few equal ones around them.
pub(super) fn lines(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let edits = edits(&old, &new);
    let near = |index: usize| {
        let (from, to) = (index.saturating_sub(CONTEXT), (index + CONTEXT + 1).min(edits.len()));
        edits[from..to].iter().any(|edit| edit.0 != ' ')
    };
    let mut shown = Vec::new();
    for (index, (sign, line)) in edits.iter().enumerate() {
        if near(index) {
            shown.push(format!("    {sign} {line}"));
        } else if index == 0 || near(index - 1) {
            shown.push("      …".to_owned());
        }
    }
    if old == new {
        shown.push("      (they differ in the last line break)".to_owned());
    }
    shown.join("\n")
}

/// Equal lines shown around a difference.
const CONTEXT: usize = 2;

/// A shortest script from `old` to `new`, through the longest common subsequence.
fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    // common[i][j] is the length of the longest common subsequence of old[i..] and new[j..].
    let mut common = vec![vec![0usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut edits = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            edits.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && (j == new.len() || common[i + 1][j] >= common[i][j + 1]) {
            edits.push(('-', old[i]));
            i += 1;
        } else {
            edits.push(('+', new[j]));
            j += 1;
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_shown_between_its_neighbours() {
        let text = lines("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nD\ne\nf\n");
        assert_eq!(text, "      …\n      b\n      c\n    - d\n    + D\n      e\n      f");
    }

    #[test]
    fn a_missing_line_break_at_the_end_is_told() {
        assert!(lines("a\n", "a").contains("last line break"));
    }
}
