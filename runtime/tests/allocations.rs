//! Evaluation allocates for a batch, never for a chunk.
#![allow(clippy::unwrap_used)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use jetc_operators::{OperatorSpec, Strategy};
use jetc_runtime::{Activation, Evaluator, Matrix, Network};

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

/// The allocator of the system, which counts how often it is asked.
struct Counting;

// SAFETY: everything is passed on to the system's allocator as it comes.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: passed on to the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: passed on to the caller.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn matrix(rows: usize, columns: usize) -> Matrix<f64> {
    let entries = (0..rows * columns).map(|i| f64::from(u8::try_from(i * 37 % 64).unwrap()) / 64.0 - 0.5);
    Matrix::from_row_major(rows, columns, entries.collect()).unwrap()
}

#[test]
fn a_hundred_times_as_many_chunks_allocate_no_more_than_one() {
    let operator = "coordinates: [x, y]\nfields: [u]\noutputs: {a: lap(lap(u)) + u*u_x, b: u_xy}";
    let plan = OperatorSpec::from_yaml("operator", operator).unwrap().plan(Strategy::Auto).unwrap();
    let network = Network::builder(2)
        .affine(matrix(40, 2), Some(vec![0.5; 40]))
        .elementwise(Activation::Tanh)
        .affine(matrix(33, 40), None)
        .elementwise(Activation::Gelu)
        .affine(matrix(1, 33), None);
    let evaluator = Evaluator::<f64>::new(&plan, &network.build().unwrap()).unwrap();
    let chunk = evaluator.chunk_size();
    let points: Vec<f64> =
        (0..200 * chunk).map(|i| f64::from(u8::try_from(i % 101).unwrap()) / 101.0).collect();
    let mut results = vec![0.0; 200 * chunk];
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let mut count = |chunks: usize| {
        let numbers = chunks * chunk * 2;
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        pool.install(|| evaluator.evaluate_into(&points[..numbers], &mut results[..numbers])).unwrap();
        ALLOCATIONS.load(Ordering::Relaxed) - before
    };
    let first = count(1);
    assert!(first > 0, "the first batch makes the buffers");
    let (one, hundred) = (count(1), count(100));
    // The thread pool may enlarge its queue of tasks: a few times for all of them.
    assert!(hundred <= one + 8, "{one} allocations for a chunk, {hundred} for a hundred");
}
