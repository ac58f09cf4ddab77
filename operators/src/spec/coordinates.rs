//! The inputs of the network.

/// Names of the coordinates, in the order of the network's inputs, and which of them are space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coordinates {
    names: Vec<String>,
    space: Vec<u32>,
    time: Option<u32>,
}

impl Coordinates {
    /// Coordinates with these names; `time` is the index of the one that is not space, if there is one.
    pub fn new(names: Vec<String>, time: Option<u32>) -> Self {
        let count = u32::try_from(names.len()).expect("limits keep the number of coordinates below 2³²");
        Self { names, space: (0..count).filter(|&index| Some(index) != time).collect(), time }
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
}
