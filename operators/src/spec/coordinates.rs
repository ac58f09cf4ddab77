//! The inputs of the network.

/// Names of the coordinates, in the order of the network's inputs, and which of them are space, time, and parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coordinates {
    names: Vec<String>,
    space: Vec<u32>,
    time: Option<u32>,
    parameters: Vec<u32>,
}

impl Coordinates {
    /// Coordinates with these names; `time` is the index of the one that is not space, if there is one.
    pub fn new(names: Vec<String>, time: Option<u32>) -> Self {
        let count = u32::try_from(names.len()).expect("limits keep the number of coordinates below 2³²");
        let space = (0..count).filter(|&index| Some(index) != time).collect();
        Self { names, space, time, parameters: Vec::new() }
    }

    /// The same, with the coordinates at these indices, in increasing order, as parameters: neither space nor time.
    #[must_use]
    pub fn with_parameters(mut self, parameters: Vec<u32>) -> Self {
        self.space.retain(|index| parameters.binary_search(index).is_err());
        self.parameters = parameters;
        self
    }

    /// How many there are: the number of the network's inputs.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The name of one coordinate.
    pub fn name(&self, index: u32) -> &str {
        &self.names[index as usize]
    }

    /// The coordinates of space: those that `lap`, `grad`, `div` and `curl` range over.
    pub fn space(&self) -> &[u32] {
        &self.space
    }

    /// The coordinate of time, if there is one.
    pub fn time(&self) -> Option<u32> {
        self.time
    }

    /// The parameters of the network, such as a viscosity that it was trained for: inputs that are neither space nor
    /// time, so that only derivatives that name them derive along them.
    pub fn parameters(&self) -> &[u32] {
        &self.parameters
    }
}
