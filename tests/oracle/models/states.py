"""State dicts of the reference models, for those that have a `model.yaml`.

A directory `tests/data/models/<case>/` with a hand-written `model.yaml` gets
`state.safetensors`, the state dict of the case's module in its own precision.
`export.py` writes it with everything else; run alone, this script writes the
state dicts only.
"""

import torch
from safetensors.numpy import save_file

import files
from cases import cases
from weights import generator, initialise

MODEL = "model.yaml"


def filled(case):
    """The module of a case with its weights, and the generator for what follows."""
    rng = generator(case.seed or case.name)
    module = case.module().to(case.dtype).eval()
    initialise(module, rng, case.scale)
    return module, rng


def write_state(module, directory):
    """Write the state dict of a module, if there is a model file that names its tensors."""
    if (directory / MODEL).exists():
        tensors = {name: tensor.numpy().copy() for name, tensor in module.state_dict().items()}
        save_file(tensors, directory / "state.safetensors")


def main():
    torch.set_num_threads(1)
    for case in cases():
        write_state(filled(case)[0], files.OUTPUT / case.name)


if __name__ == "__main__":
    main()
