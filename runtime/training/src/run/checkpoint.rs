//! Checkpoints: a safetensors file of doubles, so that nothing is rounded.
//!
//! | tensor | numbers |
//! |---|---|
//! | `parameters` | θ, then unknowns |
//! | `position` | steps, phase, steps of the phase, drawings of points, whether the method has begun, steps before the last drawing |
//! | `guard` | what was seen of the losses at the points and between them |
//! | `seconds` | in all, and in the phase |
//! | `weights`, `point_weights.0` … | the weights of terms, and of the points of each |
//! | `points.0` … | the points of each term, once they were drawn anew |
//! | `state.…` | what the method remembers |
//!
//! Whole numbers up to 2⁵³ are exact as doubles.

use std::path::Path;

use jetc_runtime::files::{Destination, NamedTensor, NamedTensors, ResultPrecision, TensorFile};

use crate::method::State;
use crate::problem::ProblemError;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checkpoint {
    pub(super) parameters: Vec<f64>,
    pub(super) position: [u64; 6],
    pub(super) guard: [f64; 3],
    pub(super) seconds: [f64; 2],
    pub(super) weights: Vec<f64>,
    pub(super) point_weights: Vec<Vec<f64>>,
    pub(super) points: Vec<Option<Vec<f64>>>,
    pub(super) state: State,
}

impl Checkpoint {
    pub(super) fn write(&self, path: &Path) -> Result<(), ProblemError> {
        #[allow(clippy::cast_precision_loss, reason = "counts of steps")]
        let position = self.position.map(|number| number as f64);
        let mut lists: Vec<(String, &[f64])> = vec![
            ("parameters".to_owned(), &self.parameters),
            ("position".to_owned(), &position),
            ("guard".to_owned(), &self.guard),
            ("seconds".to_owned(), &self.seconds),
            ("weights".to_owned(), &self.weights),
        ];
        for (number, weights) in self.point_weights.iter().enumerate() {
            lists.push((format!("point_weights.{number}"), weights));
        }
        for (number, points) in self.points.iter().enumerate() {
            lists.extend(points.as_ref().map(|points| (format!("points.{number}"), points.as_slice())));
        }
        for (name, numbers) in &self.state {
            lists.push((format!("state.{name}"), numbers));
        }
        let shapes: Vec<[usize; 1]> = lists.iter().map(|(_, data)| [data.len()]).collect();
        let tensors =
            lists.iter().zip(&shapes).map(|((name, data), shape)| NamedTensor { name, shape, data });
        NamedTensors::new(ResultPrecision::F64, tensors.collect()).write(&Destination::new(path)?)?;
        Ok(())
    }

    pub(super) fn read(path: &Path) -> Result<Self, ProblemError> {
        let file = TensorFile::open(path)?;
        let wrong = || ProblemError::Checkpoint {
            path: path.display().to_string(),
            reason: "it is no checkpoint".to_owned(),
        };
        let list = |name: &str| -> Result<Vec<f64>, ProblemError> {
            file.shape(name).ok_or_else(wrong)?;
            Ok(file.tensor(name)?.data)
        };
        let position: [f64; 6] = list("position")?.try_into().map_err(|_| wrong())?;
        let seconds: [f64; 2] = list("seconds")?.try_into().map_err(|_| wrong())?;
        let guard: [f64; 3] = list("guard")?.try_into().map_err(|_| wrong())?;
        let weights = list("weights")?;
        let point_weights = (0..weights.len())
            .map(|number| list(&format!("point_weights.{number}")))
            .collect::<Result<_, _>>()?;
        let points = (0..weights.len()).map(|number| {
            let name = format!("points.{number}");
            file.shape(&name).is_some().then(|| list(&name)).transpose()
        });
        let points = points.collect::<Result<_, _>>()?;
        let mut state = State::new();
        for name in file.names() {
            if let Some(key) = name.strip_prefix("state.") {
                state.insert(key.to_owned(), file.tensor(name)?.data);
            }
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of steps")]
        let position = position.map(|number| number as u64);
        let parameters = list("parameters")?;
        Ok(Self { parameters, position, guard, seconds, weights, point_weights, points, state })
    }
}
