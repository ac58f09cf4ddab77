//! The page of documentation that holds the tables.

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/accuracy.md");
const BEGIN: &str = "<!-- begin: printed by the benchmark -->\n";
const END: &str = "<!-- end -->\n";

/// Replaces the tables of the page.
pub(crate) fn write(tables: &str) {
    let page = std::fs::read_to_string(PAGE).expect("the page is beside the benchmark");
    let (before, rest) = page.split_once(BEGIN).expect("the page says where the tables begin");
    let (_, after) = rest.split_once(END).expect("the page says where the tables end");
    std::fs::write(PAGE, format!("{before}{BEGIN}\n{tables}\n{END}{after}"))
        .expect("the page can be written");
}
