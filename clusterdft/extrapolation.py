"""Anderson's mixing of potentials, by least squares on differences: good down to rounding."""

import numpy as np

DEPTH = 8  # differences kept
SMALLEST = 1e-10  # of the singular values of the normalised differences, relative to the largest


def next_input(inputs, residuals, weight, damping):
    """The input whose linearised residual is least.

        x = x_n + b f_n - sum_k g_k (dx_k + b df_k),   min_g |weight (f_n - sum_k g_k df_k)|

    Parameters
    ----------
    inputs : list of arrays, the newest last
    residuals : list of arrays, of the same iterations
    weight : array of the residuals' shape, or one that broadcasts to it
    damping : b

    Returns
    -------
    array

    References
    ----------
    Anderson, J. ACM 12, 547 (1965)
    """
    change_in = np.diff(inputs[-DEPTH - 1 :], axis=0)
    change_out = np.diff(residuals[-DEPTH - 1 :], axis=0)
    newest, last = inputs[-1], residuals[-1]
    if not len(change_in):
        return newest + damping * last
    columns = (weight * change_out).reshape(len(change_out), -1).T
    length = np.linalg.norm(columns, axis=0) + 1e-300
    shares = np.linalg.lstsq(columns / length, (weight * last).ravel(), rcond=SMALLEST)[0] / length
    return newest + damping * last - np.tensordot(shares, change_in + damping * change_out, axes=1)
