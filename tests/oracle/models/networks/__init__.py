"""The architectures of the reference models, as PyTorch modules.

Every module maps a batch [N, n] to [N, m], and treats the points of a batch
independently of each other. Sizes are small, so that the files are. Parameters
and buffers are filled by `weights.initialise`; what the constructors leave in
them is not used.
"""
