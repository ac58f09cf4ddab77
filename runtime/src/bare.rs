//! The limit of an evaluation: its matrix products, bare, and nothing else.
//!
//! Every affine step multiplies the channels that it has to compute, stacked as rows, by one weight:
//! Y \[rows · points, outputs\] = X \[rows · points, inputs\] · Wᵀ, 2 · rows · inputs · outputs floating-point operations
//! for a point. [`Evaluator::products`](crate::Evaluator::products) lists them as they are scheduled, so behind the input
//! reduction and without dead channels. [`BareProducts`] runs exactly these, one after another, with faer's `matmul`
//! in blocks of about a thousand rows spread over all threads of the rayon pool: the fastest way to call the library that we
//! know. Products of two values of the network (attention) and everything elementwise count as nothing.
//!
//! *Memory.* All blocks read the same rows and, thread by thread, overwrite the same results, so the buffers do not grow
//! with the number of points. Blocks that fit into the cache stay there: the limit is one of arithmetic, which pays
//! nothing for moving points, channels and results through memory.
//!
//! Checked by `the_products_of_a_laplacian_are_those_counted_by_hand` and `every_block_has_its_rows`.

use std::sync::{Mutex, MutexGuard, OnceLock};

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

use crate::float::Float;
use crate::kernel::product::PackedMatrix;
use crate::math::InstructionSet;
use crate::network::Matrix;

/// More rows than this in a block gain nothing.
const BLOCK_ROWS: usize = 1024;

/// Blocks of very wide products have fewer rows: so many numbers of X at most, for all threads together …
const INPUT_NUMBERS: usize = 1 << 25;

/// … and so many of Y for each thread.
const OUTPUT_NUMBERS: usize = 1 << 22;

/// One matrix product of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductShape {
    /// Rows that each point contributes.
    pub rows: usize,
    /// Features in: columns of the weight.
    pub inputs: usize,
    /// Features out: rows of the weight.
    pub outputs: usize,
}

impl ProductShape {
    /// Floating-point operations for one point; a multiplication and an addition are two.
    pub fn flops(&self) -> u64 {
        [self.rows, self.inputs, self.outputs].iter().fold(2, |flops: u64, &n| flops.saturating_mul(n as u64))
    }

    /// The rows of one block where there are as many as one likes.
    fn most_rows(&self) -> usize {
        let in_memory = (INPUT_NUMBERS / self.inputs.max(1)).min(OUTPUT_NUMBERS / self.outputs.max(1));
        BLOCK_ROWS.min(in_memory).max(1)
    }
}

/// The matrix products of an evaluation, ready to run without it.
#[derive(Debug)]
pub struct BareProducts<T> {
    products: Vec<(ProductShape, Matrix<T>)>,
    /// The same weights for jetc's own kernel, made when it is asked for.
    prepared: OnceLock<Vec<PackedMatrix<T>>>,
    /// The rows that every block reads.
    input: Vec<T>,
    /// What each thread overwrites.
    outputs: Vec<Mutex<Vec<T>>>,
}

impl<T: Float> BareProducts<T> {
    /// Weights and buffers for these products on the current rayon pool.
    pub fn new(shapes: &[ProductShape]) -> Self {
        let weight = |shape: &ProductShape| {
            let entries = harmless(shape.inputs * shape.outputs);
            Matrix::from_row_major(shape.outputs, shape.inputs, entries)
                .expect("as many entries as its shape says")
        };
        let products = shapes.iter().filter(|shape| shape.flops() > 0);
        let products: Vec<_> = products.map(|shape| (*shape, weight(shape))).collect();
        let largest = |width: fn(&ProductShape) -> usize| {
            products.iter().map(|(shape, _)| shape.most_rows() * width(shape)).max().unwrap_or(0)
        };
        let (input, output) = (largest(|shape| shape.inputs), largest(|shape| shape.outputs));
        let threads = rayon::current_num_threads().max(1);
        let outputs = (0..threads).map(|_| Mutex::new(vec![T::ZERO; output])).collect();
        Self { products, prepared: OnceLock::new(), input: harmless(input), outputs }
    }

    /// Runs the products of so many points once.
    pub fn run(&self, points: usize) {
        for (shape, weight) in &self.products {
            self.blocks(shape, points).for_each(|count| self.multiply(count, weight));
        }
    }

    /// The same with the kernel that evaluations run, which has its weights prepared.
    pub fn run_prepared(&self, points: usize) {
        let set = InstructionSet::best();
        let prepare = |(_, weight): &(ProductShape, Matrix<T>)| PackedMatrix::new(set, weight, |&x| x);
        let prepare = || self.products.iter().map(prepare).collect();
        for ((shape, _), weights) in self.products.iter().zip(self.prepared.get_or_init(prepare)) {
            self.blocks(shape, points).for_each(|count| {
                let mut output = self.output();
                weights.multiply(
                    &self.input[..count * shape.inputs],
                    None,
                    &mut output[..count * shape.outputs],
                );
            });
        }
    }

    fn blocks(
        &self,
        shape: &ProductShape,
        points: usize,
    ) -> impl IndexedParallelIterator<Item = usize> + use<T> {
        let rows = shape.rows * points;
        blocks(rows, shape.most_rows().min(rows.div_ceil(self.outputs.len())).max(1))
    }

    /// What the current thread overwrites.
    fn output(&self) -> MutexGuard<'_, Vec<T>> {
        let thread = rayon::current_thread_index().unwrap_or(0) % self.outputs.len();
        self.outputs[thread].lock().expect("a panic in another block has ended the run")
    }

    /// Runs one block of every product on every thread: what the library keeps for a thread it then has.
    pub fn warm_up(&self) {
        rayon::broadcast(|_| {
            for (shape, weight) in &self.products {
                self.multiply(shape.most_rows(), weight);
            }
        });
    }

    /// One block on the current thread.
    fn multiply(&self, rows: usize, weight: &Matrix<T>) {
        let mut output = self.output();
        let (inputs, outputs) = (weight.columns(), weight.rows());
        let x = MatRef::from_row_major_slice(&self.input[..rows * inputs], rows, inputs);
        let w = MatRef::from_row_major_slice(weight.entries(), outputs, inputs);
        let y = MatMut::from_row_major_slice_mut(&mut output[..rows * outputs], rows, outputs);
        matmul(y, Accum::Replace, x, w.transpose(), T::ONE, Par::Seq);
    }
}

/// The number of rows of each block.
fn blocks(rows: usize, block: usize) -> impl IndexedParallelIterator<Item = usize> {
    (0..rows.div_ceil(block)).into_par_iter().map(move |index| block.min(rows - index * block))
}

/// Numbers that are neither zero nor so small or large that arithmetic with them takes longer.
fn harmless<T: Float>(count: usize) -> Vec<T> {
    let values = [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875].map(T::from_f64);
    values.into_iter().cycle().take(count).collect()
}

#[cfg(test)]
mod tests {
    use jetc_operators::spec::Options;
    use jetc_operators::{Strategy, builtin};

    use super::*;
    use crate::{Activation, Evaluator, Network};

    fn evaluator(dimension: usize, strategy: Strategy, widths: &[usize]) -> Evaluator<f64> {
        let options = Options { dimension: Some(dimension as u64), ..Options::default() };
        let plan = builtin::find("laplacian").unwrap().spec(&options).unwrap().plan(strategy).unwrap();
        let mut builder = Network::builder(dimension);
        for (layer, pair) in widths.windows(2).enumerate() {
            if layer > 0 {
                builder = builder.elementwise(Activation::Tanh);
            }
            // The identity, above or beside zeros: of full rank.
            let entries =
                (0..pair[0] * pair[1]).map(|i| f64::from(u8::from(i % (pair[0] + 1) == 0))).collect();
            builder = builder.affine(Matrix::from_row_major(pair[1], pair[0], entries).unwrap(), None);
        }
        Evaluator::new(&plan, &builder.build().unwrap()).unwrap()
    }

    fn shapes(rows: &[usize], widths: &[usize]) -> Vec<ProductShape> {
        let pairs = rows.iter().zip(widths.windows(2));
        pairs.map(|(&rows, pair)| ProductShape { rows, inputs: pair[0], outputs: pair[1] }).collect()
    }

    /// The value alone through the first layer, every channel through those between nonlinearities, one sum of channels out.
    #[test]
    fn the_products_of_a_laplacian_are_those_counted_by_hand() {
        let widths = [3, 8, 6, 1];
        for (strategy, rows) in [
            // u, ∂₁, ∂₂, ∂₃, Δ; Δ alone is read
            (Strategy::Minimal, [1, 5, 1]),
            (Strategy::Collapsed, [1, 5, 1]),
            // u, and two coefficients along each direction; the second are read
            (Strategy::Standard, [1, 7, 3]),
        ] {
            let evaluator = evaluator(3, strategy, &widths);
            assert_eq!(evaluator.products(), shapes(&rows, &widths), "{strategy}");
        }
        let flops: u64 =
            evaluator(3, Strategy::Minimal, &widths).products().iter().map(ProductShape::flops).sum();
        assert_eq!(flops, 2 * (3 * 8 + 5 * 8 * 6 + 6));
    }

    #[test]
    fn fewer_coordinates_mean_fewer_rows() {
        // The first layer has two outputs, so the operator has two coordinates: u, ∂₁, ∂₂, Δ.
        let widths = [50, 2, 6, 1];
        assert_eq!(evaluator(50, Strategy::Minimal, &widths).products(), shapes(&[1, 4, 1], &widths));
    }

    #[test]
    fn every_block_has_its_rows() {
        for (rows, block, expected) in
            [(10, 4, vec![4, 4, 2]), (8, 4, vec![4, 4]), (3, 4, vec![3]), (0, 4, vec![])]
        {
            assert_eq!(blocks(rows, block).collect::<Vec<_>>(), expected, "{rows} rows");
        }
    }

    #[test]
    fn wide_products_have_blocks_of_fewer_rows() {
        let rows = |inputs, outputs| ProductShape { rows: 1, inputs, outputs }.most_rows();
        assert_eq!(rows(64, 64), BLOCK_ROWS);
        assert_eq!(rows(1 << 17, 64), 1 << 8);
        assert_eq!(rows(64, 1 << 16), 1 << 6);
        assert_eq!(rows(usize::MAX, usize::MAX), 1);
    }

    #[test]
    fn products_run_for_any_number_of_points() {
        let products = BareProducts::<f32>::new(&shapes(&[1, 5, 0, 1], &[3, 8, 6, 6, 1]));
        products.warm_up();
        products.run(0);
        for points in [1, 1000, 5000] {
            products.run(points);
            check(&products);
            products.outputs.iter().for_each(|output| output.lock().unwrap().fill(0.0));
            products.run_prepared(points);
            check(&products);
        }
    }

    fn check(products: &BareProducts<f32>) {
        // Y = X Wᵀ of the last product: 0.125 · 0.125 + 0.25 · 0.25 + …
        let expected: f32 = (1u8..=6).map(|k| f32::from(k * k) / 64.0).sum();
        let largest = |buffer: &Mutex<Vec<f32>>| buffer.lock().unwrap()[0];
        assert!(products.outputs.iter().map(largest).any(|y| (y - expected).abs() < 1e-6));
    }
}
