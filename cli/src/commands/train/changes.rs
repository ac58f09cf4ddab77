//! Other values for keys of a file: `train.method=adam`.

use anyhow::{Context, bail};
use jetc_operators::document::{Document, Node, Scalar, Style, Value};

/// Puts the values in the place of those of the file.
pub(super) fn apply(document: &mut Document, changes: &[String]) -> anyhow::Result<()> {
    for change in changes {
        let (key, value) =
            change.split_once('=').with_context(|| format!("{change}: write KEY=VALUE, such as nu=0.1"))?;
        let mut keys: Vec<&str> = key.trim().split('.').collect();
        let parameters = document.root.get("parameters");
        if keys.len() == 1 && parameters.is_some_and(|parameters| parameters.get(keys[0]).is_some()) {
            keys.insert(0, "parameters");
        }
        let value = Document::parse("--set", &format!("value: {}", value.trim()))
            .with_context(|| format!("--set {change}"))?;
        let node = value.root.get("value").map_or_else(|| scalar(""), unplaced);
        set(&mut document.root, &keys, node).with_context(|| format!("--set {change}"))?;
    }
    Ok(())
}

fn set(node: &mut Node, keys: &[&str], value: Node) -> anyhow::Result<()> {
    let Value::Mapping(pairs) = &mut node.value else {
        bail!("`{}` is below a value that is no mapping", keys[0])
    };
    let place = pairs.iter().position(|(key, _)| key.text() == Some(keys[0]));
    let place = place.unwrap_or_else(|| {
        pairs.push((scalar(keys[0]), Node { span: node.span, value: Value::Mapping(Vec::new()) }));
        pairs.len() - 1
    });
    let target = &mut pairs[place].1;
    if keys.len() == 1 {
        // What is wrong with it is shown where the file has it.
        let span = target.span;
        *target = Node { span, ..value };
        return Ok(());
    }
    set(target, &keys[1..], value)
}

fn scalar(text: &str) -> Node {
    let value = Value::Scalar(Scalar { text: text.to_owned(), style: Style::Plain });
    Node { span: jetc_operators::diagnostic::Span::at(0), value }
}

/// The node with all its places at the beginning of the file.
fn unplaced(node: &Node) -> Node {
    let value = match &node.value {
        Value::Scalar(scalar) => Value::Scalar(scalar.clone()),
        Value::Sequence(nodes) => Value::Sequence(nodes.iter().map(unplaced).collect()),
        Value::Mapping(pairs) => {
            Value::Mapping(pairs.iter().map(|(key, value)| (unplaced(key), unplaced(value))).collect())
        }
    };
    Node { span: jetc_operators::diagnostic::Span::at(0), value }
}
