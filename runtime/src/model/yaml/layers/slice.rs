//! Entries `start` … `stop` − 1 of the last axis.

use jetc_operators::record;

use super::super::context::Context;
use super::super::layer::{Incoming, Transform};
use super::super::tensor_files::TensorFiles;
use crate::network::TensorId;

record! {
    /// A slice of the last axis.
    pub(in super::super) struct Slice {
        /// The first entry, counted from 0; 0 if not given.
        start: Option<u32> = "start",
        /// The first entry that is left out; the end if not given.
        stop: Option<u32> = "stop",
    }
}

impl Transform for Slice {
    fn inputs(&self, _: &TensorFiles) -> Incoming {
        Incoming::Untold
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let x = x?;
        let shape = context.graph.shape(x).to_vec();
        let length = shape.last().copied().unwrap_or(0);
        let start = self.start.map_or(0, |start| start as usize);
        let stop = self.stop.map_or(length, |stop| stop as usize);
        if start >= stop || stop > length {
            context
                .mismatch(context.place, format!("entries {start} to {stop} are not all in shape {shape:?}"));
            return None;
        }
        context.attempt(|graph| graph.slice(x, -1, start, 1, stop - start))
    }
}
