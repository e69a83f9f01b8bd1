#!/usr/bin/env python3
"""Fits the polynomials of erf in src/cornu/kernels/math-inl.h and prints them.

    python3 tools/fit_erf.py

Minimax fit by Lawson's reweighting. The coefficients are rounded to float one at a time, lowest
power first, and the higher ones refitted after each. Needs NumPy and mpmath.
"""

import mpmath
import numpy

JOIN = 0.875  # where one polynomial takes over from the other
END = 4.0  # from 3.92 on erf is 1 in float


def lawson(columns, target, scale):
    """Coefficients of `columns` whose largest |scale * error| is small, and that error."""
    weights = numpy.full(len(target), 1 / len(target))
    best = None
    for _ in range(400):
        root = numpy.sqrt(weights) * scale
        found = numpy.linalg.lstsq(columns * root[:, None], target * root, rcond=None)[0]
        error = numpy.abs((columns @ found - target) * scale)
        if best is None or error.max() < best[1]:
            best = (found, error.max())
        weights = weights * error / error.max()
        weights /= weights.sum()
    return best


def fit(x, target, scale, powers):
    """Float coefficients of x ** powers, and the largest |scale * error|."""
    coefficients = []
    left = target
    for at, power in enumerate(powers):
        columns = numpy.stack([x**p for p in powers[at:]], axis=1)
        norms = numpy.abs(columns).max(axis=0)
        found = lawson(columns / norms, left, scale)[0] / norms
        coefficients.append(numpy.float32(found[0]))
        left = left - float(coefficients[-1]) * x**power
    return coefficients, numpy.abs(left * scale).max()


def chebyshev_points(low, high, count=2000):
    angles = numpy.pi * (numpy.arange(count) + 0.5) / count
    return (low + high) / 2 - (high - low) / 2 * numpy.cos(angles)


def show(name, coefficients, error):
    print(f"{name}: error 2^{numpy.log2(error):.1f}")
    for coefficient in reversed(coefficients):
        print("  ", float(coefficient).hex().replace("0000000p", "p"))


def main():
    mpmath.mp.dps = 40

    def exactly(function, x):
        return numpy.array([float(function(mpmath.mpf(float(v)))) for v in x])

    # erf(x) = x + x * P(x^2), relative error.
    x = chebyshev_points(1e-4, JOIN)
    quotient = exactly(lambda v: mpmath.erf(v) / v, x)
    rest = exactly(lambda v: mpmath.erf(v) / v - 1, x)
    show("P", *fit(x * x, rest, 1 / quotient, range(7)))

    # erf(x) = 1 - C * e^-Q(x - JOIN) with C = erfc(JOIN) in float, absolute error.
    start = numpy.float32(float(mpmath.erfc(JOIN)))
    print("C:", float(start).hex())
    x = chebyshev_points(JOIN, END)
    target = exactly(lambda v: mpmath.log(float(start)) - mpmath.log(mpmath.erfc(v)), x)
    show("Q", *fit(x - JOIN, target, exactly(mpmath.erfc, x), range(7)))


if __name__ == "__main__":
    main()
